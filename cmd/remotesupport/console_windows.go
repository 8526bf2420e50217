package main

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/windows"
)

// attachParentProcess is ATTACH_PARENT_PROCESS.
const attachParentProcess = ^uint32(0)

var (
	kernel32                  = windows.NewLazySystemDLL("kernel32.dll")
	procAttachConsole         = kernel32.NewProc("AttachConsole")
	procSetConsoleCtrlHandler = kernel32.NewProc("SetConsoleCtrlHandler")
)

// openConsole lets a command line answer where it was typed. The program is built for Windows' own windows, so that a double click opens no
// console; what is typed after its name is meant for the console of whoever started it. Handles that were passed on (a file, a pipe) stay. Attaching forgets who handled Ctrl+C, so interrupt is called for it.
func openConsole(interrupt func()) {
	if len(os.Args) < 2 {
		return // opened, not typed: Ctrl+C and the end of that console are not for it
	}
	// Without a console at the parent's (a service, Explorer) this fails, and there is nobody to answer.
	if ok, _, err := procAttachConsole.Call(uintptr(attachParentProcess)); ok == 0 && !errors.Is(err, windows.ERROR_ACCESS_DENIED) {
		return
	}
	handler := windows.NewCallback(func(event uint32) uintptr {
		interrupt()
		if event != windows.CTRL_C_EVENT && event != windows.CTRL_BREAK_EVENT {
			select {} // the console closes: Windows ends the program when this returns, and soon when it does not
		}
		return 1
	})
	if ok, _, err := procSetConsoleCtrlHandler.Call(handler, 1); ok == 0 {
		fmt.Fprintln(os.Stderr, "RemoteSupport: Ctrl+C will end the program at once:", err)
	}
	for _, s := range []struct {
		std  **os.File
		id   uint32
		name string
		flag int
	}{
		{&os.Stdin, windows.STD_INPUT_HANDLE, "CONIN$", os.O_RDWR},
		{&os.Stdout, windows.STD_OUTPUT_HANDLE, "CONOUT$", os.O_RDWR},
		{&os.Stderr, windows.STD_ERROR_HANDLE, "CONOUT$", os.O_RDWR},
	} {
		if usable(s.id) {
			continue
		}
		if f, err := os.OpenFile(s.name, s.flag, 0); err == nil {
			*s.std = f
		}
	}
}

// usable reports whether a standard handle was passed on.
func usable(id uint32) bool {
	h, err := windows.GetStdHandle(id)
	if err != nil || h == 0 || h == windows.InvalidHandle {
		return false
	}
	kind, err := windows.GetFileType(h)
	return err == nil && kind != windows.FILE_TYPE_UNKNOWN
}

// tell shows an error to whoever opened the program without a console.
func tell(err error) {
	if usable(windows.STD_ERROR_HANDLE) || len(os.Args) > 1 {
		return
	}
	text, errText := windows.UTF16PtrFromString(err.Error())
	title, errTitle := windows.UTF16PtrFromString("Remote Support")
	if errors.Join(errText, errTitle) != nil {
		return
	}
	_, err = windows.MessageBox(0, text, title, windows.MB_OK|windows.MB_ICONERROR|windows.MB_SETFOREGROUND)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
}
