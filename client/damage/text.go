package damage

import (
	"encoding/binary"
	"image"
	"math/bits"
	"slices"

	"deskhand/screen"
)

const (
	minText   = 1024  // pixels of a part that is worth to be taken apart
	maxFilled = 70    // percent of a part that may differ from its background
	wordGap   = 4     // columns of background that end a word
	letterGap = 1     // columns of background that end a letter
	joinGap   = 4     // columns of background between pieces that are sent in one rectangle
	dotGap    = 24    // the same, before a piece that is so small that a rectangle costs more than it
	minBand   = 6     // rows of a band, on average
	tallLine  = 24    // rows of a line that may be several
	maxWordX  = 192   // pixels; what is larger is no word, but something with a background of its own
	maxWordY  = 64    // pixels
	minBlockX = 96    // pixels
	minLetter = 24    // pixels; a copy of less costs more than it saves
	minSolid  = 64    // pixels; a fill of less costs more than it saves
	nested    = 2     // levels of parts within parts
	manyMade  = 30000 // changes from which on no more parts are taken apart: an update may have 65 535
)

// text takes parts that are mostly of one colour apart: the background becomes a fill, and what stands on it is cut into lines, words and letters by the
// rows and columns of background between them. A word, or a letter, that stands on the surface already is copied from there.
//
// zstd alone finds little of that: the rows of pixels of a word lie far apart, and begin alike for all words.
type text struct {
	places places
	plain  []byte            // a row of background
	levels [nested + 1]lines // of the parts at work, the outermost last
}

// lines is a part at work.
type lines struct {
	rect    image.Rectangle
	cols    int      // words of 64 pixels in a row
	ink     []uint64 // in tiles of 64×64, as masks, from the top left of rect: what is not background
	columns []uint64 // of the line at hand: columns that are not all background
	sent    image.Rectangle
}

// row is word i of row y.
func (l *lines) row(y, i int) uint64 { return l.ink[(y>>6*l.cols+i)<<6|y&63] }

// write brings r, which nothing else in the update covers, and takes it apart when that pays. It covers at most level+2 times the area of r.
func (d *Differ) write(shown, now *screen.Frame, r image.Rectangle, level int) {
	if area(r) < minText || level < 0 || len(d.changes) > manyMade {
		d.whole(shown, now, r)
		return
	}
	paper, ok := background(now, r)
	if !ok {
		d.bands(shown, now, r, level)
		return
	}
	l := &d.text.levels[level]
	l.rect = r
	if d.text.ink(l, now, paper)*100 > maxFilled*area(r) {
		d.whole(shown, now, r)
		return
	}
	d.emit(shown, now, screen.Change{Kind: screen.Fill, Rect: r, Color: colour(paper)})
	for y := 0; y < r.Dy(); {
		l.columns = zeros(l.columns, l.cols)
		from := y
		for inked := true; inked && y < r.Dy(); y++ {
			inked = false
			for i := range l.columns {
				w := l.row(y, i)
				l.columns[i] |= w
				inked = inked || w != 0
			}
		}
		d.line(shown, now, l, from, y, level)
	}
}

// bands brings what has no background of one colour: each band of rows by itself when the left side shows that there are some, such as the rows of a table.
func (d *Differ) bands(shown, now *screen.Frame, r image.Rectangle, level int) {
	end := func(y int) int { // of the band that begins at y
		first := now.At(r.Min.X, y)
		for y < r.Max.Y && now.At(r.Min.X, y) == first {
			y++
		}
		return y
	}
	n := 0
	for y := r.Min.Y; y < r.Max.Y; y = end(y) {
		n++
	}
	if n == 1 || n*minBand > r.Dy() {
		d.whole(shown, now, r)
		return
	}
	for y := r.Min.Y; y < r.Max.Y; {
		to := end(y)
		d.write(shown, now, image.Rect(r.Min.X, y, r.Max.X, to), level)
		y = to
	}
}

