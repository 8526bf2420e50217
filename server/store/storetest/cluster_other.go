//go:build !linux

package storetest

import "syscall"

// unprivileged is how the cluster's programs run: as we do, which must not be as administrator.
func unprivileged(string) (*syscall.SysProcAttr, error) { return &syscall.SysProcAttr{}, nil }

func endWithUs(*syscall.SysProcAttr) {}
