package damage

import (
	"image"
	"math/bits"
	"slices"
	"time"

	"deskhand/screen"
)

const (
	maxAgain   = 32 // moves that follow one that was measured, at most, until one is measured again
	sampleSide = 8  // the area is sampled at so many places across and down
	maxStretch = 64 // rows by which the area of a move that goes on may grow on a side
	maxShrink  = 64 // and shrink
)

// goOn makes the first move of last time once more, when it was up or down and a sample says that its area scrolls on, by as much or by another distance.
// That costs one reading of the area: what differs after the move is seen on the way, and what differed before it does not matter.
func (d *Differ) goOn(shown, now *screen.Frame, at time.Time) {
	s := &d.moves
	s.next = s.next[:0]
	if len(s.last) == 0 || s.last[0].by.X != 0 || at.Sub(s.at) >= stillFor || s.again == maxAgain {
		s.again = 0
		return
	}
	last := s.last[0]
	view := last.box.Union(last.box.Add(last.by))
	if d.look.Area() < area(view)/2 {
		return
	}
	by, ok := last.by, d.goesOn(shown, now, view, last.by)
	if !ok {
		s.ballot.ask(&d.grid, d.inside(view), shown, now)
		if len(s.ballot.found) == 0 {
			return
		}
		if by = s.ballot.found[0].by; by.X != 0 || !d.goesOn(shown, now, view, by) {
			return
		}
	}
	r := d.stretch(shown, now, view.Intersect(view.Sub(by)), by)
	if d.room-area(r) < 2*area(d.bounds) {
		return
	}
	d.moveAndCompare(shown, now, r, by)
	d.changes = append(d.changes, screen.Change{Kind: screen.Copy, Rect: r, Src: r.Min.Add(by)})
	d.room -= area(r)
	d.drawn(r)
	d.text.places.moved(r, by)
	s.next = append(s.next, way{by: by, box: r})
	s.again++
	d.look.Subtract(r)
	tiles := over(r)
	d.recount(tiles)
	for ty := tiles.Min.Y; ty < tiles.Max.Y; ty++ {
		for tx := tiles.Min.X; tx < tiles.Max.X; tx++ {
			d.cache.changed[ty*d.cols+tx], d.cache.still[ty*d.cols+tx] = at, false
		}
	}
}

// inside lists the tiles that lie in r.
func (d *Differ) inside(r image.Rectangle) []int {
	s := &d.moves
	s.tiles = s.tiles[:0]
	for ty := r.Min.Y >> tileShift; ty <= (r.Max.Y-1)>>tileShift; ty++ {
		for tx := r.Min.X >> tileShift; tx <= (r.Max.X-1)>>tileShift; tx++ {
			s.tiles = append(s.tiles, ty*d.cols+tx)
		}
	}
	return s.tiles
}

// goesOn tells, by a sample, whether most of what differs in view has come this way, and little is spoilt by it.
func (d *Differ) goesOn(shown, now *screen.Frame, view image.Rectangle, by image.Point) bool {
	r := view.Intersect(view.Sub(by))
	if r.Dx() < tileSide || r.Dy() < tileSide {
		return false
	}
	came, stayed, spoilt := 0, 0, 0
	for j := range sampleSide * sampleSide {
		// Not the same distance from each other: lines of text have one.
		x := r.Min.X + (j*37%64)*(r.Dx()-tileSide)/63
		y := r.Min.Y + (j*(r.Dy()-1)+(j*29%64)*8)/(64+8)
		is := now.Row(y, x, x+tileSide)
		differed := maskPixels(is, shown.Row(y, x, x+tileSide)) != 0
		differs := maskPixels(is, shown.Row(y+by.Y, x+by.X, x+by.X+tileSide)) != 0
		switch {
		case differed && !differs:
			came++
		case differed:
			stayed++
		case differs:
			spoilt++
		}
	}
	return came >= minVotes && came >= 3*stayed && came >= 4*spoilt
}

// stretch moves the upper and the lower side of r to where the move makes most right.
func (d *Differ) stretch(shown, now *screen.Frame, r image.Rectangle, by image.Point) image.Rectangle {
	able := d.bounds.Intersect(d.bounds.Sub(by))
	top := image.Rect(r.Min.X, max(able.Min.Y, r.Min.Y-maxStretch), r.Max.X, min(r.Min.Y+maxShrink, r.Max.Y))
	r.Min.Y = top.Min.Y + bestEnd(d.rowGains(shown, now, top, by), true)
	bottom := image.Rect(r.Min.X, max(r.Max.Y-maxShrink, r.Min.Y), r.Max.X, min(able.Max.Y, r.Max.Y+maxStretch))
	r.Max.Y = bottom.Min.Y + bestEnd(d.rowGains(shown, now, bottom, by), false)
	return r
}

// rowGains is what a move gains in each row of r, in pixels.
func (d *Differ) rowGains(shown, now *screen.Frame, r image.Rectangle, by image.Point) []int {
	s := &d.moves
	s.line = s.line[:0]
	for y := r.Min.Y; y < r.Max.Y; y++ {
		is := now.Row(y, r.Min.X, r.Max.X)
		was := s.differing(is, shown.Row(y, r.Min.X, r.Max.X))
		will := s.differing(is, shown.Row(y+by.Y, r.Min.X+by.X, r.Max.X+by.X))
		s.line = append(s.line, was-will)
	}
	return s.line
}

// differing is how many pixels of two rows differ.
func (s *search) differing(a, b []byte) (n int) {
	tiles := len(a) / tileBytes
	s.words = slices.Grow(s.words[:0], tiles*tileSide)[:tiles*tileSide]
	maskRow(s.words, a[:tiles*tileBytes], b)
	for i := 0; i < len(s.words); i += tileSide {
		n += bits.OnesCount64(s.words[i])
	}
	return n + bits.OnesCount64(maskPixels(a[tiles*tileBytes:], b[tiles*tileBytes:]))
}

// moveAndCompare moves what came to r, and sets the masks of r to what differs then.
func (d *Differ) moveAndCompare(shown, now *screen.Frame, r image.Rectangle, by image.Point) {
	for i := range r.Dy() {
		y := r.Min.Y + i
		if by.Y < 0 {
			y = r.Max.Y - 1 - i // downwards: the last row first, so that none is overwritten before it was read
		}
		d.compare(d.differs, now, shown, image.Rect(r.Min.X, y, r.Max.X, y+1), by)
		copy(shown.Row(y, r.Min.X, r.Max.X), shown.Row(y+by.Y, r.Min.X+by.X, r.Max.X+by.X))
	}
}

// sameColours tells whether two rows of pixels show the same.
func sameColours(a, b []byte) bool {
	if string(a) == string(b) {
		return true
	}
	for len(a) > 0 {
		n := min(len(a), tileBytes)
		if maskPixels(a[:n], b[:n]) != 0 {
			return false
		}
		a, b = a[n:], b[n:]
	}
	return true
}
