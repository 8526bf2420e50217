package ui

import (
	"image"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// find returns the window of an event.
func (d *xdesk) find(id xproto.Window) *window {
	for _, w := range d.windows {
		if w != nil && w.id == id {
			return w
		}
	}
	return nil
}

// handle takes one event of the server.
func (d *xdesk) handle(ev xgb.Event) {
	switch ev := ev.(type) {
	case xproto.KeyPressEvent:
		d.lastTime = ev.Time
		d.key(ev)
	case xproto.ButtonPressEvent:
		d.lastTime = ev.Time
		d.button(ev)
	case xproto.ButtonReleaseEvent:
		d.release(ev)
	case xproto.MotionNotifyEvent:
		d.motion(ev)
	case xproto.EnterNotifyEvent:
		if w := d.find(ev.Event); w != nil {
			w.pane.over(image.Pt(int(ev.EventX), int(ev.EventY)))
			d.hovered(w)
		}
	case xproto.LeaveNotifyEvent:
		if w := d.find(ev.Event); w != nil && ev.Mode == xproto.NotifyModeNormal {
			w.pane.out()
			d.hovered(w)
		}
	case xproto.ExposeEvent:
		if w := d.find(ev.Window); w != nil && w.shown != nil {
			x, y := int(ev.X), int(ev.Y)
			w.expose(image.Rect(x, y, x+int(ev.Width), y+int(ev.Height)))
		}
	case xproto.ClientMessageEvent:
		d.message(ev)
	case xproto.SelectionNotifyEvent:
		d.pasted(ev)
	case xproto.MappingNotifyEvent:
		d.keys = d.x.readKeyboard()
		d.regrab()
	default:
		d.structure(ev)
	}
}

func (d *xdesk) key(ev xproto.KeyPressEvent) {
	if d.isStopKey(ev) {
		d.emit(StopChosen{Key: true})
		return
	}
	w := d.find(ev.Event)
	if w == nil {
		return
	}
	k, text := d.keys.press(ev.Detail, ev.State)
	evs, paste := w.pane.press(k, text, d.lk.now())
	if paste {
		d.paste(w, "CLIPBOARD", ev.Time)
	}
	d.acted(w, evs)
}

// acted passes on what the end-user chose. A notice goes away by itself.
func (d *xdesk) acted(w *window, evs []Event) {
	w.dirty = true
	d.emit(evs...)
	for _, ev := range evs {
		if _, ok := ev.(NoticeClosed); ok {
			d.withdraw(slotNotice)
		}
	}
}

func (d *xdesk) button(ev xproto.ButtonPressEvent) {
	w := d.find(ev.Event)
	if w == nil {
		return
	}
	pt := image.Pt(int(ev.EventX), int(ev.EventY))
	switch ev.Detail {
	case 1:
		evs := w.pane.hold(pt, d.lk.now())
		if w.slot == slotBar && w.pane.pressed == ctlNone {
			d.bar.dragging, d.bar.grabbed = true, int(ev.RootX)-w.pos.X
		}
		if !w.free && !d.x.managed() {
			w.activate(ev.Time)
		}
		d.acted(w, evs)
	case 2:
		if w.pane.scene.at(pt) == ctlID {
			w.pane.focus = ctlID
			d.paste(w, "PRIMARY", ev.Time)
		}
	}
}

func (d *xdesk) release(ev xproto.ButtonReleaseEvent) {
	w := d.find(ev.Event)
	if w == nil || ev.Detail != 1 {
		return
	}
	d.bar.dragging = false
	d.acted(w, w.pane.release(image.Pt(int(ev.EventX), int(ev.EventY)), d.lk.now()))
}

func (d *xdesk) motion(ev xproto.MotionNotifyEvent) {
	w := d.find(ev.Event)
	if w == nil {
		return
	}
	if w.slot == slotBar && d.bar.dragging {
		d.drag(w, int(ev.RootX))
		return
	}
	before := w.pane.hover
	evs := w.pane.point(image.Pt(int(ev.EventX), int(ev.EventY)), d.lk.now())
	d.emit(evs...)
	if w.pane.hover != before {
		d.hovered(w)
	}
}

// hovered follows the pointer from control to control.
func (d *xdesk) hovered(w *window) {
	w.dirty = true
	shape := d.arrow
	if w.pane.hover == ctlID {
		shape = d.ibeam
	}
	xproto.ChangeWindowAttributes(d.x.Conn, w.id, xproto.CwCursor, []uint32{uint32(shape)})
	if w.slot == slotBar {
		d.explain(w.pane.hover)
	}
}

// message is a wish of the window manager; the only one is that a window be closed.
func (d *xdesk) message(ev xproto.ClientMessageEvent) {
	w := d.find(ev.Window)
	if w == nil || ev.Format != 32 || len(ev.Data.Data32) == 0 || xproto.Atom(ev.Data.Data32[0]) != d.x.atom("WM_DELETE_WINDOW") {
		return
	}
	switch w.slot {
	case slotMain:
		d.emit(MainClosed{})
	case slotConsent:
		d.acted(w, w.pane.choose(ctlDeny))
	case slotNotice:
		d.acted(w, w.pane.choose(ctlOK))
	}
}

// structure follows what others do to the windows that must stay visible, and with the windows around them.
func (d *xdesk) structure(ev xgb.Event) {
	now := d.lk.now()
	switch ev := ev.(type) {
	case xproto.VisibilityNotifyEvent:
		if w := d.find(ev.Window); w != nil && w.slot.above() && ev.State != xproto.VisibilityUnobscured {
			w.guard.ask(now)
		}
	case xproto.ConfigureNotifyEvent:
		if ev.Window == d.x.root {
			d.screenChanged()
		} else {
			d.disturbed(ev.Window, now)
		}
	case xproto.MapNotifyEvent:
		d.disturbed(ev.Window, now)
	case xproto.UnmapNotifyEvent:
		if w := d.find(ev.Window); w != nil && w.free {
			w.guard.ask(now)
		}
	case xproto.DestroyNotifyEvent:
		if w := d.find(ev.Window); w != nil {
			d.destroyed(w)
		}
	}
}

// disturbed notes that a window appeared or moved: another one may cover the bar now, or the bar itself was moved.
func (d *xdesk) disturbed(id xproto.Window, now time.Time) {
	own := d.find(id)
	for _, w := range d.windows {
		if w != nil && w.free && w.mapped && (own == nil || own == w) {
			w.guard.ask(now)
		}
	}
}

// destroyed: another program destroyed a window. The safe answer is given in the end-user's place.
func (d *xdesk) destroyed(w *window) {
	shown := w.mapped
	d.windows[w.slot] = nil
	d.setOwned()
	switch {
	case shown && w.slot == slotBar:
		d.releaseKey()
		d.emit(StopChosen{})
	case shown && w.slot == slotConsent:
		d.emit(w.pane.choose(ctlDeny)...)
	}
}

// untilNext is how long nothing happens by itself.
func (d *xdesk) untilNext() time.Duration {
	now := d.lk.now()
	next := now.Add(time.Hour)
	for _, w := range d.windows {
		if w == nil || !w.mapped {
			continue
		}
		for _, t := range []time.Time{w.pane.next(now), w.guard.at} {
			if !t.IsZero() && t.Before(next) {
				next = t
			}
		}
	}
	if t := d.bar.next(); !t.IsZero() && t.Before(next) {
		next = t
	}
	return max(0, next.Sub(now))
}

// tick does what is due.
func (d *xdesk) tick() {
	if d.lost {
		return
	}
	now := d.lk.now()
	for _, w := range d.windows {
		if w == nil || !w.mapped {
			continue
		}
		if w.pane.tick(now) {
			w.dirty = true
		}
		if w.guard.due(now) {
			d.restore(w)
		}
	}
	d.tickBar(now)
}
