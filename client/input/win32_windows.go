package input

import (
	"unsafe"

	"golang.org/x/sys/windows"

	"deskhand/internal/win32"
)

// What only this package calls in Windows, by the names of Microsoft's documentation.

var (
	procGetAsyncKeyState = win32.User32.NewProc("GetAsyncKeyState")
	procPeekMessage      = win32.User32.NewProc("PeekMessageW")
	procVkKeyScanEx      = win32.User32.NewProc("VkKeyScanExW")
	procMapVirtualKeyEx  = win32.User32.NewProc("MapVirtualKeyExW")
	procWindowFromPoint  = win32.User32.NewProc("WindowFromPoint")
	procGetAncestor      = win32.User32.NewProc("GetAncestor")

	procSendSAS = windows.NewLazySystemDLL("sas.dll").NewProc("SendSAS")
)

const (
	gaRoot      = 2 // GA_ROOT
	gaRootOwner = 3 // GA_ROOTOWNER

	vkToScan   = 4 // MAPVK_VK_TO_VSC_EX
	scanToVK   = 3 // MAPVK_VSC_TO_VK_EX
	keepsState = 4 // for ToUnicodeEx: the keyboard's state, dead keys above all, stays as it is
)

// event is a part of the stream of input.
type event = win32.Input

func keyEvent(vk, scan uint16, flags uint32) event {
	return win32.KeyInput(vk, scan, flags, win32.Injected)
}

func mouseEvent(flags uint32, dx, dy int32, data uint32) event {
	return win32.MouseInput(flags, dx, dy, data, win32.Injected)
}

// isDown tells whether a key is down, by whomever.
func isDown(vk uint16) bool {
	r, _, _ := procGetAsyncKeyState.Call(uintptr(vk))
	return r&0x8000 != 0
}

// isOn tells whether a lock, such as Caps Lock, is on.
func isOn(vk uint16) bool {
	// A thread learns of keys with its messages; without asking for these it would know the first state for ever.
	var message win32.Message
	procPeekMessage.Call(uintptr(unsafe.Pointer(&message)), 0, 0, 0, 0)
	return win32.KeyState(vk)&1 != 0
}
