//go:build !linux && !windows

package client

func machineID() string { return "" }
