package ui

import (
	"bytes"
	"image"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"

	"deskhand/client/ui/paint"
	"deskhand/internal/win32"
)

// wwindow is one window, a dialog to Windows so that screen readers read it out, and the pane inside it.
//
// The pane lays the window out and paints it. What a person can read or use is a control of Windows as well, at the pane's place and with its
// words, focus and keys: that is what screen readers know. Controls show the pane's picture; only the ID is in a field that draws itself.
type wwindow struct {
	d     *wdesk
	slot  slot
	pane  *pane
	hwnd  windows.HWND
	size  image.Point // of the inside
	pos   image.Point // where a window without a frame belongs
	shown bool
	dirty bool
	held  windows.HWND // has the mouse until its button is let go

	canvas  *paint.Canvas
	picture *win32.Picture // what the canvas shows, as Windows has it; nil: nothing yet
	fresh   bool           // nothing was painted into the picture yet

	children []*child
	field    fieldState
	icons    [2]uintptr
	guard    guard
	looked   time.Time // when it was looked last whether something covers it
}

// dialogTemplate is a DLGTEMPLATE without controls, title or font.
type dialogTemplate struct {
	style, exStyle         uint32
	items                  uint16
	x, y, cx, cy           int16
	menu, class, title, no uint16
}

func (s slot) styles() (style, ex uint32) {
	switch s {
	case slotMain:
		return wsPopup | wsCaption | wsSysMenu | wsMinimizeBox | wsClipChildren, wsExAppWindow
	case slotConsent:
		return wsPopup | wsCaption | wsSysMenu | wsClipChildren, wsExTopmost | wsExAppWindow
	case slotNotice:
		return wsPopup | wsCaption | wsSysMenu | wsClipChildren, wsExAppWindow
	}
	return wsPopup | wsClipChildren, wsExTopmost | wsExToolWindow | wsExNoActivate
}

// newWindow creates a window, which stays hidden.
func (d *wdesk) newWindow(s slot) (*wwindow, error) {
	lk := *d.lk // each window has the scale of the monitor that it is on
	w := &wwindow{d: d, slot: s, pane: newPane(&lk, s), dirty: true}
	style, ex := s.styles()
	t := dialogTemplate{style: style, exStyle: ex}
	h, err := win32.Call(procCreateDialogIndirectParam, 0, uintptr(unsafe.Pointer(&t)), 0, callbacks().dialog, 0)
	if err != nil {
		return nil, err
	}
	w.hwnd = windows.HWND(h)
	remember(w.hwnd, target{window: w})
	const disableAll = 7 // the pane follows the scale itself
	win32.Ask(procSetDialogDpiChangeBehavior, h, disableAll, disableAll)
	w.title(w.pane.lk.words.Say("app.name", nil))
	w.dress()
	for i, size := range []int{16, 32} {
		if w.icons[i] = newIcon(mark(w.pane.lk.px(size))); w.icons[i] != 0 {
			send(w.hwnd, wmSetIcon, uintptr(i), w.icons[i])
		}
	}
	return w, nil
}

func (w *wwindow) title(s string) {
	win32.Ask(procSetWindowText, uintptr(w.hwnd), uintptr(unsafe.Pointer(utf16(s))))
}

// dress makes the frame dark where the window is. Windows before 10 (2004) do not know that, and keep their frame.
func (w *wwindow) dress() {
	const immersiveDark = 20
	on := uint32(0)
	if w.pane.lk.onDark && w.pane.lk.system == nil {
		on = 1
	}
	win32.Ask(procDwmSetWindowAttribute, uintptr(w.hwnd), immersiveDark, uintptr(unsafe.Pointer(&on)), unsafe.Sizeof(on))
}

func (w *wwindow) destroy() {
	forget(w.hwnd)
	for _, c := range w.children {
		forget(c.hwnd)
	}
	win32.Ask(procDestroyWindow, uintptr(w.hwnd))
	w.dropStorage()
	w.field.drop()
	for _, i := range w.icons {
		win32.Ask(procDestroyIcon, i)
	}
}

func (w *wwindow) dropStorage() {
	if w.picture != nil {
		w.picture.Close()
		w.picture = nil
	}
}

// storage makes the buffers for the window's size.
func (w *wwindow) storage() (err error) {
	w.dropStorage()
	w.canvas, w.fresh = paint.New(w.size.X, w.size.Y), true
	w.picture, err = win32.NewPicture(w.size.X, w.size.Y)
	return err
}

// newIcon makes an icon of a picture; zero when it cannot be had.
func newIcon(c *paint.Canvas) uintptr {
	size := c.Rect.Size()
	color, pixels, err := win32.NewBitmap(size.X, size.Y)
	if err != nil {
		return 0
	}
	defer win32.DeleteObject(color)
	for i := 0; i < len(c.Pix); i += 4 {
		v := straight(c.Pix[i:])
		pixels[i], pixels[i+1], pixels[i+2], pixels[i+3] = byte(v), byte(v>>8), byte(v>>16), byte(v>>24)
	}
	blank := make([]byte, (size.X+15)/16*2*size.Y)
	mask := win32.Ask(procCreateBitmap, uintptr(size.X), uintptr(size.Y), 1, 1, uintptr(unsafe.Pointer(&blank[0])))
	defer win32.DeleteObject(mask)
	info := win32.IconInfo{IsIcon: 1, Mask: windows.Handle(mask), Color: windows.Handle(color)}
	icon, err := win32.Call(procCreateIconIndirect, uintptr(unsafe.Pointer(&info)))
	if err != nil {
		return 0
	}
	return icon
}

