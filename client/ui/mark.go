package ui

import "deskhand/client/ui/paint"

// mark is the program's mark as an icon.
func mark(size int) *paint.Canvas {
	c := paint.New(size, size)
	c.Box(c.Rect, paint.Box{Radius: float64(size) * .27, Fill: light.accent})
	in := size * 5 / 8
	c.Icon(paint.Screen, (size-in)/2, (size-in)/2, in, 2.1, light.onAccent)
	return c
}

// straight is a pixel as 0xAARRGGBB, not premultiplied.
func straight(p []byte) uint32 {
	r, g, b, a := uint32(p[0]), uint32(p[1]), uint32(p[2]), uint32(p[3])
	if a > 0 {
		r, g, b = r*255/a, g*255/a, b*255/a
	}
	return a<<24 | r<<16 | g<<8 | b
}

// full is a channel of a colour without its transparency.
func full(v, a byte) byte { return byte(min(255, uint32(v)*255/uint32(a))) }
