package win32

import (
	"fmt"
	"unsafe"
)

// Of KeyInput.
const (
	KeyExtended = 1 // KEYEVENTF_EXTENDEDKEY
	KeyUp       = 2 // KEYEVENTF_KEYUP
	KeyUnicode  = 4 // KEYEVENTF_UNICODE
)

// Of MouseInput.
const (
	MouseMove        = 0x0001 // MOUSEEVENTF_MOVE, and so on
	MouseLeftDown    = 0x0002
	MouseLeftUp      = 0x0004
	MouseRightDown   = 0x0008
	MouseRightUp     = 0x0010
	MouseMiddleDown  = 0x0020
	MouseMiddleUp    = 0x0040
	MouseXDown       = 0x0080
	MouseXUp         = 0x0100
	MouseWheel       = 0x0800
	MouseHWheel      = 0x1000
	MouseVirtualDesk = 0x4000
	MouseAbsolute    = 0x8000
)

// Input is an INPUT of 64-bit Windows.
type Input struct {
	kind, _ uint32
	rest    [4]uint64
}

type keyboardInput struct {
	kind, _     uint32
	vk, scan    uint16
	flags, time uint32
	extra       uintptr
	_           uint64
}

type mouseInput struct {
	kind, _           uint32
	dx, dy            int32
	data, flags, time uint32
	extra             uintptr
}

// KeyInput is what a keyboard does. extra goes with it, see Injected.
func KeyInput(vk, scan uint16, flags uint32, extra uintptr) (in Input) {
	const keyboard = 1 // INPUT_KEYBOARD
	*(*keyboardInput)(unsafe.Pointer(&in)) = keyboardInput{kind: keyboard, vk: vk, scan: scan, flags: flags, extra: extra}
	return in
}

// MouseInput is what a mouse does. extra goes with it, see Injected.
func MouseInput(flags uint32, dx, dy int32, data uint32, extra uintptr) (in Input) {
	const mouse = 0 // INPUT_MOUSE
	*(*mouseInput)(unsafe.Pointer(&in)) = mouseInput{kind: mouse, dx: dx, dy: dy, data: data, flags: flags, extra: extra}
	return in
}

// Absolute is a pixel of size many, in the coordinates of SendInput, which divide the desktop into 65536 parts: the middle of the pixel, so that it is
// met however Windows rounds.
func Absolute(at, size int) int32 {
	at = min(max(at, 0), size-1)
	return int32((at*65536 + 32768) / size)
}

// SendInput puts events into the stream of input, one after the other with nothing between them.
func SendInput(events []Input) error {
	if len(events) == 0 {
		return nil
	}
	n, _, err := procSendInput.Call(uintptr(len(events)), uintptr(unsafe.Pointer(&events[0])), unsafe.Sizeof(Input{}))
	if int(n) != len(events) {
		return fmt.Errorf("make input: SendInput: %w", err)
	}
	return nil
}

// KeyState is that of a key as of the last message that this thread took: below 0 it is down, odd it is switched on.
func KeyState(vk uint16) int16 { return int16(Ask(procGetKeyState, uintptr(vk))) }
