// Package paint draws anti-aliased shapes, icons and text into a pixel buffer. It knows neither windows nor layout.
package paint

import (
	"image"
	"image/color"
	"math"
)

// Canvas is a buffer of premultiplied pixels. All coordinates are device pixels.
type Canvas struct {
	*image.RGBA
}

// New returns a transparent canvas.
func New(w, h int) *Canvas {
	return &Canvas{image.NewRGBA(image.Rect(0, 0, w, h))}
}

// Box is a rectangle with rounded corners, an inner border and a fill. Colours with no alpha are not drawn.
type Box struct {
	Radius      float64
	Fill        color.NRGBA
	Border      color.NRGBA
	BorderWidth float64
}

// Clear makes the whole canvas transparent or one colour.
func (c *Canvas) Clear(col color.NRGBA) {
	r, g, b, a := premultiply(col)
	for i := 0; i < len(c.Pix); i += 4 {
		c.Pix[i], c.Pix[i+1], c.Pix[i+2], c.Pix[i+3] = r, g, b, a
	}
}

// Box draws a rounded rectangle.
func (c *Canvas) Box(r image.Rectangle, b Box) {
	if b.Border.A > 0 && b.BorderWidth > 0 {
		c.ring(r, b.Radius, b.BorderWidth, b.Border)
	}
	if b.Fill.A == 0 {
		return
	}
	in := 0.0
	if b.Border.A > 0 {
		in = b.BorderWidth
	}
	inside := func(x, y float64) float64 { return rounded(r, b.Radius, x, y) + in }
	// Only the rows with the corners need distances; the rows between are filled as they are.
	corner := int(math.Ceil(max(b.Radius, in)))
	straight := image.Rect(r.Min.X, r.Min.Y+corner, r.Max.X, r.Max.Y-corner)
	if straight.Min.Y >= straight.Max.Y || in != math.Trunc(in) || b.Fill.A != 255 {
		c.shape(r, b.Fill, inside)
		return
	}
	c.shape(image.Rect(r.Min.X, r.Min.Y, r.Max.X, straight.Min.Y), b.Fill, inside)
	c.shape(image.Rect(r.Min.X, straight.Max.Y, r.Max.X, r.Max.Y), b.Fill, inside)
	c.rows(image.Rect(straight.Min.X+int(in), straight.Min.Y, straight.Max.X-int(in), straight.Max.Y), b.Fill)
}

// rows fills a rectangle with an opaque colour.
func (c *Canvas) rows(r image.Rectangle, col color.NRGBA) {
	r = r.Intersect(c.Rect)
	if r.Empty() {
		return
	}
	first := c.Pix[c.PixOffset(r.Min.X, r.Min.Y):][:4*r.Dx()]
	for i := 0; i < len(first); i += 4 {
		first[i], first[i+1], first[i+2], first[i+3] = col.R, col.G, col.B, 255
	}
	for y := r.Min.Y + 1; y < r.Max.Y; y++ {
		copy(c.Pix[c.PixOffset(r.Min.X, y):], first)
	}
}

// Ring draws a rounded outline of the given width outside of r, as a focus ring.
func (c *Canvas) Ring(r image.Rectangle, radius, width float64, col color.NRGBA) {
	grow := int(math.Ceil(width))
	c.ring(r.Inset(-grow), radius+float64(grow), width, col)
}

func (c *Canvas) ring(r image.Rectangle, radius, width float64, col color.NRGBA) {
	band := func(x, y float64) float64 {
		d := rounded(r, radius, x, y)
		return max(d, -d-width)
	}
	edge := int(math.Ceil(max(radius, width))) + 1
	top, bottom := r.Min.Y+edge, r.Max.Y-edge
	if top >= bottom || r.Dx() <= 2*edge {
		c.shape(r, col, band)
		return
	}
	c.shape(image.Rect(r.Min.X, r.Min.Y, r.Max.X, top), col, band)
	c.shape(image.Rect(r.Min.X, bottom, r.Max.X, r.Max.Y), col, band)
	c.shape(image.Rect(r.Min.X, top, r.Min.X+edge, bottom), col, band)
	c.shape(image.Rect(r.Max.X-edge, top, r.Max.X, bottom), col, band)
}

// Disc draws a filled circle.
func (c *Canvas) Disc(cx, cy, radius float64, col color.NRGBA) {
	r := image.Rect(int(cx-radius-1), int(cy-radius-1), int(cx+radius+2), int(cy+radius+2))
	c.shape(r, col, func(x, y float64) float64 { return math.Hypot(x-cx, y-cy) - radius })
}

// shape fills where the signed distance is negative; the half pixel around zero is the soft edge.
func (c *Canvas) shape(r image.Rectangle, col color.NRGBA, dist func(x, y float64) float64) {
	r = r.Intersect(c.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			if d := dist(float64(x)+.5, float64(y)+.5); d < .5 {
				c.blend(x, y, col, min(1, .5-d))
			}
		}
	}
}

// rounded is the signed distance to a rectangle with rounded corners.
func rounded(r image.Rectangle, radius, x, y float64) float64 {
	w, h := float64(r.Dx())/2, float64(r.Dy())/2
	radius = min(radius, w, h)
	dx := math.Abs(x-float64(r.Min.X)-w) - (w - radius)
	dy := math.Abs(y-float64(r.Min.Y)-h) - (h - radius)
	return math.Hypot(max(dx, 0), max(dy, 0)) + min(max(dx, dy), 0) - radius
}

// blend puts a colour over a pixel, coverage 0…1.
func (c *Canvas) blend(x, y int, col color.NRGBA, coverage float64) {
	a := uint32(float64(col.A)*coverage + .5)
	if a == 0 {
		return
	}
	p := c.Pix[c.PixOffset(x, y):][:4:4]
	inv := 255 - a
	p[0] = uint8((uint32(col.R)*a + uint32(p[0])*inv + 127) / 255)
	p[1] = uint8((uint32(col.G)*a + uint32(p[1])*inv + 127) / 255)
	p[2] = uint8((uint32(col.B)*a + uint32(p[2])*inv + 127) / 255)
	p[3] = uint8(a + (uint32(p[3])*inv+127)/255)
}

func premultiply(c color.NRGBA) (r, g, b, a uint8) {
	m := func(v uint8) uint8 { return uint8((uint32(v)*uint32(c.A) + 127) / 255) }
	return m(c.R), m(c.G), m(c.B), c.A
}
