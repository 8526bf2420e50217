package ui

import (
	"image"
	"testing"
	"time"

	"github.com/jezek/xgb/xproto"
)

// window shows a window of another program.
func (h *hand) window(t *testing.T, r image.Rectangle, override bool) xproto.Window {
	t.Helper()
	w, err := xproto.NewWindowId(h.x.Conn)
	must(t, err)
	flag := uint32(0)
	if override {
		flag = 1
	}
	must(t, xproto.CreateWindowChecked(h.x.Conn, h.x.screen.RootDepth, w, h.x.root, int16(r.Min.X), int16(r.Min.Y),
		uint16(r.Dx()), uint16(r.Dy()), 0, xproto.WindowClassInputOutput, h.x.screen.RootVisual,
		xproto.CwBackPixel|xproto.CwOverrideRedirect, []uint32{0x336699, flag}).Check())
	must(t, xproto.MapWindowChecked(h.x.Conn, w).Check())
	return w
}

// top is the highest visible window.
func (h *hand) top(t *testing.T) xproto.Window {
	t.Helper()
	tree, err := xproto.QueryTree(h.x.Conn, h.x.root).Reply()
	must(t, err)
	for i := len(tree.Children) - 1; i >= 0; i-- {
		a, err := xproto.GetWindowAttributes(h.x.Conn, tree.Children[i]).Reply()
		if err == nil && a.MapState == xproto.MapStateViewable {
			return tree.Children[i]
		}
	}
	return 0
}

// own is the X window of a slot.
func own(t *testing.T, u *UI, s slot) (id xproto.Window) {
	t.Helper()
	inside(t, u, func(d *xdesk) { id = d.windows[s].id })
	return id
}

// visible tells whether the bar itself is what one sees at its place.
func (h *hand) visible(t *testing.T, u *UI) bool {
	id := own(t, u, slotBar)
	g, err := xproto.GetGeometry(h.x.Conn, xproto.Drawable(id)).Reply()
	must(t, err)
	a, err := xproto.GetWindowAttributes(h.x.Conn, id).Reply()
	must(t, err)
	img := h.shot(t, image.Rect(int(g.X), int(g.Y), int(g.X)+int(g.Width), int(g.Y)+int(g.Height)))
	return a.MapState == xproto.MapStateViewable && img.At(img.Rect.Dx()/2, 4) == opaque(dark.window) && img.At(30, img.Rect.Dy()-5) == opaque(dark.window)
}

func shownBar(t *testing.T) (*UI, *hand) {
	u, h := desktopFor(t, Options{})
	must(t, u.ShowBar(Bar{Viewers: []string{"Rodney", "Alice"}, Level: BarControlling, Since: time.Now()}))
	return u, h
}

func TestBarIsAtTheTop(t *testing.T) {
	u, h := shownBar(t)
	r := place(t, u, slotBar)
	if r.Min.Y != barTop || r.Min.X+r.Max.X < 1279 || r.Min.X+r.Max.X > 1281 {
		t.Errorf("bar at %v", r)
	}
	if !h.visible(t, u) {
		t.Error("ShowBar returned before the bar was on the screen")
	}
	h.click(where(t, u, slotBar, ctlPause))
	expect[PauseChosen](t, u)
	must(t, u.ShowBar(Bar{Viewers: []string{"Rodney"}, Level: BarPaused, Since: time.Now()}))
	h.click(where(t, u, slotBar, ctlResume))
	expect[ResumeChosen](t, u)
	h.click(where(t, u, slotBar, ctlStop))
	expect[StopChosen](t, u)
}

// Other programs cannot get rid of the bar.
func TestBarStays(t *testing.T) {
	for _, tt := range []struct {
		name string
		do   func(h *hand, bar xproto.Window, t *testing.T)
	}{
		{"covered", func(h *hand, _ xproto.Window, t *testing.T) { h.window(t, image.Rect(0, 0, 1280, 800), true) }},
		{"partly covered", func(h *hand, _ xproto.Window, t *testing.T) { h.window(t, image.Rect(600, 0, 700, 40), true) }},
		{"moved away", func(h *hand, bar xproto.Window, _ *testing.T) {
			xproto.ConfigureWindow(h.x.Conn, bar, xproto.ConfigWindowX|xproto.ConfigWindowY, []uint32{5000, 5000})
		}},
		{"lowered", func(h *hand, bar xproto.Window, t *testing.T) {
			h.window(t, image.Rect(0, 0, 1280, 800), true)
			xproto.ConfigureWindow(h.x.Conn, bar, xproto.ConfigWindowStackMode, []uint32{xproto.StackModeBelow})
		}},
		{"unmapped", func(h *hand, bar xproto.Window, _ *testing.T) { xproto.UnmapWindow(h.x.Conn, bar) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			u, h := shownBar(t)
			tt.do(h, own(t, u, slotBar), t)
			h.x.Sync()
			eventually(t, "the bar is back", func() bool { return onScreen(h, t, u) && h.visible(t, u) })
		})
	}
}

