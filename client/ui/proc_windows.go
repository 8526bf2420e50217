package ui

import (
	"image"
	"sync"
	"unsafe"

	"golang.org/x/sys/windows"

	"deskhand/internal/win32"
)

// target is what a handle stands for.
type target struct {
	window *wwindow
	child  *child // nil: the window itself
}

// targets finds the windows of messages: windows.HWND to target. Windows of several UIs may be there, each on its own thread.
var targets sync.Map

// controls finds the desks of control windows: windows.HWND to *wdesk.
var controls sync.Map

func remember(h windows.HWND, t target) { targets.Store(h, t) }

func forget(h windows.HWND) { targets.Delete(h) }

// procedures are the functions that Windows calls. There is room for few in a process, so they are made once.
type procedures struct{ dialog, child, control uintptr }

var (
	madeOnce sync.Once
	made     procedures
)

func callbacks() procedures {
	madeOnce.Do(func() {
		made = procedures{windows.NewCallback(dialogProc), windows.NewCallback(childProc), windows.NewCallback(controlProc)}
	})
	return made
}

// dialogProc is the DLGPROC of all windows: it returns 1 for what it has handled.
func dialogProc(h windows.HWND, message uint32, wp, lp uintptr) uintptr {
	v, ok := targets.Load(h)
	if !ok {
		return 0
	}
	w := v.(target).window
	defer w.d.flush()
	result, done := w.handle(message, wp, lp)
	if !done {
		return 0
	}
	switch message {
	case wmCtlColorEdit: // which is answered directly
		return result
	}
	win32.Ask(procSetWindowLongPtr, uintptr(h), dwlpMsgResult, result)
	return 1
}

// childProc is the window procedure of buttons and the field.
func childProc(h windows.HWND, message uint32, wp, lp uintptr) uintptr {
	v, ok := targets.Load(h)
	if !ok {
		return win32.Ask(procDefWindowProc, uintptr(h), uintptr(message), wp, lp)
	}
	t := v.(target)
	defer t.window.d.flush()
	if foreign(message) {
		return 0
	}
	if t.child.id != ctlID {
		if result, done := t.window.button(t.child, message, wp, lp); done {
			return result
		}
	} else if t.window.field.message(t.window, message, wp) {
		return 0
	}
	r := win32.Ask(procCallWindowProc, t.child.proc, uintptr(h), uintptr(message), wp, lp)
	switch message {
	case wmSetFocus:
		t.window.focused(t.child)
	case wmPaint:
		if t.child.id == ctlID {
			t.window.field.hint(t.window)
		}
	case wmKeyDown, wmChar, wmLButtonDown, wmLButtonUp, wmLButtonDblClk:
		if t.child.id == ctlID {
			t.window.field.read(t.window)
		}
	}
	return r
}

// foreign tells input that a viewer made: nobody answers for the person whose computer this is.
func foreign(message uint32) bool {
	switch {
	case message >= wmKeyDown && message <= wmKeyLast, message > wmMouseMove && message <= wmMouseLast, message >= wmNCButtonDown && message <= wmNCButtonLast,
		message == wmContextMenu:
		return win32.Ask(procGetMessageExtraInfo) == win32.Injected
	}
	return false
}

// handle takes a message to the window itself.
func (w *wwindow) handle(message uint32, wp, lp uintptr) (result uintptr, done bool) {
	if foreign(message) {
		return 0, true
	}
	switch message {
	case wmPaint:
		w.paint()
		return 0, true
	case wmEraseBkgnd:
		return 1, true
	case wmDrawItem:
		w.drawItem(at[drawItemStruct](lp))
		return 1, true
	case wmCtlColorEdit:
		return w.field.colors(w, wp), true
	case wmCommand:
		if wp>>16 == enChange {
			w.field.read(w)
		}
		return 0, true
	case wmClose:
		w.closed()
		return 0, true
	case wmMouseActivate:
		if w.slot.loose() {
			return maNoActivate, true
		}
	case wmSetFocus:
		w.follow()
		return 0, true
	case wmKeyDown, wmKeyUp, wmChar:
		return w.keyMessage(message, wp), true
	case wmSetCursor:
		return w.cursor(lp)
	default:
		return w.handleMore(message, wp, lp)
	}
	return 0, false
}

