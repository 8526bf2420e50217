package damage

import (
	"encoding/binary"
	"image"
	"math/rand/v2"
	"time"

	"github.com/zeebo/xxh3"

	"deskhand/screen"
)

const (
	stillFor       = 300 * time.Millisecond // what changes sooner again is no picture that comes back
	worth          = 256                    // pixels of a tile that must change for it to be kept, or recalled
	worthAmongMany = 32                     // the same, to be kept, when much else changes: a window begins to cover it
	minEdges       = 24                     // of a tile, in every eighth row, that is worth to be kept
	maxKept        = screen.Slots / 2       // tiles in one update
	scratch        = screen.Slots - 1       // slot that is given out never: what is recalled from it is kept in the same update
	sampled        = 8                      // tiles that tell whether a picture is known
	askedMost      = 64                     // tiles that are looked up although none of the sample is known, of those that had stood still
)

// cache knows what the viewer keeps: for each slot the hash of a tile's pixels, 128 bits with a random seed, so that nobody who draws on the screen
// can make two tiles with the same one. Slots are given out in turn, in runs; those whose tile was recalled since it was last their turn are
// passed over once.
type cache struct {
	slots []slot
	index map[xxh3.Uint128]int // hash → slot
	hand  int                  // where the next run begins
	seed  uint64

	changed []time.Time // per tile of the screen: when much of it changed
	packed  []byte      // a tile's pixels
	copies  copies
	still   []bool // per tile of the screen: it had stood still when much of it changed last
	wanted  []bool // per tile of the screen: it is to be kept
	hashes  []seen // per tile of the screen, of the image as it is now
	surface []seen // per tile of the screen, of the image shown, when it is known
	round   int    // hashes of other rounds do not hold
}

// slot is a place for a tile.
type slot struct {
	hash       xxh3.Uint128
	first      int // slot of the first tile that was kept together with this one
	cols, rows int // of those tiles
	full, used bool
}

// seen is what a tile shows.
type seen struct {
	hash  xxh3.Uint128
	solid bool // of one colour
	plain bool // it has so little in it that it is sent with a few bytes
	round int  // 0: not known
}

// resize readies the cache for a screen of n tiles.
func (c *cache) resize(n int) {
	*c = cache{seed: rand.Uint64(), changed: make([]time.Time, n), still: make([]bool, n), wanted: make([]bool, n), hashes: make([]seen, n), surface: make([]seen, n)}
	c.forget()
}

func (c *cache) forget() {
	c.slots, c.index, c.hand = nil, map[xxh3.Uint128]int{}, 0
	c.copies = copies{}
	clear(c.surface)
}

// look reads a tile.
func (c *cache) look(f *screen.Frame, r image.Rectangle) seen {
	const colour = 0x00ffffff_00ffffff
	le := binary.LittleEndian
	b := c.packed[:0]
	for y := r.Min.Y; y < r.Max.Y; y++ {
		b = append(b, f.Row(y, r.Min.X, r.Max.X)...)
	}
	first, other := uint64(le.Uint32(b)&0xffffff)*0x1_00000001, uint64(0)
	i := 0
	for ; i+8 <= len(b); i += 8 {
		v := le.Uint64(b[i:]) & colour
		le.PutUint64(b[i:], v)
		other |= v ^ first
	}
	for ; i < len(b); i += 4 {
		v := le.Uint32(b[i:]) & 0xffffff
		le.PutUint32(b[i:], v)
		other |= uint64(v ^ uint32(first))
	}
	plain := other == 0 || edges(b, r.Dx()) < minEdges
	b = append(b, byte(r.Dx()), byte(r.Dy())) // as many pixels may have another shape
	c.packed = b
	return seen{xxh3.Hash128Seed(b, c.seed), other == 0, plain, c.round}
}

// edges counts in every eighth row of w pixels how often a pixel differs from the one before it.
func edges(pix []byte, w int) (n int) {
	le := binary.LittleEndian
	for y := 3; (y+1)*w*4 <= len(pix); y += 8 {
		row := pix[y*w*4:][:w*4]
		for i := 4; i < len(row); i += 4 {
			if le.Uint32(row[i:]) != le.Uint32(row[i-4:]) {
				n++
			}
		}
	}
	return n
}

