package ui

import (
	"image"
	"time"

	"github.com/jezek/xgb/xproto"
)

// xbar is the bar's state with the key that was grabbed.
type xbar struct {
	barState
	stopKey  xproto.Keycode // grabbed while the bar is shown; 0: none could be had
	stopMods uint16
}

// restore puts a window back to where it belongs, if it is not there.
func (d *xdesk) restore(w *window) {
	if w.free && !d.displaced(w) {
		return
	}
	if w.free {
		w.move(w.pos)
		xproto.MapWindow(d.x.Conn, w.id)
	}
	w.raise()
	w.guard.acted(d.lk.now())
}

// displaced looks whether a window that no window manager guards is hidden, moved, or below another program's window.
func (d *xdesk) displaced(w *window) bool {
	g, err := xproto.GetGeometry(d.x.Conn, xproto.Drawable(w.id)).Reply()
	if err != nil || image.Pt(int(g.X), int(g.Y)) != w.pos {
		return true
	}
	a, err := xproto.GetWindowAttributes(d.x.Conn, w.id).Reply()
	if err != nil || a.MapState != xproto.MapStateViewable {
		return true
	}
	tree, err := xproto.QueryTree(d.x.Conn, d.x.root).Reply()
	if err != nil {
		return true
	}
	place := image.Rectangle{w.pos, w.pos.Add(w.size)}
	for i := len(tree.Children) - 1; i >= 0 && tree.Children[i] != w.id; i-- {
		if d.find(tree.Children[i]) == nil && d.x.covers(tree.Children[i], place) {
			return true
		}
	}
	return false
}

// covers tells whether a window is visible and touches a place.
func (x *xserver) covers(id xproto.Window, place image.Rectangle) bool {
	a, err := xproto.GetWindowAttributes(x.Conn, id).Reply()
	if err != nil || a.MapState != xproto.MapStateViewable || a.Class == xproto.WindowClassInputOnly {
		return false
	}
	g, err := xproto.GetGeometry(x.Conn, xproto.Drawable(id)).Reply()
	return err == nil && image.Rect(int(g.X), int(g.Y), int(g.X)+int(g.Width), int(g.Y)+int(g.Height)).Overlaps(place)
}

// putLoose shows the bar or its tip.
func (d *xdesk) putLoose(w *window, resized bool) error {
	if w.slot == slotTip {
		d.placeTip(w)
	} else if !w.mapped || resized {
		d.placeBar(w)
	}
	if w.mapped {
		return nil
	}
	w.present()
	w.show()
	w.expose(w.canvas.Rect)
	if w.slot == slotTip {
		return nil
	}
	a, err := xproto.GetWindowAttributes(d.x.Conn, w.id).Reply()
	if err != nil || a.MapState != xproto.MapStateViewable {
		w.hide()
		return errCovered
	}
	d.grabKey()
	d.bar.announce(d.lk.now())
	d.findFonts()
	return nil
}

// placeBar puts the bar to the top of the first screen.
func (d *xdesk) placeBar(w *window) {
	m := d.x.primary()
	x := m.x + (m.w-w.size.X)/2 + d.bar.shift
	x = max(m.x, min(x, m.x+m.w-w.size.X))
	w.move(image.Pt(x, m.y+d.lk.px(barTop)))
}

// drag moves the bar sideways, and never off the screen.
func (d *xdesk) drag(w *window, rootX int) {
	m := d.x.primary()
	x := max(m.x, min(rootX-d.bar.grabbed, m.x+m.w-w.size.X))
	d.bar.shift = x - m.x - (m.w-w.size.X)/2
	w.move(image.Pt(x, w.pos.Y))
	d.withdraw(slotTip)
	d.bar.forget()
}

// screenChanged follows new screens and resolutions.
func (d *xdesk) screenChanged() {
	if w := d.windows[slotBar]; w != nil && w.mapped {
		d.placeBar(w)
		w.raise()
	}
	if w := d.windows[slotConsent]; w != nil && w.mapped {
		m := d.x.pointed()
		w.move(image.Pt(m.x+(m.w-w.size.X)/2, m.y+(m.h-w.size.Y)/2))
	}
}

