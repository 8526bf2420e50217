package corpus

import (
	"image"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goitalic"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"deskhand/screen"
)

// smoothing is how the edges of letters are drawn.
type smoothing int

const (
	hard smoothing = iota // on or off
	gray                  // shades
	lcd                   // a coverage of its own for red, green and blue
)

// typeface is one font in one size. Its glyphs are drawn once.
type typeface struct {
	ttf    []byte
	size   float64 // pixels
	smooth smoothing

	once   sync.Once
	face   font.Face
	mu     sync.Mutex // guards glyphs
	glyphs map[rune]*glyph
}

// glyph is a letter: for each pixel of box its coverage for red, green and blue.
type glyph struct {
	box     image.Rectangle // from the place on the base line
	cover   []byte
	advance int
}

var (
	mono12   = &typeface{ttf: gomono.TTF, size: 12, smooth: hard}
	mono13   = &typeface{ttf: gomono.TTF, size: 13, smooth: gray}
	mono18   = &typeface{ttf: gomono.TTF, size: 18, smooth: lcd}
	plain11  = &typeface{ttf: goregular.TTF, size: 11, smooth: hard}
	plain13  = &typeface{ttf: goregular.TTF, size: 13, smooth: gray}
	plain15  = &typeface{ttf: goregular.TTF, size: 15, smooth: lcd}
	italic14 = &typeface{ttf: goitalic.TTF, size: 14, smooth: gray}
	bold16   = &typeface{ttf: gobold.TTF, size: 16, smooth: gray}
	bold28   = &typeface{ttf: gobold.TTF, size: 28, smooth: gray}
)

const fine = 3 // a letter for lcd is drawn this much larger, and each third of a pixel is a coverage of its own

func (t *typeface) open() {
	f, err := opentype.Parse(t.ttf)
	if err != nil {
		panic(err)
	}
	size := t.size
	if t.smooth == lcd {
		size *= fine
	}
	if t.face, err = opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingFull}); err != nil {
		panic(err)
	}
	t.glyphs = map[rune]*glyph{}
}

func (t *typeface) glyph(r rune) *glyph {
	t.once.Do(t.open)
	t.mu.Lock()
	defer t.mu.Unlock()
	if g, ok := t.glyphs[r]; ok {
		return g
	}
	box, mask, at, advance, _ := t.face.Glyph(fixed.Point26_6{}, r)
	coverage := func(x, y int) int {
		if mask == nil || !image.Pt(x, y).In(box) {
			return 0
		}
		_, _, _, a := mask.At(at.X+x-box.Min.X, at.Y+y-box.Min.Y).RGBA()
		return int(a >> 8)
	}
	g := &glyph{box: box, advance: advance.Round()}
	if t.smooth == lcd {
		g.box = image.Rect(floor(box.Min.X-2), floor(box.Min.Y), floor(box.Max.X+4), floor(box.Max.Y+2))
		g.advance = (advance.Round() + 1) / fine
	}
	for y := g.box.Min.Y; y < g.box.Max.Y; y++ {
		for x := g.box.Min.X; x < g.box.Max.X; x++ {
			switch a := coverage(x, y); {
			case t.smooth == lcd:
				for k := range fine {
					sum := 0
					for dy := range fine {
						for dx := -1; dx <= 1; dx++ { // a third takes part of its neighbours, against colours that strike the eye
							sum += coverage(x*fine+k+dx, y*fine+dy)
						}
					}
					g.cover = append(g.cover, byte(sum/9))
				}
			case t.smooth == hard && a >= 128:
				g.cover = append(g.cover, 255, 255, 255)
			case t.smooth == hard:
				g.cover = append(g.cover, 0, 0, 0)
			default:
				g.cover = append(g.cover, byte(a), byte(a), byte(a))
			}
		}
	}
	t.glyphs[r] = g
	return g
}

func floor(v int) int {
	if v < 0 {
		return -((-v + fine - 1) / fine)
	}
	return v / fine
}

// width is how far a text reaches, in pixels.
func (t *typeface) width(s string) int {
	n := 0
	for _, r := range s {
		n += t.glyph(r).advance
	}
	return n
}

// line is the distance of two lines.
func (t *typeface) line() int { return int(t.size*1.35 + 0.5) }

// text draws s with its base line at y, inside clip, and returns where it ends.
func (p picture) text(t *typeface, x, y int, clip image.Rectangle, c screen.Color, s string) int {
	clip = clip.Intersect(p.Bounds())
	for _, r := range s {
		g := t.glyph(r)
		if x >= clip.Max.X {
			return x
		}
		box := g.box.Add(image.Pt(x, y))
		in := box.Intersect(clip)
		for py := in.Min.Y; py < in.Max.Y; py++ {
			row := p.Row(py, in.Min.X, in.Max.X)
			cover := g.cover[((py-box.Min.Y)*box.Dx()+in.Min.X-box.Min.X)*3:]
			for i := 0; i < len(row); i += 4 {
				k := cover[i/4*3:]
				row[i] = mix(row[i], c.B, k[2])
				row[i+1] = mix(row[i+1], c.G, k[1])
				row[i+2] = mix(row[i+2], c.R, k[0])
			}
		}
		x += g.advance
	}
	return x
}

func mix(a, b, part byte) byte { return byte((int(a)*(255-int(part)) + int(b)*int(part) + 127) / 255) }
