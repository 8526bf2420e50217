package input

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/windows"

	"deskhand/internal/win32"
)

// What the package calls in Windows, by the names of Microsoft's documentation.

var (
	user32 = windows.NewLazySystemDLL("user32.dll")
	sas    = windows.NewLazySystemDLL("sas.dll")

	procSendInput        = user32.NewProc("SendInput")
	procGetAsyncKeyState = user32.NewProc("GetAsyncKeyState")
	procGetKeyState      = user32.NewProc("GetKeyState")
	procPeekMessage      = user32.NewProc("PeekMessageW")
	procVkKeyScanEx      = user32.NewProc("VkKeyScanExW")
	procMapVirtualKeyEx  = user32.NewProc("MapVirtualKeyExW")
	procGetSystemMetrics = user32.NewProc("GetSystemMetrics")
	procGetCursorPos     = user32.NewProc("GetCursorPos")
	procWindowFromPoint  = user32.NewProc("WindowFromPoint")
	procGetAncestor      = user32.NewProc("GetAncestor")

	procSendSAS = sas.NewProc("SendSAS")
)

const (
	inputMouse    = 0 // INPUT_MOUSE
	inputKeyboard = 1 // INPUT_KEYBOARD

	keyExtended = 1 // KEYEVENTF_EXTENDEDKEY
	keyUp       = 2 // KEYEVENTF_KEYUP
	keyUnicode  = 4 // KEYEVENTF_UNICODE

	mouseMove        = 0x0001 // MOUSEEVENTF_MOVE, and so on
	mouseLeftDown    = 0x0002
	mouseLeftUp      = 0x0004
	mouseRightDown   = 0x0008
	mouseRightUp     = 0x0010
	mouseMiddleDown  = 0x0020
	mouseMiddleUp    = 0x0040
	mouseXDown       = 0x0080
	mouseXUp         = 0x0100
	mouseWheel       = 0x0800
	mouseHWheel      = 0x1000
	mouseVirtualDesk = 0x4000
	mouseAbsolute    = 0x8000

	smSwapButton    = 23 // SM_SWAPBUTTON
	smVirtualLeft   = 76 // SM_XVIRTUALSCREEN
	smVirtualTop    = 77
	smVirtualWidth  = 78
	smVirtualHeight = 79

	gaRoot      = 2 // GA_ROOT
	gaRootOwner = 3 // GA_ROOTOWNER

	vkToScan   = 4 // MAPVK_VK_TO_VSC_EX
	scanToVK   = 3 // MAPVK_VSC_TO_VK_EX
	keepsState = 4 // for ToUnicodeEx: the keyboard's state, dead keys above all, stays as it is
)

// event is an INPUT of 64-bit Windows.
type event struct {
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

func keyEvent(vk, scan uint16, flags uint32) (e event) {
	*(*keyboardInput)(unsafe.Pointer(&e)) = keyboardInput{kind: inputKeyboard, vk: vk, scan: scan, flags: flags, extra: win32.Injected}
	return e
}

func mouseEvent(flags uint32, dx, dy int32, data uint32) (e event) {
	*(*mouseInput)(unsafe.Pointer(&e)) = mouseInput{kind: inputMouse, dx: dx, dy: dy, data: data, flags: flags, extra: win32.Injected}
	return e
}

// sendInput puts events into the stream of input, one after the other with nothing between them.
func sendInput(events []event) error {
	if len(events) == 0 {
		return nil
	}
	n, _, err := procSendInput.Call(uintptr(len(events)), uintptr(unsafe.Pointer(&events[0])), unsafe.Sizeof(event{}))
	if int(n) != len(events) {
		return fmt.Errorf("make input: SendInput: %w", err)
	}
	return nil
}

func systemMetric(index uintptr) int {
	r, _, _ := procGetSystemMetrics.Call(index)
	return int(int32(r))
}

// isDown tells whether a key is down, by whomever.
func isDown(vk uint16) bool {
	r, _, _ := procGetAsyncKeyState.Call(uintptr(vk))
	return r&0x8000 != 0
}

// isOn tells whether a lock, such as Caps Lock, is on.
func isOn(vk uint16) bool {
	// A thread learns of keys with its messages; without asking for these it would know the first state for ever.
	var message [6]uint64
	procPeekMessage.Call(uintptr(unsafe.Pointer(&message)), 0, 0, 0, 0)
	r, _, _ := procGetKeyState.Call(uintptr(vk))
	return r&1 != 0
}