// alloc gives n slots in a row, and forgets what they held.
func (c *cache) alloc(n int) int {
	if c.slots == nil {
		c.slots = make([]slot, scratch)
	}
	if c.hand+n > len(c.slots) {
		c.hand = 0
	}
	first := c.hand
	for i := first; i < first+n; i++ {
		if !c.slots[i].used {
			continue
		}
		c.slots[i].used = false // passed over once
		if first = i + 1; first+n > len(c.slots) {
			first, i = 0, -1
		}
	}
	for i := first; i < first+n; i++ {
		if s := &c.slots[i]; s.full && c.index[s.hash] == i {
			delete(c.index, s.hash)
		}
	}
	c.hand = first + n
	return first
}

// keep tells the viewer to keep the tiles that are about to change and may come back: those that have stood still, have something in them and are not
// kept yet. It comes before all other changes.
func (d *Differ) keep(shown *screen.Frame, at time.Time) {
	c := &d.cache
	c.round++
	var box image.Rectangle
	n, least, many := 0, worth, d.area >= minMove
	if many {
		least = worthAmongMany
	}
	for _, i := range d.dirty {
		if d.count[i] < least {
			continue
		}
		still := at.Sub(c.changed[i]) >= stillFor
		c.changed[i], c.still[i] = at, still
		if !still || n == maxKept {
			continue
		}
		t := d.showed(shown, i)
		if _, known := c.index[t.hash]; known || t.solid || t.plain && !many {
			continue
		}
		n++
		c.wanted[i] = true
		p := image.Pt(i%d.cols, i/d.cols)
		box = box.Union(image.Rectangle{p, p.Add(image.Pt(1, 1))})
	}
	if n > 0 {
		d.keepIn(shown, box)
	}
	for _, i := range d.dirty {
		c.wanted[i] = false
	}
}

// showed reads a tile of the image shown, when it is not known.
func (d *Differ) showed(shown *screen.Frame, i int) seen {
	c := &d.cache
	if c.surface[i].round == 0 {
		c.surface[i] = c.look(shown, d.tile(i))
	}
	return c.surface[i]
}

// drawn notes that the image shown has changed in r.
func (d *Differ) drawn(r image.Rectangle) {
	tiles := over(r)
	for ty := tiles.Min.Y; ty < tiles.Max.Y; ty++ {
		clear(d.cache.surface[ty*d.cols+tiles.Min.X : ty*d.cols+tiles.Max.X])
	}
}

// keepIn keeps the wanted tiles of a rectangle of tiles: as one rectangle when they are half of it, for other tiles do no harm in it; else it is cut.
func (d *Differ) keepIn(shown *screen.Frame, in image.Rectangle) {
	var box image.Rectangle
	n := 0
	for ty := in.Min.Y; ty < in.Max.Y; ty++ {
		for tx := in.Min.X; tx < in.Max.X; tx++ {
			if d.cache.wanted[ty*d.cols+tx] {
				box = box.Union(image.Rect(tx, ty, tx+1, ty+1))
				n++
			}
		}
	}
	switch {
	case n == 0:
	case 2*n >= area(box) && area(box) <= maxKept:
		d.keepTiles(shown, box)
	case box.Dx() >= box.Dy():
		x := (box.Min.X + box.Max.X) / 2
		d.keepIn(shown, image.Rect(box.Min.X, box.Min.Y, x, box.Max.Y))
		d.keepIn(shown, image.Rect(x, box.Min.Y, box.Max.X, box.Max.Y))
	default:
		y := (box.Min.Y + box.Max.Y) / 2
		d.keepIn(shown, image.Rect(box.Min.X, box.Min.Y, box.Max.X, y))
		d.keepIn(shown, image.Rect(box.Min.X, y, box.Max.X, box.Max.Y))
	}
}

func (d *Differ) keepTiles(shown *screen.Frame, tiles image.Rectangle) {
	c := &d.cache
	first := c.alloc(area(tiles))
	at := first
	for ty := tiles.Min.Y; ty < tiles.Max.Y; ty++ {
		for i := ty*d.cols + tiles.Min.X; i < ty*d.cols+tiles.Max.X; i++ {
			h := d.showed(shown, i).hash
			c.slots[at] = slot{hash: h, first: first, cols: tiles.Dx(), rows: tiles.Dy(), full: true}
			c.index[h] = at
			if area(tiles) <= maxCopied {
				c.copies.put(i, at, h, shown, d.tile(i))
			}
			at++
		}
	}
	d.emit(shown, nil, screen.Change{Kind: screen.Keep, Rect: d.pixels(tiles), Slot: first})
}

// pixels is a rectangle of tiles in pixels.
func (g *grid) pixels(tiles image.Rectangle) image.Rectangle {
	return image.Rectangle{tiles.Min.Mul(tileSide), tiles.Max.Mul(tileSide)}.Intersect(g.bounds)
}
