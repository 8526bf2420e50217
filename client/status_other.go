//go:build !linux && !windows && !darwin

package client

import (
	"os"
	"runtime"
)

func systemName() string { return runtime.GOOS }

func userLanguage() string { return systemLanguage(os.Getenv) }

// sessionUser is who sits at the screen of this process where that is another one than its own user.
func sessionUser() string { return "" }
