package capture

import (
	"errors"
	"image"
	"unsafe"

	"golang.org/x/sys/windows"

	"deskhand/screen"
)

// gdi is a picture that GDI copies from the screen. GDI does not tell what has changed, so each copy is compared with the one before.
type gdi struct {
	origin image.Point
	source uintptr // the screen's device context
	memory uintptr // the copy's device context
	bitmap uintptr
	before uintptr       // what memory had selected before bitmap
	copied *screen.Frame // bitmap's pixels
	shown  *screen.Frame // what was told
}

func openGDI(l layout) (_ picture, err error) {
	g := &gdi{origin: l.origin}
	defer func() {
		if err != nil {
			g.close()
		}
	}()
	if g.source, err = called("open the screen", procGetDC, 0); err != nil {
		return nil, err
	}
	if g.memory, err = called("make a picture", procCreateCompatibleDC, g.source); err != nil {
		return nil, err
	}
	info := pixels32(l.size.X, l.size.Y)
	var bits unsafe.Pointer
	g.bitmap, err = called("make a picture", procCreateDIBSection, g.source, uintptr(unsafe.Pointer(&info)), 0, uintptr(unsafe.Pointer(&bits)), 0, 0)
	if err != nil {
		return nil, err
	}
	if g.before, err = called("make a picture", procSelectObject, g.memory, g.bitmap); err != nil {
		return nil, err
	}
	g.copied = &screen.Frame{Pix: unsafe.Slice((*byte)(bits), l.size.X*l.size.Y*4), Stride: l.size.X * 4, W: l.size.X, H: l.size.Y}
	g.shown, err = screen.NewFrame(l.size.X, l.size.Y)
	return g, err
}

// look implements picture. What is not on any display is not defined in Windows; here it stays black.
func (g *gdi) look(changed *screen.Region) error {
	_, err := called("copy the screen", procBitBlt, g.memory, 0, 0, uintptr(g.copied.W), uintptr(g.copied.H),
		g.source, uintptr(g.origin.X), uintptr(g.origin.Y), srcCopy)
	if err != nil {
		if errors.Is(err, windows.ERROR_ACCESS_DENIED) || errors.Is(err, windows.ERROR_INVALID_HANDLE) {
			return errors.Join(errLost, err) // the desktop has been switched
		}
		return err
	}
	procGdiFlush.Call() // it has drawn only after that
	compare(g.shown, g.copied, changed)
	return nil
}

func (g *gdi) copy(dst *screen.Frame, rects []image.Rectangle) error {
	for _, r := range rects {
		dst.CopyRect(g.shown, r)
	}
	return nil
}

func (g *gdi) close() {
	if g.before != 0 {
		procSelectObject.Call(g.memory, g.before)
	}
	if g.bitmap != 0 {
		procDeleteObject.Call(g.bitmap)
	}
	if g.memory != 0 {
		procDeleteDC.Call(g.memory)
	}
	if g.source != 0 {
		procReleaseDC.Call(0, g.source)
	}
}
