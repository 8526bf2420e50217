package damage

import (
	"encoding/binary"
	"image"

	"deskhand/screen"
)

const (
	patchWidth  = 32   // pixels of a patch, in one row
	maxPatches  = 4096 // about
	rowStep     = 32   // of the rows of the image shown, one in so many is searched for patches
	fewAsked    = 64   // tiles, below which they are looked at more closely
	minVotes    = 6    // patches that must have come the same way
	candidates  = 4    // ways that are tried, at most
	patchSlots  = 4 * maxPatches
	voteSlots   = 2048
	patchFactor = 0x9e3779b97f4a7c15 // odd: each number has its inverse
	patchSpread = 0xd6e8feb86659fd93
)

// way is a distance that content may have come: what is at p now stood at p+by in the image shown.
type way struct {
	by    image.Point
	votes int
	box   image.Rectangle // of the patches that came this way, now
}

// ballot finds which way content has come, in any direction. Patches of the image as it is now, 32 pixels of a row, are looked for in
// the image shown. Not all in all of it, which would cost more than sending it: patches are taken from every row of some places, and are searched in
// every 32nd row, at every column. Whatever the distance, one patch in 32 then meets its origin. The hash of the pixels rolls along the row.
//
// Nothing depends on the hashes being right: a candidate is measured before it is believed (moves.go).
type ballot struct {
	patches    []patch // hash table
	taken      int     // patches of this generation
	generation uint32  // of patches and votes: entries of another one are free
	filter     [1024]uint64
	votes      []vote
	found      []way
	among      []bool // per tile of the screen: it is asked about
}

type patch struct {
	hash       uint64
	generation uint32
	x, y       int16 // y -1: there are several alike
}

type vote struct {
	way
	generation uint32
}

// ask fills b.found with the most likely ways, the likeliest first, that content of these tiles has come from within them.
func (b *ballot) ask(g *grid, tiles []int, shown, now *screen.Frame) {
	b.begin(g.cols * g.rows)
	few, skip := len(tiles) < fewAsked, 1+len(tiles)*rowStep/maxPatches
	rows, step := min(max(maxPatches/len(tiles), rowStep), tileSide), rowStep
	if few {
		step = rowStep / 4
	}
	for n, i := range tiles {
		b.among[i] = true
		if n%skip != 0 {
			continue
		}
		t := g.tile(i)
		b.take(shown, now, t, n, rows)
		if few { // one place in each tile is not enough
			t.Min.X += patchWidth
			b.take(shown, now, t, n, rows)
		}
	}
	for _, i := range tiles {
		if i%g.cols > 0 && b.among[i-1] {
			continue // searched with its left neighbour
		}
		t, last := g.tile(i), i
		for (last+1)%g.cols > 0 && b.among[last+1] {
			last++
		}
		x0, x1 := max(0, t.Min.X-patchWidth), min(shown.W, g.tile(last).Max.X+patchWidth)
		for y := t.Min.Y; y < t.Max.Y; y += step {
			b.search(shown, y, x0, x1)
		}
	}
	for _, i := range tiles {
		b.among[i] = false
	}
	b.count()
}

// begin readies the ballot for a screen of n tiles.
func (b *ballot) begin(n int) {
	if b.patches == nil {
		b.patches, b.votes, b.among = make([]patch, patchSlots), make([]vote, voteSlots), make([]bool, n)
	}
	b.generation++
	if b.generation == 0 {
		clear(b.patches)
		clear(b.votes)
		b.generation = 1
	}
	clear(b.filter[:])
	b.found, b.taken = b.found[:0], 0
}

// take adds patches from some rows of t, at its left side, where it differs; not the same rows for each n.
func (b *ballot) take(shown, now *screen.Frame, t image.Rectangle, n, rows int) {
	x0, x1 := t.Min.X, t.Min.X+patchWidth
	if x1 > now.W {
		return
	}
	for i := range rows {
		y := t.Min.Y + (i+n*rowStep)%tileSide
		if y >= t.Max.Y {
			continue
		}
		if row := now.Row(y, x0, x1); !sameColours(row, shown.Row(y, x0, x1)) {
			b.add(row, x0, y)
		}
	}
}

func (b *ballot) add(row []byte, x, y int) {
	if string(row[4:]) == string(row[:len(row)-4]) {
		return // one colour says nothing
	}
	if b.taken == patchSlots/2 {
		return // a screen this large has enough of them, and free slots end the search for one
	}
	h := uint64(0)
	for i := 0; i < len(row); i += 4 {
		h = h*patchFactor + uint64(binary.LittleEndian.Uint32(row[i:])&0xffffff)
	}
	h *= patchSpread
	b.filter[h>>48/64%1024] |= 1 << (h >> 48 % 64)
	p := h >> 32 % patchSlots
	for b.patches[p].generation == b.generation {
		if b.patches[p].hash == h {
			b.patches[p].y = -1
			return
		}
		p = (p + 1) % patchSlots
	}
	b.patches[p] = patch{h, b.generation, int16(x), int16(y)}
	b.taken++
}

// rolledOut is what the hash has made of a pixel by the time it leaves the patch.
var rolledOut = func() uint64 {
	f := uint64(1)
	for range patchWidth {
		f *= patchFactor
	}
	return f
}()

// search looks for patches in a part of a row.
func (b *ballot) search(shown *screen.Frame, y, x0, x1 int) {
	row := shown.Row(y, x0, x1)
	if len(row) < patchWidth*4 {
		return
	}
	le := binary.LittleEndian
	h := uint64(0)
	for i := 0; i < patchWidth*4; i += 4 {
		h = h*patchFactor + uint64(le.Uint32(row[i:])&0xffffff)
	}
	for i := patchWidth * 4; ; i += 4 {
		if s := h * patchSpread; b.filter[s>>48/64%1024]>>(s>>48%64)&1 != 0 {
			b.look(s, image.Pt(x0+i/4-patchWidth, y))
		}
		if i >= len(row) {
			return
		}
		h = h*patchFactor + uint64(le.Uint32(row[i:])&0xffffff) - rolledOut*uint64(le.Uint32(row[i-patchWidth*4:])&0xffffff)
	}
}

// look counts the vote of the patch with this hash, when there is one, for having come from at.
func (b *ballot) look(h uint64, at image.Point) {
	p := h >> 32 % patchSlots
	for b.patches[p].hash != h {
		if b.patches[p].generation != b.generation {
			return
		}
		p = (p + 1) % patchSlots
	}
	e := b.patches[p]
	if e.generation != b.generation || e.y < 0 {
		return
	}
	to := image.Pt(int(e.x), int(e.y))
	by := at.Sub(to)
	if by == (image.Point{}) {
		return
	}
	v := (uint64(uint32(by.X))*patchFactor ^ uint64(uint32(by.Y))*patchSpread) >> 40 % voteSlots
	for range 8 { // then the way gets no vote: there are too many, and each has few
		e := &b.votes[v]
		if e.generation != b.generation {
			*e = vote{way{by: by}, b.generation}
		}
		if e.by == by {
			e.votes++
			e.box = e.box.Union(image.Rectangle{to, to.Add(image.Pt(patchWidth, 1))})
			return
		}
		v = (v + 1) % voteSlots
	}
}

// count finds the ways with the most votes.
func (b *ballot) count() {
	for range candidates {
		best := -1
		for i, v := range b.votes {
			if v.generation == b.generation && v.votes >= minVotes && (best < 0 || v.votes > b.votes[best].votes) {
				best = i
			}
		}
		if best < 0 {
			return
		}
		b.found = append(b.found, b.votes[best].way)
		b.votes[best].votes = 0
	}
}
