package encode

import (
	"encoding/binary"
	"math/bits"

	"deskhand/screen"
)

// shrink makes dst a picture of src with 1/scale of its width and height, rounded up: each pixel is the mean of a square of scale×scale (1, 2 or 4),
// or of the part of it that src has. It reuses dst's memory.
func shrink(dst *screen.Frame, src *screen.Frame, scale int) {
	w, h := (src.W+scale-1)/scale, (src.H+scale-1)/scale
	if cap(dst.Pix) < w*h*4 {
		dst.Pix = make([]byte, w*h*4)
	}
	*dst = screen.Frame{Pix: dst.Pix[:w*h*4], Stride: w * 4, W: w, H: h}
	for y := range h {
		out := dst.Row(y, 0, w)
		rows := min(scale, src.H-y*scale)
		for x := range w {
			columns := min(scale, src.W-x*scale)
			binary.LittleEndian.PutUint32(out[x*4:], mean(src, x*scale, y*scale, columns, rows))
		}
	}
}

// mean is the mean of w×h pixels, at most 16. Two bytes of a pixel are added at a time, each in 16 bits of a sum.
func mean(f *screen.Frame, x, y, w, h int) uint32 {
	const even = 0x00ff00ff
	var low, high uint32
	for j := range h {
		row := f.Row(y+j, x, x+w)
		for len(row) >= 4 {
			p := binary.LittleEndian.Uint32(row)
			low += p & even
			high += p >> 8 & even
			row = row[4:]
		}
	}
	n := uint32(w * h)
	if n&(n-1) == 0 {
		half, shift := n/2*0x00010001, bits.TrailingZeros32(n)
		return (low+half)>>shift&even | (high+half)>>shift&even<<8
	}
	div := func(sum uint32) uint32 { return (sum&0xffff+n/2)/n | (sum>>16+n/2)/n<<16 }
	return div(low) | div(high)<<8
}
