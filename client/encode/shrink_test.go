package encode

import (
	"image"
	"testing"
	"time"

	"deskhand/screen"
	"deskhand/screen/screentest"
)

func TestShrink(t *testing.T) {
	src := screentest.New(131, 67)
	screentest.Noise(src, src.Bounds(), 1)
	part := src.Sub(image.Rect(1, 2, 130, 65)) // 129×63, with rows of another length
	var dst screen.Frame
	for _, scale := range []int{1, 2, 4} {
		shrink(&dst, &part, scale)
		if dst.W != (129+scale-1)/scale || dst.H != (63+scale-1)/scale {
			t.Fatalf("scale %d: %d×%d", scale, dst.W, dst.H)
		}
		for y := range dst.H {
			for x := range dst.W {
				var sum [3]int
				n := 0
				for j := y * scale; j < min((y+1)*scale, part.H); j++ {
					for i := x * scale; i < min((x+1)*scale, part.W); i++ {
						c := part.At(i, j)
						sum[0], sum[1], sum[2] = sum[0]+int(c.R), sum[1]+int(c.G), sum[2]+int(c.B)
						n++
					}
				}
				want := screen.Color{R: uint8((sum[0] + n/2) / n), G: uint8((sum[1] + n/2) / n), B: uint8((sum[2] + n/2) / n)}
				if got := dst.At(x, y); got != want {
					t.Fatalf("scale %d: (%d, %d) is %v, want %v", scale, x, y, got, want)
				}
			}
		}
	}
}

// Which part of its size a video is sent at.
func TestRescale(t *testing.T) {
	at := time.Now()
	whole, small, large := image.Rect(0, 0, 1280, 720), image.Rect(0, 0, 320, 180), image.Rect(0, 0, 3840, 2160)
	for _, c := range []struct {
		rect       image.Rectangle
		bits, line int
		want       int
	}{
		{whole, 3_000_000, 0, 1},
		{whole, 3_000_000, 80_000_000, 1},
		{whole, 3_000_000, 14_000_000, 1}, // 20 Mbit/s
		{whole, 3_000_000, 7_000_000, 2},  // 10 Mbit/s
		{whole, 700_000, 700_000, 4},      // 1 Mbit/s
		{small, 700_000, 700_000, 1},
		{large, 20_000_000, 0, 2},
	} {
		r := &region{rect: c.rect, scale: 1}
		if r.rescale(c.bits, c.line, at); r.scale != c.want {
			t.Errorf("%v with %d bits on a line of %d: 1/%d, want 1/%d", c.rect.Max, c.bits, c.line, r.scale, c.want)
		}
		// A better line counts after a while, and when it is better by far.
		small := r.scale
		if r.rescale(10_000_000, 100_000_000, at.Add(time.Second)); r.scale != small {
			t.Errorf("%v grew at once", c.rect.Max)
		}
		if r.rescale(30_000_000, 100_000_000, at.Add(time.Minute)); r.scale != 1 && c.rect != large {
			t.Errorf("%v never grew", c.rect.Max)
		}
	}
}

func BenchmarkShrink(b *testing.B) {
	src := screentest.New(1280, 720)
	screentest.Photo(src, src.Bounds(), 1)
	var dst screen.Frame
	for b.Loop() {
		shrink(&dst, src, 2)
	}
}
