package screen

import (
	"bytes"
	"image"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

func noise(w, h int, seed uint64) *Frame {
	f, err := NewFrame(w, h)
	if err != nil {
		panic(err)
	}
	r := rand.New(rand.NewPCG(seed, 1))
	for i := range f.Pix {
		f.Pix[i] = byte(r.Uint32())
	}
	return f
}

func TestSizeLimits(t *testing.T) {
	for _, c := range []struct {
		w, h int
		ok   bool
	}{
		{1, 1, true},
		{1920, 1080, true},
		{16384, 4096, true},
		{8192, 8192, true},
		{0, 1, false},
		{1, 0, false},
		{-1, 5, false},
		{16385, 1, false},
		{1, 16385, false},
		{16384, 4097, false},
	} {
		if err := CheckSize(c.w, c.h); (err == nil) != c.ok {
			t.Errorf("CheckSize(%d, %d) = %v", c.w, c.h, err)
		}
	}
	if _, err := NewFrame(20000, 1); err == nil {
		t.Error("NewFrame took a frame outside the limits")
	}
}

// Move within a frame has the result of a copy through a second frame, however the two places overlap.
func TestMoveOverlaps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := noise(23, 19, 7)
		w, h := rapid.IntRange(1, 23).Draw(t, "w"), rapid.IntRange(1, 19).Draw(t, "h")
		from := image.Pt(rapid.IntRange(0, 23-w).Draw(t, "sx"), rapid.IntRange(0, 19-h).Draw(t, "sy"))
		to := image.Pt(rapid.IntRange(0, 23-w).Draw(t, "x"), rapid.IntRange(0, 19-h).Draw(t, "y"))
		before := noise(23, 19, 7)
		f.Apply(Change{Kind: Copy, Rect: image.Rectangle{to, to.Add(image.Pt(w, h))}, Src: from}, nil)
		for y := range 19 {
			for x := range 23 {
				p := image.Pt(x, y)
				if d := p.Sub(to); d.In(image.Rect(0, 0, w, h)) {
					p = from.Add(d)
				}
				if f.At(x, y) != before.At(p.X, p.Y) {
					t.Fatalf("(%d, %d) should show what stood at %v", x, y, p)
				}
			}
		}
	})
}

func TestFillAndPixels(t *testing.T) {
	f, now := noise(20, 10, 1), noise(20, 10, 2)
	f.Apply(Change{Kind: Fill, Rect: image.Rect(3, 2, 18, 9), Color: Color{1, 2, 3}}, now)
	f.Apply(Change{Kind: Pixels, Rect: image.Rect(0, 0, 5, 5)}, now)
	old := noise(20, 10, 1)
	for y := range 10 {
		for x := range 20 {
			want := old.At(x, y)
			switch p := image.Pt(x, y); {
			case p.In(image.Rect(0, 0, 5, 5)):
				want = now.At(x, y)
			case p.In(image.Rect(3, 2, 18, 9)):
				want = Color{1, 2, 3}
			}
			if f.At(x, y) != want {
				t.Fatalf("(%d, %d) is %v, want %v", x, y, f.At(x, y), want)
			}
		}
	}
	if !f.SameColors(now, image.Rect(0, 0, 5, 5)) || f.SameColors(now, f.Bounds()) {
		t.Error("SameColors is wrong")
	}
	f.Clear()
	if (f.At(19, 9) != Color{}) {
		t.Error("Clear left a pixel")
	}
}

func TestAppendRGBA(t *testing.T) {
	f := noise(31, 7, 3)
	part := f.Sub(image.Rect(2, 1, 29, 6))
	for _, r := range []image.Rectangle{part.Bounds(), image.Rect(1, 0, 2, 5), image.Rect(4, 2, 9, 3)} {
		got := part.AppendRGBA([]byte("head"), r)
		want := []byte("head")
		for y := r.Min.Y; y < r.Max.Y; y++ {
			for x := r.Min.X; x < r.Max.X; x++ {
				c := f.At(x+2, y+1)
				want = append(want, c.R, c.G, c.B, 255)
			}
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%v: other bytes than pixel by pixel", r)
		}
	}
}

func TestGray(t *testing.T) {
	f := noise(9, 4, 3)
	for i := 0; i < len(f.Pix); i += 4 {
		f.Pix[i+1], f.Pix[i+2] = f.Pix[i], f.Pix[i] // the fourth byte does not count
	}
	for w := 1; w <= 9; w++ {
		r := image.Rect(9-w, 1, 9, 3)
		if !f.IsGray(r) {
			t.Errorf("%v is gray", r)
		}
		var want []byte
		for y := 1; y < 3; y++ {
			for x := 9 - w; x < 9; x++ {
				want = append(want, f.At(x, y).G)
			}
		}
		if got := f.AppendGray([]byte("x"), r); string(got) != "x"+string(want) {
			t.Errorf("%v: %v, want %v", r, got, want)
		}
		for x := 9 - w; x < 9; x++ {
			for c := range 3 {
				f.Pix[2*f.Stride+x*4+c] ^= 1
				if f.IsGray(r) {
					t.Errorf("%v with another byte %d at %d is gray", r, c, x)
				}
				f.Pix[2*f.Stride+x*4+c] ^= 1
			}
		}
	}
}

func BenchmarkAppendRGBA(b *testing.B) {
	f := noise(1920, 1080, 1)
	var buf []byte
	b.SetBytes(1920 * 1080 * 4)
	for b.Loop() {
		buf = f.AppendRGBA(buf[:0], f.Bounds())
	}
}
