package ui

import (
	"image"
	"os"

	"github.com/jezek/xgb/xproto"

	"deskhand/client/ui/paint"
)

// window is one X window and the pane inside it.
type window struct {
	x      *xserver
	slot   slot
	pane   *pane
	id     xproto.Window
	pixmap xproto.Pixmap // holds what is shown, so that uncovered parts come back without painting
	gc     xproto.Gcontext
	format format
	size   image.Point
	pos    image.Point // where a window without a frame belongs
	free   bool        // no window manager decides about it
	mapped bool
	dirty  bool

	canvas   *paint.Canvas
	shown    []byte // pixels as the server has them
	controls string // as the window's property tells them
	guard    guard
}

// newWindow creates a window, which stays hidden.
func (x *xserver) newWindow(s slot, p *pane) (*window, error) {
	w := &window{x: x, slot: s, pane: p, format: x.opaque, free: s.loose(), dirty: true}
	if s.loose() && x.composited() {
		w.format = x.argb
	}
	id, err := xproto.NewWindowId(x.Conn)
	if err != nil {
		return nil, err
	}
	w.id = id
	gc, err := xproto.NewGcontextId(x.Conn)
	if err != nil {
		return nil, err
	}
	w.gc = gc
	w.size = p.size()
	const mask = xproto.EventMaskExposure | xproto.EventMaskStructureNotify | xproto.EventMaskKeyPress | xproto.EventMaskButtonPress |
		xproto.EventMaskButtonRelease | xproto.EventMaskPointerMotion | xproto.EventMaskEnterWindow | xproto.EventMaskLeaveWindow |
		xproto.EventMaskVisibilityChange
	override := uint32(0)
	if w.free {
		override = 1
	}
	ground := p.scene.ground
	pixel := uint32(ground.R)<<16 | uint32(ground.G)<<8 | uint32(ground.B)
	err = xproto.CreateWindowChecked(x.Conn, w.format.depth, id, x.root, 0, 0, uint16(w.size.X), uint16(w.size.Y), 0,
		xproto.WindowClassInputOutput, w.format.visual,
		xproto.CwBackPixel|xproto.CwBorderPixel|xproto.CwBitGravity|xproto.CwOverrideRedirect|xproto.CwEventMask|xproto.CwColormap,
		[]uint32{pixel, 0, xproto.GravityNorthWest, override, mask, uint32(w.format.colormap)}).Check()
	if err != nil {
		return nil, err
	}
	xproto.CreateGC(x.Conn, gc, xproto.Drawable(id), xproto.GcGraphicsExposures, []uint32{0})
	w.describe()
	w.storage()
	return w, nil
}

// describe tells the window manager what kind of window this is.
func (w *window) describe() {
	x := w.x
	utf8 := x.atom("UTF8_STRING")
	// The instance says in no language which window it is: window managers' rules and scripts find it by that.
	instance := map[slot]string{slotMain: "main", slotConsent: "consent", slotNotice: "notice", slotBar: "bar", slotTip: "tip"}[w.slot]
	x.setText(w.id, "WM_CLASS", xproto.AtomString, "remote-support-"+instance+"\x00RemoteSupport\x00")
	x.set32(w.id, "WM_PROTOCOLS", xproto.AtomAtom, uint32(x.atom("WM_DELETE_WINDOW")))
	x.set32(w.id, "_NET_WM_PID", xproto.AtomCardinal, uint32(os.Getpid()))
	if host, err := os.Hostname(); err == nil {
		x.setText(w.id, "WM_CLIENT_MACHINE", xproto.AtomString, host)
	}
	const inputHint, stateHint, normalState = 1, 2, 1
	x.set32(w.id, "WM_HINTS", xproto.AtomWmHints, inputHint|stateHint, 1, normalState, 0, 0, 0, 0, 0, 0)
	// Login screens give the keyboard to whatever window appears, notifications apart: what is typed there is for them.
	kind := map[slot]string{
		slotMain: "NORMAL", slotConsent: "DIALOG", slotNotice: "DIALOG", slotBar: "NOTIFICATION", slotTip: "NOTIFICATION",
	}[w.slot]
	x.set32(w.id, "_NET_WM_WINDOW_TYPE", xproto.AtomAtom, uint32(x.atom("_NET_WM_WINDOW_TYPE_"+kind)))
	// What the frame offers (Motif's MwmHints): not resizing, and a question or a notice cannot be put away either.
	const functions, canMove, canMinimize, canClose = 1, 1 << 2, 1 << 3, 1 << 5
	can := uint32(canMove | canClose)
	if w.slot == slotMain {
		can |= canMinimize
	}
	x.set32(w.id, "_MOTIF_WM_HINTS", x.atom("_MOTIF_WM_HINTS"), functions, can, 0, 0, 0)
	if w.slot == slotConsent || w.slot == slotBar {
		x.set32(w.id, "_NET_WM_STATE", xproto.AtomAtom, uint32(x.atom("_NET_WM_STATE_ABOVE")), uint32(x.atom("_NET_WM_STATE_STICKY")))
		x.set32(w.id, "_NET_WM_DESKTOP", xproto.AtomCardinal, 0xffffffff)
	}
	name := w.pane.lk.words.Say("app.name", nil)
	x.setText(w.id, "WM_NAME", utf8, name)
	x.setText(w.id, "_NET_WM_NAME", utf8, name)
	x.set32(w.id, "_NET_WM_ICON", xproto.AtomCardinal, icons()...)
}

// icons is the program's mark in the sizes that task bars want, as _NET_WM_ICON has them.
func icons() []uint32 {
	var out []uint32
	for _, s := range []int{16, 32, 48, 128} {
		c := mark(s)
		out = append(out, uint32(s), uint32(s))
		for i := 0; i < len(c.Pix); i += 4 {
			out = append(out, straight(c.Pix[i:]))
		}
	}
	return out
}

