package capture

import (
	"fmt"
	"image"
	"unsafe"

	"golang.org/x/sys/windows"
)

// What the package calls in Windows, by the names of Microsoft's documentation.

var (
	user32 = windows.NewLazySystemDLL("user32.dll")
	gdi32  = windows.NewLazySystemDLL("gdi32.dll")

	procGetDC               = user32.NewProc("GetDC")
	procReleaseDC           = user32.NewProc("ReleaseDC")
	procEnumDisplayMonitors = user32.NewProc("EnumDisplayMonitors")
	procGetMonitorInfo      = user32.NewProc("GetMonitorInfoW")
	procGetCursorInfo       = user32.NewProc("GetCursorInfo")
	procGetIconInfo         = user32.NewProc("GetIconInfo")
	procLoadCursor          = user32.NewProc("LoadCursorW")

	procCreateCompatibleDC = gdi32.NewProc("CreateCompatibleDC")
	procCreateDIBSection   = gdi32.NewProc("CreateDIBSection")
	procSelectObject       = gdi32.NewProc("SelectObject")
	procDeleteObject       = gdi32.NewProc("DeleteObject")
	procDeleteDC           = gdi32.NewProc("DeleteDC")
	procBitBlt             = gdi32.NewProc("BitBlt")
	procGdiFlush           = gdi32.NewProc("GdiFlush")
	procGetObject          = gdi32.NewProc("GetObjectW")
	procGetDIBits          = gdi32.NewProc("GetDIBits")
)

const (
	srcCopy             = 0x00CC0020 // SRCCOPY
	monitorInfofPrimary = 1          // MONITORINFOF_PRIMARY
	cursorShowing       = 1          // CURSOR_SHOWING
	idcArrow            = 32512      // IDC_ARROW
)

type rect struct{ left, top, right, bottom int32 }

func (r rect) rectangle() image.Rectangle {
	return image.Rect(int(r.left), int(r.top), int(r.right), int(r.bottom))
}

type point struct{ x, y int32 }

func (p point) point() image.Point { return image.Pt(int(p.x), int(p.y)) }

type monitorInfoEx struct {
	size          uint32
	monitor, work rect
	flags         uint32
	device        [32]uint16
}

type cursorInfo struct {
	size, flags uint32
	cursor      windows.Handle
	position    point
}

type iconInfo struct {
	isIcon      int32
	hotX, hotY  uint32
	mask, color windows.Handle
}

type bitmap struct {
	kind, width, height, widthBytes int32
	planes, bitsPixel               uint16
	bits                            uintptr
}

type bitmapInfoHeader struct {
	size                   uint32
	width, height          int32
	planes, bitCount       uint16
	compression, sizeImage uint32
	xPerMeter, yPerMeter   int32
	used, important        uint32
}

// pixels32 describes pixels of four bytes, B, G, R and one more, the top row first.
func pixels32(w, h int) bitmapInfoHeader {
	return bitmapInfoHeader{size: uint32(unsafe.Sizeof(bitmapInfoHeader{})), width: int32(w), height: -int32(h), planes: 1, bitCount: 32}
}

// called gives what a function returned, which is an error when it is 0.
//
//go:uintptrescapes
func called(doing string, p *windows.LazyProc, args ...uintptr) (uintptr, error) {
	r, _, err := p.Call(args...)
	if r == 0 {
		return 0, fmt.Errorf("%s: %s: %w", doing, p.Name, err)
	}
	return r, nil
}
