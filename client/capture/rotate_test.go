package capture

import (
	"image"
	"testing"

	"deskhand/screen"
)

// A picture of 3×2 pixels with a red top left corner and a blue pixel right of it.
func TestRotation(t *testing.T) {
	red, blue := screen.Color{R: 255}, screen.Color{B: 255}
	picture, _ := screen.NewFrame(3, 2)
	picture.Fill(image.Rect(0, 0, 1, 1), red)
	picture.Fill(image.Rect(1, 0, 2, 1), blue)
	s := picture.Bounds().Max
	for r, want := range map[rotation]struct{ size, red, blue image.Point }{
		notRotated: {image.Pt(3, 2), image.Pt(0, 0), image.Pt(1, 0)},
		rotated90:  {image.Pt(2, 3), image.Pt(1, 0), image.Pt(1, 1)}, // clockwise: the top is at the right
		rotated180: {image.Pt(3, 2), image.Pt(2, 1), image.Pt(1, 1)},
		rotated270: {image.Pt(2, 3), image.Pt(0, 2), image.Pt(0, 1)},
	} {
		if got := r.size(s); got != want.size {
			t.Errorf("rotation %d: size %v, want %v", r, got, want.size)
		}
		desktop, _ := screen.NewFrame(want.size.X+5, want.size.Y+4)
		corner := image.Pt(5, 4)
		r.copy(desktop, corner, picture, image.Rectangle{Max: want.size})
		for c, at := range map[screen.Color]image.Point{red: want.red, blue: want.blue} {
			if got := desktop.At(corner.X+at.X, corner.Y+at.Y); got != c {
				t.Errorf("rotation %d: %v at %v, want %v", r, got, at, c)
			}
		}
		part := image.Rect(1, 0, 2, 1) // the blue pixel
		if got := r.display(part, s); got != (image.Rectangle{want.blue, want.blue.Add(image.Pt(1, 1))}) {
			t.Errorf("rotation %d: %v of the picture is at %v, want %v", r, part, got, want.blue)
		}
	}
}
