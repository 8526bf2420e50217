package ui

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"

	"deskhand/client/ui/typeset"
)

// closeMax is how long Close waits for a display that does not answer.
const closeMax = 2 * time.Second

// xdesk owns the connection to the display. Only its goroutine (run) touches anything below the channels.
type xdesk struct {
	calls  chan func()
	quit   chan struct{} // closed by close
	done   chan struct{} // closed when run has ended
	once   sync.Once
	mu     sync.Mutex // guards ids
	ids    []uint32
	events chan<- Event

	x        *xserver
	lk       *look
	keys     keyboard
	windows  [slots]*window
	arrow    xproto.Cursor
	ibeam    xproto.Cursor
	queue    queue
	incoming chan xgb.Event
	lost     bool
	lastTime xproto.Timestamp
	bar      xbar

	scanning bool
	scanned  chan map[rune]string
	ctx      context.Context // ends the search for fonts
	cancel   context.CancelFunc
	tasks    sync.WaitGroup
}

// openDesk connects to an X display.
func openDesk(display string, o Options, events chan<- Event) (desk, error) {
	x, err := connectX(display)
	if err != nil {
		return nil, err
	}
	settings := x.desktopSettings()
	lk := &look{
		fonts: typeset.Open(typeset.Options{Dirs: o.FontDirs, Language: o.Text.Language()}),
		scale: x.scale(o, settings), rtl: o.Mirrored, words: o.Text, now: o.Now,
	}
	lk.wear(Brand{}, o.Theme == Dark || (o.Theme == Auto && settings.dark))
	d := &xdesk{
		calls: make(chan func()), quit: make(chan struct{}), done: make(chan struct{}), events: events,
		x: x, lk: lk, incoming: make(chan xgb.Event, 64), scanned: make(chan map[rune]string, 1),
	}
	d.ctx, d.cancel = context.WithCancel(context.Background())
	d.keys = x.readKeyboard()
	d.arrow, d.ibeam = x.cursor(68), x.cursor(152) // XC_left_ptr, XC_xterm
	xproto.ChangeWindowAttributes(x.Conn, x.root, xproto.CwEventMask, []uint32{xproto.EventMaskStructureNotify | xproto.EventMaskSubstructureNotify})
	for s := range slots { // all of them now, so that the identifiers are known before anything is shown
		if err := d.make(s); err != nil {
			d.cancel()
			close(d.done)
			x.link.Close()
			d.read()
			return nil, fmt.Errorf("create a window: %w", err)
		}
	}
	d.tasks.Go(d.read)
	go d.run()
	return d, nil
}

// cursor makes a pointer shape of the cursor font, which every server has.
func (x *xserver) cursor(glyph uint16) xproto.Cursor {
	font, err := xproto.NewFontId(x.Conn)
	if err != nil {
		return 0
	}
	cur, err := xproto.NewCursorId(x.Conn)
	if err != nil {
		return 0
	}
	xproto.OpenFont(x.Conn, font, 6, "cursor")
	xproto.CreateGlyphCursor(x.Conn, cur, font, font, glyph, glyph+1, 0, 0, 0, 0xffff, 0xffff, 0xffff)
	xproto.CloseFont(x.Conn, font)
	return cur
}

// read passes events on until the connection ends, and never leaves the connection's queue full.
func (d *xdesk) read() {
	defer close(d.incoming)
	for {
		ev, xerr := d.x.link.WaitForEvent()
		if ev == nil && xerr == nil {
			return
		}
		if ev == nil {
			continue // an answer to a request about a window that is gone already
		}
		select {
		case d.incoming <- ev:
		case <-d.done:
		}
	}
}

// run is the only goroutine that touches windows.
func (d *xdesk) run() {
	defer close(d.events)
	defer close(d.done)
	wake := time.NewTimer(time.Hour)
	defer wake.Stop()
	for {
		if len(d.incoming) == 0 && !d.lost {
			d.flush()
		}
		var out chan<- Event
		var first Event
		if len(d.queue) > 0 {
			out, first = d.events, d.queue[0]
		} else if d.lost {
			return
		}
		wake.Reset(d.untilNext())
		select {
		case <-d.quit:
			d.shutdown()
			return
		case out <- first:
			d.queue = d.queue[1:]
		case call := <-d.calls:
			call()
		case ev, ok := <-d.incoming:
			if !ok {
				d.lose()
			} else {
				d.handle(ev)
			}
		case found := <-d.scanned:
			d.adopt(found)
		case <-wake.C:
			d.tick()
		}
	}
}

