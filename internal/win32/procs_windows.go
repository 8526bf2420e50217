package win32

import (
	"fmt"

	"golang.org/x/sys/windows"
)

// The libraries in which several packages find functions. What only one package calls it declares beside its use.
var (
	User32   = windows.NewLazySystemDLL("user32.dll")
	GDI32    = windows.NewLazySystemDLL("gdi32.dll")
	Kernel32 = windows.NewLazySystemDLL("kernel32.dll")
)

// What more than one package needs, by the names of Microsoft's documentation.
var (
	procSetThreadDpiAwarenessContext = User32.NewProc("SetThreadDpiAwarenessContext")
	procOpenInputDesktop             = User32.NewProc("OpenInputDesktop")
	procOpenDesktop                  = User32.NewProc("OpenDesktopW")
	procCloseDesktop                 = User32.NewProc("CloseDesktop")
	procSetThreadDesktop             = User32.NewProc("SetThreadDesktop")
	procGetThreadDesktop             = User32.NewProc("GetThreadDesktop")
	procGetProcessWindowStation      = User32.NewProc("GetProcessWindowStation")
	procGetUserObjectInformation     = User32.NewProc("GetUserObjectInformationW")

	procGetMessage       = User32.NewProc("GetMessageW")
	procTranslateMessage = User32.NewProc("TranslateMessage")
	procDispatchMessage  = User32.NewProc("DispatchMessageW")

	procSendInput        = User32.NewProc("SendInput")
	procGetKeyState      = User32.NewProc("GetKeyState")
	procGetCursorPos     = User32.NewProc("GetCursorPos")
	procLoadCursor       = User32.NewProc("LoadCursorW")
	procGetMonitorInfo   = User32.NewProc("GetMonitorInfoW")
	procGetWindowRect    = User32.NewProc("GetWindowRect")
	procGetSystemMetrics = User32.NewProc("GetSystemMetrics")

	procGetDC     = User32.NewProc("GetDC")
	procReleaseDC = User32.NewProc("ReleaseDC")

	procCreateCompatibleDC = GDI32.NewProc("CreateCompatibleDC")
	procCreateDIBSection   = GDI32.NewProc("CreateDIBSection")
	procSelectObject       = GDI32.NewProc("SelectObject")
	procDeleteObject       = GDI32.NewProc("DeleteObject")
	procDeleteDC           = GDI32.NewProc("DeleteDC")
	procBitBlt             = GDI32.NewProc("BitBlt")
)

// Call calls a function that returns zero when it fails.
//
//go:uintptrescapes
func Call(p *windows.LazyProc, args ...uintptr) (uintptr, error) {
	if err := p.Find(); err != nil {
		return 0, err
	}
	r, _, err := p.Call(args...)
	if r == 0 {
		return 0, fmt.Errorf("%s: %w", p.Name, err)
	}
	return r, nil
}

// Ask calls a function whose answer means no failure, whatever it is. It is zero where Windows is too old to have the function.
//
//go:uintptrescapes
func Ask(p *windows.LazyProc, args ...uintptr) uintptr {
	if p.Find() != nil {
		return 0
	}
	r, _, _ := p.Call(args...)
	return r
}

// IsWine tells whether this Windows is Wine, of whose limits a few places must know.
func IsWine() bool {
	return windows.NewLazySystemDLL("ntdll.dll").NewProc("wine_get_version").Find() == nil
}
