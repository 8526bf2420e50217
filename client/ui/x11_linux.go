package ui

import (
	"fmt"
	"os"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/randr"
	"github.com/jezek/xgb/shape"
	"github.com/jezek/xgb/xproto"

	"deskhand/internal/x11"
)

// xserver is the connection to an X server and what is fixed about it.
type xserver struct {
	*xgb.Conn // for requests
	link      *x11.Conn
	setup     *xproto.SetupInfo
	screen    *xproto.ScreenInfo
	root      xproto.Window
	atoms     map[string]xproto.Atom
	opaque    format // the screen's own
	argb      format // with transparency; its visual is 0 when there is none
}

// format is a visual and how its pixels are packed.
type format struct {
	visual           xproto.Visualid
	depth            byte
	bits             int // per pixel
	pad              int // scan lines are multiples of so many bits
	red, green, blue uint32
	colormap         xproto.Colormap
}

// connectX opens a display; the error wraps [ErrNoDisplay] when there is none.
func connectX(display string) (*xserver, error) {
	if display == "" {
		display = os.Getenv("DISPLAY")
	}
	if display == "" {
		return nil, fmt.Errorf("%w: DISPLAY is not set", ErrNoDisplay)
	}
	link, err := x11.Dial(display)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoDisplay, err)
	}
	x := &xserver{
		Conn: link.Conn, link: link, setup: xproto.Setup(link.Conn), screen: link.Screen, root: link.Screen.Root,
		atoms: map[string]xproto.Atom{},
	}
	if err := x.findFormats(); err != nil {
		link.Close()
		for ev, xerr := link.WaitForEvent(); ev != nil || xerr != nil; ev, xerr = link.WaitForEvent() {
		}
		return nil, err
	}
	_, _ = link.Use("SHAPE"), link.Use("RANDR") // has tells whether they are there
	return x, nil
}

func (x *xserver) has(extension string) bool {
	x.ExtLock.RLock()
	defer x.ExtLock.RUnlock()
	_, ok := x.Extensions[extension]
	return ok
}

// findFormats picks the visuals; only true colour is supported.
func (x *xserver) findFormats() error {
	for _, d := range x.screen.AllowedDepths {
		for _, v := range d.Visuals {
			f := format{visual: v.VisualId, depth: d.Depth, red: v.RedMask, green: v.GreenMask, blue: v.BlueMask}
			for _, p := range x.setup.PixmapFormats {
				if p.Depth == d.Depth {
					f.bits, f.pad = int(p.BitsPerPixel), int(p.ScanlinePad)
				}
			}
			switch {
			case v.Class != xproto.VisualClassTrueColor:
			case v.VisualId == x.screen.RootVisual:
				f.colormap = x.screen.DefaultColormap
				x.opaque = f
			case d.Depth == 32 && x.argb.visual == 0 && v.RedMask == 0xff0000 && v.BlueMask == 0xff:
				x.argb = f
			}
		}
	}
	if x.opaque.visual == 0 || (x.opaque.bits != 32 && x.opaque.bits != 16) {
		return fmt.Errorf("%w: the screen is not in true colour", ErrNoDisplay)
	}
	if x.argb.visual != 0 {
		id, err := xproto.NewColormapId(x.Conn)
		if err != nil {
			return fmt.Errorf("create a colour map: %w", err)
		}
		xproto.CreateColormap(x.Conn, xproto.ColormapAllocNone, id, x.root, x.argb.visual)
		x.argb.colormap = id
	}
	return nil
}

// composited tells whether transparent windows blend with what is below them.
func (x *xserver) composited() bool {
	name := fmt.Sprintf("_NET_WM_CM_S%d", x.DefaultScreen)
	r, err := xproto.GetSelectionOwner(x.Conn, x.atom(name)).Reply()
	return err == nil && r.Owner != 0 && x.argb.visual != 0
}

// managed tells whether a window manager runs.
func (x *xserver) managed() bool {
	w := x.property(x.root, "_NET_SUPPORTING_WM_CHECK", 4)
	return len(w) == 4
}

