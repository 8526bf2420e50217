package paint

import (
	"image"
	"image/color"
	"math"

	"golang.org/x/image/math/fixed"

	"deskhand/client/ui/typeset"
)

// Align says where the lines of a paragraph stand in their box.
type Align int

// Left and Right are physical: who lays out mirrors them for right-to-left windows.
const (
	Left Align = iota
	Center
	Right
)

// Text draws a paragraph with its first line at the top of the box.
func (c *Canvas) Text(f *typeset.Fonts, t *typeset.Text, box image.Rectangle, al Align, col color.NRGBA) {
	for i, l := range t.Lines {
		x := fixed.I(box.Min.X)
		switch room := fixed.I(box.Dx()) - l.Width; al {
		case Center:
			x += room / 2
		case Right:
			x += room
		}
		c.line(f, l, x, box.Min.Y+t.Baseline+i*t.LineHeight(), col)
	}
}

func (c *Canvas) line(f *typeset.Fonts, l typeset.Line, x fixed.Int26_6, baseline int, col color.NRGBA) {
	for _, run := range l.Runs {
		for i, g := range run.Glyphs {
			pen := x + g.XOffset
			gl := f.Glyph(run, i, int(pen&63))
			at := image.Pt(pen.Floor()+gl.X, baseline-g.YOffset.Round()+gl.Y)
			switch {
			case gl.Mask != nil:
				c.mask(gl.Mask, at, col)
			case gl.Color != nil:
				c.picture(gl.Color, at)
			}
			x += g.Advance
		}
	}
}

// textGamma is the exponent of the space in which text is blended: between perceptual (2.2, dark text too thin)
// and plain sRGB arithmetic (light text too thin).
const textGamma = 1.25

const fineSteps = 4096

var (
	toFine   [256]uint32          // sRGB byte → text space
	fromFine [fineSteps + 1]uint8 // and back
)

func init() {
	for i := range toFine {
		toFine[i] = uint32(math.Round(math.Pow(float64(i)/255, textGamma) * fineSteps))
	}
	for i := range fromFine {
		fromFine[i] = uint8(math.Round(math.Pow(float64(i)/fineSteps, 1/textGamma) * 255))
	}
}

// mask blends a colour through glyph coverage.
func (c *Canvas) mask(m *image.Alpha, at image.Point, col color.NRGBA) {
	r := m.Rect.Add(at).Intersect(c.Rect)
	src := [3]uint32{toFine[col.R], toFine[col.G], toFine[col.B]}
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := m.Pix[m.PixOffset(r.Min.X-at.X, y-at.Y):]
		px := c.Pix[c.PixOffset(r.Min.X, y):]
		for i := range r.Dx() {
			a := uint32(row[i]) * uint32(col.A) / 255
			if a == 0 {
				continue
			}
			p := px[i*4 : i*4+4 : i*4+4]
			for k := range src {
				p[k] = fromFine[(src[k]*a+toFine[p[k]]*(255-a)+127)/255]
			}
			p[3] = uint8(a + uint32(p[3])*(255-a)/255)
		}
	}
}

// picture blends a premultiplied image.
func (c *Canvas) picture(m *image.RGBA, at image.Point) {
	r := m.Rect.Add(at).Intersect(c.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := m.Pix[m.PixOffset(r.Min.X-at.X, y-at.Y):]
		px := c.Pix[c.PixOffset(r.Min.X, y):]
		for i := range r.Dx() * 4 {
			inv := 255 - uint32(row[i|3])
			px[i] = uint8(uint32(row[i]) + uint32(px[i])*inv/255)
		}
	}
}
