package mac

import (
	"image"
	"testing"
)

func rect(x, y, w, h float64) Rect { return Rect{Point{x, y}, Size{w, h}} }

func TestArrange(t *testing.T) {
	retina := Display{ID: 1, Points: rect(0, 0, 1440, 900), Scale: 2, Main: true}
	left := Display{ID: 2, Points: rect(-1920, -180, 1920, 1080), Scale: 1}
	d, err := Arrange([]Display{retina, left})
	if err != nil {
		t.Fatal(err)
	}
	if d.Size != image.Pt(6720, 2160) || d.Displays[0].Bounds != image.Rect(3840, 360, 6720, 2160) || d.Displays[1].Bounds != image.Rect(0, 0, 3840, 2160) ||
		!d.Displays[0].Primary || d.Displays[1].Primary || d.Displays[1].ID != 2 {
		t.Errorf("a dense display beside another one is %+v", d)
	}
	for _, c := range []struct {
		x, y int
		want Point
	}{
		{3840, 360, Point{0, 0}},
		{0, 0, Point{-1920, -180}},
		{3841, 361, Point{0.5, 0.5}},
		{-9, -9, Point{-1920, -180}},
		{9999, 9999, Point{1439.5, 899.5}},
		{6000, 0, Point{1080, 0}}, // above the main display there is nothing
	} {
		if got := d.Point(c.x, c.y); got != c.want {
			t.Errorf("pixel %d, %d is at %v, want %v", c.x, c.y, got, c.want)
		}
	}
	if got := d.Pixel(Point{10, 20}); got != image.Pt(3860, 400) {
		t.Errorf("point 10, 20 is pixel %v", got)
	}
	if one, _ := Arrange([]Display{retina}); d.Same(one) || !d.Same(d) {
		t.Error("a display that went is not seen")
	}
}

func TestArrangeLimits(t *testing.T) {
	if _, err := Arrange(nil); err == nil {
		t.Error("no display is a desktop")
	}
	if _, err := Arrange([]Display{{ID: 1, Scale: 2}}); err == nil {
		t.Error("a display without pixels is a desktop")
	}
	many := []Display{}
	for i := range 3 {
		many = append(many, Display{ID: uint32(i + 1), Points: rect(float64(i)*5000, 0, 5000, 2800), Scale: 2})
	}
	d, err := Arrange(many)
	if err != nil || d.Size != image.Pt(15000, 2800) {
		t.Errorf("what is too large in pixels is %v, %v", d.Size, err)
	}
}

func TestCovered(t *testing.T) {
	if got := rect(1.5, 2, 3, 4.2).Covered(image.Rect(0, 0, 100, 6)); got != image.Rect(1, 2, 5, 6) {
		t.Errorf("covered %v", got)
	}
}
