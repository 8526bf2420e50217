package ui

import (
	"image"
	"time"

	"golang.org/x/sys/windows"

	"deskhand/internal/win32"
)

// putLoose shows the bar or its tip.
func (d *wdesk) putLoose(w *wwindow) error {
	before := w.size
	if err := w.fit(screenAt(image.Point{})); err != nil {
		return err
	}
	switch {
	case w.slot == slotTip:
		d.placeTip(w)
	case !w.shown || w.size != before:
		d.placeBar(w)
	}
	if w.shown {
		return nil
	}
	w.appear(swShowNoActivate)
	if w.slot == slotTip {
		return nil
	}
	if !windows.IsWindowVisible(w.hwnd) {
		d.withdraw(slotBar)
		return errCovered
	}
	d.grabKey()
	d.bar.announce(d.lk.now())
	d.findFonts()
	return nil
}

// placeBar puts the bar to the top of the first monitor.
func (d *wdesk) placeBar(w *wwindow) {
	m := screenAt(image.Point{}).work
	x := m.Min.X + (m.Dx()-w.size.X)/2 + d.bar.shift
	x = max(m.Min.X, min(x, m.Max.X-w.size.X))
	w.move(image.Pt(x, m.Min.Y+w.pane.lk.px(barTop)))
}

// drag moves the bar sideways, and never off the screen.
func (d *wdesk) drag(w *wwindow, rootX int) {
	m := screenAt(image.Point{}).work
	x := max(m.Min.X, min(rootX-d.bar.grabbed, m.Max.X-w.size.X))
	d.bar.shift = x - m.Min.X - (m.Dx()-w.size.X)/2
	w.move(image.Pt(x, w.pos.Y))
	d.withdraw(slotTip)
	d.bar.forget()
}

// placeTip puts the tip below the bar.
func (d *wdesk) placeTip(w *wwindow) {
	bar := d.windows[slotBar]
	m := screenAt(image.Point{}).work
	x := bar.pos.X + (bar.size.X-w.size.X)/2
	for _, it := range bar.pane.scene.items {
		if b, ok := it.(*buttonItem); ok && b.id == d.bar.hover {
			x = bar.pos.X + (b.r.Min.X+b.r.Max.X-w.size.X)/2
		}
	}
	if w.size.X <= bar.size.X {
		x = max(bar.pos.X, min(x, bar.pos.X+bar.size.X-w.size.X))
	}
	x = max(m.Min.X, min(x, m.Max.X-w.size.X))
	w.move(image.Pt(x, bar.pos.Y+bar.size.Y+w.pane.lk.px(6)))
}

func (d *wdesk) tickBar(now time.Time) {
	show, hide := d.bar.due(now)
	if text := d.bar.tip(d.lk); show && text != "" && d.windows[slotBar].shown {
		_ = d.put(tip{text}) // an explanation only; the control works without it
	}
	if hide {
		d.withdraw(slotTip)
	}
}

// restore puts a window back to where it belongs, if it is not there.
func (d *wdesk) restore(w *wwindow) {
	if !d.displaced(w) {
		return
	}
	if w.slot.loose() {
		w.place(image.Point{}, swpNoSize)
	}
	win32.Ask(procShowWindow, uintptr(w.hwnd), swShowNoActivate)
	w.raise()
	w.guard.acted(d.lk.now())
}

// displaced looks whether a window is hidden, moved, or below another program's.
func (d *wdesk) displaced(w *wwindow) bool {
	if !windows.IsWindowVisible(w.hwnd) || (w.slot.loose() && w.rect().Min != w.pos) {
		return true
	}
	place := w.rect()
	for h := win32.Ask(procGetWindow, uintptr(w.hwnd), gwHwndPrev); h != 0; h = win32.Ask(procGetWindow, h, gwHwndPrev) {
		if covers(windows.HWND(h), place) {
			return true
		}
	}
	return false
}

// covers tells whether a window that is not one of these is visible and touches a place.
func covers(h windows.HWND, place image.Rectangle) bool {
	thread, err := windows.GetWindowThreadProcessId(h, nil)
	if err != nil || thread == windows.GetCurrentThreadId() || !windows.IsWindowVisible(h) {
		return false
	}
	r, err := win32.WindowRect(h)
	return err == nil && r.Overlaps(place)
}

const (
	modAlt, modControl, modShift, modNoRepeat = 1, 2, 4, 0x4000
	hotKeyID                                  = 1
)

// stopKeys are the keys that stop sharing, the first that can be had.
var stopKeys = []struct {
	name    string
	mods    uintptr
	virtual uintptr
}{
	{"key.stop", modControl | modAlt | modShift, 'S'},
	{"key.stop.second", modControl | modAlt | modShift, vkF12},
	{"key.pause", 0, vkPause},
}

// grabKey takes the stop key for this program, wherever the focus is.
func (d *wdesk) grabKey() {
	for _, k := range stopKeys {
		if _, err := win32.Call(procRegisterHotKey, uintptr(d.control), hotKeyID, k.mods|modNoRepeat, k.virtual); err == nil {
			d.hotKey, d.bar.stopName = true, k.name
			return
		} // another program has it
	}
}

func (d *wdesk) releaseKey() {
	if d.hotKey {
		win32.Ask(procUnregisterHotKey, uintptr(d.control), hotKeyID)
	}
	d.hotKey, d.bar.stopName = false, ""
}
