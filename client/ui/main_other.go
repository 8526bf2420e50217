//go:build !darwin

package ui

// RunMain runs the program's work and returns its exit code. On macOS main's thread has to be that of the windows.
func RunMain(run func() int) int { return run() }
