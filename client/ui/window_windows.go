package ui

import (
	"bytes"
	"image"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"

	"deskhand/client/ui/paint"
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

	canvas *paint.Canvas
	dc     uintptr
	bitmap uintptr
	before uintptr // what the device context held at first
	pixels []byte  // of the bitmap, as Windows has them
	fresh  bool    // nothing was painted into the bitmap yet

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
	h, err := call(procCreateDialogIndirectParam, 0, uintptr(unsafe.Pointer(&t)), 0, callbacks().dialog, 0)
	if err != nil {
		return nil, err
	}
	w.hwnd = windows.HWND(h)
	remember(w.hwnd, target{window: w})
	const disableAll = 7 // the pane follows the scale itself
	ask(procSetDialogDpiChangeBehavior, h, disableAll, disableAll)
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
	ask(procSetWindowText, uintptr(w.hwnd), uintptr(unsafe.Pointer(utf16(s))))
}

// dress makes the frame dark where the window is. Windows before 10 (2004) do not know that, and keep their frame.
func (w *wwindow) dress() {
	const immersiveDark = 20
	on := uint32(0)
	if w.pane.lk.onDark && w.pane.lk.system == nil {
		on = 1
	}
	ask(procDwmSetWindowAttribute, uintptr(w.hwnd), immersiveDark, uintptr(unsafe.Pointer(&on)), unsafe.Sizeof(on))
}

func (w *wwindow) destroy() {
	forget(w.hwnd)
	for _, c := range w.children {
		forget(c.hwnd)
	}
	ask(procDestroyWindow, uintptr(w.hwnd))
	w.dropStorage()
	w.field.drop()
	for _, i := range w.icons {
		ask(procDestroyIcon, i)
	}
}

func (w *wwindow) dropStorage() {
	if w.dc == 0 {
		return
	}
	ask(procSelectObject, w.dc, w.before)
	ask(procDeleteDC, w.dc)
	ask(procDeleteObject, w.bitmap)
	w.dc, w.bitmap, w.pixels = 0, 0, nil
}

// storage makes the buffers for the window's size.
func (w *wwindow) storage() error {
	w.dropStorage()
	w.canvas, w.fresh = paint.New(w.size.X, w.size.Y), true
	bitmap, pixels, err := newBitmap(w.size.X, w.size.Y)
	if err != nil {
		return err
	}
	dc, err := call(procCreateCompatibleDC, 0)
	if err != nil {
		ask(procDeleteObject, bitmap)
		return err
	}
	w.dc, w.bitmap, w.pixels = dc, bitmap, pixels
	w.before = ask(procSelectObject, dc, bitmap)
	return nil
}

// newBitmap is a bitmap with its pixels, blue first, from the top down.
func newBitmap(width, height int) (bitmap uintptr, pixels []byte, err error) {
	h := bitmapInfoHeader{width: int32(width), height: -int32(height), planes: 1, bitCount: 32}
	h.size = uint32(unsafe.Sizeof(h))
	var bits unsafe.Pointer
	bitmap, err = call(procCreateDIBSection, 0, uintptr(unsafe.Pointer(&h)), 0, uintptr(unsafe.Pointer(&bits)), 0, 0)
	if err != nil {
		return 0, nil, err
	}
	return bitmap, unsafe.Slice((*byte)(bits), 4*width*height), nil
}

// newIcon makes an icon of a picture; zero when it cannot be had.
func newIcon(c *paint.Canvas) uintptr {
	size := c.Rect.Size()
	color, pixels, err := newBitmap(size.X, size.Y)
	if err != nil {
		return 0
	}
	defer ask(procDeleteObject, color)
	for i := 0; i < len(c.Pix); i += 4 {
		v := straight(c.Pix[i:])
		pixels[i], pixels[i+1], pixels[i+2], pixels[i+3] = byte(v), byte(v>>8), byte(v>>16), byte(v>>24)
	}
	blank := make([]byte, (size.X+15)/16*2*size.Y)
	mask := ask(procCreateBitmap, uintptr(size.X), uintptr(size.Y), 1, 1, uintptr(unsafe.Pointer(&blank[0])))
	defer ask(procDeleteObject, mask)
	info := iconInfo{icon: 1, mask: mask, color: color}
	icon, err := call(procCreateIconIndirect, uintptr(unsafe.Pointer(&info)))
	if err != nil {
		return 0
	}
	return icon
}

// update brings what the pane shows onto the window.
func (w *wwindow) update() error {
	w.dirty = false
	if w.size != w.pane.size() || w.dc == 0 {
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
		rect := rectOf(r)
		ask(procRedrawWindow, uintptr(w.hwnd), uintptr(unsafe.Pointer(&rect)), 0, rdwInvalidate|rdwAllChildren)
	}
	w.follow()
	return nil
}

// copy converts what was painted, and returns the smallest rectangle around what differs.
func (w *wwindow) copy() image.Rectangle {
	var r image.Rectangle
	row := make([]byte, 4*w.size.X)
	for y := range w.size.Y {
		src, dst := w.canvas.Pix[y*w.canvas.Stride:], w.pixels[y*len(row):(y+1)*len(row)]
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
	r := rectOf(image.Rectangle{Max: w.size})
	if !w.slot.loose() {
		ask(procAdjustWindowRectExForDpi, uintptr(unsafe.Pointer(&r)), uintptr(style), 0, uintptr(ex), max(96, ask(procGetDpiForWindow, uintptr(w.hwnd))))
	}
	return r.image().Size()
}

func (w *wwindow) place(size image.Point, flags uintptr) {
	flags |= swpNoActivate | swpNoZOrder
	ask(procSetWindowPos, uintptr(w.hwnd), 0, uintptr(w.pos.X), uintptr(w.pos.Y), uintptr(size.X), uintptr(size.Y), flags)
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
	rgn, err := call(procCreateRoundRectRgn, 0, 0, uintptr(w.size.X+1), uintptr(w.size.Y+1), d, d)
	if err != nil {
		return // a bar with square corners does as well
	}
	ask(procSetWindowRgn, uintptr(w.hwnd), rgn, 1) // which owns the region from now on
}

// rect is where the window is on the screen.
func (w *wwindow) rect() image.Rectangle {
	var r winRect
	ask(procGetWindowRect, uintptr(w.hwnd), uintptr(unsafe.Pointer(&r)))
	return r.image()
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
	ask(procBitBlt, dc, uintptr(to.Min.X), uintptr(to.Min.Y), uintptr(to.Dx()), uintptr(to.Dy()), w.dc, uintptr(from.X), uintptr(from.Y), srcCopy)
}

// paint answers WM_PAINT.
func (w *wwindow) paint() {
	var p paintStruct
	dc, err := call(procBeginPaint, uintptr(w.hwnd), uintptr(unsafe.Pointer(&p)))
	if err != nil {
		return
	}
	if w.dc != 0 {
		r := p.paint.image()
		w.draw(dc, r, r.Min)
	}
	ask(procEndPaint, uintptr(w.hwnd), uintptr(unsafe.Pointer(&p)))
}
