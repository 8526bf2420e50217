package ui

import (
	"fmt"
	"runtime"
	"slices"
	"sync"

	"github.com/ebitengine/purego/objc"

	"deskhand/client/ui/paint"
	"deskhand/internal/mac"
)

// mwindow is one window and the pane inside it. The pane lays it out and paints it, as a picture; above that stands a control of AppKit for each thing that a
// person can read or use, see-through but for the ID's field, so that VoiceOver and the keyboard know it.
type mwindow struct {
	d     *mdesk
	slot  slot
	pane  *pane
	ref   objc.ID // NSPanel
	image objc.ID // NSImageView
	shown bool

	parts    []part
	controls []objc.ID // of the parts
}

// Parts of a window's style; source: NSWindow.h.
const (
	styleTitled        = 1 << 0
	styleClosable      = 1 << 1
	styleMinimizable   = 1 << 2
	styleNonactivating = 1 << 7

	levelFloating = 3
	levelStatus   = 25

	everySpace = 1<<0 | 1<<4 | 1<<8 // joins all spaces, stays, also beside a full screen
)

func (s slot) style() uint {
	switch s {
	case slotMain:
		return styleTitled | styleClosable | styleMinimizable
	case slotConsent, slotNotice:
		return styleTitled | styleClosable
	}
	return styleNonactivating
}

func (d *mdesk) newWindow(s slot) (*mwindow, error) {
	lk := *d.lk
	w := &mwindow{d: d, slot: s, pane: newPane(&lk, s)}
	const buffered = 2
	w.ref = mac.Class("NSPanel").Send(mac.Sel("alloc")).Send(mac.Sel("initWithContentRect:styleMask:backing:defer:"),
		mac.Rect{Size: mac.Size{W: 1, H: 1}}, s.style(), uint(buffered), false)
	if w.ref == 0 || target() == 0 {
		return nil, fmt.Errorf("%w: macOS gives no window", ErrNoDisplay)
	}
	w.ref.Send(mac.Sel("setReleasedWhenClosed:"), false)
	w.ref.Send(mac.Sel("setHidesOnDeactivate:"), false)
	w.ref.Send(mac.Sel("setTitle:"), mac.String(w.pane.lk.words.Say("app.name", nil)))
	w.ref.Send(mac.Sel("setDelegate:"), target())
	switch {
	case s.loose():
		w.ref.Send(mac.Sel("setLevel:"), levelStatus)
		w.ref.Send(mac.Sel("setCollectionBehavior:"), uint(everySpace))
		w.ref.Send(mac.Sel("setOpaque:"), false)
		w.ref.Send(mac.Sel("setBackgroundColor:"), mac.Class("NSColor").Send(mac.Sel("clearColor")))
		w.ref.Send(mac.Sel("setMovableByWindowBackground:"), true)
	case s.above():
		w.ref.Send(mac.Sel("setLevel:"), levelFloating)
	}
	w.image = mac.New("NSImageView")
	w.ref.Send(mac.Sel("setContentView:"), w.image)
	return w, nil
}

func (w *mwindow) destroy() {
	shown.Delete(w.ref)
	w.ref.Send(mac.Sel("setDelegate:"), objc.ID(0))
	w.ref.Send(mac.Sel("close"))
	w.image.Send(mac.Sel("release"))
	w.ref.Send(mac.Sel("release"))
}

// update brings what the pane shows onto the window.
func (w *mwindow) update() {
	size, scale := w.pane.size(), w.pane.lk.scale
	points := mac.Size{W: float64(size.X) / scale, H: float64(size.Y) / scale}
	w.ref.Send(mac.Sel("setContentSize:"), points)
	canvas := paint.New(size.X, size.Y)
	w.pane.paint(canvas)
	if picture := pictureOf(canvas, points); picture != 0 {
		w.image.Send(mac.Sel("setImage:"), picture)
		picture.Send(mac.Sel("release"))
	}
	w.arrange()
}

