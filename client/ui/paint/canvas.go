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
	c.shape(r, b.Fill, func(x, y float64) float64 { return rounded(r, b.Radius, x, y) + in })
}

// Ring draws a rounded outline of the given width outside of r, as a focus ring.
func (c *Canvas) Ring(r image.Rectangle, radius, width float64, col color.NRGBA) {
	grow := int(math.Ceil(width))
	c.ring(r.Inset(-grow), radius+float64(grow), width, col)
}

func (c *Canvas) ring(r image.Rectangle, radius, width float64, col color.NRGBA) {
	c.shape(r, col, func(x, y float64) float64 {
		d := rounded(r, radius, x, y)
		return max(d, -d-width)
	})
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
