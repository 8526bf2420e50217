package bench

import (
	"image"
	"testing"
	"time"

	"deskhand/bench/corpus"
	"deskhand/client/damage"
	"deskhand/client/encode"
	"deskhand/codec"
	"deskhand/screen"
)

// The scenes that stand for what people do, on a whole display.
var measured = []string{"typing", "scroll", "scroll-smooth", "scroll-two", "terminal", "spreadsheet", "drag", "menus", "pages", "raise", "dark-list", "slideshow"}

var fullHD = image.Pt(1920, 1080)

// clock is the time of a scene, which goes on by a frame's time with each frame: a second of a scene is replayed in less.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func (c *clock) tick(rec *recording) time.Time {
	c.at = c.at.Add(time.Second / time.Duration(rec.Rate))
	return c.at
}

// eachScene runs a benchmark with each scene's recording.
func eachScene(b *testing.B, f func(b *testing.B, rec *recording)) {
	for _, name := range measured {
		b.Run(name, func(b *testing.B) {
			scene, ok := corpus.Named(name, fullHD)
			if !ok {
				b.Fatal("there is no such scene")
			}
			f(b, record(scene))
		})
	}
}

// BenchmarkUpdate is what the client does for a frame once it is captured: compare, find moves, pack; every scene from its beginning to its end and
// again. Nothing goes as a video here. wire-B is what goes to the viewer.
func BenchmarkUpdate(b *testing.B) {
	eachScene(b, func(b *testing.B, rec *recording) {
		s, c := &feed{}, &clock{time.Now()}
		st := encode.New(encode.Parts{Screen: s, Differ: &damage.Differ{}, Motion: &damage.Motion{}, Now: c.now}, c.at, 0)
		next := func(n int) int {
			c.tick(rec)
			s.show(rec.frames[n], rec.damage[n])
			u, _, err := st.Next(encode.Limits{})
			if err != nil {
				b.Fatal(err)
			}
			return len(u.Data)
		}
		next(0)
		b.ReportAllocs()
		packed, n, i := 0, 0, 0
		for b.Loop() {
			if i = (i + 1) % len(rec.frames); i == 0 {
				i = 1
			}
			packed += next(i)
			n++
		}
		b.ReportMetric(float64(packed)/float64(n), "wire-B/op")
	})
}

// BenchmarkCompare is the part of BenchmarkUpdate that finds what differs and what moved.
func BenchmarkCompare(b *testing.B) {
	eachScene(b, func(b *testing.B, rec *recording) {
		shown, err := screen.NewFrame(fullHD.X, fullHD.Y)
		if err != nil {
			b.Fatal(err)
		}
		var d damage.Differ
		c := &clock{time.Now()}
		var look screen.Region
		changes := 0
		diff := func(n int) {
			look.Clear()
			for _, r := range rec.damage[n] {
				look.Add(r)
			}
			changes += len(d.Diff(shown, rec.frames[n], &look, c.tick(rec), 0))
		}
		diff(0)
		n, i := 0, 0
		changes = 0
		for b.Loop() {
			if i = (i + 1) % len(rec.frames); i == 0 {
				i = 1
			}
			diff(i)
			n++
		}
		b.ReportMetric(float64(changes)/float64(n), "changes/op")
	})
}

// BenchmarkDecode is what a viewer in Go does with the updates of a scene; the browser's has its own benchmark.
func BenchmarkDecode(b *testing.B) {
	eachScene(b, func(b *testing.B, rec *recording) {
		s, c := &feed{}, &clock{time.Now()}
		st := encode.New(encode.Parts{Screen: s, Differ: &damage.Differ{}, Motion: &damage.Motion{}, Now: c.now}, c.at, 0)
		var updates [][]byte
		for n := range rec.frames {
			c.tick(rec)
			s.show(rec.frames[n], rec.damage[n])
			u, ok, err := st.Next(encode.Limits{})
			if err != nil {
				b.Fatal(err)
			}
			if ok {
				updates = append(updates, u.Data)
			}
		}
		d := codec.NewDecoder()
		defer d.Close()
		b.ResetTimer()
		for b.Loop() {
			for _, u := range updates {
				if _, _, err := d.Decode(u); err != nil {
					b.Fatal(err)
				}
			}
		}
		b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*len(updates)), "µs/update")
	})
}
