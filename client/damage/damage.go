// Package damage finds what differs between the image that a viewer has and the one on the screen, and says it in as few and as
// cheap changes as it can: areas that moved, tiles that the viewer has kept, areas of one colour, and pixels for the rest.
//
// The screen is cut into tiles of 64×64 pixels, and a mask tells for each which of its pixels differ (mask.go). From the masks alone follows
// everything else: what a move would make right and what it would spoil (votes.go, moves.go; scroll.go when one goes on), which tiles are kept and
// recalled (cache.go, recall.go, uncover.go), and the rectangles that are sent (parts.go), of which texts are taken apart (text.go). Motion finds the
// parts of the screen that are a film (motion.go).
package damage

import (
	"image"
	"time"

	"deskhand/screen"
)

// maxCovered is how many times the screen all changes of an update may cover it, what codec allows.
const maxCovered = 4

// Differ holds what comparing one audience's surface with the screen needs from one time to the next. The zero value is ready. It is not
// safe for concurrent use.
type Differ struct {
	grid
	differs masks
	count   []int // per tile: pixels that differ
	dirty   []int // the tiles where count is not 0, or was in this Diff
	noted   []bool
	area    int // pixels that differ

	look    screen.Region // where to compare
	left    screen.Region // where the budget did not reach
	focus   image.Point
	changes []screen.Change

	moves search
	cache cache
	room  int // pixels that changes may cover still
	parts partition
	text  text
}

// Diff brings shown, which is the surface that the viewer has, to the state of now, within region, and returns the changes that did it, in
// order; they belong to the Differ and hold until its next Diff. shown and now have the same size. Outside of region they are taken to be
// equal; where they are not, shown may or may not be brought up to date. The fourth byte of a pixel does not count.
//
// at is the time of now. budget is about how many pixels may be sent in this update, 0: any number; where it does not reach, shown is not brought up
// to date, and Left tells it.
func (d *Differ) Diff(shown, now *screen.Frame, region *screen.Region, at time.Time, budget int) []screen.Change {
	d.begin(now)
	d.look.Set(region)
	d.look.Clip(now.Bounds())
	d.goOn(shown, now, at)
	d.scan(shown, now)
	if d.area == 0 {
		return d.changes
	}
	d.keep(shown, at)
	familiar := d.familiar(now)
	if familiar {
		d.recall(shown, now, true)
	}
	d.findMoves(shown, now, at)
	d.recall(shown, now, familiar)
	d.uncover(shown, now)
	d.send(shown, now, budget)
	return d.changes
}

// Left is where the last Diff's budget did not reach: the next one's region must have it again. It belongs to the Differ and holds until
// its next Diff.
func (d *Differ) Left() *screen.Region { return &d.left }

// Restart forgets what the viewer keeps, because it forgets it too: with the next update it begins anew. shown, which only Diff changes else, may
// be another one then.
func (d *Differ) Restart() { d.cache.forget() }

// Focus says where the user is at work, such as where the pointer is: what changed there comes first when a budget is short.
func (d *Differ) Focus(p image.Point) { d.focus = p }

// begin readies the tiles for frames of now's size.
func (d *Differ) begin(now *screen.Frame) {
	d.changes, d.room = d.changes[:0], maxCovered*now.W*now.H
	d.left.Clear()
	if now.Bounds() == d.bounds {
		for _, i := range d.dirty {
			*d.differs.of(i) = mask{}
			d.count[i], d.noted[i] = 0, false
		}
		d.dirty, d.area = d.dirty[:0], 0
		return
	}
	all := over(now.Bounds())
	d.grid = grid{now.Bounds(), all.Dx(), all.Dy()}
	n := d.cols * d.rows
	d.differs, d.count, d.noted = make(masks, n*tileSide), make([]int, n), make([]bool, n)
	d.dirty, d.area = d.dirty[:0], 0
	d.moves = search{}
	d.cache.resize(n)
}

// scan compares all that is to be looked at.
func (d *Differ) scan(shown, now *screen.Frame) {
	for _, r := range d.look.Rects() {
		d.compare(d.differs, now, shown, r, image.Point{})
	}
	for _, r := range d.look.Rects() {
		d.recount(over(r))
	}
}

// recount brings the counts of some tiles, a rectangle of tiles, to what their masks say.
func (d *Differ) recount(tiles image.Rectangle) {
	for ty := tiles.Min.Y; ty < tiles.Max.Y; ty++ {
		for i := ty*d.cols + tiles.Min.X; i < ty*d.cols+tiles.Max.X; i++ {
			n := d.differs.of(i).count()
			d.area += n - d.count[i]
			d.count[i] = n
			if n > 0 && !d.noted[i] {
				d.noted[i] = true
				d.dirty = append(d.dirty, i)
			}
		}
	}
}

// settle notes that r is right now.
func (d *Differ) settle(r image.Rectangle) {
	tiles := over(r)
	for ty := tiles.Min.Y; ty < tiles.Max.Y; ty++ {
		for tx := tiles.Min.X; tx < tiles.Max.X; tx++ {
			i := ty*d.cols + tx
			in := r.Intersect(d.tile(i)).Sub(d.tile(i).Min)
			m, keep := d.differs.of(i), ^columns(in.Min.X, in.Max.X)
			for y := in.Min.Y; y < in.Max.Y; y++ {
				m[y] &= keep
			}
		}
	}
	d.recount(tiles)
}

// emit adds a change and makes it.
func (d *Differ) emit(shown, now *screen.Frame, c screen.Change) {
	d.changes = append(d.changes, c)
	d.room -= area(c.Rect)
	shown.Apply(c, now)
	if c.Kind != screen.Keep {
		d.drawn(c.Rect)
	}
}