// atom interns a name.
func (x *xserver) atom(name string) xproto.Atom {
	if a, ok := x.atoms[name]; ok {
		return a
	}
	r, err := xproto.InternAtom(x.Conn, false, uint16(len(name)), name).Reply()
	if err != nil {
		return xproto.AtomNone
	}
	x.atoms[name] = r.Atom
	return r.Atom
}

// property reads at most limit bytes of a window's property, whatever its type.
func (x *xserver) property(w xproto.Window, name string, limit uint32) []byte {
	r, err := xproto.GetProperty(x.Conn, false, w, x.atom(name), xproto.GetPropertyTypeAny, 0, (limit+3)/4).Reply()
	if err != nil || r.BytesAfter > 0 && uint32(len(r.Value)) < limit {
		return nil
	}
	return r.Value
}

// set32 replaces a property that holds 32-bit values.
func (x *xserver) set32(w xproto.Window, name string, typ xproto.Atom, values ...uint32) {
	data := make([]byte, 4*len(values))
	for i, v := range values {
		xgb.Put32(data[4*i:], v)
	}
	xproto.ChangeProperty(x.Conn, xproto.PropModeReplace, w, x.atom(name), typ, 32, uint32(len(values)), data)
}

// setText replaces a property that holds bytes.
func (x *xserver) setText(w xproto.Window, name string, typ xproto.Atom, s string) {
	xproto.ChangeProperty(x.Conn, xproto.PropModeReplace, w, x.atom(name), typ, 8, uint32(len(s)), []byte(s))
}

// tell sends a client message about a window to the window manager.
func (x *xserver) tell(w xproto.Window, message string, values ...uint32) {
	var data [5]uint32
	copy(data[:], values)
	ev := xproto.ClientMessageEvent{
		Format: 32, Window: w, Type: x.atom(message), Data: xproto.ClientMessageDataUnionData32New(data[:]),
	}
	const mask = xproto.EventMaskSubstructureNotify | xproto.EventMaskSubstructureRedirect
	xproto.SendEvent(x.Conn, false, x.root, mask, string(ev.Bytes()))
}

// clip gives a window the shape of rectangles, for rounded corners without transparency.
func (x *xserver) clip(w xproto.Window, rows []xproto.Rectangle) {
	if x.has("SHAPE") {
		shape.Rectangles(x.Conn, shape.SoSet, shape.SkBounding, xproto.ClipOrderingYXBanded, w, 0, 0, rows)
	}
}

// monitor is one screen of the desktop.
type monitor struct {
	x, y, w, h int
	widthMM    int
	primary    bool
}

// monitors lists the screens; there is always one.
func (x *xserver) monitors() []monitor {
	var ms []monitor
	if x.has("RANDR") {
		// Monitors came with version 1.5; a server speaks it only after it was asked for.
		v, err := randr.QueryVersion(x.Conn, 1, 5).Reply()
		if err == nil && (v.MajorVersion > 1 || v.MinorVersion >= 5) {
			if r, err := randr.GetMonitors(x.Conn, x.root, true).Reply(); err == nil {
				for _, m := range r.Monitors {
					ms = append(ms, monitor{int(m.X), int(m.Y), int(m.Width), int(m.Height), int(m.WidthInMillimeters), m.Primary})
				}
			}
		}
	}
	if len(ms) == 0 {
		g, err := xproto.GetGeometry(x.Conn, xproto.Drawable(x.root)).Reply()
		if err != nil {
			return []monitor{{w: int(x.screen.WidthInPixels), h: int(x.screen.HeightInPixels), primary: true}}
		}
		ms = append(ms, monitor{w: int(g.Width), h: int(g.Height), primary: true})
	}
	return ms
}

// primary is the screen on which the bar stands.
func (x *xserver) primary() monitor {
	ms := x.monitors()
	for _, m := range ms {
		if m.primary {
			return m
		}
	}
	return ms[0]
}

// pointed is the screen with the pointer, where the end-user looks.
func (x *xserver) pointed() monitor {
	ms := x.monitors()
	p, err := xproto.QueryPointer(x.Conn, x.root).Reply()
	if err != nil {
		return ms[0]
	}
	for _, m := range ms {
		if px, py := int(p.RootX), int(p.RootY); px >= m.x && px < m.x+m.w && py >= m.y && py < m.y+m.h {
			return m
		}
	}
	return ms[0]
}
