//go:build !linux && !windows && !darwin

package client

func machineID() string { return "" }
