package win32

import (
	"image"
	"unsafe"

	"golang.org/x/sys/windows"
)

// Point is a POINT.
type Point struct{ X, Y int32 }

// Image is the point in the terms of Go.
func (p Point) Image() image.Point { return image.Pt(int(p.X), int(p.Y)) }

// Packed is a POINT that is given by its value, as one word.
func Packed(p image.Point) uintptr {
	return uintptr(uint64(uint32(int32(p.X))) | uint64(uint32(int32(p.Y)))<<32)
}

// Rect is a RECT.
type Rect struct{ Left, Top, Right, Bottom int32 }

// RectOf is a rectangle in the terms of Windows.
func RectOf(r image.Rectangle) Rect {
	return Rect{int32(r.Min.X), int32(r.Min.Y), int32(r.Max.X), int32(r.Max.Y)}
}

// Image is the rectangle in the terms of Go.
func (r Rect) Image() image.Rectangle {
	return image.Rect(int(r.Left), int(r.Top), int(r.Right), int(r.Bottom))
}

// WindowRect is where a window is on the screen.
func WindowRect(h windows.HWND) (image.Rectangle, error) {
	var r Rect
	_, err := Call(procGetWindowRect, uintptr(h), uintptr(unsafe.Pointer(&r)))
	return r.Image(), err
}

// CursorPos is where the pointer is.
func CursorPos() (image.Point, error) {
	var p Point
	_, err := Call(procGetCursorPos, uintptr(unsafe.Pointer(&p)))
	return p.Image(), err
}

// Cursor is one of the system's pointer shapes, such as IDC_ARROW.
func Cursor(id uintptr) (windows.Handle, error) {
	h, err := Call(procLoadCursor, 0, id)
	return windows.Handle(h), err
}

// MonitorInfo is a MONITORINFOEXW.
type MonitorInfo struct {
	size          uint32
	Monitor, Work Rect
	Flags         uint32
	Device        [32]uint16
}

// Monitor describes a display.
func Monitor(h uintptr) (MonitorInfo, error) {
	var m MonitorInfo
	m.size = uint32(unsafe.Sizeof(m))
	_, err := Call(procGetMonitorInfo, h, uintptr(unsafe.Pointer(&m)))
	return m, err
}

// Of SystemMetric.
const (
	ScreenWidth   = 0  // SM_CXSCREEN
	ScreenHeight  = 1  // SM_CYSCREEN
	SwapButton    = 23 // SM_SWAPBUTTON
	VirtualWidth  = 78 // SM_CXVIRTUALSCREEN
	VirtualHeight = 79 // SM_CYVIRTUALSCREEN
)

// SystemMetric is one of the measures of this computer's desktop.
func SystemMetric(index uintptr) int { return int(int32(Ask(procGetSystemMetrics, index))) }
