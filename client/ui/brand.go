package ui

import (
	"encoding/hex"
	"image"
	"image/color"
	"strings"

	"golang.org/x/image/draw"
)

// Brand is how the operator of the server wants the windows to look. The zero value is the product's own look.
type Brand struct {
	Light, Dark *Shades     // nil: the product's own
	Logo        image.Image // nil: none
}

// Shades are those of the operator's colour, each #rrggbb, on light or on dark grounds. Whoever makes them sees to it that OnFill can be read on Fill
// and FillHover, OnSoft on Soft, and Accent on all grounds, at 4.5 : 1.
type Shades struct {
	Accent    string // text and lines
	Fill      string // of the main button
	FillHover string
	OnFill    string // text on the fill
	Soft      string // a quiet ground
	SoftHover string
	OnSoft    string // text on it; further from all grounds than Accent
}

// SetBrand changes how all windows look.
func (u *UI) SetBrand(b Brand) error { return u.desk.brand(b) }

// wearing is a palette in the operator's colour; as it is with nil, or with what is no colour.
func (p *palette) wearing(s *Shades) *palette {
	if s == nil {
		return p
	}
	worn := *p
	for to, from := range map[*color.NRGBA]string{
		&worn.accent: s.Fill, &worn.accentHover: s.FillHover, &worn.onAccent: s.OnFill, &worn.accentSoft: s.Soft, &worn.accentText: s.OnSoft,
		&worn.focus: s.Accent,
	} {
		var ok bool
		if *to, ok = parseColor(from); !ok {
			return p
		}
	}
	// As far beyond what is pointed at as that lies beyond the fill, which is away from the text on it.
	beyond := func(from, to uint8) uint8 { return uint8(min(255, max(0, 2*int(to)-int(from)))) }
	from, to := worn.accent, worn.accentHover
	worn.accentDown = color.NRGBA{beyond(from.R, to.R), beyond(from.G, to.G), beyond(from.B, to.B), 255}
	return &worn
}

func parseColor(s string) (color.NRGBA, bool) {
	digits, ok := strings.CutPrefix(s, "#")
	b, err := hex.DecodeString(digits)
	if !ok || err != nil || len(b) != 3 {
		return color.NRGBA{}, false
	}
	return color.NRGBA{b[0], b[1], b[2], 255}, true
}

// wear makes a look the operator's, on dark grounds or light ones.
func (lk *look) wear(b Brand, onDark bool) {
	lk.brand, lk.onDark, lk.colors = b, onDark, light.wearing(b.Light)
	if onDark {
		lk.colors = dark.wearing(b.Dark)
	}
	if lk.system != nil {
		lk.colors = lk.system
	}
	lk.logo = nil
	if b.Logo != nil && !b.Logo.Bounds().Empty() {
		lk.logo = &logo{whole: b.Logo}
	}
}

// logo is the operator's picture and the size in which it was drawn last.
type logo struct {
	whole  image.Image
	scaled *image.RGBA
}

// within is the largest size that the picture has in a box, at least one pixel each way.
func (g *logo) within(w, h int) image.Point {
	b := g.whole.Bounds()
	if b.Dx()*h > b.Dy()*w {
		return image.Pt(w, max(1, b.Dy()*w/b.Dx()))
	}
	return image.Pt(max(1, b.Dx()*h/b.Dy()), h)
}

// at is the picture in a size.
func (g *logo) at(size image.Point) *image.RGBA {
	if g.scaled == nil || g.scaled.Rect.Size() != size {
		g.scaled = image.NewRGBA(image.Rectangle{Max: size})
		draw.CatmullRom.Scale(g.scaled, g.scaled.Rect, g.whole, g.whole.Bounds(), draw.Src, nil)
	}
	return g.scaled
}
