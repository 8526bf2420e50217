//go:build !linux && !windows

package client

import (
	"os"
	"runtime"
)

func systemName() string { return runtime.GOOS }

func userLanguage() string { return systemLanguage(os.Getenv) }