// placeTip puts the tip below the bar.
func (d *xdesk) placeTip(w *window) {
	bar := d.windows[slotBar]
	m := d.x.primary()
	x := bar.pos.X + (bar.size.X-w.size.X)/2
	for _, it := range bar.pane.scene.items {
		if b, ok := it.(*buttonItem); ok && b.id == d.bar.hover {
			x = bar.pos.X + (b.r.Min.X+b.r.Max.X-w.size.X)/2
		}
	}
	if w.size.X <= bar.size.X {
		x = max(bar.pos.X, min(x, bar.pos.X+bar.size.X-w.size.X))
	}
	x = max(m.x, min(x, m.x+m.w-w.size.X))
	w.move(image.Pt(x, bar.pos.Y+bar.size.Y+d.lk.px(6)))
}

// explain shows the tip of a control after a moment, and takes it away when the pointer leaves.
func (d *xdesk) explain(c control) {
	if d.bar.explain(c, d.lk.now()) {
		d.withdraw(slotTip)
	}
}

func (d *xdesk) tickBar(now time.Time) {
	show, hide := d.bar.due(now)
	if text := d.bar.tip(d.lk); show && text != "" {
		_ = d.put(tip{text}) // an explanation only; the control works without it
	}
	if hide {
		d.withdraw(slotTip)
	}
}

// stopKeys are the keys that stop sharing, the first that can be had.
var stopKeys = []struct {
	name string
	syms []xproto.Keysym
	mods uint16
}{
	{"key.stop", []xproto.Keysym{'s', 'S'}, xproto.ModMaskControl | xproto.ModMask1 | xproto.ModMaskShift},
	{"key.stop.second", []xproto.Keysym{symF12}, xproto.ModMaskControl | xproto.ModMask1 | xproto.ModMaskShift},
	{"key.pause", []xproto.Keysym{symPause}, 0},
}

// locks are the states of Caps Lock and Num Lock under which a key must work too.
func (d *xdesk) locks() []uint16 {
	l := []uint16{0, xproto.ModMaskLock}
	if n := d.keys.numLock; n != 0 {
		l = append(l, n, n|xproto.ModMaskLock)
	}
	return l
}

// grabKey takes the stop key for this program, wherever the focus is.
func (d *xdesk) grabKey() {
	for _, k := range stopKeys {
		code := d.keys.code(k.syms...)
		if code == 0 {
			continue
		}
		taken := true
		for _, lock := range d.locks() {
			err := xproto.GrabKeyChecked(d.x.Conn, false, d.x.root, k.mods|lock, code, xproto.GrabModeAsync, xproto.GrabModeAsync).Check()
			taken = taken && err == nil
		}
		d.bar.stopKey, d.bar.stopMods, d.bar.stopName = code, k.mods, k.name
		if taken {
			return
		}
		d.releaseKey() // another program has it
	}
}

func (d *xdesk) releaseKey() {
	if d.bar.stopKey != 0 {
		for _, lock := range d.locks() {
			xproto.UngrabKey(d.x.Conn, d.bar.stopKey, d.x.root, d.bar.stopMods|lock)
		}
	}
	d.bar.stopKey, d.bar.stopMods, d.bar.stopName = 0, 0, ""
}

// regrab follows a change of the keyboard's layout.
func (d *xdesk) regrab() {
	if w := d.windows[slotBar]; w != nil && w.mapped {
		d.releaseKey()
		d.grabKey()
	}
}

func (d *xdesk) isStopKey(ev xproto.KeyPressEvent) bool {
	const all = xproto.ModMaskShift | xproto.ModMaskControl | xproto.ModMask1
	return d.bar.stopKey != 0 && ev.Event == d.x.root && ev.Detail == d.bar.stopKey && ev.State&all == d.bar.stopMods
}
