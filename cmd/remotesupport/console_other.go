//go:build !windows

package main

// openConsole is for systems on which a program is built either for a console or for windows.
func openConsole(func()) {}

// tell has nobody else to tell than standard error.
func tell(error) {}
