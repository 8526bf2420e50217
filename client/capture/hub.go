package capture

import (
	"context"
	"errors"
	"fmt"
	"image"
	"sync"

	"deskhand/screen"
)

// Hub captures one desktop for any number of viewers. Damage is captured once, when the first viewer that is ready asks, into one
// frame that all share; each viewer's Feed gathers what it has not taken yet. With no feed watching, nothing
// is captured, no timer runs and no image is kept.
type Hub struct {
	src    Source
	cancel context.CancelFunc
	done   chan struct{}

	mu       sync.Mutex // guards all below, and is held for each call of src but Next and Close
	err      error      // why the hub has ended
	displays []screen.Display
	frame    *screen.Frame // the desktop; nil while nobody watches
	free     func()        // gives frame back to src
	stale    screen.Region // where frame is behind the screen
	damaged  bool          // src has damage that has not been fetched
	cursor   screen.Cursor
	pointer  bool  // cursor is the one on the screen
	cover    Cover // what src is concealed by
	feeds    map[*Feed]struct{}
	watching int // feeds that watch
	sweep    sweep

	fresh, need screen.Region // of fetch and refresh, kept for their memory
}

// NewHub reads the displays and begins to listen to src, which from now on belongs to the hub.
func NewHub(src Source) (*Hub, error) {
	list, err := src.Displays()
	if err != nil {
		src.Close()
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	h := &Hub{src: src, cancel: cancel, done: make(chan struct{}), displays: list, feeds: map[*Feed]struct{}{}}
	go h.run(ctx)
	return h, nil
}

// Displays lists the displays as they are now.
func (h *Hub) Displays() []screen.Display {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.displays
}

// Done is closed when the hub has ended: closed, or its display is gone.
func (h *Hub) Done() <-chan struct{} { return h.done }

// Close ends the source and all feeds. It waits for a feed that is in its Take.
func (h *Hub) Close() error {
	h.cancel()
	err := h.src.Close() // not under mu: it makes a call that hangs return
	<-h.done
	h.mu.Lock()
	defer h.mu.Unlock()
	h.sweep.stop()
	h.dropFrame()
	return err
}

// run turns the source's events into notices for the feeds.
func (h *Hub) run(ctx context.Context) {
	defer close(h.done)
	for {
		e, err := h.src.Next(ctx)
		h.mu.Lock()
		if err == nil && e&DisplaysChanged != 0 {
			// What else goes wrong is met again, and told, by the next Take.
			if failed := h.layOut(); errors.Is(failed, ErrDisplayGone) {
				err = failed
			}
		}
		if err != nil {
			if errors.Is(err, context.Canceled) {
				err = fmt.Errorf("capture was closed: %w", ErrDisplayGone)
			}
			h.err = err
			h.tell(Picture)
			h.mu.Unlock()
			return
		}
		if e&Damaged != 0 {
			h.damaged = true
			h.tell(Picture)
		}
		if c, ok := h.src.(Concealer); ok && e&ConcealedChanged != 0 {
			h.cover = c.Concealed()
			h.tell(Concealed)
		}
		if e&CursorChanged != 0 {
			h.pointer = false
			h.tell(Pointer)
		}
		h.mu.Unlock()
	}
}

// tell wakes every feed that watches, and when the hub has ended every feed.
func (h *Hub) tell(n Notice) {
	for f := range h.feeds {
		if f.watching || h.err != nil || n == Displays || n == Concealed {
			f.tell(n)
		}
	}
}

// desktop is the size that holds all displays.
func (h *Hub) desktop() image.Point {
	var all image.Rectangle
	for _, d := range h.displays {
		all = all.Union(d.Bounds)
	}
	return all.Max
}

// layOut reads the displays again and gives each feed its display's new bounds.
func (h *Hub) layOut() error {
	list, err := h.src.Displays()
	if err != nil {
		return err
	}
	h.displays = list
	if h.frame != nil {
		if err := h.newFrame(); err != nil {
			return err
		}
	}
	for f := range h.feeds {
		f.show(f.display.ID)
	}
	h.tell(Displays)
	return nil
}

// newFrame makes the shared frame, of which nothing is up to date.
func (h *Hub) newFrame() error {
	size := h.desktop()
	if h.frame == nil || h.frame.W != size.X || h.frame.H != size.Y {
		h.dropFrame()
		alloc := func(w, h int) (*screen.Frame, func(), error) {
			f, err := screen.NewFrame(w, h)
			return f, func() {}, err
		}
		if src, ok := h.src.(framer); ok {
			alloc = src.Frame
		}
		f, free, err := alloc(size.X, size.Y)
		if err != nil {
			return err
		}
		h.frame, h.free = f, free
	}
	h.stale.Clear()
	h.stale.Add(h.frame.Bounds())
	return nil
}

// framer is a source with frames of its own, which it grabs to at less cost. The function that comes with a frame gives it back; it may be called after
// the source was closed.
type framer interface {
	Frame(w, h int) (*screen.Frame, func(), error)
}

// dropFrame gives the frame back; nobody reads it, for that takes mu.
func (h *Hub) dropFrame() {
	if h.frame != nil {
		h.free()
		h.frame, h.free = nil, nil
	}
}

// fetch takes the source's damage and notes it as stale, and as pending for each feed.
func (h *Hub) fetch() error {
	h.fresh.Clear()
	if err := h.src.Damage(&h.fresh); err != nil {
		return err
	}
	h.damaged = false
	simplify(&h.fresh)
	h.stale.Union(&h.fresh)
	h.owe(&h.fresh)
	return nil
}

// wastedPixels is how many pixels, copied and compared for nothing, cost less than asking the system for one more rectangle.
const wastedPixels = 16 << 10

// simplify joins rectangles of g where little is wasted by it.
func simplify(g *screen.Region) {
	for {
		rects := g.Rects()
		joined, best := image.Rectangle{}, wastedPixels
		for i, r := range rects {
			for _, q := range rects[:i] {
				u := r.Union(q)
				if waste := u.Dx()*u.Dy() - r.Dx()*r.Dy() - q.Dx()*q.Dy(); waste < best {
					joined, best = u, waste
				}
			}
		}
		if joined.Empty() {
			return
		}
		n := len(rects)
		if g.Add(joined); len(g.Rects()) >= n {
			return // it cut others in pieces, which would be joined across it again, and so on
		}
	}
}

// owe adds to what each watching feed has not taken yet.
func (h *Hub) owe(changed *screen.Region) {
	for f := range h.feeds {
		if f.watching {
			f.pending.Union(changed)
			f.damaged.Union(changed)
		}
	}
}

// refresh brings the part r of the frame up to date.
func (h *Hub) refresh(r image.Rectangle) error {
	if h.damaged {
		if err := h.fetch(); err != nil {
			return err
		}
	}
	if h.frame == nil { // the last try failed
		if err := h.newFrame(); err != nil {
			return err
		}
	}
	if !h.stale.Overlaps(r) {
		return nil
	}
	h.need.Set(&h.stale)
	h.need.Clip(r)
	if err := h.src.Grab(h.frame, h.need.Rects()); err != nil {
		return err
	}
	h.stale.Subtract(r)
	return nil
}

// setWatching counts the feeds that watch; the first and the last one start and end the source's reports.
func (h *Hub) setWatching(f *Feed, on bool) error {
	switch {
	case f.watching == on:
		return nil
	case on:
		if h.watching == 0 {
			if err := h.wakeUp(); err != nil {
				return err
			}
		}
		h.watching++
		f.watching = true
		f.pending.Add(f.display.Bounds)
		f.tell(Picture | Pointer)
		return nil
	}
	h.watching--
	f.watching = false
	f.pending.Clear()
	f.damaged.Clear()
	if h.watching > 0 {
		return nil
	}
	return h.sleep()
}

func (h *Hub) wakeUp() error {
	h.pointer = false // it may have changed unseen
	if err := h.newFrame(); err != nil {
		return err
	}
	if err := h.src.Watch(true); err != nil {
		return err
	}
	h.sweep.start(h.sweepOnce)
	return nil
}

func (h *Hub) sleep() error {
	h.sweep.stop()
	h.dropFrame()
	h.damaged = false
	h.stale.Clear()
	if h.err != nil {
		return nil // the source has ended
	}
	return h.src.Watch(false)
}
