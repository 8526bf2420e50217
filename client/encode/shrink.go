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
	whole := src.W / scale // squares of a row that are whole
	for y := range h {
		out := dst.Row(y, 0, w)
		rows, first := min(scale, src.H-y*scale), 0
		if scale > 1 && rows == scale {
			squares(out, src, y*scale, whole, scale)
			first = whole
		}
		for x := first; x < w; x++ {
			columns := min(scale, src.W-x*scale)
			binary.LittleEndian.PutUint32(out[x*4:], mean(src, x*scale, y*scale, columns, rows))
		}
	}
}

// squares writes the means of n whole squares of a row. Rows are added two pixels at a time, in lanes of 16 bits.
func squares(out []byte, src *screen.Frame, y, n, scale int) {
	const lanes, even = 0x00ff00ff_00ff00ff, 0x00ff00ff
	shift := 2 * bits.TrailingZeros(uint(scale))
	half := uint32(1) << (shift - 1) * 0x00010001
	var rows [4][]byte
	for j := range scale {
		rows[j] = src.Row(y+j, 0, n*scale)
	}
	le := binary.LittleEndian
	a, b, c, d := rows[0], rows[1], rows[2], rows[3]
	for ; len(out) >= 4 && len(a) >= 4*scale && len(b) >= len(a); out = out[4:] {
		v, w := le.Uint64(a), le.Uint64(b)
		low, high := v&lanes+w&lanes, v>>8&lanes+w>>8&lanes
		if scale == 4 {
			for _, v := range [6]uint64{le.Uint64(a[8:]), le.Uint64(b[8:]), le.Uint64(c), le.Uint64(c[8:]), le.Uint64(d), le.Uint64(d[8:])} {
				low += v & lanes
				high += v >> 8 & lanes
			}
			c, d = c[16:], d[16:]
		}
		a, b = a[4*scale:], b[4*scale:]
		l, h := uint32(low+low>>32), uint32(high+high>>32)
		le.PutUint32(out, (l+half)>>shift&even|(h+half)>>shift&even<<8)
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
