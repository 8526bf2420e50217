package win32test

import (
	"os/exec"
	"strings"
	"testing"
	"unsafe"

	"golang.org/x/sys/windows"

	"deskhand/internal/win32"
)

var (
	procSendMessage  = win32.User32.NewProc("SendMessageW")
	procFindWindow   = win32.User32.NewProc("FindWindowW")
	procFindWindowEx = win32.User32.NewProc("FindWindowExW")
)

const (
	wmSetText = 0x000C
	wmGetText = 0x000D
)

// TextOf is what stands in a window in which one types, of any program.
func TextOf(h windows.HWND) string {
	var text [8192]uint16
	win32.Ask(procSendMessage, uintptr(h), wmGetText, uintptr(len(text)), uintptr(unsafe.Pointer(&text[0])))
	return strings.ReplaceAll(windows.UTF16ToString(text[:]), "\r\n", "\n")
}

// Clear empties a window in which one types.
func Clear(h windows.HWND) {
	empty := [1]uint16{}
	win32.Ask(procSendMessage, uintptr(h), wmSetText, 0, uintptr(unsafe.Pointer(&empty[0])))
}

// Notepad starts one, waits until it is in the foreground, and returns the window in which one types. It ends with the test.
func Notepad(t testing.TB) (editor windows.HWND) {
	t.Helper()
	program := exec.Command("notepad.exe")
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = program.Process.Kill()
		_ = program.Wait()
	})
	class, _ := windows.UTF16PtrFromString("Notepad")
	edit, _ := windows.UTF16PtrFromString("Edit")
	if !Soon(func() bool {
		window := win32.Ask(procFindWindow, uintptr(unsafe.Pointer(class)), 0)
		editor = windows.HWND(win32.Ask(procFindWindowEx, window, 0, uintptr(unsafe.Pointer(edit)), 0))
		return window != 0 && editor != 0 && uintptr(windows.GetForegroundWindow()) == window
	}) {
		t.Fatal("notepad has not come")
	}
	return editor
}
