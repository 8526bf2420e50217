package mac

import (
	"errors"
	"fmt"
	"image"
	"math"

	"deskhand/screen"
)

// Point is a CGPoint, Size a CGSize, and Rect a CGRect: in points, from the top left corner of the main display where nothing else is said.
type (
	Point struct{ X, Y float64 }
	Size  struct{ W, H float64 }
	Rect  struct {
		Origin Point
		Size   Size
	}
)

// Display is a display as macOS has it.
type Display struct {
	ID     uint32
	Points Rect
	Scale  float64 // pixels to a point
	Main   bool
}

// Desktop is all displays in pixels, as viewers see them.
type Desktop struct {
	Displays []screen.Display // none begins left of or above (0, 0)
	Size     image.Point
	origin   Point // where (0, 0) is in points
	scale    float64
}

// Arrange makes the desktop of displays. macOS lays them out in points, of which each display may have another number of pixels; so all get as
// many as the densest one, and the pictures of the others are enlarged. Where that is more than a desktop can have, a point is a pixel.
func Arrange(list []Display) (Desktop, error) {
	var all Rect
	scale := 1.0
	for _, d := range list {
		if d.Points.Size.W >= 1 && d.Points.Size.H >= 1 {
			all = all.union(d.Points)
			scale = max(scale, d.Scale)
		}
	}
	if all == (Rect{}) {
		return Desktop{}, errors.New("this computer has no display now")
	}
	desk, err := arrange(list, all, scale)
	if err != nil && scale > 1 {
		return arrange(list, all, 1)
	}
	return desk, err
}

func arrange(list []Display, all Rect, scale float64) (Desktop, error) {
	d := Desktop{origin: all.Origin, scale: scale}
	d.Size = image.Pt(round(all.Size.W*scale), round(all.Size.H*scale))
	if err := screen.CheckSize(d.Size.X, d.Size.Y); err != nil {
		return Desktop{}, fmt.Errorf("all displays together: %w", err)
	}
	for i, s := range list {
		end := Point{s.Points.Origin.X + s.Points.Size.W, s.Points.Origin.Y + s.Points.Size.H}
		r := image.Rectangle{Min: d.Pixel(s.Points.Origin), Max: d.Pixel(end)}
		if r.Empty() {
			continue
		}
		d.Displays = append(d.Displays, screen.Display{ID: s.ID, Name: fmt.Sprintf("Display %d", i+1), Bounds: r, Primary: s.Main})
	}
	return d, nil
}

// Scale is how many pixels a point has.
func (d Desktop) Scale() float64 { return d.scale }

// Pixel is the pixel of the desktop at a point of macOS.
func (d Desktop) Pixel(p Point) image.Point {
	return image.Pt(round((p.X-d.origin.X)*d.scale), round((p.Y-d.origin.Y)*d.scale))
}

// Point is the point of macOS at a pixel of the desktop. Positions outside all displays are moved to the edge of the nearest.
func (d Desktop) Point(x, y int) Point {
	at, best := image.Pt(x, y), math.MaxInt
	for _, s := range d.Displays {
		near := image.Pt(min(max(x, s.Bounds.Min.X), s.Bounds.Max.X-1), min(max(y, s.Bounds.Min.Y), s.Bounds.Max.Y-1))
		if off := abs(near.X-x) + abs(near.Y-y); off < best {
			at, best = near, off
		}
	}
	return Point{d.origin.X + float64(at.X)/d.scale, d.origin.Y + float64(at.Y)/d.scale}
}

// Same tells whether both are the same displays at the same places.
func (d Desktop) Same(o Desktop) bool {
	if d.origin != o.origin || d.scale != o.scale || d.Size != o.Size || len(d.Displays) != len(o.Displays) {
		return false
	}
	for i := range d.Displays {
		if d.Displays[i] != o.Displays[i] {
			return false
		}
	}
	return true
}

// Covered is the pixels of a display's picture that a rectangle of its own, in pixels of the picture, touches.
func (r Rect) Covered(within image.Rectangle) image.Rectangle {
	return image.Rect(int(math.Floor(r.Origin.X)), int(math.Floor(r.Origin.Y)), int(math.Ceil(r.Origin.X+r.Size.W)), int(math.Ceil(r.Origin.Y+r.Size.H))).Intersect(within)
}

func (r Rect) union(o Rect) Rect {
	if r == (Rect{}) {
		return o
	}
	x0, y0 := min(r.Origin.X, o.Origin.X), min(r.Origin.Y, o.Origin.Y)
	x1, y1 := max(r.Origin.X+r.Size.W, o.Origin.X+o.Size.W), max(r.Origin.Y+r.Size.H, o.Origin.Y+o.Size.H)
	return Rect{Point{x0, y0}, Size{x1 - x0, y1 - y0}}
}

func round(v float64) int { return int(math.Round(v)) }

func abs(v int) int { return max(v, -v) }
