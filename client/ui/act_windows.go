package ui

import (
	"errors"
	"image"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"

	"deskhand/internal/win32"
)

// newControl makes the hidden window that receives calls, timers, the stop key and the tray's messages. It is no message-only window, since
// those are not told that the task bar was made anew.
func (d *wdesk) newControl() error {
	class := wndClassEx{wndProc: callbacks().control, className: utf16("DeskhandControl")}
	class.size = uint32(unsafe.Sizeof(class))
	if _, err := win32.Call(procRegisterClassEx, uintptr(unsafe.Pointer(&class))); err != nil && !errors.Is(err, windows.ERROR_CLASS_ALREADY_EXISTS) {
		return err
	}
	h, err := win32.Call(procCreateWindowEx, wsExToolWindow, uintptr(unsafe.Pointer(class.className)), 0, wsPopup, 0, 0, 0, 0, 0, 0, 0, 0)
	if err != nil {
		return err
	}
	d.control = windows.HWND(h)
	controls.Store(d.control, d)
	d.tray.created = uint32(win32.Ask(procRegisterWindowMessage, uintptr(unsafe.Pointer(utf16("TaskbarCreated")))))
	return nil
}

// controlProc is the window procedure of the control window.
func controlProc(h windows.HWND, message uint32, wp, lp uintptr) uintptr {
	v, ok := controls.Load(h)
	if !ok {
		return win32.Ask(procDefWindowProc, uintptr(h), uintptr(message), wp, lp)
	}
	d := v.(*wdesk)
	defer d.flush()
	switch message {
	case msgCall:
		d.runCalls()
	case msgClose:
		d.lost = true
		win32.Ask(procPostQuitMessage, 0)
	case msgTray:
		d.trayMessage(wp, lp)
	case wmTimer:
		d.tick()
	case wmHotKey:
		d.emit(StopChosen{Key: true})
	case wmDisplayChange:
		d.screenChanged()
	case wmEndSession:
		if wp != 0 {
			d.lose(errLoggedOut)
		}
	case d.tray.created:
		d.tray.shown = false // the task bar was made anew
	default:
		return win32.Ask(procDefWindowProc, uintptr(h), uintptr(message), wp, lp)
	}
	return 0
}

// acted passes on what the end-user chose. A notice goes away by itself.
func (d *wdesk) acted(w *wwindow, evs []Event) {
	w.dirty = true
	d.emit(evs...)
	for _, ev := range evs {
		if _, ok := ev.(NoticeClosed); ok {
			d.withdraw(slotNotice)
		}
	}
}

// put shows content in its window.
func (d *wdesk) put(c content) error {
	s := c.slot()
	w := d.windows[s]
	w.pane.set(c)
	w.dirty = true
	if m, ok := c.(Main); ok && m.Company != "" {
		w.title(m.Company)
	}
	if s.loose() {
		return d.putLoose(w)
	}
	if w.shown {
		if err := w.update(); err != nil {
			return err
		}
		d.findFonts()
		return nil
	}
	area := pointed()
	if err := w.fit(area); err != nil {
		return err
	}
	w.center(area)
	w.center(area)                                 // again, since its frame may have got another size by coming to that monitor
	focus, ring := w.pane.focus, w.pane.focusShown // Windows puts the keyboard back to where it was when the window was shown before
	w.appear(swShow)
	w.activate()
	w.pane.focus, w.pane.focusShown, w.dirty = focus, ring, true
	w.follow()
	d.findFonts()
	return nil
}

// center puts a window into the middle of a monitor.
func (w *wwindow) center(area screenArea) {
	size := w.outer()
	p := area.work.Min.Add(area.work.Size().Sub(size).Div(2))
	w.move(image.Pt(max(p.X, area.work.Min.X), max(p.Y, area.work.Min.Y))) // the title bar can always be reached
}

// appear shows the window, and returns when it is painted.
func (w *wwindow) appear(how uintptr) {
	w.shown = true
	win32.Ask(procShowWindow, uintptr(w.hwnd), how)
	if w.slot.above() {
		w.raise()
	}
	win32.Ask(procRedrawWindow, uintptr(w.hwnd), 0, 0, rdwInvalidate|rdwAllChildren|rdwUpdateNow)
}

