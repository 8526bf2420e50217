package screen

import (
	"image"
	"slices"
)

// maxRects is how many rectangles a region holds at most; beyond it, it grows to a coarser one.
const maxRects = 64

// Region is a set of pixels, kept as a few rectangles that do not overlap. It is meant for what may have
// changed: when the set would need more than 64 rectangles it covers somewhat more than was added, never less.
// The zero value is empty and ready; a region is not safe for concurrent use. Its methods reuse its memory.
type Region struct {
	rects   []image.Rectangle
	scratch []image.Rectangle
}

// Rects returns the rectangles; they belong to the region and hold until it changes.
func (g *Region) Rects() []image.Rectangle { return g.rects }

// Empty tells whether the region has no pixel.
func (g *Region) Empty() bool { return len(g.rects) == 0 }

// Clear makes the region empty.
func (g *Region) Clear() { g.rects = g.rects[:0] }

// Bounds is the smallest rectangle that holds the region.
func (g *Region) Bounds() image.Rectangle {
	var b image.Rectangle
	for _, r := range g.rects {
		b = b.Union(r)
	}
	return b
}

// Area is the number of pixels.
func (g *Region) Area() int {
	n := 0
	for _, r := range g.rects {
		n += area(r)
	}
	return n
}

// Overlaps tells whether the region and r share a pixel.
func (g *Region) Overlaps(r image.Rectangle) bool {
	return slices.ContainsFunc(g.rects, r.Overlaps)
}

// Add adds the pixels of r.
func (g *Region) Add(r image.Rectangle) {
	if r.Empty() || slices.ContainsFunc(g.rects, r.In) {
		return
	}
	g.cut(r)
	g.insert(r)
	g.shrink()
}

// Union adds the pixels of other.
func (g *Region) Union(other *Region) {
	for _, r := range other.rects {
		g.Add(r)
	}
}

// Subtract removes the pixels of r. A region that is at its limit may keep some of them.
func (g *Region) Subtract(r image.Rectangle) {
	g.cut(r)
	g.shrink()
}

// Clip keeps only what lies in r.
func (g *Region) Clip(r image.Rectangle) {
	kept := g.rects[:0]
	for _, q := range g.rects {
		if q = q.Intersect(r); !q.Empty() {
			kept = append(kept, q)
		}
	}
	g.rects = kept
}

// Translate moves the region by p.
func (g *Region) Translate(p image.Point) {
	for i, r := range g.rects {
		g.rects[i] = r.Add(p)
	}
}

// Set makes the region the same as other.
func (g *Region) Set(other *Region) { g.rects = append(g.rects[:0], other.rects...) }

// cut removes r exactly; the number of rectangles may pass the limit.
func (g *Region) cut(r image.Rectangle) {
	if !g.Overlaps(r) {
		return
	}
	out := g.scratch[:0]
	for _, q := range g.rects {
		m := q.Intersect(r)
		if m.Empty() {
			out = append(out, q)
			continue
		}
		// What is left of q: the bands above and below r, then the pieces on its sides.
		for _, p := range [4]image.Rectangle{
			{q.Min, image.Pt(q.Max.X, m.Min.Y)},
			{image.Pt(q.Min.X, m.Max.Y), q.Max},
			{image.Pt(q.Min.X, m.Min.Y), image.Pt(m.Min.X, m.Max.Y)},
			{image.Pt(m.Max.X, m.Min.Y), image.Pt(q.Max.X, m.Max.Y)},
		} {
			if !p.Empty() {
				out = append(out, p)
			}
		}
	}
	g.rects, g.scratch = out, g.rects
}

// insert adds r, which overlaps nothing, and joins it with neighbours that share a whole side.
func (g *Region) insert(r image.Rectangle) {
	for {
		i := slices.IndexFunc(g.rects, func(q image.Rectangle) bool {
			return q.Min.X == r.Min.X && q.Max.X == r.Max.X && (q.Min.Y == r.Max.Y || q.Max.Y == r.Min.Y) ||
				q.Min.Y == r.Min.Y && q.Max.Y == r.Max.Y && (q.Min.X == r.Max.X || q.Max.X == r.Min.X)
		})
		if i < 0 {
			g.rects = append(g.rects, r)
			return
		}
		r = r.Union(g.rects[i])
		g.remove(i)
	}
}

// shrink brings the region to its limit: the last rectangle is joined with the one that wastes least, and the
// box of the two swallows what it touches.
func (g *Region) shrink() {
	for len(g.rects) > maxRects {
		last := len(g.rects) - 1
		r := g.rects[last]
		best, waste := 0, int(^uint(0)>>1)
		for i, q := range g.rects[:last] {
			if w := area(r.Union(q)) - area(q); w < waste {
				best, waste = i, w
			}
		}
		g.remove(last)
		r = r.Union(g.rects[best])
		g.remove(best)
		for i := 0; i < len(g.rects); i++ {
			if q := g.rects[i]; q.Overlaps(r) {
				r = r.Union(q)
				g.remove(i)
				i = -1 // the box grew, so it may touch rectangles that it passed
			}
		}
		g.insert(r)
	}
}

func (g *Region) remove(i int) {
	last := len(g.rects) - 1
	g.rects[i] = g.rects[last]
	g.rects = g.rects[:last]
}

func area(r image.Rectangle) int { return r.Dx() * r.Dy() }
