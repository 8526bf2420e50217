package capture

import (
	"errors"
	"fmt"
	"image"

	"golang.org/x/sys/windows"

	"deskhand/internal/win32"
	"deskhand/screen"
)

// gdi is a picture that GDI copies from the screen. GDI does not tell what has changed, so each copy is compared with the one before.
type gdi struct {
	origin image.Point
	source uintptr // the screen's device context
	copied *win32.Picture
	frame  *screen.Frame // the pixels of copied
	shown  *screen.Frame // what was told
}

func openGDI(l layout) (_ picture, err error) {
	g := &gdi{origin: l.origin}
	defer func() {
		if err != nil {
			g.close()
		}
	}()
	if g.source, err = win32.OpenDC(0); err != nil {
		return nil, fmt.Errorf("open the screen: %w", err)
	}
	if g.copied, err = win32.NewPicture(l.size.X, l.size.Y); err != nil {
		return nil, fmt.Errorf("make a picture: %w", err)
	}
	g.frame = &screen.Frame{Pix: g.copied.Pixels, Stride: l.size.X * 4, W: l.size.X, H: l.size.Y}
	g.shown, err = screen.NewFrame(l.size.X, l.size.Y)
	return g, err
}

// look implements picture. What is not on any display is not defined in Windows; here it stays black.
func (g *gdi) look(changed *screen.Region) error {
	if err := win32.CopyPixels(g.copied.DC, g.frame.Bounds(), g.source, g.origin); err != nil {
		err = fmt.Errorf("copy the screen: %w", err)
		if errors.Is(err, windows.ERROR_ACCESS_DENIED) || errors.Is(err, windows.ERROR_INVALID_HANDLE) {
			return errors.Join(errLost, err) // the desktop has been switched
		}
		return err
	}
	procGdiFlush.Call() // it has drawn only after that
	compare(g.shown, g.frame, changed)
	return nil
}

func (g *gdi) copy(dst *screen.Frame, rects []image.Rectangle) error {
	for _, r := range rects {
		dst.CopyRect(g.shown, r)
	}
	return nil
}

func (g *gdi) close() {
	if g.copied != nil {
		g.copied.Close()
	}
	if g.source != 0 {
		win32.CloseDC(0, g.source)
	}
}
