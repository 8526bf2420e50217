package corpus

import (
	"bytes"
	"image"
	"testing"

	"deskhand/screen"
)

var sizes = []image.Point{{320, 200}, {1, 1}, {65, 63}, {333, 77}}

// What is outside the reported damage is as it was; the damage is inside the display; two plays are the same.
func TestScenes(t *testing.T) {
	for _, size := range sizes {
		for _, s := range All(size) {
			t.Run(s.Name, func(t *testing.T) {
				var before *screen.Frame
				again, changes := s.Play(), 0
				for p, damage := range s.Frames() {
					second, ok := again.Next()
					if !ok || len(second) != len(damage) || !bytes.Equal(p.Now.Pix, again.Now.Pix) {
						t.Fatalf("frame %d is another one the second time", p.N)
					}
					if before == nil || before.W != p.Now.W || before.H != p.Now.H {
						before, _ = screen.NewFrame(p.Now.W, p.Now.H)
						before.CopyRect(p.Now, p.Now.Bounds())
						if len(damage) == 0 || damage[0] != p.Now.Bounds() {
							t.Fatalf("frame %d of a new size reports %v", p.N, damage)
						}
						continue
					}
					same := bytes.Equal(before.Pix, p.Now.Pix)
					for _, r := range damage {
						if r.Empty() || !r.In(p.Now.Bounds()) {
							t.Fatalf("frame %d reports %v", p.N, r)
						}
						before.CopyRect(p.Now, r)
					}
					if !bytes.Equal(before.Pix, p.Now.Pix) {
						t.Fatalf("frame %d changed outside what it reports", p.N)
					}
					if !same {
						changes++
					}
				}
				if _, more := again.Next(); more {
					t.Error("it goes on the second time")
				}
				if size == sizes[0] && s.Name != "still" && changes < s.Len/4 {
					t.Errorf("only %d of %d frames show something new", changes, s.Len)
				}
			})
		}
	}
}

func TestNames(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range scenes {
		if seen[s.Name] || s.Rate < 1 || s.Len < 2 || s.begin == nil {
			t.Errorf("scene %+v", s)
		}
		seen[s.Name] = true
		if got, ok := Named(s.Name, image.Pt(10, 10)); !ok || got.Name != s.Name {
			t.Errorf("Named(%q) = %v, %v", s.Name, got.Name, ok)
		}
	}
	if _, ok := Named("none", image.Pt(10, 10)); ok {
		t.Error("a scene of no name")
	}
}

// BenchmarkDraw is what the drawing costs; benchmarks that replay scenes take it out of their times.
func BenchmarkDraw(b *testing.B) {
	for _, name := range []string{"scroll", "video"} {
		s, _ := Named(name, image.Pt(1920, 1080))
		b.Run(name, func(b *testing.B) {
			p := s.Play()
			for b.Loop() {
				if _, ok := p.Next(); !ok {
					p = s.Play()
				}
			}
		})
	}
}
