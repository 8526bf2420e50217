package win32

import (
	"image"
	"unsafe"

	"golang.org/x/sys/windows"
)

// BitmapInfoHeader is a BITMAPINFOHEADER.
type BitmapInfoHeader struct {
	size                   uint32
	width, height          int32
	planes, bitCount       uint16
	compression, sizeImage uint32
	xPerMeter, yPerMeter   int32
	used, important        uint32
}

// Pixels describes pixels of four bytes, B, G, R and one more, the top row first.
func Pixels(width, height int) BitmapInfoHeader {
	return BitmapInfoHeader{size: uint32(unsafe.Sizeof(BitmapInfoHeader{})), width: int32(width), height: -int32(height), planes: 1, bitCount: 32}
}

// NewBitmap makes a bitmap, to be given to DeleteObject, whose pixels are as Pixels describes them.
func NewBitmap(width, height int) (bitmap uintptr, pixels []byte, err error) {
	info := Pixels(width, height)
	var bits unsafe.Pointer
	if bitmap, err = Call(procCreateDIBSection, 0, uintptr(unsafe.Pointer(&info)), 0, uintptr(unsafe.Pointer(&bits)), 0, 0); err != nil {
		return 0, nil, err
	}
	return bitmap, unsafe.Slice((*byte)(bits), 4*width*height), nil
}

// DeleteObject gives a bitmap, brush or font back.
func DeleteObject(h uintptr) { Ask(procDeleteObject, h) }

// SelectObject gives a device context what it draws into or with, and returns what it had before.
func SelectObject(dc, h uintptr) (before uintptr) { return Ask(procSelectObject, dc, h) }

// Picture is a bitmap with a device context that draws into it.
type Picture struct {
	DC     uintptr
	Pixels []byte // as the function Pixels describes them

	bitmap, before uintptr
}

// NewPicture makes a picture. Close it.
func NewPicture(width, height int) (*Picture, error) {
	dc, err := Call(procCreateCompatibleDC, 0)
	if err != nil {
		return nil, err
	}
	p := &Picture{DC: dc}
	if p.bitmap, p.Pixels, err = NewBitmap(width, height); err == nil {
		p.before, err = Call(procSelectObject, dc, p.bitmap)
	}
	if err != nil {
		p.Close()
		return nil, err
	}
	return p, nil
}

// Close gives the picture's memory back.
func (p *Picture) Close() {
	if p.before != 0 {
		SelectObject(p.DC, p.before)
	}
	if p.bitmap != 0 {
		DeleteObject(p.bitmap)
	}
	Ask(procDeleteDC, p.DC)
	p.Pixels = nil
}

// OpenDC opens a window to draw on it, or, for 0, the screen. CloseDC it.
func OpenDC(h windows.HWND) (uintptr, error) { return Call(procGetDC, uintptr(h)) }

// CloseDC gives back what OpenDC gave for this window.
func CloseDC(h windows.HWND, dc uintptr) { Ask(procReleaseDC, uintptr(h), dc) }

// CopyPixels fills a rectangle of a device context with what stands in another one from a point on.
func CopyPixels(to uintptr, r image.Rectangle, from uintptr, at image.Point) error {
	const srcCopy = 0x00CC0020 // SRCCOPY
	_, err := Call(procBitBlt, to, uintptr(r.Min.X), uintptr(r.Min.Y), uintptr(r.Dx()), uintptr(r.Dy()), from, uintptr(at.X), uintptr(at.Y), srcCopy)
	return err
}

// IconInfo is an ICONINFO.
type IconInfo struct {
	IsIcon      int32
	HotX, HotY  uint32
	Mask, Color windows.Handle
}
