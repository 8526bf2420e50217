package capture

import (
	"fmt"

	"golang.org/x/sys/windows"

	"deskhand/internal/win32"
)

// What only this package calls in Windows, by the names of Microsoft's documentation.

var (
	procEnumDisplayMonitors = win32.User32.NewProc("EnumDisplayMonitors")
	procGetCursorInfo       = win32.User32.NewProc("GetCursorInfo")
	procGetIconInfo         = win32.User32.NewProc("GetIconInfo")

	procGdiFlush  = win32.GDI32.NewProc("GdiFlush")
	procGetObject = win32.GDI32.NewProc("GetObjectW")
	procGetDIBits = win32.GDI32.NewProc("GetDIBits")
)

const (
	monitorInfofPrimary = 1     // MONITORINFOF_PRIMARY
	cursorShowing       = 1     // CURSOR_SHOWING
	idcArrow            = 32512 // IDC_ARROW
)

type cursorInfo struct {
	size, flags uint32
	cursor      windows.Handle
	position    win32.Point
}

type bitmap struct {
	kind, width, height, widthBytes int32
	planes, bitsPixel               uint16
	bits                            uintptr
}

// called gives what a function returned, which is an error when it is 0.
//
//go:uintptrescapes
func called(doing string, p *windows.LazyProc, args ...uintptr) (uintptr, error) {
	r, err := win32.Call(p, args...)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", doing, err)
	}
	return r, nil
}
