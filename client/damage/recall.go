package damage

import (
	"image"

	"deskhand/screen"
)

// show reads a tile of the image as it is now, once in a Diff.
func (d *Differ) show(now *screen.Frame, i int) seen {
	c := &d.cache
	if c.hashes[i].round != c.round {
		c.hashes[i] = c.look(now, d.tile(i))
	}
	return c.hashes[i]
}

// known is the slot that has what tile i shows now.
func (d *Differ) known(now *screen.Frame, i int) (slot int, ok bool) {
	s := d.show(now, i)
	if s.solid {
		return 0, false // a fill is as cheap
	}
	slot, ok = d.cache.index[s.hash]
	return slot, ok
}

// familiar tells whether one of a sample of the tiles is kept.
func (d *Differ) familiar(now *screen.Frame) bool {
	if len(d.cache.index) == 0 {
		return false
	}
	for n := 0; n < len(d.dirty); n += 1 + len(d.dirty)/sampled {
		if i := d.dirty[n]; d.count[i] >= worth {
			if _, ok := d.known(now, i); ok {
				return true
			}
		}
	}
	return false
}

// recall draws tiles that the viewer keeps, when they show what is there now.
func (d *Differ) recall(shown, now *screen.Frame, familiar bool) {
	if len(d.cache.index) == 0 {
		return
	}
	asked := 0
	for _, i := range d.dirty { // recalling adds none: what it draws is right
		if d.count[i] < worth {
			continue
		}
		if !familiar {
			if asked++; asked > askedMost || !d.cache.still[i] {
				continue
			}
		}
		if slot, ok := d.known(now, i); ok {
			d.recallAround(shown, now, i, slot)
		}
	}
}

// recallAround draws what was kept together with the tile in this slot, as far as it is what is there now: whole rows as one rectangle, and of the others
// the runs of tiles that match.
func (d *Differ) recallAround(shown, now *screen.Frame, i, at int) {
	s := d.cache.slots[at]
	col, row := (at-s.first)%s.cols, (at-s.first)/s.cols
	origin := image.Pt(i%d.cols-col, i/d.cols-row)
	if d.matches(now, s, origin, row) {
		top, bottom := row, row+1
		for top > 0 && d.matches(now, s, origin, top-1) {
			top--
		}
		for bottom < s.rows && d.matches(now, s, origin, bottom) {
			bottom++
		}
		d.draw(shown, now, image.Rect(0, top, s.cols, bottom), s, origin)
		return
	}
	from, to := col, col+1
	for from > 0 && d.match(now, s, origin, from-1, row) {
		from--
	}
	for to < s.cols && d.match(now, s, origin, to, row) {
		to++
	}
	d.draw(shown, now, image.Rect(from, row, to, row+1), s, origin)
}

// match tells whether the tile that was kept at (col, row) of s's group stands there now, when the group's first tile is the tile at origin.
func (d *Differ) match(now *screen.Frame, s slot, origin image.Point, col, row int) bool {
	p := origin.Add(image.Pt(col, row))
	if !p.In(image.Rect(0, 0, d.cols, d.rows)) {
		return false
	}
	q := d.cache.slots[s.first+row*s.cols+col]
	return q.full && q.first == s.first && q.cols == s.cols && d.show(now, p.Y*d.cols+p.X).hash == q.hash
}

// matches is match for a whole row.
func (d *Differ) matches(now *screen.Frame, s slot, origin image.Point, row int) bool {
	for col := range s.cols {
		if !d.match(now, s, origin, col, row) {
			return false
		}
	}
	return true
}

// draw recalls a part of s's group: some of its rows, or a run of tiles in one of them.
func (d *Differ) draw(shown, now *screen.Frame, part image.Rectangle, s slot, origin image.Point) {
	right := func(row int) bool {
		for col := part.Min.X; col < part.Max.X; col++ {
			if p := origin.Add(image.Pt(col, row)); d.count[p.Y*d.cols+p.X] > 0 {
				return false
			}
		}
		return true
	}
	for right(part.Min.Y) {
		part.Min.Y++
	}
	for right(part.Max.Y - 1) {
		part.Max.Y--
	}
	first := s.first + part.Min.Y*s.cols + part.Min.X
	r := d.pixels(part.Add(origin))
	if d.room-area(r) < area(d.bounds) {
		return // the rest must be sent too
	}
	for i := range area(part) {
		d.cache.slots[first+i].used = true
	}
	d.emit(shown, now, screen.Change{Kind: screen.Recall, Rect: r, Slot: first})
	for p := part.Min; p.Y < part.Max.Y; p.Y++ {
		for p.X = part.Min.X; p.X < part.Max.X; p.X++ {
			at := p.Add(origin)
			d.cache.surface[at.Y*d.cols+at.X] = d.show(now, at.Y*d.cols+at.X)
		}
	}
	d.settle(r)
}
