package encode

import (
	"image"
	"testing"

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

func BenchmarkShrink(b *testing.B) {
	src := screentest.New(1280, 720)
	screentest.Photo(src, src.Bounds(), 1)
	var dst screen.Frame
	for b.Loop() {
		shrink(&dst, src, 2)
	}
}
