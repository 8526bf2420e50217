//go:build !linux

package client

func machineID() string { return "" }
