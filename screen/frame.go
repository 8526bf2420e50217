// Package screen holds what capture, damage and codec share: one image of a display, sets of
// rectangles, pointer shapes, and the changes that lead from one image to the next.
//
// Coordinates are pixels. A rectangle is half open, as in package image.
package screen

import (
	"encoding/binary"
	"fmt"
	"image"
	"slices"
)

// Limits of every image, checked before anything is allocated for it.
const (
	MaxSide   = 16384    // largest width and height, pixels
	MaxPixels = 64 << 20 // largest width × height
)

// CheckSize tells whether an image of w×h pixels is within the limits; the smallest is 1×1.
func CheckSize(w, h int) error {
	if w < 1 || h < 1 || w > MaxSide || h > MaxSide || w*h > MaxPixels {
		return fmt.Errorf("image of %d×%d pixels is outside the limits (1 to %d a side, %d pixels in all)", w, h, MaxSide, MaxPixels)
	}
	return nil
}

// Color is one opaque colour.
type Color struct{ R, G, B uint8 }

// Frame is one image: four bytes a pixel in the order B, G, R, X as X11 and Windows deliver it. The X byte
// means nothing and may hold anything.
type Frame struct {
	Pix    []byte // row y begins at y*Stride
	Stride int    // bytes from one row to the next, at least W*4
	W, H   int    // pixels
}

// NewFrame returns a black frame, or an error when the size is outside the limits.
func NewFrame(w, h int) (*Frame, error) {
	if err := CheckSize(w, h); err != nil {
		return nil, err
	}
	return &Frame{Pix: make([]byte, w*h*4), Stride: w * 4, W: w, H: h}, nil
}

// Bounds is the rectangle (0, 0)–(W, H).
func (f *Frame) Bounds() image.Rectangle { return image.Rect(0, 0, f.W, f.H) }

// Row returns the bytes of row y from pixel x0 to before x1.
func (f *Frame) Row(y, x0, x1 int) []byte {
	o := y * f.Stride
	return f.Pix[o+x0*4 : o+x1*4 : o+x1*4]
}

// Sub returns the part r of f as a frame of its own that shares f's pixels. r lies within f.
func (f *Frame) Sub(r image.Rectangle) Frame {
	if r.Empty() || !r.In(f.Bounds()) {
		panic(fmt.Sprintf("screen: part %v of a frame of %d×%d", r, f.W, f.H))
	}
	return Frame{Pix: f.Pix[r.Min.Y*f.Stride+r.Min.X*4:], Stride: f.Stride, W: r.Dx(), H: r.Dy()}
}

// At is the colour of one pixel.
func (f *Frame) At(x, y int) Color {
	p := f.Row(y, x, x+1)
	return Color{R: p[2], G: p[1], B: p[0]}
}

// Clear makes every pixel black.
func (f *Frame) Clear() {
	for y := range f.H {
		clear(f.Row(y, 0, f.W))
	}
}

// CopyRect copies the part r of src, a frame of the same size, to the same place in f.
func (f *Frame) CopyRect(src *Frame, r image.Rectangle) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		copy(f.Row(y, r.Min.X, r.Max.X), src.Row(y, r.Min.X, r.Max.X))
	}
}

// Move copies the rectangle of r's size that begins at from to r, within f; the two may overlap.
func (f *Frame) Move(r image.Rectangle, from image.Point) {
	w, h := r.Dx(), r.Dy()
	for i := range h {
		if from.Y < r.Min.Y {
			i = h - 1 - i // downwards: the last row first, so that none is overwritten before it was read
		}
		copy(f.Row(r.Min.Y+i, r.Min.X, r.Max.X), f.Row(from.Y+i, from.X, from.X+w))
	}
}

// Fill makes r one colour.
func (f *Frame) Fill(r image.Rectangle, c Color) {
	if r.Empty() {
		return
	}
	first := f.Row(r.Min.Y, r.Min.X, r.Max.X)
	copy(first, []byte{c.B, c.G, c.R, 0})
	for n := 4; n < len(first); n *= 2 {
		copy(first[n:], first[:n])
	}
	for y := r.Min.Y + 1; y < r.Max.Y; y++ {
		copy(f.Row(y, r.Min.X, r.Max.X), first)
	}
}

// SameColors tells whether r shows the same in f and g, frames of the same size; the X bytes do not count.
func (f *Frame) SameColors(g *Frame, r image.Rectangle) bool {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		a, b := f.Row(y, r.Min.X, r.Max.X), g.Row(y, r.Min.X, r.Max.X)
		for i := 0; i < len(a); i += 4 {
			if a[i] != b[i] || a[i+1] != b[i+1] || a[i+2] != b[i+2] {
				return false
			}
		}
	}
	return true
}

// AppendRGBA appends the pixels of r, row by row, as R, G, B, 255.
func (f *Frame) AppendRGBA(dst []byte, r image.Rectangle) []byte {
	n, w := len(dst), r.Dx()*4
	dst = slices.Grow(dst, w*r.Dy())[:n+w*r.Dy()]
	for y := r.Min.Y; y < r.Max.Y; y++ {
		swapRow(dst[n:n+w], f.Row(y, r.Min.X, r.Max.X))
		n += w
	}
	return dst
}

// IsGray tells whether every pixel of r has one value for R, G and B.
func (f *Frame) IsGray(r image.Rectangle) bool {
	const low = 0x0000ffff_0000ffff // where B^G and G^R of two pixels stand when a pixel is compared with itself, shifted by a byte
	le := binary.LittleEndian
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := f.Row(y, r.Min.X, r.Max.X)
		var differ uint64
		for len(row) >= 8 {
			v := le.Uint64(row)
			differ |= (v ^ v>>8) & low
			row = row[8:]
		}
		if len(row) >= 4 {
			v := uint64(le.Uint32(row))
			differ |= (v ^ v>>8) & low
		}
		if differ != 0 {
			return false
		}
	}
	return true
}

// AppendGray appends one byte for each pixel of r, row by row: its B, which is also its R and G where r is gray.
func (f *Frame) AppendGray(dst []byte, r image.Rectangle) []byte {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := f.Row(y, r.Min.X, r.Max.X)
		for i := 0; i < len(row); i += 4 {
			dst = append(dst, row[i])
		}
	}
	return dst
}

// swapRow writes the B, G, R, X pixels of src as R, G, B, 255 to dst, which is as long.
func swapRow(dst, src []byte) {
	const low, green, opaque = 0x000000ff_000000ff, 0x0000ff00_0000ff00, 0xff000000_ff000000
	le := binary.LittleEndian
	for len(src) >= 32 && len(dst) >= 32 { // eight pixels a turn: the loop costs as much as the work otherwise
		a, b, c, d := le.Uint64(src), le.Uint64(src[8:]), le.Uint64(src[16:]), le.Uint64(src[24:])
		le.PutUint64(dst, a&low<<16|a>>16&low|a&green|opaque)
		le.PutUint64(dst[8:], b&low<<16|b>>16&low|b&green|opaque)
		le.PutUint64(dst[16:], c&low<<16|c>>16&low|c&green|opaque)
		le.PutUint64(dst[24:], d&low<<16|d>>16&low|d&green|opaque)
		src, dst = src[32:], dst[32:]
	}
	for len(src) >= 4 && len(dst) >= 4 {
		dst[0], dst[1], dst[2], dst[3] = src[2], src[1], src[0], 255
		src, dst = src[4:], dst[4:]
	}
}