func onScreen(h *hand, t *testing.T, u *UI) bool {
	g, err := xproto.GetGeometry(h.x.Conn, xproto.Drawable(own(t, u, slotBar))).Reply()
	must(t, err)
	return g.Y == barTop && g.X > 0 && int(g.X)+int(g.Width) < 1280
}

func TestBarDestroyedStops(t *testing.T) {
	u, h := shownBar(t)
	xproto.DestroyWindow(h.x.Conn, own(t, u, slotBar))
	h.x.Sync()
	expect[StopChosen](t, u)
	must(t, u.ShowBar(Bar{Since: time.Now()}))
	if !h.visible(t, u) {
		t.Error("the bar cannot be shown again")
	}
}

func TestBarIsDraggedSideways(t *testing.T) {
	u, h := shownBar(t)
	before := place(t, u, slotBar)
	grip := before.Min.Add(image.Pt(16, 26))
	h.moveTo(grip)
	h.fake(xproto.ButtonPress, 1, 0, 0)
	h.moveTo(grip.Add(image.Pt(200, 300)))
	eventually(t, "the bar follows", func() bool { return place(t, u, slotBar).Min.X == before.Min.X+200 })
	h.moveTo(image.Pt(1279, 300))
	eventually(t, "the bar stops at the edge", func() bool { return place(t, u, slotBar).Max.X == 1280 })
	h.fake(xproto.ButtonRelease, 1, 0, 0)
	h.x.Sync()
	if r := place(t, u, slotBar); r.Min.Y != before.Min.Y {
		t.Errorf("the bar left the top: %v", r)
	}
}

// The stop key works wherever the keyboard is, with any lock on, and only while the bar is shown.
func TestStopKey(t *testing.T) {
	u, h := shownBar(t)
	other := h.window(t, image.Rect(300, 300, 500, 500), false)
	xproto.SetInputFocus(h.x.Conn, xproto.InputFocusPointerRoot, other, xproto.TimeCurrentTime)
	for _, lock := range []xproto.Keysym{0, symNumLock, symCapsLock} {
		if lock != 0 {
			h.key(lock)
		}
		h.key(symControl, symAlt, symShift, 's')
		if got := expect[StopChosen](t, u); !got.Key {
			t.Error("not said to be the key")
		}
	}
	must(t, u.HideBar())
	inside(t, u, func(d *xdesk) {
		if d.bar.stopKey != 0 {
			t.Error("the key is still taken")
		}
	})
	// Another program can have it now.
	code := h.x.readKeyboard().code('s')
	must(t, xproto.GrabKeyChecked(h.x.Conn, false, h.x.root, stopKeys[0].mods, code, xproto.GrabModeAsync, xproto.GrabModeAsync).Check())
	must(t, u.ShowBar(Bar{Since: time.Now()}))
	inside(t, u, func(d *xdesk) {
		if d.bar.stopName != stopKeys[1].name {
			t.Errorf("the stop key is %q", d.bar.stopName)
		}
	})
	h.key(symControl, symAlt, symShift, symF12)
	expect[StopChosen](t, u)
}

// The bar says how to stop when it appears.
func TestStopKeyIsAnnounced(t *testing.T) {
	u, _ := shownBar(t)
	eventually(t, "the tip is shown", func() bool {
		shown := false
		inside(t, u, func(d *xdesk) {
			w := d.windows[slotTip]
			shown = w != nil && w.mapped && w.pane.shows == tip{d.bar.tip(d.lk)}
		})
		return shown
	})
	bar, tip := place(t, u, slotBar), place(t, u, slotTip)
	if tip.Overlaps(bar) || tip.Min.X < bar.Min.X || tip.Max.X > bar.Max.X {
		t.Errorf("tip at %v, bar at %v", tip, bar)
	}
}
