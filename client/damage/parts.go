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
}

// send brings what differs still as fills and pixels.
func (d *Differ) send(shown, now *screen.Frame, budget int) {
	p := &d.parts
	p.parts, p.above = p.parts[:0], p.above[:0]
	if d.area == 0 {
		return
	}
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
	if budget > 0 {
		d.spend(budget)
	}
	for _, p := range p.parts {
		c := screen.Change{Kind: screen.Pixels, Rect: p.rect}
		if p.solid {
			c.Kind, c.Color = screen.Fill, now.At(p.rect.Min.X, p.rect.Min.Y)
		}
		d.changes = append(d.changes, c)
		shown.CopyRect(now, p.rect)
	}
}

// spend leaves of the parts what the budget has pixels for: the small ones first, those near the focus before others, then the large ones from the top down,
// the last of which may be cut. What is of one colour is free.
func (d *Differ) spend(budget int) {
	parts := d.parts.parts
	need := 0
	for _, p := range parts {
		need += p.cost()
	}
	if need <= budget {
		return
	}
	slices.SortStableFunc(parts, func(a, b part) int {
		if c := cmp.Compare(a.class(), b.class()); c != 0 || a.class() != 1 {
			return c
		}
		return cmp.Compare(distance(a.rect, d.focus), distance(b.rect, d.focus))
	})
	kept := parts[:0]
	for _, p := range parts {
		n := p.cost()
		if n > budget {
			rows := max(budget, minSlice-(need-n), 0) / p.rect.Dx() // at least something goes
			if len(kept) == 0 {
				rows = max(rows, minSlice/p.rect.Dx(), 1)
			}
			cut := min(p.rect.Min.Y+rows, p.rect.Max.Y)
			d.left.Add(image.Rectangle{image.Pt(p.rect.Min.X, cut), p.rect.Max})
			p.rect.Max.Y = cut
			budget, n = 0, 0
		}
		if budget -= n; !p.rect.Empty() {
			kept = append(kept, p)
		}
	}
	d.parts.parts = kept
}

// cost is how many of the budget's pixels the part takes.
func (p part) cost() int {
	if p.solid {
		return 0
	}
	return area(p.rect)
}

// class orders parts: fills, small ones, large ones.
func (p part) class() int {
	switch n := p.cost(); {
	case n == 0:
		return 0
	case n <= smallPart:
		return 1
	}
	return 2
}

// distance is how far p is from r, by the longer axis.
func distance(r image.Rectangle, p image.Point) int {
	return max(r.Min.X-p.X, p.X-r.Max.X, r.Min.Y-p.Y, p.Y-r.Max.Y, 0)
}

// addToRow adds q to the parts of the row of tiles: to its left neighbour when they go together.
func (p *partition) addToRow(q part) {
	if last := len(p.row) - 1; last >= 0 && p.row[last].tiles[1] == q.tiles[0] {
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
			if p.parts[i].tiles != q.tiles {
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
