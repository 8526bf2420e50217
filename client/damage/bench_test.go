package damage

import (
	"image"
	"image/color"
	"image/draw"
	"strings"
	"testing"
	"time"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"deskhand/codec"
	"deskhand/screen"
	"deskhand/screen/screentest"
)

// document is a frame of smooth letters, as desktops draw them.
func document(b *testing.B, w, h int, seed uint64) *screen.Frame {
	parsed, err := opentype.Parse(goregular.TTF)
	if err != nil {
		b.Fatal(err)
	}
	face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: 13, DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		b.Fatal(err)
	}
	words := strings.Fields("the remote computer shows its screen and takes keys from who helps while its owner looks on and may end it at any time " +
		"window server printer password network account update connect restart folder message question answer number letter picture")
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(img, img.Bounds(), image.White, image.Point{}, draw.Src)
	d := font.Drawer{Dst: img, Src: image.NewUniform(color.Gray{32}), Face: face}
	for y := 14; y < h; y += 18 {
		for d.Dot = fixed.P(20, y); d.Dot.X.Ceil() < w*4/5; {
			seed = seed*6364136223846793005 + 1442695040888963407
			d.DrawString(words[seed>>33%uint64(len(words))] + " ")
		}
	}
	f := screentest.New(w, h)
	for y := range h {
		row := f.Row(y, 0, w)
		for x := range w {
			p := img.Pix[y*img.Stride+x*4:]
			row[x*4], row[x*4+1], row[x*4+2] = p[2], p[1], p[0]
		}
	}
	return f
}

// barcode draws a number, bit by bit, as 48 blocks in black and white.
func barcode(f *screen.Frame, p image.Point, number uint64) image.Rectangle {
	for i := range 48 {
		at := p.Add(image.Pt(i%24*16, i/24*16))
		c := screen.Color{}
		if number>>(47-i)&1 != 0 {
			c = screen.Color{R: 255, G: 255, B: 255}
		}
		f.Fill(image.Rectangle{at, at.Add(image.Pt(16, 16))}, c)
	}
	return image.Rectangle{p, p.Add(image.Pt(384, 32))}
}

// measure draws, compares and packs one update after the other. The time is that of comparing.
func measure(b *testing.B, begin *screen.Frame, every time.Duration, draw func(f *screen.Frame, i int) []image.Rectangle) {
	b.Helper()
	now, shown := screentest.Clone(begin), screentest.New(begin.W, begin.H)
	var d Differ
	e := codec.NewEncoder()
	at, h, bytes := time.Unix(1000, 0), codec.Header{Refresh: true}, 0
	var buf []byte
	update := func(g *screen.Region) {
		at = at.Add(every)
		changes := d.Diff(shown, now, g, at, 0)
		b.StopTimer()
		var err error
		h.Captured += uint64(every.Microseconds())
		if buf, err = e.Encode(buf[:0], h, changes, shown); err != nil {
			b.Fatal(err)
		}
		bytes += len(buf)
		h.Refresh = false
		h.ID++
	}
	update(region(now.Bounds()))
	bytes = 0
	b.StartTimer()
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		b.StopTimer()
		g := region(draw(now, i)...)
		i++
		b.StartTimer()
		update(g)
		b.StartTimer()
	}
	b.ReportMetric(float64(bytes)/float64(b.N), "wire-B/op")
}