// storage makes the buffers for the window's size.
func (w *window) storage() {
	x := w.x
	if w.pixmap != 0 {
		xproto.FreePixmap(x.Conn, w.pixmap)
	}
	if id, err := xproto.NewPixmapId(x.Conn); err == nil {
		w.pixmap = id
		xproto.CreatePixmap(x.Conn, w.format.depth, id, xproto.Drawable(w.id), uint16(w.size.X), uint16(w.size.Y))
	}
	w.canvas = paint.New(w.size.X, w.size.Y)
	w.shown = nil
	if !w.free {
		const minSize, maxSize = 1 << 4, 1 << 5
		wd, ht := uint32(w.size.X), uint32(w.size.Y)
		x.set32(w.id, "WM_NORMAL_HINTS", xproto.AtomWmSizeHints, minSize|maxSize, 0, 0, 0, 0, wd, ht, wd, ht, 0, 0, 0, 0, 0, 0, 0, 0, 0)
	}
	if edge := w.pane.scene.edge; edge != nil && w.format.depth != 32 {
		x.clip(w.id, roundedRows(w.size, edge.Radius))
	}
}

// resize follows the pane's size. It reports whether anything changed.
func (w *window) resize() bool {
	if w.size == w.pane.size() {
		return false
	}
	w.size = w.pane.size()
	w.storage()
	xproto.ConfigureWindow(w.x.Conn, w.id, xproto.ConfigWindowWidth|xproto.ConfigWindowHeight, []uint32{uint32(w.size.X), uint32(w.size.Y)})
	w.dirty = true
	return true
}

// move places the window. Window managers take it as a wish.
func (w *window) move(p image.Point) {
	w.pos = p
	xproto.ConfigureWindow(w.x.Conn, w.id, xproto.ConfigWindowX|xproto.ConfigWindowY, []uint32{uint32(int32(p.X)), uint32(int32(p.Y))})
}

// center puts a window before it is shown into the middle of a screen.
func (w *window) center(m monitor) {
	p := image.Pt(m.x+(m.w-w.size.X)/2, m.y+(m.h-w.size.Y)/2)
	const position, gravity = 1 << 2, 1 << 9
	const minSize, maxSize, static = 1 << 4, 1 << 5, 10
	wd, ht := uint32(w.size.X), uint32(w.size.Y)
	w.x.set32(w.id, "WM_NORMAL_HINTS", xproto.AtomWmSizeHints, position|minSize|maxSize|gravity,
		uint32(int32(p.X)), uint32(int32(p.Y)), 0, 0, wd, ht, wd, ht, 0, 0, 0, 0, 0, 0, 0, 0, static)
	w.move(p)
}

func (w *window) raise() {
	xproto.ConfigureWindow(w.x.Conn, w.id, xproto.ConfigWindowStackMode, []uint32{xproto.StackModeAbove})
}

// show maps the window above the others.
func (w *window) show() {
	w.raise()
	xproto.MapWindow(w.x.Conn, w.id)
	w.mapped = true
}

func (w *window) hide() {
	if !w.mapped {
		return
	}
	w.mapped = false
	xproto.UnmapWindow(w.x.Conn, w.id)
	if !w.free { // ICCCM 4.1.4: tell the window manager that the window is withdrawn, also when it was iconic
		ev := xproto.UnmapNotifyEvent{Event: w.x.root, Window: w.id}
		const mask = xproto.EventMaskSubstructureNotify | xproto.EventMaskSubstructureRedirect
		xproto.SendEvent(w.x.Conn, false, w.x.root, mask, string(ev.Bytes()))
	}
}

func (w *window) destroy() {
	xproto.DestroyWindow(w.x.Conn, w.id)
	xproto.FreePixmap(w.x.Conn, w.pixmap)
	xproto.FreeGC(w.x.Conn, w.gc)
}

// activate asks for the keyboard: from the window manager, or directly where there is none.
func (w *window) activate(t xproto.Timestamp) {
	if w.x.managed() {
		const pager = 2
		w.x.tell(w.id, "_NET_ACTIVE_WINDOW", pager, uint32(t), 0)
		return
	}
	xproto.SetInputFocus(w.x.Conn, xproto.InputFocusPointerRoot, w.id, xproto.TimeCurrentTime)
}

// title is what the frame and the task bar show.
func (w *window) title(s string) {
	w.x.setText(w.id, "_NET_WM_NAME", w.x.atom("UTF8_STRING"), s)
	w.x.setText(w.id, "WM_NAME", w.x.atom("UTF8_STRING"), s)
}

// roundedRows is a rounded rectangle as one rectangle for each row of its corners and one for the middle.
func roundedRows(size image.Point, radius float64) []xproto.Rectangle {
	r := int(radius)
	var rows []xproto.Rectangle
	add := func(y, in, h int) {
		rows = append(rows, xproto.Rectangle{X: int16(in), Y: int16(y), Width: uint16(size.X - 2*in), Height: uint16(h)})
	}
	inset := func(y int) int { // of row y of the upper corners: the pixels whose centre is outside the arc
		dy := radius - float64(y) - .5
		in := 0
		for dx := radius - .5; dx*dx+dy*dy > radius*radius && in < r; dx-- {
			in++
		}
		return in
	}
	for y := range r {
		add(y, inset(y), 1)
	}
	add(r, 0, size.Y-2*r)
	for y := r - 1; y >= 0; y-- {
		add(size.Y-1-y, inset(y), 1)
	}
	return rows
}
