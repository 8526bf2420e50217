package capture

import (
	"fmt"
	"image"

	"github.com/jezek/xgb/randr"
	"github.com/jezek/xgb/xfixes"
	"github.com/jezek/xgb/xproto"

	"deskhand/screen"
)

// wholeScreen is the ID of the one display of a server that names no monitors. Monitors have the number of
// their name's atom, which lasts as long as the server; atoms of new names are above 68.
const wholeScreen = 1

// Displays implements Source.
func (s *x11Source) Displays() ([]screen.Display, error) {
	defer s.begin()()
	return s.displays()
}

func (s *x11Source) displays() ([]screen.Display, error) {
	g, err := xproto.GetGeometry(s.conn.Conn, xproto.Drawable(s.root)).Reply()
	if err != nil {
		return nil, s.failed("get the size of the screen", err)
	}
	w, h := int(g.Width), int(g.Height)
	if err := screen.CheckSize(w, h); err != nil {
		return nil, err
	}
	s.size = image.Pt(w, h)
	list, err := s.fromMonitors()
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		list = []screen.Display{{ID: wholeScreen, Name: "screen", Bounds: image.Rect(0, 0, w, h), Primary: true}}
	}
	return list, nil
}

// fromMonitors lists the RandR monitors that show a part of the screen.
func (s *x11Source) fromMonitors() ([]screen.Display, error) {
	if !s.monitors {
		return nil, nil
	}
	r, err := randr.GetMonitors(s.conn.Conn, s.root, true).Reply()
	if err != nil {
		return nil, s.failed("list the monitors", err)
	}
	var list []screen.Display
	for _, m := range r.Monitors {
		b := image.Rect(int(m.X), int(m.Y), int(m.X)+int(m.Width), int(m.Y)+int(m.Height)).Intersect(image.Rectangle{Max: s.size})
		if b.Empty() {
			continue
		}
		name, ok := s.names[m.Name]
		if !ok {
			a, err := xproto.GetAtomName(s.conn.Conn, m.Name).Reply()
			if err != nil {
				return nil, s.failed("name a monitor", err)
			}
			name = a.Name
			s.names[m.Name] = name
		}
		list = append(list, screen.Display{ID: uint32(m.Name), Name: name, Bounds: b, Primary: m.Primary})
	}
	return list, nil
}

// Cursor implements Source.
func (s *x11Source) Cursor() (screen.Cursor, image.Point, error) {
	defer s.begin()()
	r, err := xfixes.GetCursorImage(s.conn.Conn).Reply()
	if err != nil {
		return screen.Cursor{}, image.Point{}, s.failed("get the pointer's shape", err)
	}
	at := image.Pt(int(r.X), int(r.Y))
	if len(r.CursorImage) < int(r.Width)*int(r.Height) {
		return screen.Cursor{}, at, fmt.Errorf("pointer shape of %d×%d with %d pixels", r.Width, r.Height, len(r.CursorImage))
	}
	// A shape larger than the limit, which nobody uses, is cut at the right and the bottom.
	w, h := min(int(r.Width), screen.MaxCursorSide), min(int(r.Height), screen.MaxCursorSide)
	if w == 0 || h == 0 {
		return screen.Cursor{Serial: r.CursorSerial}, at, nil
	}
	c := screen.Cursor{
		Serial: r.CursorSerial, W: w, H: h, Pix: make([]byte, 0, w*h*4),
		HotX: min(int(r.Xhot), w-1), HotY: min(int(r.Yhot), h-1),
	}
	for y := range h {
		for _, argb := range r.CursorImage[y*int(r.Width) : y*int(r.Width)+w] {
			c.Pix = append(c.Pix, straight(argb>>16, argb>>24), straight(argb>>8, argb>>24), straight(argb, argb>>24), uint8(argb>>24))
		}
	}
	return c, at, nil
}

// straight takes a colour out of its multiplication with alpha; only the low 8 bits of both count.
func straight(v, alpha uint32) uint8 {
	v, alpha = v&255, alpha&255
	if alpha == 0 {
		return 0
	}
	return uint8(min((v*255+alpha/2)/alpha, 255))
}
