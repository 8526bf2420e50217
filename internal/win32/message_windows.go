package win32

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

// Message is a MSG.
type Message struct {
	Window  windows.HWND
	Message uint32
	W, L    uintptr
	time    uint32
	at      Point
	private uint32
}

// Next waits for a message to this thread's windows; false: there will be none.
func (m *Message) Next() bool {
	r := Ask(procGetMessage, uintptr(unsafe.Pointer(m)), 0, 0, 0)
	return int32(r) > 0
}

// Dispatch gives the message to its window, and before that the character that it makes.
func (m *Message) Dispatch() {
	Ask(procTranslateMessage, uintptr(unsafe.Pointer(m)))
	Ask(procDispatchMessage, uintptr(unsafe.Pointer(m)))
}
