package damage

import (
	"image"
	"math/bits"
	"slices"
	"time"

	"deskhand/screen"
)

const (
	maxMoves = 4    // copies in one update, at most
	minMove  = 4096 // pixels that must differ for a move to be looked for
	minGain  = 2048 // pixels that a move must make right, more than it spoils
	samples  = 48   // places where the ways of last time are tried
	maxIdle  = 4    // updates in a row in which a move may be looked for in vain
	unit     = 8    // what a pixel made right counts; one that the move neither makes right nor spoils costs 1
)

// search finds scrolled and dragged areas.
type search struct {
	ballot ballot
	moved  masks // what would differ still after the way at hand
	gains  []int // per tile of the area at hand
	line   []int
	last   []way // what was found last time: scrolling and dragging go on
	next   []way
	at     time.Time // of last time
	again  int       // moves that were made without measuring
	idle   int       // updates in which nothing moved
	tiles  []int
	words  []uint64
}

// findMoves applies the moves that make most right, the best first.
func (d *Differ) findMoves(shown, now *screen.Frame, at time.Time) {
	s := &d.moves
	before, last := d.area, s.last
	if len(s.next) > 0 { // one went on
		before, last = area(s.next[0].box), last[1:]
	}
	if d.area >= minMove {
		if s.moved == nil {
			s.moved = make(masks, len(d.differs))
		}
		for _, w := range last {
			if d.likely(shown, now, w.by) {
				d.try(shown, now, w)
			}
		}
	}
	if d.area >= minMove && d.area > before/3 {
		// Where nothing has moved for some updates, as in a film, it is rarely asked.
		if s.idle++; s.idle <= maxIdle || s.idle%maxIdle == 0 {
			d.vote(shown, now)
		}
	}
	if len(s.next) > 0 {
		s.idle = 0
	}
	s.last, s.next = s.next, s.last
	s.at = at
}

// vote applies the moves that the ballot finds.
func (d *Differ) vote(shown, now *screen.Frame) {
	s := &d.moves
	s.tiles = s.tiles[:0]
	for _, i := range d.dirty {
		if d.count[i] > 0 {
			s.tiles = append(s.tiles, i)
		}
	}
	s.ballot.ask(&d.grid, s.tiles, shown, now)
	for n, w := range s.ballot.found {
		w.box = w.box.Intersect(d.bounds)
		if !d.try(shown, now, w) {
			continue
		}
		// What lay in the area has moved with it: a window that is dragged over a text that scrolls.
		moved := s.next[len(s.next)-1]
		for i := n + 1; i < len(s.ballot.found); i++ {
			f := &s.ballot.found[i]
			if f.box.Add(f.by).In(moved.box.Add(moved.by)) {
				f.by = f.by.Sub(moved.by)
			}
		}
	}
}

// likely tells whether a sample of what differs came this way.
func (d *Differ) likely(shown, now *screen.Frame, by image.Point) bool {
	asked, yes := 0, 0
	for n := 0; n < len(d.dirty); n += 1 + len(d.dirty)/samples {
		i := d.dirty[n]
		t, m := d.tile(i), d.differs.of(i)
		for j := range tileSide {
			y := (j + n*5) % tileSide
			if m[y] == 0 {
				continue
			}
			x := bits.TrailingZeros64(m[y])
			r := image.Rect(t.Min.X+x, t.Min.Y+y, t.Max.X, t.Min.Y+y+1)
			if r.Add(by).In(d.bounds) {
				asked++
				if maskPixels(now.Row(r.Min.Y, r.Min.X, r.Max.X), shown.Row(r.Min.Y+by.Y, r.Min.X+by.X, r.Max.X+by.X)) == 0 {
					yes++
				}
			}
			break
		}
	}
	return yes*3 >= asked && yes >= minVotes
}

// try applies the move of w that makes most right, when one is worth it.
func (d *Differ) try(shown, now *screen.Frame, w way) bool {
	if len(d.moves.next) == maxMoves || d.area < minMove {
		return false
	}
	r := d.extent(shown, now, w)
	if r.Empty() || d.room-area(r) < 2*area(d.bounds) { // recalls and the rest need some too
		return false
	}
	c := screen.Change{Kind: screen.Copy, Rect: r, Src: r.Min.Add(w.by)}
	d.emit(shown, now, c)
	d.takeOver(r)
	d.text.places.moved(r, w.by)
	d.moves.next = append(d.moves.next, way{by: w.by, box: r})
	return true
}

