package damage

import (
	"cmp"
	"encoding/binary"
	"image"
	"slices"

	"deskhand/screen"
)

const (
	smallFill = 1024 // pixels up to which a box of one colour beside mixed ones is sent with them: a rectangle of its own costs more
	smallPart = 4096 // pixels up to which a part goes before larger ones: typing, a text cursor
	minSlice  = 1024 // pixels that are sent even when the budget has less
	minRows   = 16   // of a part that is cut
	fewTiles  = 16   // dirty ones, at most, in which areas of one colour are looked for: what is said with few bytes
)

// part is a rectangle to be sent.
type part struct {
	rect  image.Rectangle
	solid bool   // of one colour
	pixel uint32 // when solid: its four bytes
	tiles [2]int // the tile columns it spans, from and to before
}

// partition joins the boxes of what differs in each tile into parts: along each row of tiles first, then with the row above.
type partition struct {
	parts, row   []part // row: of the row of tiles at hand
	above, below []int  // which of parts are those of the row above
	begin        int    // how many of parts are no boxes of tiles
	joined       bool   // boxes are joined
}

// send brings what differs still.
func (d *Differ) send(shown, now *screen.Frame, budget int) {
	if d.area == 0 {
		return
	}
	parts := d.divide(now)
	need := 0
	for _, p := range parts {
		need += p.cost()
	}
	limited := budget > 0 && budget < need
	if limited {
		slices.SortStableFunc(parts, func(a, b part) int { return d.order(a, b) })
	}
	rest := 0 // pixels of the parts that are not sent yet
	for _, p := range parts {
		rest += area(p.rect)
	}
	budget = max(budget, minSlice)
	for _, p := range parts {
		for r := p.rect; !r.Empty(); {
			slice := r
			if limited && !p.solid {
				if budget <= 0 {
					d.left.Add(r)
					break
				}
				slice = cut(r, budget, p.class() == large)
			}
			// Of a band that is cut across, the right part waits.
			d.left.Add(image.Rect(slice.Max.X, slice.Min.Y, r.Max.X, slice.Max.Y))
			rest -= slice.Dy() * r.Dx()
			r.Min.Y = slice.Max.Y
			budget -= d.bring(shown, now, slice, p.solid, rest)
		}
	}
}

// cut is what of r is sent, so that it is about a budget's pixels: some of the rows, and when even few of these are too many only their left part.
func cut(r image.Rectangle, budget int, large bool) image.Rectangle {
	if !large {
		return r
	}
	r.Max.Y = min(r.Max.Y, r.Min.Y+max(budget/r.Dx(), minRows))
	if area(r) > 2*budget {
		r.Max.X = min(r.Max.X, r.Min.X+max(budget/r.Dy(), tileSide))
	}
	return r
}

// bring sends one rectangle, when rest pixels are to follow, and returns how many pixels that took.
func (d *Differ) bring(shown, now *screen.Frame, r image.Rectangle, solid bool, rest int) (sent int) {
	level := -1
	if !solid {
		level = min(nested, (d.room-rest)/area(r)-2)
	}
	at := len(d.changes)
	d.write(shown, now, r, level)
	for _, c := range d.changes[at:] {
		if c.Kind == screen.Pixels {
			sent += area(c.Rect)
		}
	}
	return sent
}

// divide makes the parts: those of one colour that lie in few dirty tiles first, then the boxes of what is left of the tiles, joined.
func (d *Differ) divide(now *screen.Frame) []part {
	p := &d.parts
	p.parts, p.above, p.begin = p.parts[:0], p.above[:0], 0
	if len(d.dirty) <= fewTiles && d.room >= 3*area(d.bounds) {
		for _, i := range d.dirty {
			m := d.differs.of(i)
			if box := m.box(); box.Empty() || makePart(now, box.Add(d.tile(i).Min), 0).solid {
				continue // it may be joined with its neighbours
			}
			p.parts = solids(p.parts, now, m, d.tile(i))
			d.count[i] = d.differs.of(i).count()
		}
		// As a text is read: neighbours have most of their bytes in common.
		slices.SortFunc(p.parts, func(a, b part) int {
			return cmp.Or(cmp.Compare(a.rect.Min.Y, b.rect.Min.Y), cmp.Compare(a.rect.Min.X, b.rect.Min.X))
		})
		p.begin = len(p.parts)
	}
	p.joinAll(d, now, true)
	sum := 0
	for _, q := range p.parts {
		sum += area(q.rect)
	}
	if sum > d.room {
		p.joinAll(d, now, false)
	}
	return p.parts
}