// lose notes that the display is gone. What was not read yet is delivered, and Closed after it.
func (d *xdesk) lose() {
	d.lost = true
	d.incoming = nil
	d.cancel()
	d.setOwned()
	d.queue = append(d.queue, Closed{errors.New("the connection to the display was lost")})
}

func (d *xdesk) shutdown() {
	d.cancel()
	for _, w := range d.windows {
		if w != nil {
			w.destroy()
		}
	}
	d.x.link.Close()
}

func (d *xdesk) close() {
	d.once.Do(func() { close(d.quit) })
	ended := make(chan struct{})
	go func() {
		<-d.done
		d.tasks.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(closeMax):
	}
}

// do runs f on the owning goroutine and waits for it.
func (d *xdesk) do(f func() error) error {
	result := make(chan error, 1)
	call := func() {
		if d.lost {
			result <- ErrClosed
			return
		}
		result <- f()
	}
	select {
	case d.calls <- call:
	case <-d.done:
		return ErrClosed
	}
	select {
	case err := <-result:
		return err
	case <-d.done:
		return ErrClosed
	}
}

func (d *xdesk) emit(evs ...Event) { d.queue.add(evs...) }

func (d *xdesk) show(c content) error { return d.do(func() error { return d.put(c) }) }

func (d *xdesk) hide(s slot) error {
	return d.do(func() error {
		d.withdraw(s)
		return nil
	})
}

func (d *xdesk) brand(b Brand) error {
	return d.do(func() error {
		d.lk.wear(b, d.lk.onDark)
		for _, w := range d.windows {
			if w != nil {
				w.pane.wear(b)
				w.dirty = true
			}
		}
		return nil
	})
}

func (d *xdesk) owned() []uint32 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.ids)
}

func (d *xdesk) setOwned() {
	var ids []uint32
	for _, w := range d.windows {
		if w != nil && !d.lost {
			ids = append(ids, uint32(w.id))
		}
	}
	d.mu.Lock()
	d.ids = ids
	d.mu.Unlock()
}

// make creates a window that is not shown yet.
func (d *xdesk) make(s slot) error {
	w, err := d.x.newWindow(s, newPane(d.lk, s))
	if err != nil {
		return err
	}
	d.windows[s] = w
	d.setOwned()
	xproto.ChangeWindowAttributes(d.x.Conn, w.id, xproto.CwCursor, []uint32{uint32(d.arrow)})
	return nil
}

// put shows content in its window.
func (d *xdesk) put(c content) error {
	s := c.slot()
	if d.windows[s] == nil { // another program destroyed it
		if err := d.make(s); err != nil {
			return fmt.Errorf("create a window: %w", err)
		}
	}
	w := d.windows[s]
	w.pane.set(c)
	w.dirty = true
	if m, ok := c.(Main); ok && m.Company != "" {
		w.title(m.Company)
	}
	resized := w.resize()
	if s.loose() {
		return d.putLoose(w, resized)
	}
	if !w.mapped {
		w.center(d.x.pointed())
		w.present()
		w.show()
		w.expose(w.canvas.Rect) // at once where no window manager comes between
		w.activate(d.lastTime)
		d.x.Sync() // what is typed once this has returned goes there, not to the window before
	}
	d.findFonts()
	return nil
}

func (d *xdesk) withdraw(s slot) {
	w := d.windows[s]
	if w == nil || !w.mapped {
		return
	}
	w.hide()
	w.pane.hover, w.pane.pressed = ctlNone, ctlNone
	if s == slotBar {
		d.withdraw(slotTip)
		d.releaseKey()
	}
	if s == slotConsent {
		w.pane.shows = nil // the same question asked again begins anew
	}
}

// flush paints what changed.
func (d *xdesk) flush() {
	for _, w := range d.windows {
		if w != nil && w.dirty && w.mapped {
			w.resize()
			w.present()
		}
	}
}

// findFonts searches all fonts for characters that nothing could show, without keeping the windows waiting.
func (d *xdesk) findFonts() {
	if d.scanning {
		return
	}
	missing := d.lk.fonts.Missing()
	if len(missing) == 0 {
		return
	}
	d.scanning = true
	d.tasks.Go(func() { d.scanned <- d.lk.fonts.Scan(d.ctx, missing) })
}

func (d *xdesk) adopt(found map[rune]string) {
	d.scanning = false
	if d.lk.fonts.Adopt(found) {
		d.lk.forget()
		for _, w := range d.windows {
			if w != nil && w.mapped {
				w.pane.refresh()
				w.dirty = true
			}
		}
	}
	d.findFonts()
}
