package capture

import (
	"image"
	"testing"
	"time"

	"deskhand/internal/xpaint"
	"deskhand/internal/xvfb"
	"deskhand/screen"
	"deskhand/screen/screentest"
)

func BenchmarkGrab(b *testing.B) {
	display := xvfb.Start(b, "1920x1080x24")
	p := xpaint.New(b, display)
	page := screentest.New(1920, 1080)
	screentest.Text(page, 1)
	p.Put(page, page.Bounds())
	for _, way := range append(allWays, canvasWays...) {
		s := openSource(b, display, way.ways...)
		f, free, err := frameOf(s, way.name, 1920, 1080)
		if err != nil {
			b.Fatal(err)
		}
		defer free()
		for _, part := range []struct {
			name string
			r    image.Rectangle
		}{{"whole", f.Bounds()}, {"256x256", image.Rect(300, 300, 556, 556)}, {"character", image.Rect(300, 300, 307, 313)}} {
			b.Run(way.name+"/"+part.name, func(b *testing.B) {
				rects := []image.Rectangle{part.r}
				for b.Loop() {
					if err := s.Grab(f, rects); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// BenchmarkDamage measures from the end of a drawing to its pixels in hand.
func BenchmarkDamage(b *testing.B) {
	display := xvfb.Start(b, "1920x1080x24")
	p := xpaint.New(b, display)
	s := openSource(b, display, shareSysV)
	if err := s.Watch(true); err != nil {
		b.Fatal(err)
	}
	f := screentest.New(1920, 1080)
	var g screen.Region
	var took time.Duration
	n := 0
	for b.Loop() {
		n++
		p.Fill(image.Rect(n%100, 10, n%100+20, 30), screen.Color{R: byte(n), G: byte(n >> 8)})
		begin := time.Now()
		for g.Clear(); g.Empty(); {
			for next(b, s)&Damaged == 0 {
			}
			if err := s.Damage(&g); err != nil {
				b.Fatal(err)
			}
		}
		if err := s.Grab(f, g.Rects()); err != nil {
			b.Fatal(err)
		}
		took += time.Since(begin)
	}
	b.ReportMetric(float64(took.Microseconds())/float64(n), "µs/damage")
}