// extent finds the rectangle for which w makes most pixels right that are wrong, less those that it spoils.
func (d *Differ) extent(shown, now *screen.Frame, w way) image.Rectangle {
	s := &d.moves
	tiles := d.around(w.box)
	px := image.Rectangle{tiles.Min.Mul(tileSide), tiles.Max.Mul(tileSide)}.Intersect(d.bounds)
	able := px.Intersect(d.bounds.Sub(w.by)) // where there is something to come
	if able.Empty() {
		return image.Rectangle{}
	}
	for ty := tiles.Min.Y; ty < tiles.Max.Y; ty++ {
		for i := ty*d.cols + tiles.Min.X; i < ty*d.cols+tiles.Max.X; i++ {
			if t := d.tile(i); !t.In(able) {
				m := s.moved.of(i)
				*m = mask{}
				for y := range t.Dy() {
					m[y] = columns(0, t.Dx())
				}
			}
		}
	}
	d.compare(s.moved, now, shown, able, w.by)

	s.gains = s.gains[:0]
	for ty := tiles.Min.Y; ty < tiles.Max.Y; ty++ {
		for i := ty*d.cols + tiles.Min.X; i < ty*d.cols+tiles.Max.X; i++ {
			s.gains = append(s.gains, gain(d.differs.of(i)[:], s.moved.of(i)[:], ^uint64(0)))
		}
	}
	best, sum := s.bestTiles(tiles.Dx(), tiles.Dy())
	if sum < minGain*unit {
		return image.Rectangle{}
	}
	return d.refine(best.Add(tiles.Min), tiles).Intersect(able)
}

// around is the rectangle of tiles with box, what is dirty and touches it, and one tile more on every side.
func (d *Differ) around(box image.Rectangle) image.Rectangle {
	all := image.Rect(0, 0, d.cols, d.rows)
	dirty := func(r image.Rectangle) bool {
		r = r.Intersect(all)
		for ty := r.Min.Y; ty < r.Max.Y; ty++ {
			for i := ty*d.cols + r.Min.X; i < ty*d.cols+r.Max.X; i++ {
				if d.count[i] > 0 {
					return true
				}
			}
		}
		return false
	}
	t := over(box)
	for {
		switch {
		case dirty(image.Rect(t.Min.X-1, t.Min.Y, t.Min.X, t.Max.Y)):
			t.Min.X--
		case dirty(image.Rect(t.Max.X, t.Min.Y, t.Max.X+1, t.Max.Y)):
			t.Max.X++
		case dirty(image.Rect(t.Min.X, t.Min.Y-1, t.Max.X, t.Min.Y)):
			t.Min.Y--
		case dirty(image.Rect(t.Min.X, t.Max.Y, t.Max.X, t.Max.Y+1)):
			t.Max.Y++
		default:
			return t.Inset(-1).Intersect(all)
		}
	}
}

// gain is what a move does for the pixels of in: was tells what differs before it, will what differs after it.
func gain(was, will []uint64, in uint64) int {
	right, spoilt, still := 0, 0, 0
	for y, a := range was {
		b := will[y]
		if (a|b)&in == 0 {
			continue
		}
		right += bits.OnesCount64(a &^ b & in)
		spoilt += bits.OnesCount64(b &^ a & in)
		still += bits.OnesCount64(a & b & in)
	}
	return (right-spoilt)*unit - still
}

// bestTiles finds the rectangle of tiles with the largest gain: for each pair of first and last row, the best run of columns (Kadane's algorithm).
func (s *search) bestTiles(cols, rows int) (best image.Rectangle, most int) {
	s.line = zeros(s.line, cols)
	for top := range rows {
		clear(s.line)
		for bottom := top; bottom < rows; bottom++ {
			for x := range s.line {
				s.line[x] += s.gains[bottom*cols+x]
			}
			if a, b, sum := bestRun(s.line); sum > most {
				best, most = image.Rect(a, top, b, bottom+1), sum
			}
		}
	}
	return best, most
}

// bestRun finds the run with the largest sum.
func bestRun(score []int) (a, b, sum int) {
	begin, running := 0, 0
	for i, v := range score {
		if running <= 0 {
			begin, running = i, 0
		}
		running += v
		if running > sum {
			a, b, sum = begin, i+1, running
		}
	}
	return a, b, sum
}