func (w *wwindow) handleMore(message uint32, wp, lp uintptr) (result uintptr, done bool) {
	switch message {
	case wmMouseMove, wmLButtonDown, wmLButtonDblClk, wmLButtonUp, wmMouseLeave, wmCaptureChanged:
		w.mouse(w.hwnd, message, pointOf(lp))
		return 0, true
	case wmDpiChanged:
		w.rescaled(float64(low(wp))/96, at[win32.Rect](lp).Image().Min)
		return 0, true
	case wmWindowPosDone, wmShowWindow:
		if w.shown && w.slot.above() {
			w.guard.ask(w.d.lk.now())
		}
	case wmSettingChange, wmSysColorChange, wmThemeChanged:
		if w.slot == slotMain { // one of them is enough
			w.d.restyle()
		}
	}
	return 0, false
}

// drawItem shows the picture of a control.
func (w *wwindow) drawItem(di *drawItemStruct) {
	v, ok := targets.Load(di.hwndItem)
	if !ok || v.(target).child == nil || w.picture == nil {
		return
	}
	w.draw(di.hdc, di.item.Image(), v.(target).child.r.Min)
}

// closed: the close button was chosen, or Alt+F4.
func (w *wwindow) closed() {
	switch w.slot {
	case slotMain:
		w.d.emit(MainClosed{})
	case slotConsent:
		w.d.acted(w, w.pane.choose(ctlDeny))
	case slotNotice:
		w.d.acted(w, w.pane.choose(ctlOK))
	}
}

// cursor shows what can be typed into.
func (w *wwindow) cursor(lp uintptr) (result uintptr, done bool) {
	const client, iBeam = 1, 32513
	if low(lp) != client || w.pane.hover != ctlID {
		return 0, false
	}
	shape, err := win32.Cursor(iBeam)
	if err != nil {
		return 0, false
	}
	win32.Ask(procSetCursor, uintptr(shape))
	return 1, true
}

// button takes a message to a button. Its keys and clicks are the pane's.
func (w *wwindow) button(c *child, message uint32, wp, lp uintptr) (result uintptr, done bool) {
	switch message {
	case wmEraseBkgnd:
		return 1, true
	case wmMouseMove, wmLButtonDown, wmLButtonDblClk, wmLButtonUp, wmMouseLeave, wmCaptureChanged:
		w.mouse(c.hwnd, message, pointOf(lp).Add(c.r.Min))
		return 0, true
	case wmKeyDown, wmKeyUp, wmChar:
		return w.keyMessage(message, wp), true
	case bmClick:
		w.d.acted(w, w.pane.invoke(c.id, w.d.lk.now()))
		return 0, true
	}
	return 0, false
}

// focused: a control has the keyboard now, by the pane's wish, a screen reader's, or since the person came back to the window.
func (w *wwindow) focused(c *child) {
	if w.pane.focus != c.id {
		w.pane.focus, w.dirty = c.id, true
	}
	if c.id == ctlID {
		w.field.write(w)
	}
}

// Virtual keys.
const (
	vkBack, vkTab, vkReturn, vkShift, vkControl, vkMenu, vkEscape = 0x08, 0x09, 0x0d, 0x10, 0x11, 0x12, 0x1b
	vkPause, vkSpace, vkEnd, vkHome, vkLeft, vkRight              = 0x13, 0x20, 0x23, 0x24, 0x25, 0x27
	vkInsert, vkDelete, vkF12                                     = 0x2d, 0x2e, 0x7b
)