func BenchmarkDiff(b *testing.B) {
	whole := image.Rect(0, 0, 1920, 1080)
	page := document(b, 1920, 1080, 1)
	long := document(b, 1200, 12000, 7)
	view := image.Rect(300, 120, 1500, 1020)
	show := func(f *screen.Frame, r image.Rectangle, from *screen.Frame, x, y int) {
		for i := range r.Dy() {
			copy(f.Row(r.Min.Y+i, r.Min.X, r.Max.X), from.Row(y+i, x, x+r.Dx()))
		}
	}
	typeAt := func(f *screen.Frame, i int) image.Rectangle {
		return screentest.Type(f, image.Pt(100+i%200*7, 100+i/200%40*18), "the quick brown fox jumps "[i%26])
	}

	b.Run("case=nothing", func(b *testing.B) {
		measure(b, page, 50*time.Millisecond, func(*screen.Frame, int) []image.Rectangle { return []image.Rectangle{whole} })
	})
	b.Run("case=character", func(b *testing.B) {
		measure(b, page, 100*time.Millisecond, func(f *screen.Frame, i int) []image.Rectangle {
			return []image.Rectangle{typeAt(f, i)}
		})
	})
	b.Run("case=character-barcode", func(b *testing.B) {
		measure(b, page, 100*time.Millisecond, func(f *screen.Frame, i int) []image.Rectangle {
			return []image.Rectangle{typeAt(f, i), barcode(f, image.Point{}, uint64(i)<<24|uint64(i)*100)}
		})
	})
	b.Run("case=scroll", func(b *testing.B) {
		measure(b, page, 50*time.Millisecond, func(f *screen.Frame, i int) []image.Rectangle {
			show(f, view, long, 0, i*54%(long.H-view.Dy()))
			bar := barcode(f, image.Point{}, uint64(i)*77)
			barcode(f, view.Max.Sub(image.Pt(384, 32)), uint64(i)*77)
			return []image.Rectangle{view, bar}
		})
	})
	b.Run("case=drag", func(b *testing.B) {
		window := document(b, 700, 500, 5)
		at := func(i int) image.Rectangle { // there and back
			i = max(60-i%120, i%120-60)
			return image.Rect(0, 0, 700, 500).Add(image.Pt(40+i*13, 30+i*7))
		}
		measure(b, page, 16*time.Millisecond, func(f *screen.Frame, i int) []image.Rectangle {
			was, is := at(i), at(i+1)
			f.CopyRect(page, was)
			show(f, is, window, 0, 0)
			return []image.Rectangle{was, is}
		})
	})
	pages := []*screen.Frame{page, document(b, 1920, 1080, 2), document(b, 1920, 1080, 3)}
	b.Run("case=page-known", func(b *testing.B) {
		measure(b, page, time.Second, func(f *screen.Frame, i int) []image.Rectangle {
			f.CopyRect(pages[i%3], whole)
			return []image.Rectangle{whole}
		})
	})
	b.Run("case=page-new", func(b *testing.B) {
		measure(b, page, time.Second, func(f *screen.Frame, i int) []image.Rectangle {
			for j := range 9 {
				r := image.Rect(0, j*120, 1200, j*120+120)
				show(f, r, long, 0, (i*131+j*997)*18%(long.H-120))
			}
			return []image.Rectangle{whole}
		})
	})
	b.Run("case=menu", func(b *testing.B) {
		menu := image.Rect(333, 57, 591, 650)
		measure(b, page, time.Second, func(f *screen.Frame, i int) []image.Rectangle {
			f.CopyRect(pages[i%2], menu)
			return []image.Rectangle{menu}
		})
	})
	b.Run("case=film", func(b *testing.B) {
		r := image.Rect(320, 180, 1600, 900)
		var frames [4]*screen.Frame
		for i := range frames {
			frames[i] = screentest.New(1920, 1080)
			screentest.Photo(frames[i], r, uint64(i))
		}
		measure(b, page, 33*time.Millisecond, func(f *screen.Frame, i int) []image.Rectangle {
			f.CopyRect(frames[i%4], r)
			return []image.Rectangle{r}
		})
	})
}

func BenchmarkMaskRow(b *testing.B) {
	p, q := screentest.New(1920, 1), screentest.New(1920, 1)
	words := make([]uint64, 1920)
	for _, c := range []struct {
		name string
		mask func(dst []uint64, a, b []byte)
	}{{"plain", maskRowPlain}, {"fast", maskRow}} {
		for name, seed := range map[string]uint64{"equal": 0, "different": 1} {
			screentest.Noise(p, p.Bounds(), 0)
			screentest.Noise(q, q.Bounds(), seed)
			b.Run("how="+c.name+"/rows="+name, func(b *testing.B) {
				b.SetBytes(1920 * 4)
				for b.Loop() {
					c.mask(words, p.Pix, q.Pix)
				}
			})
		}
	}
}
