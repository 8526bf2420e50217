package ui

import (
	"image"
	"image/color"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"

	"deskhand/internal/win32"
)

// fieldState is the field for the ID: an edit control, whose digits are those of the pane.
type fieldState struct {
	edit   *child
	shown  idField // what the control holds
	busy   bool    // the control is being changed from here
	font   uintptr
	height int // of a line in that font
	scale  float64
	ground uintptr // brush behind the digits
	color  uintptr
	cued   bool // Windows itself shows how an ID looks
}

const idHint = "123 456"

// within is the place of the control in the field's box: the line of the digits.
func (f *fieldState) within(w *wwindow, box image.Rectangle) image.Rectangle {
	f.measure(w)
	in := box.Inset(2 * w.pane.lk.px(focusWidth))
	h := min(f.height, in.Dy())
	in.Min.Y += (in.Dy() - h) / 2
	in.Max.Y = in.Min.Y + h
	return in
}

// measure makes the font for the window's scale.
func (f *fieldState) measure(w *wwindow) {
	lk := w.pane.lk
	if f.font != 0 && f.scale == lk.scale {
		return
	}
	old := f.font
	lf := logFont{height: -int32(lk.px(styleDigits.size)), weight: int32(styleDigits.weight)}
	if name := lk.fonts.Family(); name != "Go" { // the built-in one is not known to Windows
		copy(lf.faceName[:31], windows.StringToUTF16(name))
	}
	f.font = win32.Ask(procCreateFontIndirect, uintptr(unsafe.Pointer(&lf)))
	f.scale, f.height = lk.scale, lk.px(styleDigits.line)
	if dc, err := win32.OpenDC(0); err == nil {
		var tm textMetric
		before := win32.SelectObject(dc, f.font)
		if _, err := win32.Call(procGetTextMetrics, dc, uintptr(unsafe.Pointer(&tm))); err == nil {
			f.height = int(tm.height)
		}
		win32.SelectObject(dc, before)
		win32.CloseDC(0, dc)
	}
	if f.edit != nil {
		send(f.edit.hwnd, wmSetFont, f.font, 1)
	}
	win32.DeleteObject(old)
}

func (f *fieldState) born(_ *wwindow, c *child) {
	f.edit, f.shown = c, idField{}
	send(c.hwnd, wmSetFont, f.font, 0)
	const evenWithFocus = 1
	f.cued = send(c.hwnd, emSetCueBanner, evenWithFocus, uintptr(unsafe.Pointer(utf16(idHint)))) != 0
}

// hint shows how an ID looks in an empty field, where Windows does not: without the common controls of the program's manifest.
func (f *fieldState) hint(w *wwindow) {
	if f.cued || w.pane.field.digits != "" {
		return
	}
	h := uintptr(f.edit.hwnd)
	dc, err := win32.OpenDC(f.edit.hwnd)
	if err != nil {
		return
	}
	win32.Ask(procHideCaret, h)
	before := win32.SelectObject(dc, f.font)
	p := w.pane.lk.colors
	win32.Ask(procSetTextColor, dc, colorRef(between(p.window, p.muted)))
	win32.Ask(procSetBkColor, dc, colorRef(p.window))
	const center = 1
	r := win32.RectOf(image.Rectangle{Max: f.edit.r.Size()})
	win32.Ask(procDrawText, dc, uintptr(unsafe.Pointer(utf16(idHint))), ^uintptr(0), uintptr(unsafe.Pointer(&r)), center)
	win32.SelectObject(dc, before)
	win32.CloseDC(f.edit.hwnd, dc)
	win32.Ask(procShowCaret, h)
}

// between is a colour half way from one to the other.
func between(a, b color.NRGBA) color.NRGBA {
	mid := func(x, y uint8) uint8 { return uint8((int(x) + int(y)) / 2) }
	return color.NRGBA{mid(a.R, b.R), mid(a.G, b.G), mid(a.B, b.B), 255}
}

func (f *fieldState) gone() { f.edit = nil }

func (f *fieldState) drop() {
	win32.DeleteObject(f.font)
	win32.DeleteObject(f.ground)
	f.font, f.ground = 0, 0
}

// colors answers WM_CTLCOLOREDIT.
func (f *fieldState) colors(w *wwindow, dc uintptr) uintptr {
	p := w.pane.lk.colors
	if c := colorRef(p.window); f.ground == 0 || f.color != c {
		win32.DeleteObject(f.ground)
		f.ground, f.color = win32.Ask(procCreateSolidBrush, c), c
	}
	win32.Ask(procSetTextColor, dc, colorRef(p.text))
	win32.Ask(procSetBkColor, dc, f.color)
	return f.ground
}

// indexOf is a caret's place in the grouped digits.
func indexOf(caret int) int {
	if caret > 3 {
		return caret + 1
	}
	return caret
}

// show brings the pane's digits into the control.
func (f *fieldState) show(w *wwindow) {
	if f.edit == nil || f.shown == w.pane.field {
		return
	}
	f.write(w)
}

