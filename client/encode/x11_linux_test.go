package encode_test

import (
	"errors"
	"image"
	"testing"
	"time"

	"deskhand/client/capture"
	"deskhand/client/damage"
	"deskhand/client/encode"
	"deskhand/internal/xpaint"
	"deskhand/internal/xvfb"
	"deskhand/screen"
	"deskhand/screen/screentest"
)

// watch opens a display as the client does, and returns a feed that watches it.
func watch(t testing.TB, display string) *capture.Feed {
	t.Helper()
	source, err := capture.Open(display)
	if err != nil {
		t.Fatal(err)
	}
	hub, err := capture.NewHub(source)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { hub.Close() })
	f := hub.Subscribe(0)
	if err := f.Watch(true); err != nil {
		t.Fatal(err)
	}
	return f
}

// until takes updates until the viewer shows want.
func (v *viewer) until(feed *capture.Feed, want *screen.Frame) {
	v.t.Helper()
	deadline := time.After(20 * time.Second)
	for v.settle(); !v.shows(want); v.settle() {
		select {
		case <-feed.Changed():
		case <-deadline:
			v.t.Fatal("the viewer does not have what is on the screen")
		}
	}
}

// A real X server from the pixels drawn to the pixels decoded.
func TestX11ToViewer(t *testing.T) {
	server := xvfb.Run(t, "1024x768x24")
	p := xpaint.New(t, server.Display)
	feed := watch(t, server.Display)
	v := newViewer(t, feed)

	page, other := screentest.New(1024, 768), screentest.New(1024, 768)
	screentest.Text(page, 1)
	screentest.Text(other, 2)
	whole := page.Bounds()
	view := image.Rect(100, 60, 900, 700)
	for i, draw := range []func(){
		func() { p.Put(page, whole) },
		func() { p.Put(page, screentest.Type(page, image.Pt(300, 300), 'x')) },
		func() { p.Fill(image.Rect(400, 50, 900, 600), screen.Color{R: 200, B: 10}) },
		func() { screentest.Photo(page, view, 1); p.Put(page, view) },
		func() { p.Put(other, view) },
		func() { screentest.Scroll(other, view, 54, page); p.Put(other, view) }, // drawn anew, as toolkits do
		func() { p.Scroll(view, 33) },                                           // moved by the server
		func() { p.Put(page, image.Rect(0, 0, 1, 1)); p.Put(page, image.Rect(1023, 767, 1024, 768)) },
	} {
		draw()
		v.until(feed, p.Shot(whole))
		if t.Failed() {
			t.Fatalf("step %d", i)
		}
	}

	server.Kill()
	for range feed.Changed() {
		if _, err := feed.Notices(); err != nil {
			break
		}
	}
	if _, _, err := v.stream.Next(anything); !errors.Is(err, capture.ErrDisplayGone) {
		t.Errorf("after the display went: %v", err)
	}
}

// BenchmarkX11 measures from the drawing on an X server to the update in hand: damage report, capture, comparison, packing.
func BenchmarkX11(b *testing.B) {
	display := xvfb.Start(b, "1920x1080x24")
	p := xpaint.New(b, display)
	page := screentest.New(1920, 1080)
	screentest.Text(page, 1)
	view := image.Rect(300, 100, 1500, 1000)
	long := screentest.New(view.Dx(), 16000) // through which view looks
	screentest.Text(long, 2)
	film := image.Rect(100, 100, 1380, 820)
	var frames [8]*screen.Frame
	for i := range frames {
		frames[i] = screentest.New(1920, 1080)
		screentest.Photo(frames[i], film, uint64(i))
	}
	for _, c := range []struct {
		name string
		draw func(i int)
	}{
		{"character", func(i int) {
			p.Put(page, screentest.Type(page, image.Pt(100+i%100*7, 100+i/100%40*18), 'a'+byte(i*7%26)))
		}},
		{"scroll", func(i int) {
			for y := range view.Dy() {
				copy(page.Row(view.Min.Y+y, view.Min.X, view.Max.X), long.Row((i*54+y)%long.H, 0, long.W))
			}
			p.Put(page, view)
		}},
		{"film", func(i int) { p.Put(frames[i%len(frames)], film) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			p.Put(page, page.Bounds())
			feed := watch(b, display)
			st := encode.New(encode.Parts{Screen: feed, Differ: &damage.Differ{}, Motion: &moving{}}, time.Now(), 0)
			next := func() (int, bool) {
				u, ok, err := st.Next(encode.Limits{})
				if err != nil {
					b.Fatal(err)
				}
				return len(u.Data), ok
			}
			next()
			var took time.Duration
			packed, i := 0, 0
			for b.Loop() {
				b.StopTimer()
				for _, ok := next(); ok; _, ok = next() { // what is left of the drawing before
				}
				i++
				c.draw(i)
				b.StartTimer()
				begin := time.Now()
				for {
					n, ok := next()
					packed += n
					if ok {
						break
					}
					<-feed.Changed()
				}
				took += time.Since(begin)
			}
			b.ReportMetric(float64(took.Microseconds())/float64(i), "µs/update")
			b.ReportMetric(float64(packed)/float64(i), "wire-B/update")
		})
	}
}
