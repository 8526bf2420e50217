package corpus

import (
	"image"

	"deskhand/screen"
)

// picture is an image to draw on; everything outside it is left away.
type picture struct{ *screen.Frame }

func newPicture(w, h int) picture {
	f, err := screen.NewFrame(max(w, 1), max(h, 1))
	if err != nil {
		panic(err)
	}
	return picture{f}
}

func (p picture) fill(r image.Rectangle, c screen.Color) { p.Fill(r.Intersect(p.Bounds()), c) }

// frame draws the border of r, inside it.
func (p picture) border(r image.Rectangle, c screen.Color) {
	p.fill(image.Rect(r.Min.X, r.Min.Y, r.Max.X, r.Min.Y+1), c)
	p.fill(image.Rect(r.Min.X, r.Max.Y-1, r.Max.X, r.Max.Y), c)
	p.fill(image.Rect(r.Min.X, r.Min.Y, r.Min.X+1, r.Max.Y), c)
	p.fill(image.Rect(r.Max.X-1, r.Min.Y, r.Max.X, r.Max.Y), c)
}

// put copies the part of src that begins at from to r, as far as there is any.
func (p picture) put(r image.Rectangle, src picture, from image.Point) {
	d := r.Intersect(p.Bounds()).Intersect(src.Bounds().Add(r.Min.Sub(from)))
	if d.Empty() {
		return
	}
	from = from.Add(d.Min.Sub(r.Min))
	for y := range d.Dy() {
		copy(p.Row(d.Min.Y+y, d.Min.X, d.Max.X), src.Row(from.Y+y, from.X, from.X+d.Dx()))
	}
}

// each calls f for the pixels of r: B, G, R, X, to be set.
func (p picture) each(r image.Rectangle, f func(x, y int, px []byte)) {
	r = r.Intersect(p.Bounds())
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := p.Row(y, r.Min.X, r.Max.X)
		for x := r.Min.X; x < r.Max.X; x++ {
			o := (x - r.Min.X) * 4
			f(x, y, row[o:o+4:o+4])
		}
	}
}

// canvas is the display of a scene, with what was reported as damaged in the frame at hand.
type canvas struct {
	picture
	damage []image.Rectangle
	desk   desk
}

func (c *canvas) resize(size image.Point) {
	c.picture = newPicture(size.X, size.Y)
	c.damage = append(c.damage[:0], c.Bounds())
}

// touched reports r as damaged.
func (c *canvas) touched(r image.Rectangle) {
	if r = r.Intersect(c.Bounds()); !r.Empty() {
		c.damage = append(c.damage, r)
	}
}

// desk is a background with windows on it, the last one on top.
type desk struct {
	back    picture
	windows []*window
}

type window struct {
	at     image.Point
	img    picture
	hidden bool
}

func (w *window) box() image.Rectangle { return w.img.Bounds().Add(w.at) }

// begin sets the desk up and draws it.
func (c *canvas) begin(back picture, windows ...*window) {
	c.desk = desk{back, windows}
	c.repaint(c.Bounds())
}

// repaint draws the part r of the desk and reports it.
func (c *canvas) repaint(r image.Rectangle) {
	r = r.Intersect(c.Bounds())
	if r.Empty() {
		return
	}
	c.put(r, c.desk.back, r.Min)
	for _, w := range c.desk.windows {
		if part := r.Intersect(w.box()); !w.hidden && !part.Empty() {
			c.put(part, w.img, part.Min.Sub(w.at))
		}
	}
	c.touched(r)
}

// inside repaints the part r of a window, in the window's own coordinates.
func (c *canvas) inside(w *window, r image.Rectangle) { c.repaint(r.Add(w.at).Intersect(w.box())) }

// move brings a window to another place: two boxes, as a server without compositing reports.
func (c *canvas) move(w *window, to image.Point) {
	old := w.box()
	w.at = to
	c.repaint(old)
	c.repaint(w.box())
}

// show makes a window appear or go.
func (c *canvas) show(w *window, on bool) {
	w.hidden = !on
	c.repaint(w.box())
}

// raise brings a window to the top.
func (c *canvas) raise(w *window) {
	var below []*window
	for _, v := range c.desk.windows {
		if v != w {
			below = append(below, v)
		}
	}
	c.desk.windows = append(below, w)
	c.repaint(w.box())
}
