package damage

import (
	"encoding/binary"
	"image"
	"math/bits"

	"deskhand/screen"
)

// solids takes the rectangles of one colour out of a tile's mask, and appends them to out as parts: from the top left on, each as wide as it can be and then as high.
func solids(out []part, now *screen.Frame, m *mask, tile image.Rectangle) []part {
	le := binary.LittleEndian
	at := func(x, y int) uint32 {
		return le.Uint32(now.Row(tile.Min.Y+y, tile.Min.X+x, tile.Min.X+x+1)) & 0xffffff
	}
	for y := 0; y < tile.Dy(); y++ {
		for rest := m[y]; rest != 0; {
			x0 := bits.TrailingZeros64(rest)
			colour := at(x0, y)
			x1 := x0 + 1
			for x1 < tile.Dx() && m[y]>>x1&1 != 0 && at(x1, y) == colour {
				x1++
			}
			in := columns(x0, x1)
			rest &^= in
			y1 := y + 1
			for ; y1 < tile.Dy() && m[y1]&in == in; y1++ {
				x := x0
				for x < x1 && at(x, y1) == colour {
					x++
				}
				if x < x1 {
					break
				}
			}
			if (x1-x0)*(y1-y) < minSolid {
				continue
			}
			for i := y; i < y1; i++ {
				m[i] &^= in
			}
			out = append(out, part{rect: image.Rect(x0, y, x1, y1).Add(tile.Min), solid: true, pixel: colour})
		}
	}
	return out
}