// pictureOf is an NSImage of what was painted, which the caller releases.
func pictureOf(c *paint.Canvas, points mac.Size) objc.ID {
	width, height := c.Rect.Dx(), c.Rect.Dy()
	rep := mac.Class("NSBitmapImageRep").Send(mac.Sel("alloc")).Send(
		mac.Sel("initWithBitmapDataPlanes:pixelsWide:pixelsHigh:bitsPerSample:samplesPerPixel:hasAlpha:isPlanar:colorSpaceName:bytesPerRow:bitsPerPixel:"),
		uintptr(0), width, height, 8, 4, true, false, mac.String("NSDeviceRGBColorSpace"), 4*width, 32)
	if rep == 0 {
		return 0
	}
	defer rep.Send(mac.Sel("release"))
	to := mac.Memory(objc.Send[uintptr](rep, mac.Sel("bitmapData")), 4*width*height)
	for y := range height {
		copy(to[4*width*y:4*width*(y+1)], c.Pix[y*c.Stride:])
	}
	picture := mac.Class("NSImage").Send(mac.Sel("alloc")).Send(mac.Sel("initWithSize:"), points)
	picture.Send(mac.Sel("addRepresentation:"), rep)
	return picture
}

// arrange makes the controls those of the scene. What stays the same is left alone, so that nobody reads it out again.
func (w *mwindow) arrange() {
	parts := w.pane.scene.parts()
	if !alike(parts, w.parts) {
		for _, c := range w.controls {
			c.Send(mac.Sel("removeFromSuperview"))
		}
		w.controls = nil
		for _, p := range parts {
			c := w.newControl(p)
			w.image.Send(mac.Sel("addSubview:"), c)
			c.Send(mac.Sel("release")) // the view has it
			w.controls = append(w.controls, c)
			if p.id != ctlNone && p.id == w.pane.focus && !w.slot.loose() {
				w.ref.Send(mac.Sel("setInitialFirstResponder:"), c)
				w.ref.Send(mac.Sel("makeFirstResponder:"), c)
			}
		}
		w.parts = nil
	}
	for i, p := range parts {
		if w.parts != nil && w.parts[i] == p {
			continue
		}
		c := w.controls[i]
		var r mac.Rect
		r.Origin.X, r.Origin.Y, r.Size.W, r.Size.H = upwards(p.r, w.pane.size().Y, w.pane.lk.scale)
		switch p.kind {
		case textPart:
			c.Send(mac.Sel("setStringValue:"), mac.String(p.name))
		case buttonPart:
			c.Send(mac.Sel("setTitle:"), mac.String(p.name))
		case fieldPart:
			const line = 34
			r.Origin.Y, r.Size.H = r.Origin.Y+(r.Size.H-line)/2, line
			r.Origin.X, r.Size.W = r.Origin.X+8, r.Size.W-16
		}
		c.Send(mac.Sel("setFrame:"), r)
	}
	w.parts = parts
}

// newControl makes the control of a part, which the caller releases.
func (w *mwindow) newControl(p part) objc.ID {
	if p.kind == buttonPart {
		b := mac.New("NSButton")
		b.Send(mac.Sel("setTransparent:"), true)
		b.Send(mac.Sel("setTarget:"), target())
		b.Send(mac.Sel("setAction:"), mac.Sel("deskhandChosen:"))
		switch p.id {
		case ctlDeny:
			b.Send(mac.Sel("setKeyEquivalent:"), mac.String("\x1b"))
		case ctlConnect, ctlOK:
			b.Send(mac.Sel("setKeyEquivalent:"), mac.String("\r"))
		}
		return b
	}
	f := mac.New("NSTextField")
	f.Send(mac.Sel("setBezeled:"), false)
	f.Send(mac.Sel("setDrawsBackground:"), false)
	if p.kind == textPart { // the picture shows the words already
		f.Send(mac.Sel("setEditable:"), false)
		f.Send(mac.Sel("setSelectable:"), false)
		f.Send(mac.Sel("setTextColor:"), mac.Class("NSColor").Send(mac.Sel("clearColor")))
		return f
	}
	const focusRingNone = 1
	center := uint(1)
	if runtime.GOARCH == "amd64" {
		center = 2
	}
	f.Send(mac.Sel("setFocusRingType:"), uint(focusRingNone))
	f.Send(mac.Sel("setAlignment:"), center)
	f.Send(mac.Sel("setFont:"), mac.Class("NSFont").Send(mac.Sel("monospacedDigitSystemFontOfSize:weight:"), float64(26), float64(0)))
	col := w.pane.lk.colors.text
	f.Send(mac.Sel("setTextColor:"), mac.Class("NSColor").Send(mac.Sel("colorWithSRGBRed:green:blue:alpha:"),
		float64(col.R)/255, float64(col.G)/255, float64(col.B)/255, float64(1)))
	f.Send(mac.Sel("setPlaceholderString:"), mac.String("123 456"))
	f.Send(mac.Sel("setAccessibilityLabel:"), mac.String(w.pane.lk.say("main.ask.label")))
	f.Send(mac.Sel("setStringValue:"), mac.String(grouped(w.pane.field.digits)))
	return f
}

