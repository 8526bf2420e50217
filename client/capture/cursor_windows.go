package capture

import (
	"fmt"
	"image"
	"unsafe"

	"golang.org/x/sys/windows"

	"deskhand/internal/win32"
	"deskhand/screen"
)

// pointerShape asks which shape the pointer has.
func pointerShape() (cursorInfo, error) {
	info := cursorInfo{size: uint32(unsafe.Sizeof(cursorInfo{}))}
	if _, err := called("ask for the pointer", procGetCursorInfo, uintptr(unsafe.Pointer(&info))); err != nil {
		return cursorInfo{}, err
	}
	if info.flags&cursorShowing == 0 {
		info.cursor = 0
	}
	return info, nil
}

// readCursor reads the pointer's shape, and where it is on a desktop that begins at origin.
func readCursor(origin image.Point) (screen.Cursor, image.Point, error) {
	info, err := pointerShape()
	if err != nil {
		return screen.Cursor{}, image.Point{}, err
	}
	at := info.position.Image().Sub(origin)
	if info.cursor == 0 {
		return screen.Cursor{}, at, nil
	}
	c, err := shapeOf(info.cursor)
	if err != nil {
		// A program's own shape goes with the program, perhaps just now.
		arrow, failed := win32.Cursor(idcArrow)
		if failed != nil {
			return screen.Cursor{}, at, err
		}
		c, err = shapeOf(arrow)
	}
	return c, at, err
}

// shapeOf reads a cursor.
func shapeOf(cursor windows.Handle) (screen.Cursor, error) {
	var icon win32.IconInfo
	if _, err := called("read the pointer's shape", procGetIconInfo, uintptr(cursor), uintptr(unsafe.Pointer(&icon))); err != nil {
		return screen.Cursor{}, err
	}
	defer win32.DeleteObject(uintptr(icon.Mask))
	var colors []byte
	w, h, mask, err := readBitmap(icon.Mask)
	if err != nil {
		return screen.Cursor{}, err
	}
	if icon.Color == 0 {
		h /= 2 // the two masks stand one above the other
	} else {
		defer win32.DeleteObject(uintptr(icon.Color))
		if w, h, colors, err = readBitmap(icon.Color); err != nil {
			return screen.Cursor{}, err
		}
	}
	rgba, err := cursorPixels(w, h, mask, colors)
	if err != nil {
		return screen.Cursor{}, err
	}
	return cutCursor(rgba, w, h, image.Pt(int(icon.HotX), int(icon.HotY)), uint32(cursor)), nil
}

// readBitmap reads a bitmap of any kind as pixels of four bytes.
func readBitmap(b windows.Handle) (w, h int, pix []byte, err error) {
	var m bitmap
	if _, err := called("read the pointer's shape", procGetObject, uintptr(b), unsafe.Sizeof(m), uintptr(unsafe.Pointer(&m))); err != nil {
		return 0, 0, nil, err
	}
	w, h = int(m.width), int(m.height)
	if w < 1 || h < 1 || w > 1024 || h > 2048 {
		return 0, 0, nil, fmt.Errorf("pointer shape of %d×%d", w, h)
	}
	dc, err := win32.OpenDC(0)
	if err != nil {
		return 0, 0, nil, fmt.Errorf("open the screen: %w", err)
	}
	defer win32.CloseDC(0, dc)
	info := struct {
		win32.BitmapInfoHeader
		colors [2]uint32
	}{BitmapInfoHeader: win32.Pixels(w, h)}
	pix = make([]byte, w*h*4)
	_, err = called("read the pointer's shape", procGetDIBits, dc, uintptr(b), 0, uintptr(h), uintptr(unsafe.Pointer(&pix[0])), uintptr(unsafe.Pointer(&info)), 0)
	return w, h, pix, err
}