// line brings the line from row y0 to before y1. What stands beside lines of text, such as a picture, makes one tall line of them: then neighbours that
// have blank rows in common are a part of their own.
func (d *Differ) line(shown, now *screen.Frame, l *lines, y0, y1, level int) {
	if y1-y0 < tallLine || y1-y0 > tileSide {
		d.words(shown, now, l, 0, l.rect.Dx(), y0, y1, level)
		return
	}
	from, to, rows := 0, 0, uint64(0) // the neighbours at hand
	bring := func() {
		switch {
		case from == to:
		case blankInside(rows):
			d.write(shown, now, l.trim(from, to, y0, y1), level-1)
		default:
			d.words(shown, now, l, from, to, y0, y1, level)
		}
	}
	end := l.rect.Dx()
	for x0, x1 := l.run(0, end, wordGap); x0 < x1; x0, x1 = l.run(x1, end, wordGap) {
		own := l.rows(x0, x1, y0, y1)
		if from == to || !blankInside(rows|own) {
			bring()
			from, rows = x0, 0
		}
		to, rows = x1, rows|own
	}
	bring()
}

// blankInside tells whether there are clear bits between set ones.
func blankInside(rows uint64) bool {
	rows >>= bits.TrailingZeros64(rows)
	return rows&(rows+1) != 0
}

// words brings what stands in the columns from a to before b of a line.
func (d *Differ) words(shown, now *screen.Frame, l *lines, a, b, y0, y1, level int) {
	l.sent = image.Rectangle{}
	for x0, x1 := l.run(a, b, wordGap); x0 < x1; x0, x1 = l.run(x1, b, wordGap) {
		if len(d.changes) > manyMade {
			x1 = b
			l.sent = l.sent.Union(l.trim(x0, x1, y0, y1))
			continue
		}
		r := l.trim(x0, x1, y0, y1)
		if r.Dx() > maxWordX || r.Dy() > maxWordY {
			d.flush(shown, now, l)
			d.block(shown, now, l, r, x0, x1, level-1)
			continue
		}
		if d.again(shown, now, l, r) {
			continue
		}
		for from, to := l.run(x0, x1, letterGap); from < to; from, to = l.run(to, x1, letterGap) {
			q := l.trim(from, to, y0, y1)
			if area(q) >= minLetter && q != r && d.again(shown, now, l, q) {
				continue
			}
			if _, ok := solid(now, q); ok && area(q) >= minSolid {
				d.flush(shown, now, l)
				d.whole(shown, now, q)
				continue
			}
			gap := joinGap
			if area(q) < minLetter {
				gap = dotGap
			}
			if q.Min.X-l.sent.Max.X > gap {
				d.flush(shown, now, l)
			}
			l.sent = l.sent.Union(q)
		}
	}
	d.flush(shown, now, l)
}

// block brings what is no word: it has lines of its own. When it is all there is, it is cut wherever there is a column of background, for what stands beside
// lines of text makes one line of them.
func (d *Differ) block(shown, now *screen.Frame, l *lines, r image.Rectangle, x0, x1, level int) {
	if r != l.rect {
		d.write(shown, now, r, level)
		return
	}
	for from := x0; from < x1; {
		_, to := l.run(from, x1, letterGap)
		for to < x1 && to-from < minBlockX {
			_, to = l.run(to, x1, letterGap)
		}
		if to-from > maxWordX {
			to = from + minBlockX
		}
		d.write(shown, now, image.Rect(l.rect.Min.X+from, r.Min.Y, l.rect.Min.X+to, r.Max.Y), level)
		from = to
	}
}

// flush sends the pieces that were put together.
func (d *Differ) flush(shown, now *screen.Frame, l *lines) {
	if !l.sent.Empty() {
		d.emit(shown, now, screen.Change{Kind: screen.Pixels, Rect: l.sent})
		l.sent = image.Rectangle{}
	}
}

// again copies r from where the same stands, when there is such a place, and notes where it is now.
func (d *Differ) again(shown, now *screen.Frame, l *lines, r image.Rectangle) bool {
	p := &d.text.places
	h := p.hash(now, r)
	from, ok := p.get(h)
	p.put(h, r)
	if !ok || from.Size() != r.Size() || !from.In(d.bounds) || from == r {
		return false
	}
	for y := range r.Dy() {
		if !sameColours(shown.Row(from.Min.Y+y, from.Min.X, from.Max.X), now.Row(r.Min.Y+y, r.Min.X, r.Max.X)) {
			return false
		}
	}
	d.flush(shown, now, l)
	d.emit(shown, now, screen.Change{Kind: screen.Copy, Rect: r, Src: from.Min})
	return true
}