// update brings what the pane shows onto the window.
func (w *wwindow) update() error {
	w.dirty = false
	if w.size != w.pane.size() || w.picture == nil {
		w.size = w.pane.size()
		if err := w.storage(); err != nil {
			return err
		}
		w.place(w.outer(), swpNoMove)
		w.round()
	}
	if err := w.arrange(); err != nil {
		return err
	}
	w.pane.paint(w.canvas)
	if r := w.copy(); !r.Empty() && w.shown {
		rect := win32.RectOf(r)
		win32.Ask(procRedrawWindow, uintptr(w.hwnd), uintptr(unsafe.Pointer(&rect)), 0, rdwInvalidate|rdwAllChildren)
	}
	w.follow()
	return nil
}

// copy converts what was painted, and returns the smallest rectangle around what differs.
func (w *wwindow) copy() image.Rectangle {
	var r image.Rectangle
	row := make([]byte, 4*w.size.X)
	for y := range w.size.Y {
		src, dst := w.canvas.Pix[y*w.canvas.Stride:], w.picture.Pixels[y*len(row):(y+1)*len(row)]
		for i := 0; i < len(row); i += 4 {
			row[i], row[i+1], row[i+2], row[i+3] = src[i+2], src[i+1], src[i], 255
			if a := src[i+3]; a != 0 && a != 255 { // the soft rim of a rounded corner gets its full colour
				row[i], row[i+1], row[i+2] = full(src[i+2], a), full(src[i+1], a), full(src[i], a)
			}
		}
		if !w.fresh && bytes.Equal(row, dst) {
			continue
		}
		lo, hi := 0, len(row)-1
		for !w.fresh && row[lo] == dst[lo] {
			lo++
		}
		for !w.fresh && row[hi] == dst[hi] {
			hi--
		}
		r = r.Union(image.Rect(lo/4, y, hi/4+1, y+1))
		copy(dst, row)
	}
	w.fresh = false
	return r
}

// outer is the size of the whole window for its inside.
func (w *wwindow) outer() image.Point {
	style, ex := w.slot.styles()
	r := win32.RectOf(image.Rectangle{Max: w.size})
	if !w.slot.loose() {
		win32.Ask(procAdjustWindowRectExForDpi, uintptr(unsafe.Pointer(&r)), uintptr(style), 0, uintptr(ex), max(96, win32.Ask(procGetDpiForWindow, uintptr(w.hwnd))))
	}
	return r.Image().Size()
}

func (w *wwindow) place(size image.Point, flags uintptr) {
	flags |= swpNoActivate | swpNoZOrder
	win32.Ask(procSetWindowPos, uintptr(w.hwnd), 0, uintptr(w.pos.X), uintptr(w.pos.Y), uintptr(size.X), uintptr(size.Y), flags)
}

// move places the window.
func (w *wwindow) move(p image.Point) {
	w.pos = p
	w.place(image.Point{}, swpNoSize)
}

// round cuts the corners of a window without a frame.
func (w *wwindow) round() {
	edge := w.pane.scene.edge
	if edge == nil {
		return
	}
	d := uintptr(2 * edge.Radius)
	rgn, err := win32.Call(procCreateRoundRectRgn, 0, 0, uintptr(w.size.X+1), uintptr(w.size.Y+1), d, d)
	if err != nil {
		return // a bar with square corners does as well
	}
	win32.Ask(procSetWindowRgn, uintptr(w.hwnd), rgn, 1) // which owns the region from now on
}

// rect is where the window is on the screen.
func (w *wwindow) rect() image.Rectangle {
	r, _ := win32.WindowRect(w.hwnd) // which has gone when there is none
	return r
}

// scaleTo lays the window out for a monitor.
func (w *wwindow) scaleTo(s float64) {
	if w.pane.lk.scale == s {
		return
	}
	w.pane.lk.scale = s
	w.pane.lk.forget()
	w.pane.refresh()
	w.dirty = true
}

// fit lays the window out in the scale of a monitor, or in a smaller one in which all of it can be seen there.
func (w *wwindow) fit(area screenArea) error {
	s := area.scale
	if w.d.options.Scale != 0 {
		s = inQuarters(w.d.options.Scale)
	}
	for {
		w.scaleTo(s)
		if err := w.update(); err != nil {
			return err
		}
		if s <= 1 || w.d.options.Scale != 0 || w.outer().Y <= area.work.Dy() {
			return nil
		}
		s -= .25
	}
}

// draw copies a part of the picture.
func (w *wwindow) draw(dc uintptr, to image.Rectangle, from image.Point) {
	_ = win32.CopyPixels(dc, to, w.picture.DC, from) // what is not shown now is with the next message
}

// paint answers WM_PAINT.
func (w *wwindow) paint() {
	var p paintStruct
	dc, err := win32.Call(procBeginPaint, uintptr(w.hwnd), uintptr(unsafe.Pointer(&p)))
	if err != nil {
		return
	}
	if w.picture != nil {
		r := p.paint.Image()
		w.draw(dc, r, r.Min)
	}
	win32.Ask(procEndPaint, uintptr(w.hwnd), uintptr(unsafe.Pointer(&p)))
}
