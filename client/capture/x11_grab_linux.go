package capture

import (
	"fmt"
	"image"

	"github.com/jezek/xgb/shm"
	"github.com/jezek/xgb/xproto"

	"deskhand/internal/x11"
	"deskhand/screen"
)

const (
	allPlanes = ^uint32(0)
	zPixmap   = xproto.ImageFormatZPixmap
)

// grabber brings pixels from the server: through memory shared with it where there is a way, else over the
// connection. The memory is made when it is first needed and as large as the screen.
type grabber struct {
	conn    *x11.Conn
	ways    []sharing // still to be tried, best first; none left: over the connection
	pixmaps bool      // the server can draw to shared memory as to a pixmap
	shared  *segment
	answer  []shm.GetImageCookie
	bands   []band
}

func newGrabber(c *x11.Conn, ways []sharing) *grabber {
	g := &grabber{conn: c}
	// The identifier of a segment on this machine means another one, or none, to a server elsewhere.
	if c.Local() && c.Use("MIT-SHM") == nil {
		if v, err := shm.QueryVersion(c.Conn).Reply(); err == nil {
			g.pixmaps = v.SharedPixmaps && v.PixmapFormat == zPixmap
			for _, w := range ways {
				if w.usable(c, v) {
					g.ways = append(g.ways, w)
				}
			}
		}
	}
	return g
}

func (g *grabber) grab(dst *screen.Frame, root xproto.Drawable, size image.Point, rects []image.Rectangle) error {
	need := size.X * size.Y * 4
	if g.shared != nil && len(g.shared.data) < need {
		g.free()
	}
	if g.shared == nil {
		g.shared = g.segment(need)
	}
	if g.shared == nil {
		return g.overConnection(dst, root, rects)
	}
	return g.overMemory(dst, root, rects)
}

// segment makes memory that is shared with the server, or nil when there is no way.
func (g *grabber) segment(size int) *segment {
	for len(g.ways) > 0 {
		s, err := g.ways[0].make(g.conn, size)
		if err == nil {
			return s
		}
		g.ways = g.ways[1:] // denied once is denied always
	}
	return nil
}

// overMemory asks for all rectangles at once, each to its own place in the shared memory, and copies each when it is there.
func (g *grabber) overMemory(dst *screen.Frame, root xproto.Drawable, rects []image.Rectangle) error {
	g.answer = g.answer[:0]
	offset := 0
	for _, r := range rects {
		g.answer = append(g.answer, shm.GetImage(g.conn.Conn, root, int16(r.Min.X), int16(r.Min.Y),
			uint16(r.Dx()), uint16(r.Dy()), allPlanes, zPixmap, g.shared.id, uint32(offset)))
		offset += r.Dx() * r.Dy() * 4
	}
	var failed error
	offset = 0
	for i, r := range rects {
		// Every answer is awaited, even after an error: the server still writes to the memory until then.
		if _, err := g.answer[i].Reply(); err != nil {
			failed = err
		}
		size := r.Dx() * r.Dy() * 4
		if failed == nil {
			put(dst, r, g.shared.data[offset:offset+size])
		}
		offset += size
	}
	return failed
}

// maxReply is about how many bytes of image one answer over the connection brings.
const maxReply = 1 << 20

type band struct {
	r      image.Rectangle
	answer xproto.GetImageCookie
}

func (g *grabber) overConnection(dst *screen.Frame, root xproto.Drawable, rects []image.Rectangle) error {
	g.bands = g.bands[:0]
	for _, r := range rects {
		rows := max(1, maxReply/(r.Dx()*4))
		for y := r.Min.Y; y < r.Max.Y; y += rows {
			b := image.Rect(r.Min.X, y, r.Max.X, min(y+rows, r.Max.Y))
			g.bands = append(g.bands, band{b, xproto.GetImage(g.conn.Conn, zPixmap, root,
				int16(b.Min.X), int16(b.Min.Y), uint16(b.Dx()), uint16(b.Dy()), allPlanes)})
		}
	}
	var failed error
	for _, b := range g.bands {
		r, err := b.answer.Reply()
		if err == nil && len(r.Data) < b.r.Dx()*b.r.Dy()*4 {
			err = fmt.Errorf("an image of %v has %d bytes", b.r, len(r.Data))
		}
		if err != nil {
			failed = err
		}
		if failed == nil {
			put(dst, b.r, r.Data)
		}
	}
	return failed
}

// put copies packed pixels to r.
func put(dst *screen.Frame, r image.Rectangle, packed []byte) {
	w := r.Dx() * 4
	if w == dst.Stride {
		copy(dst.Pix[r.Min.Y*w:], packed[:w*r.Dy()])
		return
	}
	for y := r.Min.Y; y < r.Max.Y; y++ {
		copy(dst.Row(y, r.Min.X, r.Max.X), packed)
		packed = packed[w:]
	}
}

// free gives the shared memory back.
func (g *grabber) free() {
	if g.shared == nil {
		return
	}
	shm.Detach(g.conn.Conn, g.shared.id)
	g.shared.unmap()
	g.shared = nil
}

// close is free after the connection has ended, which detaches the server's side.
func (g *grabber) close() {
	if g.shared != nil {
		g.shared.unmap()
		g.shared = nil
	}
}