// held tells whether a key is down, as of the message that is handled.
func held(vk uint16) bool { return win32.KeyState(vk) < 0 }

func keyOf(vk uintptr, shift bool) key {
	switch vk {
	case vkTab:
		if shift {
			return keyBackTab
		}
		return keyTab
	case vkReturn:
		return keyEnter
	case vkSpace:
		return keySpace
	case vkEscape:
		return keyEscape
	case vkLeft:
		return keyLeft
	case vkRight:
		return keyRight
	case vkHome:
		return keyHome
	case vkEnd:
		return keyEnd
	case vkBack:
		return keyBackspace
	case vkDelete:
		return keyDelete
	case vkInsert:
		if shift {
			return keyPaste
		}
	}
	return keyNone
}

// keyMessage handles the keyboard where the field has not got it.
func (w *wwindow) keyMessage(message uint32, vk uintptr) uintptr {
	if message != wmKeyDown || vk == vkShift || vk == vkControl || vk == vkMenu {
		return 0
	}
	k := keyOf(vk, held(vkShift))
	if held(vkControl) || held(vkMenu) {
		k = keyNone // a shortcut of another program
	}
	w.press(k)
	return 0
}

// press gives a key to the pane.
func (w *wwindow) press(k key) {
	if w.pane.focus == ctlID {
		w.field.read(w)
	}
	evs, _ := w.pane.press(k, "", w.d.lk.now())
	w.d.acted(w, evs)
}

// mouse gives the pointer's messages to the pane, in the window's coordinates.
func (w *wwindow) mouse(from windows.HWND, message uint32, pt image.Point) {
	now := w.d.lk.now()
	switch message {
	case wmMouseMove:
		w.leaveTold(from)
		w.moved(pt)
	case wmLButtonDown, wmLButtonDblClk:
		evs := w.pane.hold(pt, now)
		if w.slot == slotBar && w.pane.pressed == ctlNone {
			w.d.bar.dragging, w.d.bar.grabbed = true, pt.X
		}
		w.held = from
		win32.Ask(procSetCapture, uintptr(from))
		w.d.acted(w, evs)
	case wmLButtonUp:
		w.d.bar.dragging = false
		evs := w.pane.release(pt, now)
		if w.held = 0; from != 0 {
			win32.Ask(procReleaseCapture)
		}
		w.d.acted(w, evs)
	case wmCaptureChanged: // taken away: nothing is chosen
		if w.held != 0 {
			w.held, w.pane.pressed, w.dirty, w.d.bar.dragging = 0, ctlNone, true, false
		}
	case wmMouseLeave:
		if w.held == 0 {
			w.pane.out()
			w.d.hovered(w)
		}
	}
}

func (w *wwindow) moved(pt image.Point) {
	if w.slot == slotBar && w.d.bar.dragging {
		w.d.drag(w, low(win32.Ask(procGetMessagePos))) // on the screen, since the window moves itself
		return
	}
	before := w.pane.hover
	if win32.Ask(procGetMessageExtraInfo) == win32.Injected {
		w.pane.over(pt) // no sign that the end-user is there
	} else {
		w.d.emit(w.pane.point(pt, w.d.lk.now())...)
	}
	if w.pane.hover != before {
		w.d.hovered(w)
	}
}

// leaveTold asks Windows to tell when the pointer leaves.
func (w *wwindow) leaveTold(h windows.HWND) {
	const leave = 2
	t := trackMouseEvent{flags: leave, hwnd: h}
	t.size = uint32(unsafe.Sizeof(t))
	win32.Ask(procTrackMouseEvent, uintptr(unsafe.Pointer(&t)))
}

// rescaled: the window came to a monitor of another scale. What shows the bar places it.
func (w *wwindow) rescaled(scale float64, to image.Point) {
	area := screenAt(to)
	area.scale = inQuarters(scale)
	if w.fit(area) == nil && !w.slot.loose() {
		w.pos = to
		w.place(w.outer(), 0)
	}
}
