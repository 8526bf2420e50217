package paint

import (
	"image"
	"image/color"
	"testing"

	"deskhand/client/ui/typeset"
)

var (
	white = color.NRGBA{255, 255, 255, 255}
	black = color.NRGBA{0, 0, 0, 255}
	teal  = color.NRGBA{15, 114, 133, 255}
)

func sheet(w, h int, c color.NRGBA) *Canvas {
	cv := New(w, h)
	cv.Clear(c)
	return cv
}

func (c *Canvas) pixel(x, y int) color.NRGBA {
	r, g, b, a := c.At(x, y).RGBA()
	return color.NRGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), uint8(a >> 8)}
}

func TestBox(t *testing.T) {
	c := sheet(40, 40, white)
	c.Box(image.Rect(4, 4, 36, 36), Box{Radius: 8, Fill: white, Border: teal, BorderWidth: 1})
	for _, tt := range []struct {
		x, y int
		want color.NRGBA
	}{
		{20, 4, teal}, {4, 20, teal}, {35, 20, teal}, {20, 35, teal}, // the border's rows are sharp
		{20, 5, white}, {20, 3, white}, {20, 20, white}, {4, 4, white}, // inside, outside, and the rounded corner
	} {
		if got := c.pixel(tt.x, tt.y); got != tt.want {
			t.Errorf("pixel %d,%d is %v, want %v", tt.x, tt.y, got, tt.want)
		}
	}
	soft := 0
	for i := range 8 {
		for k := range 8 {
			if p := c.pixel(4+i, 4+k); p != teal && p != white {
				soft++
			}
		}
	}
	if soft < 6 {
		t.Errorf("%d soft pixels in a rounded corner", soft)
	}
}

func TestTransparency(t *testing.T) {
	c := New(10, 10)
	c.Box(image.Rect(0, 0, 10, 10), Box{Fill: color.NRGBA{200, 100, 50, 128}})
	if p := c.RGBAAt(5, 5); p.A != 128 || p.R != 100 {
		t.Errorf("premultiplied pixel %v", p)
	}
	c.Box(image.Rect(0, 0, 10, 10), Box{})
	if p := c.RGBAAt(5, 5); p.A != 128 {
		t.Errorf("a box without colour drew %v", p)
	}
}

func TestRingIsOutside(t *testing.T) {
	c := sheet(40, 40, white)
	c.Ring(image.Rect(10, 10, 30, 30), 4, 2, teal)
	if c.pixel(10, 20) != white || c.pixel(9, 20) != teal || c.pixel(8, 20) != teal || c.pixel(7, 20) != white {
		t.Errorf("ring %v %v %v %v", c.pixel(10, 20), c.pixel(9, 20), c.pixel(8, 20), c.pixel(7, 20))
	}
}

// Shapes that reach over the edge are cut, not refused.
func TestClipping(t *testing.T) {
	c := sheet(8, 8, white)
	c.Box(image.Rect(-10, -10, 20, 20), Box{Radius: 4, Fill: teal})
	c.Disc(-2, 4, 5, black)
	c.Icon(Warning, -6, -6, 24, 2, black)
	f := typeset.Open(typeset.Options{Dirs: []string{}})
	text := f.Layout([]typeset.Span{{Text: "Wide text", Weight: typeset.Regular}}, typeset.Style{Size: 20, LineHeight: 30}, typeset.Box{Width: 200})
	c.Text(f, text, image.Rect(-20, -10, 100, 40), Left, black)
	if c.pixel(7, 7) == white {
		t.Error("nothing was drawn")
	}
}

// Every icon draws within its square, and none is blank.
func TestIcons(t *testing.T) {
	for i, ic := range []*Icon{
		Screen, Pointer, Eye, Lock, Clock, Warning, Alert, Check, Ended, Retry, File, Prompt, Clip, Power, Key, Pause, Play, Stop, Grip,
	} {
		c := sheet(64, 64, white)
		c.Icon(ic, 20, 20, 24, 2, black)
		inked := 0
		for y := range 64 {
			for x := range 64 {
				if c.pixel(x, y) == white {
					continue
				}
				inked++
				if !image.Pt(x, y).In(image.Rect(20, 20, 44, 44)) {
					t.Errorf("icon %d draws at %d,%d", i, x-20, y-20)
				}
			}
		}
		if inked < 15 {
			t.Errorf("icon %d has %d pixels", i, inked)
		}
	}
}

func TestBrokenIconPanics(t *testing.T) {
	for _, path := range []string{"M 1", "X 1 2", "M a b"} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%q is taken", path)
				}
			}()
			icon(path, "")
		}()
	}
}

// Light text on dark is about as heavy as dark text on light.
func TestTextWeight(t *testing.T) {
	f := typeset.Open(typeset.Options{Dirs: []string{}})
	text := f.Layout([]typeset.Span{{Text: "Hamburgefonts", Weight: typeset.Regular}}, typeset.Style{Size: 15, LineHeight: 22}, typeset.Box{Width: 200})
	ink := func(ground, col color.NRGBA) (sum int) {
		c := sheet(200, 22, ground)
		c.Text(f, text, c.Rect, Left, col)
		for i := 0; i < len(c.Pix); i += 4 {
			d := int(c.Pix[i]) - int(ground.R)
			sum += max(d, -d)
		}
		return sum
	}
	dark, light := ink(white, black), ink(black, white)
	if dark == 0 || float64(light)/float64(dark) < 1 || float64(light)/float64(dark) > 1.25 {
		t.Errorf("ink %d on light, %d on dark", dark, light)
	}
}

func TestAlignment(t *testing.T) {
	f := typeset.Open(typeset.Options{Dirs: []string{}})
	text := f.Layout([]typeset.Span{{Text: "x", Weight: typeset.Regular}}, typeset.Style{Size: 20, LineHeight: 30}, typeset.Box{Width: 200})
	left := func(al Align) int {
		c := sheet(200, 30, white)
		c.Text(f, text, c.Rect, al, black)
		for x := range 200 {
			for y := range 30 {
				if c.pixel(x, y) != white {
					return x
				}
			}
		}
		t.Fatal("nothing was drawn")
		return 0
	}
	if l, c, r := left(Left), left(Center), left(Right); l > 3 || c < 90 || c > 100 || r < 185 {
		t.Errorf("text begins at %d, %d and %d", l, c, r)
	}
}
