// Package screentest makes images for tests and benchmarks: pages of text, photo-like noise, one colour. Equal seeds make
// equal images.
package screentest

import (
	"encoding/binary"
	"image"
	"image/color"
	"image/draw"
	"math/rand/v2"

	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"

	"deskhand/screen"
)

// LineHeight is the distance of the lines of Text, in pixels.
const LineHeight = 18

var (
	paper = screen.Color{R: 250, G: 250, B: 250}
	ink   = screen.Color{R: 30, G: 30, B: 30}
)

// New returns a black frame.
func New(w, h int) *screen.Frame {
	f, err := screen.NewFrame(w, h)
	if err != nil {
		panic(err)
	}
	return f
}

// Clone returns a copy of f.
func Clone(f *screen.Frame) *screen.Frame {
	g := New(f.W, f.H)
	g.CopyRect(f, f.Bounds())
	return g
}

// Noise makes r random pixels, each of its four bytes.
func Noise(f *screen.Frame, r image.Rectangle, seed uint64) {
	rnd := rand.New(rand.NewPCG(seed, 2))
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := f.Row(y, r.Min.X, r.Max.X)
		for i := 0; i < len(row); i += 4 {
			binary.LittleEndian.PutUint32(row[i:], rnd.Uint32())
		}
	}
}

// Photo makes r a soft picture with grain, as a film frame is; seed moves it.
func Photo(f *screen.Frame, r image.Rectangle, seed uint64) {
	rnd := rand.New(rand.NewPCG(seed, 5))
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := f.Row(y, r.Min.X, r.Max.X)
		for i := 0; i < len(row); i += 4 {
			x, grain := i/4, rnd.Uint32()
			row[i] = byte(x/3+int(seed)*5) ^ byte(grain&7)
			row[i+1] = byte(y/2+x/5+int(seed)*3) ^ byte(grain>>8&7)
			row[i+2] = byte((x+y)/4+int(seed)) ^ byte(grain>>16&7)
		}
	}
}

// Text fills the frame with lines of words, as an editor shows them.
func Text(f *screen.Frame, seed uint64) {
	img := image.NewGray(f.Bounds())
	draw.Draw(img, img.Bounds(), image.White, image.Point{}, draw.Src)
	rnd := rand.New(rand.NewPCG(seed, 3))
	d := font.Drawer{Dst: img, Src: image.NewUniform(color.Black), Face: basicfont.Face7x13}
	for y := LineHeight - 2; y < f.H; y += LineHeight {
		d.Dot = fixed.P(int(rnd.Uint32()%8)*14, y)
		for d.Dot.X.Floor() < f.W*3/4 {
			d.DrawString(word(rnd) + " ")
		}
	}
	for y := range f.H {
		row := f.Row(y, 0, f.W)
		for x := range f.W {
			c := paper
			if img.Pix[y*img.Stride+x] < 128 {
				c = ink
			}
			row[x*4], row[x*4+1], row[x*4+2] = c.B, c.G, c.R
		}
	}
}

func word(rnd *rand.Rand) string {
	w := make([]byte, 2+rnd.Uint32()%8)
	for i := range w {
		w[i] = 'a' + byte(rnd.Uint32()%26)
	}
	return string(w)
}

// Type writes one character in a box of 7×13 pixels at p.
func Type(f *screen.Frame, p image.Point, char byte) image.Rectangle {
	box := image.Rect(p.X, p.Y, p.X+7, p.Y+13)
	f.Fill(box, paper)
	_, mask, at, _, ok := basicfont.Face7x13.Glyph(fixed.P(0, 11), rune(char))
	if !ok {
		return box
	}
	for y := range box.Dy() {
		for x := range box.Dx() - 1 {
			if _, _, _, a := mask.At(at.X+x, at.Y+y).RGBA(); a > 0x8000 {
				copy(f.Row(p.Y+y, p.X+x, p.X+x+1), []byte{ink.B, ink.G, ink.R})
			}
		}
	}
	return box
}

// Scroll moves the content of view up by n pixels and takes what comes in at the bottom from fresh, a frame of the same size.
func Scroll(f *screen.Frame, view image.Rectangle, n int, fresh *screen.Frame) {
	f.Move(image.Rect(view.Min.X, view.Min.Y, view.Max.X, view.Max.Y-n), image.Pt(view.Min.X, view.Min.Y+n))
	f.CopyRect(fresh, image.Rect(view.Min.X, view.Max.Y-n, view.Max.X, view.Max.Y))
}
