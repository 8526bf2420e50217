package screen

import (
	"image"
	"testing"

	"pgregory.net/rapid"
)

const side = 48 // of the small plane on which regions are compared with a bitmap

type bitmap [side][side]bool

func (b *bitmap) set(r image.Rectangle, v bool) {
	r = r.Intersect(image.Rect(0, 0, side, side))
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			b[y][x] = v
		}
	}
}

func paint(t *rapid.T, g *Region) *bitmap {
	var b bitmap
	for i, r := range g.Rects() {
		if r.Empty() {
			t.Fatalf("rectangle %d is empty: %v", i, r)
		}
		for _, q := range g.Rects()[:i] {
			if q.Overlaps(r) {
				t.Fatalf("%v and %v overlap", q, r)
			}
		}
		b.set(r, true)
	}
	return &b
}

func drawRect(t *rapid.T) image.Rectangle {
	x := rapid.IntRange(0, side-1).Draw(t, "x")
	y := rapid.IntRange(0, side-1).Draw(t, "y")
	return image.Rect(x, y, x+rapid.IntRange(0, side-x).Draw(t, "w"), y+rapid.IntRange(0, side-y).Draw(t, "h"))
}

// While it stays below its limit, a region is exactly the set of pixels that the operations lead to.
func TestRegionIsASet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var g Region
		var want bitmap
		for range rapid.IntRange(1, 20).Draw(t, "steps") {
			r := drawRect(t)
			switch rapid.IntRange(0, 3).Draw(t, "op") {
			case 0:
				g.Subtract(r)
				want.set(r, false)
			case 1:
				g.Clip(r)
				var in bitmap
				in.set(r, true)
				for y := range want {
					for x := range want[y] {
						want[y][x] = want[y][x] && in[y][x]
					}
				}
			default:
				g.Add(r)
				want.set(r, true)
			}
			if len(g.Rects()) >= maxRects {
				return // from here on it may be coarser
			}
		}
		if got := paint(t, &g); *got != want {
			t.Fatalf("region %v differs from the set", g.Rects())
		}
		n := 0
		for y := range want {
			for x := range want[y] {
				if want[y][x] {
					n++
				}
			}
		}
		if g.Area() != n || g.Empty() != (n == 0) {
			t.Fatalf("area %d, empty %v; the set has %d pixels", g.Area(), g.Empty(), n)
		}
	})
}

// At its limit a region covers more than was added, never less, and its rectangles still do not overlap.
func TestRegionIsBounded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var g Region
		var want bitmap
		for range 400 {
			x, y := rapid.IntRange(0, side-1).Draw(t, "x"), rapid.IntRange(0, side-1).Draw(t, "y")
			r := image.Rect(x, y, x+1, y+1)
			g.Add(r)
			want.set(r, true)
			if len(g.Rects()) > maxRects {
				t.Fatalf("%d rectangles", len(g.Rects()))
			}
		}
		got := paint(t, &g)
		for y := range want {
			for x := range want[y] {
				if want[y][x] && !got[y][x] {
					t.Fatalf("(%d, %d) was added and is missing", x, y)
				}
			}
		}
	})
}

func TestRegionCoalesces(t *testing.T) {
	var g Region
	for y := 0; y < 640; y += 64 {
		for x := 0; x < 640; x += 64 {
			g.Add(image.Rect(x, y, x+64, y+64))
		}
	}
	if len(g.Rects()) != 1 || g.Bounds() != image.Rect(0, 0, 640, 640) {
		t.Fatalf("a full grid became %v", g.Rects())
	}
	g.Translate(image.Pt(-10, 5))
	if g.Bounds() != image.Rect(-10, 5, 630, 645) {
		t.Fatalf("moved to %v", g.Bounds())
	}
	var h Region
	h.Add(image.Rect(0, 0, 1, 1))
	h.Union(&g)
	g.Clear()
	if !g.Empty() || !h.Overlaps(image.Rect(600, 600, 601, 601)) || h.Overlaps(image.Rect(700, 0, 800, 900)) {
		t.Fatalf("after Union and Clear: %v, %v", g.Rects(), h.Rects())
	}
}

func BenchmarkRegionAdd(b *testing.B) {
	var g Region
	for i := 0; b.Loop(); i++ {
		if i%200 == 0 {
			g.Clear()
		}
		x, y := i*97%1900, i*61%1060
		g.Add(image.Rect(x, y, x+8, y+16))
	}
}
