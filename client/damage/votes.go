package damage

import (
	"encoding/binary"
	"image"

	"deskhand/screen"
)

const (
	patchWidth  = 32   // pixels of a patch, in one row
	maxPatches  = 8192 // about
	rowStep     = 32   // of the rows of the image shown, one in so many is searched for patches
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
	generation uint32  // of patches and votes: entries of another one are free
	filter     [1024]uint64
	votes      []vote
	found      []way
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

// ask fills b.found with the most likely ways, the likeliest first.
func (b *ballot) ask(d *Differ, shown, now *screen.Frame) {
	if b.patches == nil {
		b.patches, b.votes = make([]patch, patchSlots), make([]vote, voteSlots)
	}
	b.generation++
	if b.generation == 0 {
		clear(b.patches)
		clear(b.votes)
		b.generation = 1
	}
	clear(b.filter[:])
	b.found = b.found[:0]
	b.collect(d, now)
	step := rowStep
	if len(d.dirty) < 64 {
		step = rowStep / 4
	}
	for ty := range d.rows {
		for tx := 0; tx < d.cols; tx++ {
			if d.count[ty*d.cols+tx] == 0 {
				continue
			}
			from := tx
			for tx < d.cols && d.count[ty*d.cols+tx] > 0 {
				tx++
			}
			for y := ty * tileSide; y < min((ty+1)*tileSide, shown.H); y += step {
				b.search(shown, y, max(0, from*tileSide-patchWidth), min(shown.W, tx*tileSide+patchWidth))
			}
		}
	}
	b.count()
}

// collect takes patches from the dirty tiles.
func (b *ballot) collect(d *Differ, now *screen.Frame) {
	rows := min(max(maxPatches/len(d.dirty), rowStep), tileSide)
	for n, i := range d.dirty {
		if d.count[i] == 0 {
			continue
		}
		t := d.tile(i)
		for _, off := range [2]int{0, patchWidth} {
			x := t.Min.X + off
			if x+patchWidth > now.W {
				break
			}
			m := d.differs.of(i)
			for y := range rows {
				y = (y + n*rowStep) % tileSide // not always the same rows of a tile
				if t.Min.Y+y < t.Max.Y && m[y]>>off != 0 {
					b.add(now.Row(t.Min.Y+y, x, x+patchWidth), x, t.Min.Y+y)
				}
			}
			if len(d.dirty) >= 64 {
				break // one place in each tile is enough
			}
		}
	}
}

func (b *ballot) add(row []byte, x, y int) {
	if string(row[4:]) == string(row[:len(row)-4]) {
		return // one colour says nothing
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
