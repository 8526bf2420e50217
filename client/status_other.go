//go:build !linux

package client

import "runtime"

func systemName() string { return runtime.GOOS }

func isElevated() bool { return false }
