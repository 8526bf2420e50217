package ui

import (
	"image"
	"image/color"
	"io"
	"log"
	"os"
	"testing"
	"time"

	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"
	"go.uber.org/goleak"

	"deskhand/client/locales"
	"deskhand/internal/xvfb"
)

func TestMain(m *testing.M) {
	log.SetOutput(io.Discard)
	goleak.VerifyTestMain(m)
}

// patience is how long a test waits for something that must happen.
const patience = 10 * time.Second

// hand is another X client: it looks at the screen, types and clicks.
type hand struct {
	x        *xserver
	requests func(xproto.SelectionRequestEvent) // answers who pastes
}

// Keys that only tests press.
const (
	symShift    = 0xffe1
	symControl  = 0xffe3
	symCapsLock = 0xffe5
	symAlt      = 0xffe9
)

func newHand(t *testing.T, display string) *hand {
	t.Helper()
	x, err := connectX(display)
	if err != nil {
		t.Fatal(err)
	}
	must(t, x.link.Use("XTEST"))
	h := &hand{x: x}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			ev, xerr := x.link.WaitForEvent()
			if ev == nil && xerr == nil {
				return
			}
			if req, ok := ev.(xproto.SelectionRequestEvent); ok {
				h.requests(req)
			}
		}
	}()
	t.Cleanup(func() { x.link.Close(); <-done })
	return h
}

// desktopFor starts a display with a UI and a hand on it.
func desktopFor(t *testing.T, o Options) (*UI, *hand) {
	t.Helper()
	display := xvfb.Start(t, "1280x800x24")
	if o.Text == nil {
		o.Text = locales.New("en")
	}
	u, err := Open(display, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(u.Close)
	return u, newHand(t, display)
}

func (h *hand) fake(kind, detail byte, x, y int) {
	xtest.FakeInput(h.x.Conn, kind, detail, 0, h.x.root, int16(x), int16(y), 0)
}

// key presses keys together and lets them go, by their unshifted symbols.
func (h *hand) key(syms ...xproto.Keysym) {
	k := h.x.readKeyboard()
	for _, s := range syms {
		h.fake(xproto.KeyPress, byte(k.code(s)), 0, 0)
	}
	for i := range syms {
		h.fake(xproto.KeyRelease, byte(k.code(syms[len(syms)-1-i])), 0, 0)
	}
	h.x.Sync()
}

// typeText types digits and the other keys of the unshifted level.
func (h *hand) typeText(s string) {
	for _, r := range s {
		h.key(xproto.Keysym(r))
	}
}

func (h *hand) moveTo(p image.Point) {
	h.fake(xproto.MotionNotify, 0, p.X, p.Y)
	h.x.Sync()
}

func (h *hand) click(p image.Point) {
	h.moveTo(p)
	h.fake(xproto.ButtonPress, 1, 0, 0)
	h.fake(xproto.ButtonRelease, 1, 0, 0)
	h.x.Sync()
}

// shot reads a part of the screen.
func (h *hand) shot(t *testing.T, r image.Rectangle) *image.RGBA {
	t.Helper()
	reply, err := xproto.GetImage(h.x.Conn, xproto.ImageFormatZPixmap, xproto.Drawable(h.x.root),
		int16(r.Min.X), int16(r.Min.Y), uint16(r.Dx()), uint16(r.Dy()), 0xffffffff).Reply()
	if err != nil {
		t.Fatal(err)
	}
	img := image.NewRGBA(image.Rect(0, 0, r.Dx(), r.Dy()))
	for i := 0; i < len(img.Pix); i += 4 {
		p := reply.Data[i:]
		img.Pix[i], img.Pix[i+1], img.Pix[i+2], img.Pix[i+3] = p[2], p[1], p[0], 255
	}
	return img
}

func opaque(c color.NRGBA) color.RGBA { return color.RGBA{c.R, c.G, c.B, 255} }

// paintRoot gives the desktop one colour.
func (h *hand) paintRoot(c color.NRGBA) {
	pixel := uint32(c.R)<<16 | uint32(c.G)<<8 | uint32(c.B)
	xproto.ChangeWindowAttributes(h.x.Conn, h.x.root, xproto.CwBackPixel, []uint32{pixel})
	xproto.ClearArea(h.x.Conn, false, h.x.root, 0, 0, 0, 0)
	h.x.Sync()
}

// inside runs f on the goroutine that owns the windows.
func inside(t *testing.T, u *UI, f func(d *xdesk)) {
	t.Helper()
	d := u.desk.(*xdesk)
	if err := d.do(func() error { f(d); d.flush(); d.x.Sync(); return nil }); err != nil {
		t.Fatal(err)
	}
}

// place is where a window stands on the screen.
func place(t *testing.T, u *UI, s slot) image.Rectangle {
	t.Helper()
	var r image.Rectangle
	inside(t, u, func(d *xdesk) {
		w := d.windows[s]
		if w == nil || !w.mapped {
			t.Errorf("window %d is not shown", s)
			return
		}
		at, err := xproto.TranslateCoordinates(d.x.Conn, w.id, d.x.root, 0, 0).Reply()
		if err != nil {
			t.Error(err)
			return
		}
		r = image.Rectangle{Max: w.size}.Add(image.Pt(int(at.DstX), int(at.DstY)))
	})
	return r
}

// where is the middle of a control on the screen.
func where(t *testing.T, u *UI, s slot, c control) image.Point {
	t.Helper()
	at := place(t, u, s).Min
	var p image.Point
	found := false
	inside(t, u, func(d *xdesk) {
		for _, it := range d.windows[s].pane.scene.items {
			r := *it.bounds()
			switch it := it.(type) {
			case *buttonItem:
				found = found || it.id == c
				if it.id == c {
					p = r.Min.Add(r.Max).Div(2)
				}
			case *fieldItem:
				found = found || c == ctlID
				if c == ctlID {
					p = r.Min.Add(r.Max).Div(2)
				}
			}
		}
	})
	if !found {
		t.Fatalf("no control %q in window %d", c, s)
	}
	return at.Add(p)
}

// expect waits for the next event, past those that only tell of presence.
func expect[E Event](t *testing.T, u *UI) E {
	t.Helper()
	deadline := time.After(patience)
	for {
		select {
		case ev, ok := <-u.Events():
			if !ok {
				t.Fatal("events ended")
			}
			if _, presence := ev.(Touched); presence {
				continue
			}
			got, ok := ev.(E)
			if !ok {
				t.Fatalf("event %#v, want %T", ev, got)
			}
			return got
		case <-deadline:
			var want E
			t.Fatalf("no event, want %T", want)
		}
	}
}

// eventually polls a condition that another process brings about.
func eventually(t *testing.T, what string, cond func() bool) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for !cond() {
		if time.Now().After(deadline) {
			t.Fatal("never: " + what)
		}
		<-time.After(5 * time.Millisecond)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func setenv(t *testing.T, name string) {
	t.Helper()
	t.Setenv(name, "")
	os.Unsetenv(name)
}