// refine finds the sides of the move to the pixel: each lies in the outermost tiles of best, or in those beside them. The result is in pixels.
func (d *Differ) refine(best, tiles image.Rectangle) image.Rectangle {
	r := image.Rectangle{best.Min.Mul(tileSide), best.Max.Mul(tileSide)}
	r.Min.X = d.bestColumn(max(best.Min.X-1, tiles.Min.X), min(best.Min.X+1, best.Max.X), best, true)
	r.Max.X = d.bestColumn(max(best.Max.X-1, best.Min.X), min(best.Max.X+1, tiles.Max.X), best, false)
	r.Min.Y = d.bestRow(max(best.Min.Y-1, tiles.Min.Y), min(best.Min.Y+1, best.Max.Y), r, true)
	r.Max.Y = d.bestRow(max(best.Max.Y-1, best.Min.Y), min(best.Max.Y+1, tiles.Max.Y), r, false)
	return r
}

// bestColumn is the side, in the columns of tiles from lo to before hi, at which an area should begin (first) or end so that it gains most.
func (d *Differ) bestColumn(lo, hi int, tiles image.Rectangle, first bool) int {
	s := &d.moves
	s.line = zeros(s.line, (hi-lo)*tileSide)
	for tx := lo; tx < hi; tx++ {
		line := s.line[(tx-lo)*tileSide:][:tileSide]
		for ty := tiles.Min.Y; ty < tiles.Max.Y; ty++ {
			was, will := d.differs.of(ty*d.cols+tx), s.moved.of(ty*d.cols+tx)
			for y := 0; y < tileSide; y += 2 { // half of them tell it well enough
				for m := was[y] &^ will[y]; m != 0; m &= m - 1 {
					line[bits.TrailingZeros64(m)]++
				}
				for m := will[y] &^ was[y]; m != 0; m &= m - 1 {
					line[bits.TrailingZeros64(m)]--
				}
			}
		}
	}
	return lo*tileSide + bestEnd(s.line, first)
}

// bestRow is bestColumn for rows, of the columns of r.
func (d *Differ) bestRow(lo, hi int, r image.Rectangle, first bool) int {
	s := &d.moves
	s.line = s.line[:0]
	for y := lo * tileSide; y < hi*tileSide; y++ {
		sum := 0
		for tx := r.Min.X >> tileShift; tx<<tileShift < r.Max.X; tx++ {
			i, row := y>>tileShift*d.cols+tx, y&(tileSide-1)
			in := columns(max(r.Min.X-tx*tileSide, 0), min(r.Max.X-tx*tileSide, tileSide))
			sum += gain(d.differs.of(i)[row:row+1], s.moved.of(i)[row:row+1], in)
		}
		s.line = append(s.line, sum)
	}
	return lo*tileSide + bestEnd(s.line, first)
}

// bestEnd is the index at which an area should begin (first), or end, so that the sum of the entries in it is largest. Of equal ones it takes
// the smallest area.
func bestEnd(line []int, first bool) int {
	best, at, sum := 0, 0, 0
	if first {
		at = len(line)
		for i := len(line) - 1; i >= 0; i-- {
			if sum += line[i]; sum > best {
				best, at = sum, i
			}
		}
		return at
	}
	for i, v := range line {
		if sum += v; sum > best {
			best, at = sum, i+1
		}
	}
	return at
}

// takeOver makes the masks of r what they are after the move.
func (d *Differ) takeOver(r image.Rectangle) {
	tiles := over(r)
	for ty := tiles.Min.Y; ty < tiles.Max.Y; ty++ {
		for tx := tiles.Min.X; tx < tiles.Max.X; tx++ {
			i := ty*d.cols + tx
			in := r.Intersect(d.tile(i)).Sub(d.tile(i).Min)
			m, moved, c := d.differs.of(i), d.moves.moved.of(i), columns(in.Min.X, in.Max.X)
			for y := in.Min.Y; y < in.Max.Y; y++ {
				m[y] = m[y]&^c | moved[y]&c
			}
		}
	}
	d.recount(tiles)
}

// zeros is s with n elements that are 0.
func zeros[T int | uint64](s []T, n int) []T {
	s = slices.Grow(s[:0], n)[:n]
	clear(s)
	return s
}
