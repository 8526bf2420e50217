package capture

import (
	"image"
	"testing"

	"deskhand/screen"
)

// Two bars that cross: joining what is left of one cuts the other, for ever.
func TestSimplifyEnds(t *testing.T) {
	var g screen.Region
	g.Add(image.Rect(100, 0, 120, 300))
	g.Add(image.Rect(0, 100, 300, 120))
	area := g.Area()
	simplify(&g)
	if !g.Overlaps(image.Rect(0, 110, 1, 111)) || !g.Overlaps(image.Rect(110, 299, 111, 300)) || g.Area() < area {
		t.Errorf("after it, %v", g.Rects())
	}
}
