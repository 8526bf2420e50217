package input

import (
	"fmt"

	"golang.org/x/sys/windows"

	"deskhand/internal/win32"
)

// No agent's input goes to the client's own windows: their Allow and Stop are the end-user's alone. Clicks and keys are judged when they are
// made: which window is under the pointer, which one is in the foreground. A window of ours that appears just then refuses by itself what
// bears the mark win32.Injected.

// isOurs tells whether a window is one of ours, inside one, or belongs to one as a menu does.
func (in *injector) isOurs(window uintptr) bool {
	if len(in.own) == 0 || window == 0 {
		return false
	}
	if in.own[uint32(window)] {
		return true
	}
	for _, kind := range []uintptr{gaRoot, gaRootOwner} {
		if above, _, _ := procGetAncestor.Call(window, kind); in.own[uint32(above)] {
			return true
		}
	}
	return false
}

// checkPointer returns ErrOwnWindow when the pointer is over one of our windows.
func (in *injector) checkPointer() error {
	if len(in.own) == 0 {
		return nil
	}
	at, err := win32.CursorPos()
	if err != nil {
		return fmt.Errorf("ask for the pointer: %w", err)
	}
	window, _, _ := procWindowFromPoint.Call(win32.Packed(at))
	if in.isOurs(window) {
		return ErrOwnWindow
	}
	return nil
}

// look finds who would get a key press and which layout it has, and refuses when that is a window of ours.
func (in *injector) look() (layout, error) {
	window := windows.GetForegroundWindow()
	if in.isOurs(uintptr(window)) {
		return 0, ErrOwnWindow
	}
	thread := uint32(0)
	if window != 0 {
		thread, _ = windows.GetWindowThreadProcessId(window, nil) // 0 when the window has gone: then our own layout counts
	}
	l := windows.GetKeyboardLayout(thread)
	if l == 0 {
		l = windows.GetKeyboardLayout(0) // a console has none
	}
	return layout(l), nil
}
