// Package damage finds what differs between the image that a viewer has and the one on the screen, and says it in as few
// and as cheap changes as it can: areas that moved, areas of one colour, and pixels for the rest.
//
// The screen is looked at in tiles of 64×64 pixels. A tile that differs is trimmed to the box of its differences; boxes
// of neighbours join into larger rectangles. Before that, scrolled areas are found by hashes of rows and columns (moves.go).
package damage

import (
	"image"
	"time"

	"deskhand/screen"
)

const (
	tileShift = 6
	tileSide  = 1 << tileShift // pixels
)

// Differ holds the memory that comparing needs, so that a viewer's next comparison allocates nothing. The zero value is
// ready. It is not safe for concurrent use.
type Differ struct {
	cols, rows int
	boxes      []image.Rectangle // per tile: what differs in it, empty when nothing
	dirty      []int             // the tiles whose box is not empty
	area       int               // pixels in all boxes

	look    screen.Region // where to compare
	left    screen.Region // where the budget did not reach
	focus   image.Point
	changes []screen.Change
	move    moveSearch

	// of collect: what is to be sent, the parts of the row of tiles at hand, and which of parts are those of the row above
	parts, row   []part
	above, below []int
}

// Diff brings shown, which is the surface that the viewer has, to the state of now, within region, and returns the changes that did it, in
// order; they belong to the Differ and hold until its next Diff. shown and now have the same size. Outside of region they are taken to be
// equal; where they are not, shown may or may not be brought up to date.
//
// at is the time of now. budget is about how many pixels may be sent in this update, 0: any number; where it does not reach, shown stays as it was
// and Left tells it.
func (d *Differ) Diff(shown, now *screen.Frame, region *screen.Region, at time.Time, budget int) []screen.Change {
	d.changes = d.changes[:0]
	d.left.Clear()
	d.begin(now)
	d.look.Set(region)
	d.look.Clip(now.Bounds())
	d.scan(shown, now)
	for range maxMoves {
		c, ok := d.findMove(shown, now)
		if !ok {
			break
		}
		d.changes = append(d.changes, c)
		shown.Apply(c, now)
		d.look.Add(c.Rect) // the move may have spoilt what was right
		d.scan(shown, now)
	}
	d.collect(now)
	for _, p := range d.parts {
		c := screen.Change{Kind: screen.Pixels, Rect: p.rect}
		if p.solid {
			c.Kind, c.Color = screen.Fill, now.At(p.rect.Min.X, p.rect.Min.Y)
		}
		d.changes = append(d.changes, c)
		shown.CopyRect(now, p.rect) // a fill too: the fourth byte is compared as well
	}
	return d.changes
}

// Left is where the last Diff's budget did not reach: the next one's region must have it again. It belongs to the Differ and holds until
// its next Diff.
func (d *Differ) Left() *screen.Region { return &d.left }

// Restart forgets what the viewer keeps: it is about to begin anew.
func (d *Differ) Restart() {}

// Focus says where the user is at work, such as where the pointer is: what changed there comes first when a budget is short.
func (d *Differ) Focus(p image.Point) { d.focus = p }

// begin readies the tiles for frames of now's size.
func (d *Differ) begin(now *screen.Frame) {
	cols, rows := (now.W+tileSide-1)>>tileShift, (now.H+tileSide-1)>>tileShift
	if cols != d.cols || rows != d.rows {
		d.cols, d.rows = cols, rows
		d.boxes = make([]image.Rectangle, cols*rows)
		d.dirty = d.dirty[:0]
	}
}

// scan finds the box of differences of every tile in d.look.
func (d *Differ) scan(shown, now *screen.Frame) {
	for _, i := range d.dirty {
		d.boxes[i] = image.Rectangle{}
	}
	d.dirty = d.dirty[:0]
	for _, r := range d.look.Rects() {
		for y := r.Min.Y; y < r.Max.Y; y++ {
			a, b := shown.Row(y, r.Min.X, r.Max.X), now.Row(y, r.Min.X, r.Max.X)
			if string(a) != string(b) { // the whole row at once: most are equal
				d.scanRow(a, b, r.Min.X, y)
			}
		}
	}
	d.area = 0
	for _, i := range d.dirty {
		d.area += d.boxes[i].Dx() * d.boxes[i].Dy()
	}
}

// scanRow adds the differences of one row, which begins at pixel x of row y, to the boxes of its tiles.
func (d *Differ) scanRow(a, b []byte, x, y int) {
	for tile := (y>>tileShift)*d.cols + x>>tileShift; len(a) > 0; tile++ {
		n := min(len(a), (tileSide-x&(tileSide-1))*4) // bytes of the row in this tile
		if p, q := a[:n], b[:n]; string(p) != string(q) {
			d.grow(tile, p, q, x, y)
		}
		a, b = a[n:], b[n:]
		x += n / 4
	}
}

// grow adds the differences of one tile's part of a row to its box. Only what lies left and right of the box is looked at.
func (d *Differ) grow(tile int, p, q []byte, x, y int) {
	box := &d.boxes[tile]
	if box.Empty() {
		d.dirty = append(d.dirty, tile)
		*box = image.Rectangle{image.Pt(x+len(p)/4, y), image.Pt(x, y+1)} // no column yet
	}
	// Another rectangle of the region may have brought the tile rows further down or up before.
	box.Min.Y, box.Max.Y = min(box.Min.Y, y), max(box.Max.Y, y+1)
	first := 0
	for first < len(p) && x+first/4 < box.Min.X && [4]byte(p[first:first+4]) == [4]byte(q[first:first+4]) {
		first += 4
	}
	box.Min.X = min(box.Min.X, x+first/4)
	last := len(p)
	for last > 0 && x+last/4 > box.Max.X && [4]byte(p[last-4:last]) == [4]byte(q[last-4:last]) {
		last -= 4
	}
	box.Max.X = max(box.Max.X, x+last/4)
}