// whole brings r as one rectangle.
func (d *Differ) whole(shown, now *screen.Frame, r image.Rectangle) {
	c := screen.Change{Kind: screen.Pixels, Rect: r}
	if pixel, ok := solid(now, r); ok {
		c.Kind, c.Color = screen.Fill, colour(pixel)
	}
	d.emit(shown, now, c)
}

// run finds the next columns with something in them, from x on and before end, up to a gap of so many columns of background. x0 is x1 when there are
// no more.
func (l *lines) run(x, end, gap int) (x0, x1 int) {
	x0 = next(l.columns, x, end, 0)
	for x1 = next(l.columns, x0, end, ^uint64(0)); x1 < end; {
		again := next(l.columns, x1, end, 0)
		if again-x1 >= gap || again == end {
			break
		}
		x1 = next(l.columns, again, end, ^uint64(0))
	}
	return x0, x1
}

// next is the first bit at or after x, and before end, that is set after the words were combined with flip by exclusive or; end when there is none.
func next(words []uint64, x, end int, flip uint64) int {
	for x < end {
		if w := (words[x>>6] ^ flip) >> (x & 63); w != 0 {
			return min(x+bits.TrailingZeros64(w), end)
		}
		x = (x | 63) + 1
	}
	return end
}

// rows tells in which of the rows from y0 to before y1, at most 64, there is something in these columns; bit 0 is row y0.
func (l *lines) rows(x0, x1, y0, y1 int) (rows uint64) {
	for y := y0; y < y1; y++ {
		for i := x0 >> 6; i <= (x1-1)>>6; i++ {
			if l.row(y, i)&columns(max(x0-i<<6, 0), min(x1-i<<6, tileSide)) != 0 {
				rows |= 1 << (y - y0)
			}
		}
	}
	return rows
}

// trim is the smallest rectangle, on the screen, with what the line has in these columns.
func (l *lines) trim(x0, x1, y0, y1 int) image.Rectangle {
	blank := func(y int) bool {
		for i := x0 >> 6; i <= (x1-1)>>6; i++ {
			if l.row(y, i)&columns(max(x0-i<<6, 0), min(x1-i<<6, tileSide)) != 0 {
				return false
			}
		}
		return true
	}
	for y0 < y1 && blank(y0) {
		y0++
	}
	for y0 < y1 && blank(y1-1) {
		y1--
	}
	return image.Rect(x0, y0, x1, y1).Add(l.rect.Min)
}

// ink fills in what of l.rect is not paper, and returns how many pixels that are.
func (t *text) ink(l *lines, f *screen.Frame, paper uint32) (n int) {
	w, h := l.rect.Dx(), l.rect.Dy()
	l.cols = (w + tileSide - 1) / tileSide
	size := l.cols * ((h + tileSide - 1) / tileSide) * tileSide
	l.ink = slices.Grow(l.ink[:0], size)[:size]
	t.plain = t.plain[:0]
	for range w {
		t.plain = binary.LittleEndian.AppendUint32(t.plain, paper)
	}
	whole := w / tileSide
	for y := range h {
		row := f.Row(l.rect.Min.Y+y, l.rect.Min.X, l.rect.Max.X)
		at := (y>>6*l.cols)<<6 | y&63
		maskRow(l.ink[at:], row[:whole*tileBytes], t.plain)
		if whole < l.cols {
			l.ink[at+whole<<6] = maskPixels(row[whole*tileBytes:], t.plain[whole*tileBytes:])
		}
		for i := range l.cols {
			n += bits.OnesCount64(l.ink[at+i<<6])
		}
	}
	return n
}

// background is the colour that more than half of a sample of r has.
func background(f *screen.Frame, r image.Rectangle) (pixel uint32, ok bool) {
	n := 0
	for y := r.Min.Y; y < r.Max.Y; y += 3 {
		row := f.Row(y, r.Min.X, r.Max.X)
		for i := y % 5 * 4; i < len(row); i += 5 * 4 { // Boyer and Moore's vote
			switch v := binary.LittleEndian.Uint32(row[i:]) & 0xffffff; {
			case n == 0:
				pixel, n = v, 1
			case v == pixel:
				n++
			default:
				n--
			}
		}
	}
	return pixel, n > 0
}

func colour(pixel uint32) screen.Color {
	return screen.Color{R: uint8(pixel >> 16), G: uint8(pixel >> 8), B: uint8(pixel)}
}