func (w *wwindow) raise() {
	win32.Ask(procSetWindowPos, uintptr(w.hwnd), hwndTopmost, 0, 0, 0, 0, swpNoMove|swpNoSize|swpNoActivate)
}

// activate asks for the keyboard. Windows grants it to who has the person's attention already; otherwise the task bar calls for it.
func (w *wwindow) activate() {
	win32.Ask(procSetForegroundWindow, uintptr(w.hwnd))
	if windows.GetForegroundWindow() != w.hwnd {
		const all, untilForeground = 3, 12
		f := flashInfo{hwnd: w.hwnd, flags: all | untilForeground}
		f.size = uint32(unsafe.Sizeof(f))
		win32.Ask(procFlashWindowEx, uintptr(unsafe.Pointer(&f)))
	}
	w.follow()
}

func (d *wdesk) withdraw(s slot) {
	w := d.windows[s]
	if !w.shown {
		return
	}
	w.shown = false
	w.pane.hover, w.pane.pressed = ctlNone, ctlNone
	win32.Ask(procShowWindow, uintptr(w.hwnd), swHide)
	if s == slotBar {
		d.withdraw(slotTip)
		d.releaseKey()
	}
	if s == slotConsent {
		w.pane.shows = nil // the same question asked again begins anew
	}
}

// flush brings what changed onto the screen, and plans what comes next.
func (d *wdesk) flush() {
	if d.lost || d.control == 0 {
		return
	}
	for _, w := range d.windows {
		if w != nil && w.dirty && w.shown {
			_ = w.update() // without memory for a picture the old one stays
		}
	}
	d.updateTray()
	const timer = 1
	win32.Ask(procSetTimer, uintptr(d.control), timer, uintptr(max(10, d.untilNext().Milliseconds()+1)), 0)
}

// lookEvery is how often it is looked whether something covers the bar or a question: Windows tells nobody that they are covered.
const lookEvery = time.Second

// untilNext is how long nothing happens by itself.
func (d *wdesk) untilNext() time.Duration {
	now := d.lk.now()
	next := now.Add(time.Hour)
	sooner := func(t time.Time) {
		if !t.IsZero() && t.Before(next) {
			next = t
		}
	}
	for _, w := range d.windows {
		if w == nil || !w.shown {
			continue
		}
		sooner(w.pane.next(now))
		sooner(w.guard.at)
		if w.slot.above() {
			sooner(w.looked.Add(max(lookEvery, w.guard.wait)))
		}
	}
	sooner(d.bar.next())
	return max(0, next.Sub(now))
}

// tick does what is due.
func (d *wdesk) tick() {
	if d.lost {
		return
	}
	now := d.lk.now()
	for _, w := range d.windows {
		if !w.shown {
			continue
		}
		if w.pane.tick(now) {
			w.dirty = true
		}
		if w.slot.above() && (w.guard.due(now) || now.Sub(w.looked) >= max(lookEvery, w.guard.wait)) {
			w.looked = now
			d.restore(w)
		}
	}
	d.tickBar(now)
}

// restyle follows the colours that the person chose for all programs.
func (d *wdesk) restyle() {
	system, onDark := contrasting(), d.onDark()
	for _, w := range d.windows {
		lk := w.pane.lk
		lk.system = system
		lk.wear(lk.brand, onDark || w.slot.loose())
		w.pane.refresh()
		w.dirty = true
		w.dress()
	}
	d.lk.system = system
	d.lk.wear(d.lk.brand, onDark)
}

// hovered follows the pointer from control to control.
func (d *wdesk) hovered(w *wwindow) {
	w.dirty = true
	if w.slot == slotBar && d.bar.explain(w.pane.hover, d.lk.now()) {
		d.withdraw(slotTip)
	}
}

// screenChanged follows new monitors and resolutions.
func (d *wdesk) screenChanged() {
	if w := d.windows[slotBar]; w.shown {
		d.placeBar(w)
	}
	if w := d.windows[slotConsent]; w.shown {
		w.center(screenAt(w.rect().Min.Add(image.Pt(w.size.X/2, w.size.Y/2))))
	}
}
