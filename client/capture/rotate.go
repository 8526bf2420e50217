package capture

import (
	"image"

	"deskhand/screen"
)

// rotation says how a display stands against the picture that its graphics card makes: the picture is turned clockwise by it. The values are
// those of DXGI_MODE_ROTATION.
type rotation uint32

const (
	notRotated rotation = iota + 1
	rotated90
	rotated180
	rotated270
)

// size is that of a display whose picture has the size s.
func (r rotation) size(s image.Point) image.Point {
	if r == rotated90 || r == rotated270 {
		return image.Pt(s.Y, s.X)
	}
	return s
}

// display is where a part of a picture of the size s is on the display.
func (r rotation) display(part image.Rectangle, s image.Point) image.Rectangle {
	switch r {
	case rotated90:
		return image.Rect(s.Y-part.Max.Y, part.Min.X, s.Y-part.Min.Y, part.Max.X)
	case rotated180:
		return image.Rect(s.X-part.Max.X, s.Y-part.Max.Y, s.X-part.Min.X, s.Y-part.Min.Y)
	case rotated270:
		return image.Rect(part.Min.Y, s.X-part.Max.X, part.Max.Y, s.X-part.Min.X)
	}
	return part
}

// copy copies the part of a display, which begins at corner in dst, from its picture.
func (r rotation) copy(dst *screen.Frame, corner image.Point, picture *screen.Frame, part image.Rectangle) {
	s := image.Pt(picture.W, picture.H)
	for y := part.Min.Y; y < part.Max.Y; y++ {
		row := dst.Row(corner.Y+y, corner.X+part.Min.X, corner.X+part.Max.X)
		if r == notRotated || r == 0 {
			copy(row, picture.Row(y, part.Min.X, part.Max.X))
			continue
		}
		for x := part.Min.X; x < part.Max.X; x++ {
			var from image.Point
			switch r {
			case rotated90:
				from = image.Pt(y, s.Y-1-x)
			case rotated180:
				from = image.Pt(s.X-1-x, s.Y-1-y)
			case rotated270:
				from = image.Pt(s.X-1-y, x)
			}
			copy(row[(x-part.Min.X)*4:], picture.Row(from.Y, from.X, from.X+1))
		}
	}
}
