package capture

import (
	"fmt"
	"image"

	"deskhand/screen"
)

// Notice says what a feed's viewer should look at; several at once are one value.
type Notice uint8

// What a viewer may be told.
const (
	Picture   Notice = 1 << iota // Take has something new, or the hub has ended
	Pointer                      // Cursor has another shape
	Displays                     // the hub's displays, and perhaps this feed's, have changed
	Concealed                    // Concealed has another answer
)

// Feed is one viewer's part of a hub: one display, and what of it the viewer has not taken yet. It begins without watching. Its
// methods may be called from any goroutine.
type Feed struct {
	hub     *Hub
	changed chan struct{} // capacity 1

	// guarded by hub.mu
	notices  Notice
	watching bool
	display  screen.Display
	pending  screen.Region // desktop coordinates; what the next Take finds changed
	damaged  screen.Region // of it, what was drawn since the last Take
}

// Subscribe returns a feed of the display with this ID, or of the primary one when there is none such.
func (h *Hub) Subscribe(display uint32) *Feed {
	h.mu.Lock()
	defer h.mu.Unlock()
	f := &Feed{hub: h, changed: make(chan struct{}, 1)}
	f.show(display)
	h.feeds[f] = struct{}{}
	if h.err != nil {
		f.tell(Picture)
	}
	if h.cover != NoCover {
		f.tell(Concealed)
	}
	return f
}

// Concealed is what the system shows that this program may not see: the picture is black.
func (f *Feed) Concealed() Cover {
	f.hub.mu.Lock()
	defer f.hub.mu.Unlock()
	return f.hub.cover
}

// Changed receives when Notices has something to tell.
func (f *Feed) Changed() <-chan struct{} { return f.changed }

// Notices tells what happened since it was last asked. The error, which wraps ErrDisplayGone, says that the hub has ended.
func (f *Feed) Notices() (Notice, error) {
	f.hub.mu.Lock()
	defer f.hub.mu.Unlock()
	n := f.notices
	f.notices = 0
	return n, f.hub.err
}

// Watch starts and pauses the feed. When it starts, the whole display is pending.
func (f *Feed) Watch(on bool) error {
	f.hub.mu.Lock()
	defer f.hub.mu.Unlock()
	if on && f.hub.err != nil {
		return f.hub.err
	}
	return f.hub.setWatching(f, on)
}

// Select shows another display, all of it pending; the primary one when there is none such.
func (f *Feed) Select(display uint32) {
	f.hub.mu.Lock()
	defer f.hub.mu.Unlock()
	f.show(display)
}

// Display is the display that the feed shows.
func (f *Feed) Display() screen.Display {
	f.hub.mu.Lock()
	defer f.hub.mu.Unlock()
	return f.display
}

// Cursor is the pointer's shape. Its pixels are shared: they must not be changed.
func (f *Feed) Cursor() (screen.Cursor, error) {
	h := f.hub
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.err != nil {
		return screen.Cursor{}, h.err
	}
	if !h.pointer {
		c, _, err := h.src.Cursor()
		if err != nil {
			return screen.Cursor{}, err
		}
		h.cursor, h.pointer = c, true
	}
	return h.cursor, nil
}

// Take captures what has changed on the feed's display, and calls use with the display's current image, the part of it that
// may differ from the last Take or is owed, and the part of that which was drawn since, all in the display's own coordinates; not at all when nothing
// changed or the feed does not watch. now may have another size than last time; then all of it is changed. All belong to the hub: use copies what it wants and
// returns, for the other viewers wait meanwhile. use calls no method of hub or feed.
//
// The error wraps ErrDisplayGone when the hub has ended.
func (f *Feed) Take(use func(now *screen.Frame, changed, damaged *screen.Region)) error {
	h := f.hub
	h.mu.Lock()
	defer h.mu.Unlock()
	for try := 0; ; try++ {
		if h.err != nil {
			return h.err
		}
		if !f.watching {
			return nil
		}
		err := h.refresh(f.display.Bounds)
		if err == nil {
			break
		}
		// The displays changed before their event came. They may go on changing, so this ends.
		if try == 3 || h.again(err) != nil {
			return fmt.Errorf("capture the screen: %w", err)
		}
	}
	f.pending.Clip(f.display.Bounds)
	if f.pending.Empty() {
		return nil
	}
	f.damaged.Clip(f.display.Bounds)
	f.pending.Translate(image.Point{}.Sub(f.display.Bounds.Min))
	f.damaged.Translate(image.Point{}.Sub(f.display.Bounds.Min))
	now := h.frame.Sub(f.display.Bounds)
	use(&now, &f.pending, &f.damaged)
	f.pending.Clear()
	f.damaged.Clear()
	return nil
}

// Owe makes the next Take find region, in the display's own coordinates, changed too: it was taken, but not used. It tells nobody.
func (f *Feed) Owe(region *screen.Region) {
	f.hub.mu.Lock()
	defer f.hub.mu.Unlock()
	if !f.watching {
		return // when it does again, everything is pending
	}
	for _, r := range region.Rects() {
		f.pending.Add(r.Add(f.display.Bounds.Min))
	}
}

// Close ends the feed.
func (f *Feed) Close() error {
	h := f.hub
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, ok := h.feeds[f]; !ok {
		return nil
	}
	delete(h.feeds, f)
	return h.setWatching(f, false)
}

// show points the feed at a display; all of it is pending. hub.mu is held.
func (f *Feed) show(id uint32) {
	list := f.hub.displays
	choice := list[0]
	for _, d := range list {
		if d.ID == id {
			choice = d
			break
		}
		if d.Primary {
			choice = d
		}
	}
	f.display = choice
	f.pending.Clear()
	f.damaged.Clear()
	if f.watching {
		f.pending.Add(choice.Bounds)
		f.tell(Picture)
	}
}

// tell adds to the notices. hub.mu is held.
func (f *Feed) tell(n Notice) {
	f.notices |= n
	select {
	case f.changed <- struct{}{}:
	default:
	}
}