// readField takes what was typed into the ID's field.
func (w *mwindow) readField() {
	for i, p := range w.parts {
		if p.kind == fieldPart {
			digits := digitsOf(mac.Text(w.controls[i].Send(mac.Sel("stringValue"))))
			w.pane.field.digits = digits[:min(len(digits), idDigits)]
			w.pane.field.move(len(w.pane.field.digits))
		}
	}
}

// shown are all windows, by what AppKit knows them by.
var shown sync.Map // of *mwindow by objc.ID

// listener is the object that AppKit tells of what the person does.
var listener struct {
	once sync.Once
	id   objc.ID
}

// target is the listener; 0 when there can be none.
func target() objc.ID {
	listener.once.Do(func() {
		class, err := objc.RegisterClass("DeskhandTarget", objc.GetClass("NSObject"), nil, nil, []objc.MethodDef{
			{Cmd: mac.Sel("deskhandChosen:"), Fn: func(_ objc.ID, _ objc.SEL, sender objc.ID) { pressed(sender) }},
			{Cmd: mac.Sel("windowShouldClose:"), Fn: func(_ objc.ID, _ objc.SEL, window objc.ID) bool { return closing(window) }},
		})
		if err == nil {
			listener.id = objc.ID(class).Send(mac.Sel("alloc")).Send(mac.Sel("init"))
		}
	})
	return listener.id
}

// byHand tells whether what happens now comes from the person and not from a viewer, and whether by a key.
func byHand() (hand, key bool) {
	const keyDown = 10
	event := mac.Class("NSApplication").Send(mac.Sel("sharedApplication")).Send(mac.Sel("currentEvent"))
	if event == 0 {
		return true, false
	}
	return !mac.Marked(objc.Send[uintptr](event, mac.Sel("CGEvent"))), objc.Send[uint](event, mac.Sel("type")) == keyDown
}

// pressed is called when a button is pressed.
func pressed(sender objc.ID) {
	v, ok := shown.Load(sender.Send(mac.Sel("window")))
	if !ok {
		return
	}
	w := v.(*mwindow)
	i := slices.Index(w.controls, sender)
	hand, key := byHand()
	now := w.d.lk.now()
	if i < 0 || !hand || key && w.pane.unread(now) {
		return
	}
	if w.parts[i].id == ctlConnect {
		w.readField()
	}
	w.d.acted(w, w.pane.invoke(w.parts[i].id, now))
}

// closing is called for a window's close button, and keeps the window.
func closing(window objc.ID) bool {
	v, ok := shown.Load(window)
	if !ok {
		return true
	}
	w := v.(*mwindow)
	if hand, _ := byHand(); !hand || w.pane.early(w.d.lk.now()) {
		return false
	}
	if w.slot == slotMain {
		w.d.emit(MainClosed{})
	} else {
		w.d.acted(w, w.pane.escape())
	}
	return false
}
