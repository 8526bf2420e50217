package damage

import (
	"image"

	"github.com/zeebo/xxh3"

	"deskhand/screen"
)

const (
	maxCopies    = 1024 // tiles whose pixels are held, 16 KiB each
	maxCopied    = 256  // tiles that are kept at once, of which copies are made: what a window covers, not a page that goes
	minUncovered = 96   // pixels that a kept tile must make right
)

// copies holds pixels of tiles that the viewer keeps, by the place where they stood: those that were kept last.
type copies struct {
	of   map[int]*copied // by tile of the screen
	next []int           // the tiles in the order in which they were put in
}

type copied struct {
	slot int
	hash xxh3.Uint128 // of what is in the slot
	pix  []byte
}

// put notes what tile i shows, which is kept in this slot.
func (c *copies) put(i, slot int, hash xxh3.Uint128, f *screen.Frame, r image.Rectangle) {
	if c.of == nil {
		c.of = map[int]*copied{}
	}
	e := c.of[i]
	if e == nil {
		e = &copied{}
		if len(c.next) == maxCopies { // the oldest makes room
			*e = *c.of[c.next[0]]
			delete(c.of, c.next[0])
			c.next = append(c.next[:0], c.next[1:]...)
		}
		c.of[i] = e
		c.next = append(c.next, i)
	}
	e.slot, e.hash, e.pix = slot, hash, e.pix[:0]
	for y := r.Min.Y; y < r.Max.Y; y++ {
		e.pix = append(e.pix, f.Row(y, r.Min.X, r.Max.X)...)
	}
}

// uncover recalls tiles of which a part is there again: what a window has covered, and leaves now. What is right already in such a tile, such as the window that is
// still over a part of it, is kept aside meanwhile.
func (d *Differ) uncover(shown, now *screen.Frame) {
	c := &d.cache
	if len(c.copies.of) == 0 || d.area < minUncovered {
		return
	}
	for _, i := range d.dirty {
		e := c.copies.of[i]
		if e == nil || d.count[i] < minUncovered || c.slots[e.slot].hash != e.hash {
			continue
		}
		t, was := d.tile(i), d.differs.of(i)
		if len(e.pix) != area(t)*4 {
			continue
		}
		kept := screen.Frame{Pix: e.pix, Stride: t.Dx() * 4, W: t.Dx(), H: t.Dy()}
		var will, spoilt mask
		for y := range t.Dy() {
			w := maskPixels(now.Row(t.Min.Y+y, t.Min.X, t.Max.X), kept.Row(y, 0, t.Dx()))
			will[y], spoilt[y] = w, w&^was[y]
		}
		aside := spoilt.box()
		in := columns(aside.Min.X, max(aside.Max.X, 1))
		for y := aside.Min.Y; y < aside.Max.Y; y++ {
			will[y] = will[y]&^in | was[y]&in
		}
		if d.count[i]-will.count() < minUncovered || d.room-3*area(t) < area(d.bounds) {
			continue
		}
		*was = will
		d.recallUnder(shown, &kept, t, aside.Add(t.Min), e.slot)
		d.recount(image.Rect(i%d.cols, i/d.cols, i%d.cols+1, i/d.cols+1))
	}
}

// recallUnder recalls tile t from its slot, but for what is aside in it.
func (d *Differ) recallUnder(shown, kept *screen.Frame, t, aside image.Rectangle, slot int) {
	if !aside.Empty() {
		d.changes = append(d.changes, screen.Change{Kind: screen.Keep, Rect: aside, Slot: scratch})
	}
	d.changes = append(d.changes, screen.Change{Kind: screen.Recall, Rect: t, Slot: slot})
	for y := t.Min.Y; y < t.Max.Y; y++ {
		row, from := shown.Row(y, t.Min.X, t.Max.X), kept.Row(y-t.Min.Y, 0, t.Dx())
		if y < aside.Min.Y || y >= aside.Max.Y {
			copy(row, from)
			continue
		}
		left, right := (aside.Min.X-t.Min.X)*4, (aside.Max.X-t.Min.X)*4
		copy(row[:left], from[:left])
		copy(row[right:], from[right:])
	}
	if !aside.Empty() {
		d.changes = append(d.changes, screen.Change{Kind: screen.Recall, Rect: aside, Slot: scratch})
	}
	d.room -= area(t) + 2*area(aside)
	d.drawn(t)
	d.cache.slots[slot].used = true
}
