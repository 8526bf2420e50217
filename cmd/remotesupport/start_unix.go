//go:build unix

package main

import (
	"fmt"
	"os"
	"syscall"
)

// startAnew has the program that stands there now take this process over. It returns only when that fails.
func startAnew(program string) error {
	return fmt.Errorf("starting %s anew: %w", program, syscall.Exec(program, os.Args, os.Environ()))
}
