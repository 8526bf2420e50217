package damage

import (
	"image"
	"image/color"
	"image/draw"
	"math/rand/v2"
	"testing"

	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"

	"deskhand/screen"
)

// text writes lines of words over the whole frame, as an editor shows them; equal seeds write the same.
func text(f *screen.Frame, seed uint64) {
	img := image.NewGray(image.Rect(0, 0, f.W, f.H))
	draw.Draw(img, img.Bounds(), image.NewUniform(color.Gray{250}), image.Point{}, draw.Src)
	rnd := rand.New(rand.NewPCG(seed, 3))
	d := font.Drawer{Dst: img, Src: image.NewUniform(color.Gray{30}), Face: basicfont.Face7x13}
	for y := 16; y < f.H; y += 18 {
		d.Dot = fixed.P(int(rnd.Uint32()%8)*14, y)
		for d.Dot.X.Floor() < f.W*3/4 {
			word := make([]byte, 2+rnd.Uint32()%8)
			for i := range word {
				word[i] = 'a' + byte(rnd.Uint32()%26)
			}
			d.DrawString(string(word) + " ")
		}
	}
	for y := range f.H {
		row := f.Row(y, 0, f.W)
		for x := range f.W {
			v := img.Pix[y*img.Stride+x]
			row[x*4], row[x*4+1], row[x*4+2] = v, v, v
		}
	}
}

// between measures going from one image to the other and back, twice the work of one comparison.
func between(b *testing.B, a, c *screen.Frame, g *screen.Region) {
	shown := clone(a)
	var d Differ
	b.ReportAllocs()
	for b.Loop() {
		d.Diff(shown, c, g)
		d.Diff(shown, a, g)
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/2, "µs/diff")
}

func BenchmarkDiff(b *testing.B) {
	whole := image.Rect(0, 0, 1920, 1080)
	editor := frame(1920, 1080)
	text(editor, 1)

	b.Run("nothing/whole screen", func(b *testing.B) { between(b, editor, clone(editor), region(whole)) })

	typed := clone(editor)
	noise(typed, image.Rect(700, 500, 707, 513), 1)
	b.Run("character/its box", func(b *testing.B) { between(b, editor, typed, region(image.Rect(700, 500, 707, 513))) })
	b.Run("character/whole screen", func(b *testing.B) { between(b, editor, typed, region(whole)) })

	other := frame(1920, 1080)
	text(other, 2)
	b.Run("page", func(b *testing.B) { between(b, editor, other, region(whole)) })

	scrolled := clone(editor)
	view := image.Rect(300, 100, 1500, 1000)
	scrolled.Move(image.Rect(300, 100, 1500, 946), image.Pt(300, 154))
	scrolled.CopyRect(other, image.Rect(300, 946, 1500, 1000))
	b.Run("scroll", func(b *testing.B) { between(b, editor, scrolled, region(view)) })

	video, next := clone(editor), clone(editor)
	noise(video, image.Rect(100, 100, 1380, 820), 1)
	noise(next, image.Rect(100, 100, 1380, 820), 2)
	b.Run("video", func(b *testing.B) { between(b, video, next, region(image.Rect(100, 100, 1380, 820))) })
}
