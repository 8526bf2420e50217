package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/windows"

	"deskhand/client/service"
)

// startAnew ends the program: the service manager starts what stands there now, 5 s after a failure. Without it the program that stands there now is
// started here, and waits for this one's end.
func startAnew(program string) error {
	if service.Managed() {
		return errors.New("another release is to be started")
	}
	cmd := exec.Command(program, os.Args[1:]...)
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: windows.DETACHED_PROCESS | windows.CREATE_NEW_PROCESS_GROUP}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("starting %s anew: %w", program, err)
	}
	return cmd.Process.Release()
}
