package ui

import (
	"runtime"

	"deskhand/internal/mac"
)

func init() { runtime.LockOSThread() } // main keeps the thread that macOS takes for the program's own

// RunMain runs the program's work and returns its exit code. It is called by main, whose thread is that of the windows meanwhile.
func RunMain(run func() int) int { return mac.RunMain(run) }
