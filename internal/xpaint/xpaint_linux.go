package xpaint

import (
	"image"
	"testing"

	"github.com/jezek/xgb/xproto"

	"deskhand/internal/x11"
	"deskhand/screen"
)

// Painter draws on a display over a connection of its own and reads it back over the plain protocol, so that a test can compare. Each
// call returns when the server has done it.
type Painter struct {
	Conn *x11.Conn
	Root xproto.Drawable

	t  testing.TB
	gc xproto.Gcontext
}

// New connects to a display for as long as the test runs.
func New(t testing.TB, display string) *Painter {
	t.Helper()
	c, err := x11.Dial(display)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			if ev, err := c.WaitForEvent(); ev == nil && err == nil {
				return
			}
		}
	}()
	t.Cleanup(func() { c.Close(); <-done })
	p := &Painter{Conn: c, Root: xproto.Drawable(c.Screen.Root), t: t}
	if p.gc, err = xproto.NewGcontextId(c.Conn); err != nil {
		t.Fatal(err)
	}
	// IncludeInferiors: it draws even where windows are.
	p.check(xproto.CreateGCChecked(c.Conn, p.gc, p.Root, xproto.GcSubwindowMode, []uint32{xproto.SubwindowModeIncludeInferiors}).Check())
	return p
}

// Fill makes r one colour.
func (p *Painter) Fill(r image.Rectangle, c screen.Color) {
	p.t.Helper()
	xproto.ChangeGC(p.Conn.Conn, p.gc, xproto.GcForeground, []uint32{uint32(c.R)<<16 | uint32(c.G)<<8 | uint32(c.B)})
	p.check(xproto.PolyFillRectangleChecked(p.Conn.Conn, p.Root, p.gc, []xproto.Rectangle{{
		X: int16(r.Min.X), Y: int16(r.Min.Y), Width: uint16(r.Dx()), Height: uint16(r.Dy()),
	}}).Check())
}

// Put draws the part r of f at its place, while no other client is served, so that nobody sees half of it.
func (p *Painter) Put(f *screen.Frame, r image.Rectangle) {
	p.t.Helper()
	xproto.GrabServer(p.Conn.Conn)
	rows := max(1, 200_000/(r.Dx()*4)) // what fits into a request
	for y := r.Min.Y; y < r.Max.Y; y += rows {
		h := min(rows, r.Max.Y-y)
		pix := make([]byte, 0, r.Dx()*h*4)
		for i := range h {
			pix = append(pix, f.Row(y+i, r.Min.X, r.Max.X)...)
		}
		xproto.PutImage(p.Conn.Conn, xproto.ImageFormatZPixmap, p.Root, p.gc,
			uint16(r.Dx()), uint16(h), int16(r.Min.X), int16(y), 0, p.Conn.Screen.RootDepth, pix)
	}
	p.check(xproto.UngrabServerChecked(p.Conn.Conn).Check())
}

// Scroll moves the content of r up by n pixels; the last n rows stay.
func (p *Painter) Scroll(r image.Rectangle, n int) {
	p.t.Helper()
	p.check(xproto.CopyAreaChecked(p.Conn.Conn, p.Root, p.Root, p.gc, int16(r.Min.X), int16(r.Min.Y+n),
		int16(r.Min.X), int16(r.Min.Y), uint16(r.Dx()), uint16(r.Dy()-n)).Check())
}

// Shot reads r, as a frame of r's size.
func (p *Painter) Shot(r image.Rectangle) *screen.Frame {
	p.t.Helper()
	img, err := xproto.GetImage(p.Conn.Conn, xproto.ImageFormatZPixmap, p.Root,
		int16(r.Min.X), int16(r.Min.Y), uint16(r.Dx()), uint16(r.Dy()), ^uint32(0)).Reply()
	if err != nil {
		p.t.Fatal(err)
	}
	return &screen.Frame{Pix: img.Data, Stride: r.Dx() * 4, W: r.Dx(), H: r.Dy()}
}

func (p *Painter) check(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}
