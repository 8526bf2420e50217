package typeset

import (
	"bytes"
	"image"
	"image/png"
	"math"

	"github.com/go-text/typesetting/font"
	ot "github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/draw"
	"golang.org/x/image/vector"
)

const (
	// phases is the number of horizontal sub-pixel positions at which a glyph is kept.
	phases = 4
	// maxGlyphs bounds the cache; one window shows fewer than 200 different ones.
	maxGlyphs = 4096
	// maxPixels bounds one glyph's bitmap against broken fonts.
	maxPixels = 1 << 20
)

// Glyph is a rasterised glyph. Exactly one of Mask and Color is set, or none for blank glyphs.
type Glyph struct {
	Mask  *image.Alpha // coverage
	Color *image.RGBA  // a colour picture, premultiplied
	X, Y  int          // top left corner relative to the pen, in pixels
}

type glyphKey struct {
	face  *face
	id    font.GID
	size  int
	phase int
	latin bool
}

// Glyph rasterises the i-th glyph of a run for a pen whose x has the given fraction (0 ≤ frac < 64, in 1/64 px).
func (f *Fonts) Glyph(r Run, i, frac int) *Glyph {
	k := glyphKey{r.face, r.Glyphs[i].GlyphID, r.size, frac * phases / 64, r.latin[i]}
	if g, ok := f.glyphs[k]; ok {
		return g
	}
	if len(f.glyphs) >= maxGlyphs {
		clear(f.glyphs)
	}
	g := k.rasterise(r.Glyphs[i])
	f.glyphs[k] = g
	return g
}

func (k glyphKey) rasterise(g shaping.Glyph) *Glyph {
	if k.face == nil {
		return &Glyph{}
	}
	if bm, ok := k.face.GlyphDataBitmap(k.id); ok && bm.Format == font.PNG {
		if c := k.picture(bm, g); c != nil {
			return c
		}
	}
	outline, ok := k.face.GlyphDataOutline(k.id)
	if !ok {
		return &Glyph{}
	}
	return k.fill(outline.Segments)
}

// picture scales a colour bitmap to the em; it sits on the baseline as its metrics say.
func (k glyphKey) picture(bm font.GlyphBitmap, g shaping.Glyph) *Glyph {
	cfg, err := png.DecodeConfig(bytes.NewReader(bm.Data))
	if err != nil || cfg.Width*cfg.Height > maxPixels || cfg.Width*cfg.Height == 0 {
		return nil
	}
	src, err := png.Decode(bytes.NewReader(bm.Data))
	if err != nil {
		return nil
	}
	w := max(1, g.Width.Round())
	h := max(1, (-g.Height).Round())
	if w*h > maxPixels {
		return nil
	}
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.CatmullRom.Scale(dst, dst.Bounds(), src, src.Bounds(), draw.Src, nil)
	return &Glyph{Color: dst, X: g.XBearing.Round(), Y: -g.YBearing.Round()}
}

// fill rasterises an outline with exact area coverage.
func (k glyphKey) fill(segs []ot.Segment) *Glyph {
	scale := float32(k.size) / k.face.upem
	rows := rowSnap{}
	if k.latin {
		rows = newRowSnap(k.face, scale)
	}
	shift := float32(k.phase) / phases
	place := func(p ot.SegmentPoint) (x, y float32) { return p.X*scale + shift, -rows.at(p.Y * scale) }

	minX, minY := float32(math.MaxFloat32), float32(math.MaxFloat32)
	maxX, maxY := -minX, -minY
	for i := range segs {
		for _, p := range segs[i].ArgsSlice() {
			x, y := place(p)
			minX, maxX = min(minX, x), max(maxX, x)
			minY, maxY = min(minY, y), max(maxY, y)
		}
	}
	if minX >= maxX || minY >= maxY {
		return &Glyph{}
	}
	x0, y0 := int(math.Floor(float64(minX))), int(math.Floor(float64(minY)))
	w, h := int(math.Ceil(float64(maxX)))-x0, int(math.Ceil(float64(maxY)))-y0
	if w*h > maxPixels || w <= 0 || h <= 0 {
		return &Glyph{}
	}
	ras := vector.NewRasterizer(w, h)
	local := func(p ot.SegmentPoint) (x, y float32) {
		x, y = place(p)
		return x - float32(x0), y - float32(y0)
	}
	for i := range segs {
		trace(ras, &segs[i], local)
	}
	ras.ClosePath()
	mask := image.NewAlpha(image.Rect(0, 0, w, h))
	ras.Draw(mask, mask.Bounds(), image.Opaque, image.Point{})
	return &Glyph{Mask: mask, X: x0, Y: y0}
}

func trace(ras *vector.Rasterizer, s *ot.Segment, local func(ot.SegmentPoint) (x, y float32)) {
	ax, ay := local(s.Args[0])
	bx, by := local(s.Args[1])
	cx, cy := local(s.Args[2])
	switch s.Op {
	case ot.SegmentOpMoveTo:
		ras.ClosePath()
		ras.MoveTo(ax, ay)
	case ot.SegmentOpLineTo:
		ras.LineTo(ax, ay)
	case ot.SegmentOpQuadTo:
		ras.QuadTo(ax, ay, bx, by)
	case ot.SegmentOpCubeTo:
		ras.CubeTo(ax, ay, bx, by, cx, cy)
	}
}

// rowSnap moves the tops of small and capital letters onto whole pixel rows, and flattens the overshoot of round
// letters, so that small text is crisp without hinting instructions. Widths stay exact.
type rowSnap struct {
	on             bool
	x, cap         float32 // heights before, in pixels
	snapX, snapCap float32 // after
	overshoot      float32 // how far round letters reach beyond a line; flattened
	ascenders      float32 // how far ascenders reach above the capitals; flattened
}

// snapBelow is the size in pixels from which on outlines are left as drawn.
const snapBelow = 36

func newRowSnap(fc *face, scale float32) rowSnap {
	x, c := fc.xHeight*scale, fc.capHeight*scale
	if x < 3 || c <= x || fc.upem*scale >= snapBelow {
		return rowSnap{}
	}
	em := fc.upem * scale
	return rowSnap{on: true, x: x, cap: c, snapX: round(x), snapCap: round(c), overshoot: .022 * em, ascenders: .035 * em}
}

// at maps a height above the baseline, piece by piece linear.
func (s rowSnap) at(y float32) float32 {
	if !s.on {
		return y
	}
	o := s.overshoot
	switch {
	case y < -o:
		return y + o*(1-min(1, (-o-y)/(2*o))) // deeper than the overshoot: ease back to the true depth
	case y <= 0:
		return 0
	case y <= s.x:
		return y * s.snapX / s.x
	case y <= s.x+o:
		return s.snapX
	case y <= s.cap:
		return s.snapX + (y-s.x-o)*(s.snapCap-s.snapX)/(s.cap-s.x-o)
	case y <= s.cap+s.ascenders:
		return s.snapCap
	}
	return y - s.cap - s.ascenders + s.snapCap
}

func round(v float32) float32 { return float32(math.Round(float64(v))) }