// joinAll makes parts of the boxes of all tiles; joined only when they are to be.
func (p *partition) joinAll(d *Differ, now *screen.Frame, joined bool) {
	p.parts, p.above, p.joined = p.parts[:p.begin], p.above[:0], joined
	for ty := range d.rows {
		p.row = p.row[:0]
		for tx := range d.cols {
			i := ty*d.cols + tx
			if d.count[i] > 0 {
				p.addToRow(makePart(now, d.differs.of(i).box().Add(d.tile(i).Min), tx))
			}
		}
		p.endRow()
	}
}

// order is that in which parts are sent when a budget does not reach for all: what is of one colour, then what is small, nearest to the focus first, then the
// large ones from the top down.
func (d *Differ) order(a, b part) int {
	if c := cmp.Compare(a.class(), b.class()); c != 0 || a.class() != small {
		return c
	}
	return cmp.Compare(distance(a.rect, d.focus), distance(b.rect, d.focus))
}

// cost is how many of the budget's pixels the part takes.
func (p part) cost() int {
	if p.solid {
		return 0
	}
	return area(p.rect)
}

// Classes of parts, in the order in which they are sent when a budget is short.
const (
	free  = iota // a fill
	small        // sent whole
	large        // may be cut
)

func (p part) class() int {
	switch n := p.cost(); {
	case n == 0:
		return free
	case n <= smallPart:
		return small
	}
	return large
}

// distance is how far p is from r, by the longer axis.
func distance(r image.Rectangle, p image.Point) int {
	return max(r.Min.X-p.X, p.X-r.Max.X, r.Min.Y-p.Y, p.Y-r.Max.Y, 0)
}

// addToRow adds q to the parts of the row of tiles: to its left neighbour when they go together.
func (p *partition) addToRow(q part) {
	if last := len(p.row) - 1; last >= 0 && p.joined && p.row[last].tiles[1] == q.tiles[0] {
		if joined, ok := join(p.row[last], q); ok {
			p.row[last] = joined
			return
		}
	}
	p.row = append(p.row, q)
}

// endRow adds each part of the row of tiles to the part above it when they go together, else to the parts as a new one.
func (p *partition) endRow() {
	next := p.below[:0]
	for _, q := range p.row {
		at := len(p.parts)
		for _, i := range p.above {
			if !p.joined || p.parts[i].tiles != q.tiles {
				continue
			}
			if joined, ok := join(p.parts[i], q); ok {
				q, at = joined, i
			}
			break
		}
		if at == len(p.parts) {
			p.parts = append(p.parts, q)
		} else {
			p.parts[at] = q
		}
		next = append(next, at)
	}
	p.above, p.below = next, p.above
}

func makePart(now *screen.Frame, box image.Rectangle, tx int) part {
	p := part{rect: box, tiles: [2]int{tx, tx + 1}}
	p.pixel, p.solid = solid(now, box)
	return p
}

// solid tells whether r has one colour, and which, without the fourth byte.
func solid(f *screen.Frame, r image.Rectangle) (pixel uint32, ok bool) {
	const colour = 0xffffff
	le := binary.LittleEndian
	first := f.Row(r.Min.Y, r.Min.X, r.Max.X)
	pixel = le.Uint32(first) & colour
	for i := 4; i < len(first); i += 4 {
		if le.Uint32(first[i:])&colour != pixel {
			return pixel, false
		}
	}
	for y := r.Min.Y + 1; y < r.Max.Y; y++ {
		row := f.Row(y, r.Min.X, r.Max.X)
		if string(row) == string(first) {
			continue
		}
		for i := 0; i < len(row); i += 4 {
			if le.Uint32(row[i:])&colour != pixel {
				return pixel, false
			}
		}
	}
	return pixel, true
}

// join makes one part of two neighbours, when that is cheaper than two.
func join(a, b part) (part, bool) {
	u := a.rect.Union(b.rect)
	have, both := area(a.rect)+area(b.rect), area(u)
	out := part{rect: u, tiles: [2]int{min(a.tiles[0], b.tiles[0]), max(a.tiles[1], b.tiles[1])}}
	switch {
	case a.solid && b.solid:
		out.solid, out.pixel = true, a.pixel
		return out, a.pixel == b.pixel && both == have // exactly: a fill covers all of it
	case a.solid && area(a.rect) > smallFill, b.solid && area(b.rect) > smallFill:
		return out, false
	}
	return out, both <= have+have/4+tileSide
}

func area(r image.Rectangle) int { return r.Dx() * r.Dy() }
