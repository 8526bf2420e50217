package ui

import (
	"github.com/ebitengine/purego/objc"

	"deskhand/internal/mac"
)

// put shows content in its window.
func (d *mdesk) put(c content) error {
	w := d.windows[c.slot()]
	before := w.pane.size()
	w.pane.set(c)
	if m, ok := c.(Main); ok && m.Company != "" {
		w.ref.Send(mac.Sel("setTitle:"), mac.String(m.Company))
	}
	w.update()
	d.findFonts()
	switch {
	case w.shown && (!w.slot.loose() || before == w.pane.size()):
		return nil
	case w.slot.loose():
		return d.putLoose(w)
	}
	app := mac.Class("NSApplication").Send(mac.Sel("sharedApplication"))
	const regular = 0
	app.Send(mac.Sel("setActivationPolicy:"), regular)
	w.shown = true
	w.ref.Send(mac.Sel("center"))
	w.ref.Send(mac.Sel("makeKeyAndOrderFront:"), objc.ID(0))
	app.Send(mac.Sel("activateIgnoringOtherApps:"), true)
	d.setOwned()
	return nil
}

// putLoose shows the bar at the top of the screen.
func (d *mdesk) putLoose(w *mwindow) error {
	if !w.shown {
		area := objc.Send[mac.Rect](mac.Class("NSScreen").Send(mac.Sel("mainScreen")), mac.Sel("visibleFrame"))
		size := objc.Send[mac.Rect](w.ref, mac.Sel("frame")).Size
		w.ref.Send(mac.Sel("setFrameTopLeftPoint:"), mac.Point{X: area.Origin.X + (area.Size.W-size.W)/2, Y: area.Origin.Y + area.Size.H - barTop})
	}
	w.ref.Send(mac.Sel("orderFrontRegardless"))
	if !objc.Send[bool](w.ref, mac.Sel("isVisible")) {
		return errCovered
	}
	w.shown = true
	d.setOwned()
	return nil
}

// withdraw takes a window away.
func (w *mwindow) withdraw() {
	if !w.shown {
		return
	}
	w.shown = false
	w.pane.hover, w.pane.pressed = ctlNone, ctlNone
	w.ref.Send(mac.Sel("orderOut:"), objc.ID(0))
	if w.slot == slotConsent {
		w.pane.shows = nil // the same question asked again begins anew
	}
}

// acted passes on what the end-user chose. A notice goes away by itself.
func (d *mdesk) acted(w *mwindow, evs []Event) {
	d.emit(evs...)
	for _, ev := range evs {
		if _, ok := ev.(NoticeClosed); ok {
			d.windows[slotNotice].withdraw()
		}
	}
	if w.shown {
		w.update()
	}
}

// findFonts searches all fonts for characters that nothing could show.
func (d *mdesk) findFonts() {
	missing := d.lk.fonts.Missing()
	if len(missing) == 0 || d.scanning {
		return
	}
	d.scanning = true
	fonts := d.lk.fonts
	go func() {
		found := fonts.Scan(d.ctx, missing)
		_ = d.do(func() error {
			d.scanning = false
			if fonts.Adopt(found) {
				for _, w := range d.windows {
					w.pane.lk.forget()
					w.pane.refresh()
					if w.shown {
						w.update()
					}
				}
			}
			return nil
		})
	}()
}

// environment is what the person prefers, best first.
func environment() []string { return mac.Languages() }
