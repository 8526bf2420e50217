package damage

import (
	"encoding/binary"
	"image"

	"deskhand/screen"
)

// smallFill is the area up to which a box of one colour beside mixed ones is sent with them: a rectangle of its own costs more.
const smallFill = 1024

// part is a rectangle to be sent.
type part struct {
	rect  image.Rectangle
	solid bool   // of one colour
	pixel uint32 // when solid: its four bytes
	tiles [2]int // the tile columns it spans, from and to before
}

// collect joins the boxes of the dirty tiles into d.parts: along each row of tiles first, then with the row above.
func (d *Differ) collect(now *screen.Frame) {
	d.parts, d.above = d.parts[:0], d.above[:0]
	if len(d.dirty) == 0 {
		return
	}
	for ty := range d.rows {
		d.row = d.row[:0]
		for tx := range d.cols {
			if box := d.boxes[ty*d.cols+tx]; !box.Empty() {
				d.addToRow(makePart(now, box, tx))
			}
		}
		d.endRow()
	}
}

// addToRow adds p to the parts of the row of tiles: to its left neighbour when they go together.
func (d *Differ) addToRow(p part) {
	if last := len(d.row) - 1; last >= 0 && d.row[last].tiles[1] == p.tiles[0] {
		if joined, ok := join(d.row[last], p); ok {
			d.row[last] = joined
			return
		}
	}
	d.row = append(d.row, p)
}

// endRow adds each part of the row of tiles to the part above it when they go together, else to d.parts as a new one.
func (d *Differ) endRow() {
	next := d.below[:0]
	for _, p := range d.row {
		at := len(d.parts)
		for _, i := range d.above {
			if d.parts[i].tiles != p.tiles {
				continue
			}
			if joined, ok := join(d.parts[i], p); ok {
				p, at = joined, i
			}
			break
		}
		if at == len(d.parts) {
			d.parts = append(d.parts, p)
		} else {
			d.parts[at] = p
		}
		next = append(next, at)
	}
	d.above, d.below = next, d.above
}

func makePart(now *screen.Frame, box image.Rectangle, tx int) part {
	p := part{rect: box, tiles: [2]int{tx, tx + 1}}
	first := now.Row(box.Min.Y, box.Min.X, box.Max.X)
	if string(first[4:]) != string(first[:len(first)-4]) {
		return p
	}
	for y := box.Min.Y + 1; y < box.Max.Y; y++ {
		if string(now.Row(y, box.Min.X, box.Max.X)) != string(first) {
			return p
		}
	}
	p.solid, p.pixel = true, binary.LittleEndian.Uint32(first)
	return p
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