func (f *fieldState) write(w *wwindow) {
	p := w.pane.field
	f.shown, f.busy = p, true
	h := uintptr(f.edit.hwnd)
	if text := grouped(p.digits); f.text() != text {
		win32.Ask(procSetWindowText, h, uintptr(unsafe.Pointer(utf16(text))))
	}
	from, to := uintptr(indexOf(p.caret)), uintptr(indexOf(p.caret))
	if p.all {
		from, to = 0, ^uintptr(0)
	}
	send(f.edit.hwnd, emSetSel, from, to)
	f.busy = false
}

func (f *fieldState) text() string {
	var b [256]uint16
	n := win32.Ask(procGetWindowText, uintptr(f.edit.hwnd), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)))
	return windows.UTF16ToString(b[:n])
}

// selection is what is selected of the control's text.
func (f *fieldState) selection() (from, to int) {
	v := send(f.edit.hwnd, emGetSel, 0, 0)
	return int(v & 0xffff), int(v >> 16 & 0xffff)
}

// read takes what the person did to the control over into the pane.
func (f *fieldState) read(w *wwindow) {
	if f.edit == nil || f.busy {
		return
	}
	text := f.text()
	from, to := f.selection()
	digits := digitsOf(text)
	digits = digits[:min(len(digits), idDigits)]
	now := idField{digits: digits, caret: min(len(digits), len(digitsOf(upTo(text, to))))}
	now.all = digits != "" && from == 0 && to >= len(grouped(digits))
	changed := digits != w.pane.field.digits
	w.pane.field = now
	if f.shown = now; text != grouped(digits) {
		f.write(w)
	}
	if changed {
		w.d.emit(w.pane.input(w.d.lk.now())...)
		w.pane.edited(true)
		w.dirty = true
	}
}

// upTo is the beginning of a text, in the units that Windows counts.
func upTo(text string, units int) string {
	u := windows.StringToUTF16(text)
	return windows.UTF16ToString(u[:min(units, len(u))])
}

// message handles what the field treats otherwise than any other edit control. done keeps a message from it.
func (f *fieldState) message(w *wwindow, message uint32, wp uintptr) (done bool) {
	switch message {
	case wmKeyDown:
		return f.key(w, wp)
	case wmChar:
		return f.char(w, wp)
	case wmPaste:
		f.paste(w)
		return true
	}
	return false
}

func (f *fieldState) key(w *wwindow, vk uintptr) (done bool) {
	switch k := keyOf(vk, held(vkShift)); k {
	case keyTab, keyBackTab, keyEnter, keyEscape:
		if !held(vkControl) && !held(vkMenu) {
			w.press(k)
		}
		return true
	case keyBackspace, keyDelete: // the space between the groups is no digit
		from, to := f.selection()
		switch {
		case from == to && k == keyBackspace && from == 4:
			send(f.edit.hwnd, emSetSel, 3, 3)
		case from == to && k == keyDelete && from == 3:
			send(f.edit.hwnd, emSetSel, 4, 4)
		}
	case keyPaste:
		f.paste(w)
		return true
	}
	return false
}

func (f *fieldState) char(w *wwindow, c uintptr) (done bool) {
	const selectAll, paste = 1, 22 // Ctrl+A, Ctrl+V
	switch c {
	case selectAll:
		w.pane.field.selectAll()
		f.write(w)
		return true
	case paste:
		f.paste(w)
		return true
	case '\t', '\r', '\n', 27, ' ':
		return true
	}
	if c < ' ' {
		return false
	}
	d, ok := digit(rune(c))
	from, to := f.selection()
	if !ok || (from == to && len(w.pane.field.digits) == idDigits) {
		return true
	}
	win32.Ask(procCallWindowProc, f.edit.proc, uintptr(f.edit.hwnd), wmChar, uintptr(d), 1)
	return true
}

// paste puts the clipboard's text into the field.
func (f *fieldState) paste(w *wwindow) {
	f.read(w)
	w.pane.focus = ctlID
	w.pane.paste(clipboard(w.hwnd), w.d.lk.now())
	w.dirty = true
	f.show(w)
}

// maxPaste bounds what is read of the clipboard; an ID with words around it is far shorter.
const maxPaste = 4 << 10

// clipboard is its text; empty when there is none.
func clipboard(owner windows.HWND) string {
	_, err := win32.Call(procOpenClipboard, uintptr(owner))
	for range 5 { // one program at a time may have it open, each for a moment
		if err == nil {
			break
		}
		time.Sleep(10 * time.Millisecond)
		_, err = win32.Call(procOpenClipboard, uintptr(owner))
	}
	if err != nil {
		return ""
	}
	defer win32.Ask(procCloseClipboard)
	const unicodeText = 13
	h, err := win32.Call(procGetClipboardData, unicodeText)
	if err != nil {
		return ""
	}
	p, err := win32.Call(procGlobalLock, h)
	if err != nil {
		return ""
	}
	defer win32.Ask(procGlobalUnlock, h)
	size := int(win32.Ask(procGlobalSize, h)) / 2
	return windows.UTF16ToString(unsafe.Slice(at[uint16](p), min(size, maxPaste)))
}
