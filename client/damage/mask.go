package damage

import (
	"encoding/binary"
	"image"
	"math/bits"

	"deskhand/screen"
)

const (
	tileShift = 6
	tileSide  = 1 << tileShift // pixels; as screen.TileSide, and as many as a word has bits
	tileBytes = tileSide * 4   // of one row of a tile
)

// mask tells for each pixel of a tile whether it differs: bit x of word y is the tile's pixel (x, y). The fourth byte of a pixel
// does not count.
type mask [tileSide]uint64

// masks holds a mask for each tile.
type masks []uint64

func (m masks) of(tile int) *mask { return (*mask)(m[tile*tileSide:]) }

// maskRowPlain compares one row of pixels of whole tiles, len(a) = len(b) bytes, and writes the word of each tile to its place in dst, which begins at
// the first tile's: every 64th. maskRow does the same, where the processor can with wide registers (mask_amd64.go).
func maskRowPlain(dst []uint64, a, b []byte) {
	for i := 0; len(a) >= tileBytes; i += tileSide {
		dst[i] = maskPixels(a[:tileBytes], b[:tileBytes])
		a, b = a[tileBytes:], b[tileBytes:]
	}
}

// maskPixels compares up to 64 pixels; the first is bit 0.
func maskPixels(a, b []byte) uint64 {
	if string(a) == string(b) {
		return 0
	}
	m, le := uint64(0), binary.LittleEndian
	for i := 0; i+4 <= len(a) && i+4 <= len(b); i += 4 {
		if (le.Uint32(a[i:])^le.Uint32(b[i:]))<<8 != 0 {
			m |= 1 << (i / 4)
		}
	}
	return m
}

// count is the number of pixels that differ.
func (m *mask) count() int {
	n := 0
	for _, w := range m {
		n += bits.OnesCount64(w)
	}
	return n
}

// box is the smallest rectangle that holds all pixels that differ, in the tile's own coordinates; empty when there are none.
func (m *mask) box() image.Rectangle {
	top, bottom, all := tileSide, 0, uint64(0)
	for y, w := range m {
		if w != 0 {
			top, bottom = min(top, y), y+1
			all |= w
		}
	}
	if all == 0 {
		return image.Rectangle{}
	}
	return image.Rect(bits.TrailingZeros64(all), top, bits.Len64(all), bottom)
}

// columns is a word with the bits from x0 to before x1, 0 ≤ x0 < x1 ≤ 64.
func columns(x0, x1 int) uint64 { return ^uint64(0) << x0 & (^uint64(0) >> (64 - x1)) }

// grid is the screen cut into tiles, row by row.
type grid struct {
	bounds     image.Rectangle // of the screen, pixels
	cols, rows int
}

// tile is the rectangle of pixels of tile i.
func (g *grid) tile(i int) image.Rectangle {
	p := image.Pt(i%g.cols, i/g.cols).Mul(tileSide)
	return image.Rectangle{p, p.Add(image.Pt(tileSide, tileSide))}.Intersect(g.bounds)
}

// over is the rectangle of tiles, counted in tiles, that r in pixels touches.
func over(r image.Rectangle) image.Rectangle {
	return image.Rect(r.Min.X>>tileShift, r.Min.Y>>tileShift, (r.Max.X+tileSide-1)>>tileShift, (r.Max.Y+tileSide-1)>>tileShift)
}

// compare writes what differs between a and b to m: pixel p of a is compared with pixel p+by of b. Only the pixels of r are
// looked at, and only their bits change; r lies within a, and moved by that much within b.
func (g *grid) compare(m masks, a, b *screen.Frame, r image.Rectangle, by image.Point) {
	if r.Empty() {
		return
	}
	x0, x1 := (r.Min.X+tileSide-1)&^(tileSide-1), r.Max.X&^(tileSide-1) // of the tiles whose whole row is in r
	for y := r.Min.Y; y < r.Max.Y; y++ {
		at := (y>>tileShift*g.cols)*tileSide + y&(tileSide-1) // the word of the first tile in the row
		edge := func(from, to int) {
			w := &m[at+from>>tileShift*tileSide]
			x := from & (tileSide - 1)
			d := maskPixels(a.Row(y, from, to), b.Row(y+by.Y, from+by.X, to+by.X))
			*w = *w&^columns(x, x+to-from) | d<<x
		}
		if x0 > x1 { // within one tile
			edge(r.Min.X, r.Max.X)
			continue
		}
		if r.Min.X < x0 {
			edge(r.Min.X, x0)
		}
		if x0 < x1 {
			maskRow(m[at+x0>>tileShift*tileSide:], a.Row(y, x0, x1), b.Row(y+by.Y, x0+by.X, x1+by.X))
		}
		if x1 < r.Max.X {
			edge(x1, r.Max.X)
		}
	}
}
