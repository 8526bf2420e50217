package capture

import (
	"fmt"
	"image"

	"github.com/jezek/xgb/shm"
	"github.com/jezek/xgb/xproto"

	"deskhand/screen"
)

// canvas is a frame in memory that the X server draws to, where it wants it: what is grabbed into it is not copied once more. Servers that
// keep their pixels in main memory can do that; those of graphics cards mostly cannot.
type canvas struct {
	frame   *screen.Frame
	segment *segment
	pixmap  xproto.Pixmap
	copier  xproto.Gcontext
}

// newCanvas makes one of this size, or nil when the server cannot.
func (g *grabber) newCanvas(root *xproto.ScreenInfo, w, h int) *canvas {
	if !g.pixmaps || screen.CheckSize(w, h) != nil {
		return nil
	}
	c := &canvas{segment: g.segment(w * h * 4)}
	if c.segment == nil {
		return nil
	}
	if err := c.create(g, root, w, h); err != nil {
		shm.Detach(g.conn.Conn, c.segment.id)
		c.segment.unmap()
		return nil
	}
	c.frame = &screen.Frame{Pix: c.segment.data, Stride: w * 4, W: w, H: h}
	return c
}

func (c *canvas) create(g *grabber, root *xproto.ScreenInfo, w, h int) (err error) {
	if c.pixmap, err = xproto.NewPixmapId(g.conn.Conn); err != nil {
		return err
	}
	if c.copier, err = xproto.NewGcontextId(g.conn.Conn); err != nil {
		return err
	}
	if err := shm.CreatePixmapChecked(g.conn.Conn, c.pixmap, xproto.Drawable(root.Root), uint16(w), uint16(h), root.RootDepth, c.segment.id, 0).Check(); err != nil {
		return fmt.Errorf("make a shared pixmap: %w", err)
	}
	err = xproto.CreateGCChecked(g.conn.Conn, c.copier, xproto.Drawable(c.pixmap), xproto.GcSubwindowMode|xproto.GcGraphicsExposures,
		[]uint32{xproto.SubwindowModeIncludeInferiors, 0}).Check()
	if err != nil {
		xproto.FreePixmap(g.conn.Conn, c.pixmap)
		return fmt.Errorf("make a graphics context: %w", err)
	}
	return nil
}

// holds tells whether f is the canvas's frame.
func (c *canvas) holds(f *screen.Frame) bool {
	return c != nil && f.Stride == c.frame.Stride && f.H == c.frame.H && &f.Pix[0] == &c.frame.Pix[0]
}

// grab has the server draw rectangles of the root window to the same places of the canvas. The answer to a question tells that it has; it is the size of
// the root window, for nobody else says that there is nothing to copy outside of it.
func (c *canvas) grab(g *grabber, root xproto.Drawable, rects []image.Rectangle) error {
	for _, r := range rects {
		x, y := int16(r.Min.X), int16(r.Min.Y)
		xproto.CopyArea(g.conn.Conn, root, xproto.Drawable(c.pixmap), c.copier, x, y, x, y, uint16(r.Dx()), uint16(r.Dy()))
	}
	size, err := xproto.GetGeometry(g.conn.Conn, root).Reply()
	if err != nil {
		return err
	}
	now := image.Rect(0, 0, int(size.Width), int(size.Height))
	for _, r := range rects {
		if !r.In(now) {
			return fmt.Errorf("grab %v of a root window of %v: %w", r, now.Max, ErrChanged)
		}
	}
	return nil
}

// free gives the memory back. gone: the connection has ended, and with it the server's part.
func (c *canvas) free(g *grabber, gone bool) {
	if !gone {
		xproto.FreeGC(g.conn.Conn, c.copier)
		xproto.FreePixmap(g.conn.Conn, c.pixmap)
		shm.Detach(g.conn.Conn, c.segment.id)
	}
	c.segment.unmap()
}

// Frame returns a black frame of this size that Grab fills at the least cost, and what frees it: to be called once, before or after Close, when nobody reads
// the frame any more. There is one such frame at a time; another one is a common one.
func (s *x11Source) Frame(w, h int) (*screen.Frame, func(), error) {
	defer s.begin()()
	if s.canvas == nil {
		if c := s.grabber.newCanvas(s.conn.Screen, w, h); c != nil {
			s.canvas = c
			return c.frame, s.freeCanvas, nil
		}
	}
	f, err := screen.NewFrame(w, h)
	return f, func() {}, err
}

func (s *x11Source) freeCanvas() {
	defer s.begin()()
	gone := false
	select {
	case <-s.gone:
		gone = true
	default:
	}
	s.canvas.free(s.grabber, gone)
	s.canvas = nil
}
