package capture_test

import (
	"context"
	"errors"
	"image"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"deskhand/client/capture"
	"deskhand/client/capture/capturetest"
	"deskhand/screen"
)

// start returns a hub on a desktop in memory.
func start(t *testing.T, w, h int) (*capturetest.Desktop, *capture.Hub) {
	t.Helper()
	d := capturetest.New(w, h)
	hub, err := capture.NewHub(d)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { hub.Close() })
	return d, hub
}

// await waits until the feed's notices hold all of want.
func await(t *testing.T, f *capture.Feed, want capture.Notice) {
	t.Helper()
	for got := capture.Notice(0); got&want != want; {
		select {
		case <-f.Changed():
		case <-time.After(20 * time.Second):
			t.Fatalf("notices %b, want %b", got, want)
		}
		n, err := f.Notices()
		if err != nil {
			t.Fatal(err)
		}
		got |= n
	}
}

// take returns what Take hands out: the rectangles, none when use was not called, and a copy of the image.
func take(t *testing.T, f *capture.Feed) (rects []image.Rectangle, now *screen.Frame) {
	t.Helper()
	err := f.Take(func(f *screen.Frame, changed, _ *screen.Region) {
		rects = append(rects, changed.Rects()...)
		now, _ = screen.NewFrame(f.W, f.H)
		now.CopyRect(f, f.Bounds())
	})
	if err != nil {
		t.Fatal(err)
	}
	return rects, now
}

func fill(r image.Rectangle, c screen.Color) func(*screen.Frame) image.Rectangle {
	return func(f *screen.Frame) image.Rectangle { f.Fill(r, c); return r }
}

var red = screen.Color{R: 255}

func TestFeedsShareOneCapture(t *testing.T) {
	d, hub := start(t, 300, 200)
	a, b, idle := hub.Subscribe(1), hub.Subscribe(99), hub.Subscribe(1)
	for _, f := range []*capture.Feed{a, b} {
		if err := f.Watch(true); err != nil {
			t.Fatal(err)
		}
		await(t, f, capture.Picture|capture.Pointer)
		if r, _ := take(t, f); len(r) != 1 || r[0] != image.Rect(0, 0, 300, 200) {
			t.Fatalf("first take: %v", r)
		}
	}
	if _, pixels := d.Grabs(); pixels != 300*200 {
		t.Errorf("two first takes captured %d pixels, want the screen once", pixels)
	}
	if r, _ := take(t, a); r != nil {
		t.Errorf("take of nothing new: %v", r)
	}

	// b is busy while two places change; a takes both one by one, b gets them together.
	one, two := image.Rect(10, 10, 20, 20), image.Rect(100, 50, 130, 60)
	for _, r := range []image.Rectangle{one, two} {
		d.Draw(fill(r, red))
		await(t, a, capture.Picture)
		got, now := take(t, a)
		if len(got) != 1 || got[0] != r || now.At(r.Min.X, r.Min.Y) != red {
			t.Errorf("drew %v, took %v", r, got)
		}
	}
	if r, now := take(t, b); len(r) != 2 || now.At(10, 10) != red || now.At(129, 59) != red {
		t.Errorf("the busy viewer took %v", r)
	}
	if _, pixels := d.Grabs(); pixels != 300*200+100+300 {
		t.Errorf("captured %d pixels", pixels)
	}

	if r, _ := take(t, idle); r != nil {
		t.Errorf("a feed that does not watch took %v", r)
	}
	if n, err := idle.Notices(); n != 0 || err != nil {
		t.Errorf("a feed that does not watch was told %b, %v", n, err)
	}
}

func TestNobodyWatches(t *testing.T) {
	d, hub := start(t, 300, 200)
	a, b := hub.Subscribe(1), hub.Subscribe(1)
	if d.Watching() {
		t.Fatal("the source watches before anybody does")
	}
	a.Watch(true)
	b.Watch(true)
	a.Watch(false)
	if !d.Watching() {
		t.Fatal("one still watches")
	}
	take(t, b)
	b.Close()
	b.Close()
	if d.Watching() {
		t.Fatal("the source watches though nobody does")
	}
	calls, _ := d.Grabs()
	d.Draw(fill(image.Rect(0, 0, 50, 50), red))
	if r, _ := take(t, a); r != nil {
		t.Errorf("took %v", r)
	}
	if n, _ := d.Grabs(); n != calls {
		t.Error("captured though nobody watches")
	}
	// What was drawn meanwhile is there when it watches again.
	a.Watch(true)
	if r, now := take(t, a); len(r) != 1 || now.At(49, 49) != red {
		t.Errorf("after the pause: %v", r)
	}
}

// Feeds hear of it whether they watch or not, and also those that come later.
func TestConcealed(t *testing.T) {
	d, hub := start(t, 64, 64)
	f := hub.Subscribe(1)
	d.Conceal(capture.LockScreen)
	await(t, f, capture.Concealed)
	late := hub.Subscribe(1)
	await(t, late, capture.Concealed)
	if f.Concealed() != capture.LockScreen || late.Concealed() != capture.LockScreen {
		t.Error("the screen is not concealed")
	}
	d.Conceal(capture.NoCover)
	await(t, late, capture.Concealed)
	if f.Concealed() != capture.NoCover {
		t.Error("the screen is still concealed")
	}
}

func TestCursorIsReadOnce(t *testing.T) {
	d, hub := start(t, 64, 64)
	shape := screen.Cursor{Serial: 7, W: 1, H: 1, Pix: []byte{1, 2, 3, 4}}
	d.SetCursor(shape, image.Pt(5, 5))
	f := hub.Subscribe(1)
	f.Watch(true)
	await(t, f, capture.Pointer)
	if c, err := f.Cursor(); err != nil || c.Serial != 7 {
		t.Fatalf("cursor %+v, %v", c, err)
	}
	shape.Serial = 8
	d.SetCursor(shape, image.Pt(5, 5))
	await(t, f, capture.Pointer)
	if c, err := f.Cursor(); err != nil || c.Serial != 8 {
		t.Fatalf("cursor %+v, %v", c, err)
	}
}

func TestDisplaysChange(t *testing.T) {
	d, hub := start(t, 300, 200)
	left := screen.Display{ID: 1, Name: "left", Bounds: image.Rect(0, 0, 300, 200)}
	right := screen.Display{ID: 2, Name: "right", Bounds: image.Rect(300, 50, 500, 150), Primary: true}
	f, g := hub.Subscribe(1), hub.Subscribe(1)
	f.Watch(true)
	take(t, f)

	d.SetDisplays(left, right)
	await(t, f, capture.Displays|capture.Picture)
	await(t, g, capture.Displays) // a feed that does not watch learns it too
	if list := hub.Displays(); len(list) != 2 || list[1].Name != "right" {
		t.Fatalf("displays %+v", list)
	}
	if r, now := take(t, f); len(r) != 1 || now.W != 300 {
		t.Fatalf("after the change: %v", r)
	}

	f.Select(2)
	await(t, f, capture.Picture)
	if r, _ := take(t, f); len(r) != 1 || r[0] != image.Rect(0, 0, 200, 100) {
		t.Fatalf("the right display: %v", r)
	}
	// Only what lies on the display counts, in its own coordinates.
	d.Draw(fill(image.Rect(0, 0, 50, 50), red))
	await(t, f, capture.Picture)
	if r, _ := take(t, f); r != nil {
		t.Fatalf("what is on the left display changed %v of the right one", r)
	}
	d.Draw(fill(image.Rect(280, 140, 320, 180), red))
	await(t, f, capture.Picture)
	if r, now := take(t, f); len(r) != 1 || r[0] != image.Rect(0, 90, 20, 100) || now.At(19, 99) != red || now.At(20, 99) == red {
		t.Fatalf("on the right display: %v", r)
	}

	// It is unplugged while the feed pauses: the feed goes to the one that is left, whether the grab or the event comes first.
	f.Watch(false)
	d.SetDisplays(screen.Display{ID: 1, Name: "left", Bounds: image.Rect(0, 0, 150, 100)})
	f.Watch(true)
	if r, now := take(t, f); len(r) != 1 || now.W != 150 || f.Display().ID != 1 {
		t.Fatalf("after unplugging: %v, display %+v", r, f.Display())
	}
}

func TestHubEnds(t *testing.T) {
	for name, end := range map[string]func(*capturetest.Desktop, *capture.Hub){
		"gone":   func(d *capturetest.Desktop, _ *capture.Hub) { d.Fail() },
		"closed": func(_ *capturetest.Desktop, h *capture.Hub) { h.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			d, hub := start(t, 300, 200)
			f, idle := hub.Subscribe(1), hub.Subscribe(1)
			f.Watch(true)
			take(t, f)
			end(d, hub)
			<-hub.Done()
			for _, f := range []*capture.Feed{f, idle, hub.Subscribe(1)} {
				<-f.Changed()
				if _, err := f.Notices(); !errors.Is(err, capture.ErrDisplayGone) {
					t.Errorf("notices: %v", err)
				}
				if err := f.Take(func(_ *screen.Frame, _, _ *screen.Region) { t.Error("took something") }); !errors.Is(err, capture.ErrDisplayGone) {
					t.Errorf("take: %v", err)
				}
				if _, err := f.Cursor(); !errors.Is(err, capture.ErrDisplayGone) {
					t.Errorf("cursor: %v", err)
				}
				if err := f.Watch(true); err != nil && !errors.Is(err, capture.ErrDisplayGone) {
					t.Errorf("watch: %v", err)
				}
				if err := f.Close(); err != nil {
					t.Errorf("close: %v", err)
				}
			}
			if err := hub.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// What is drawn past the damage reports shows after a while, and sooner while it goes on.
func TestSweepFindsUnreported(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := capturetest.New(400, 320)
		hub, err := capture.NewHub(d)
		if err != nil {
			t.Fatal(err)
		}
		defer hub.Close()
		f := hub.Subscribe(1)
		f.Watch(true)
		take(t, f)
		f.Notices()
		drain(f)

		begin := time.Now()
		d.DrawUnreported(func(f *screen.Frame) { f.Fill(image.Rect(100, 100, 110, 110), red) })
		<-f.Changed()
		if r, now := take(t, f); len(r) != 1 || !image.Rect(100, 100, 110, 110).In(r[0]) || now.At(105, 105) != red {
			t.Errorf("found %v", r)
		}
		if took := time.Since(begin); took > 17*time.Second {
			t.Errorf("found after %v, want within one sweep of 8 bands × 2 s", took)
		}

		begin = time.Now()
		d.DrawUnreported(func(f *screen.Frame) { f.Fill(f.Bounds(), red) })
		<-f.Changed()
		if took := time.Since(begin); took > time.Second {
			t.Errorf("the next find came after %v, want sooner", took)
		}

		// A still screen brings nothing, and costs one band in two seconds.
		take(t, f)
		for range 3 {
			time.Sleep(time.Minute)
			take(t, f)
		}
		drain(f)
		f.Notices()
		calls, _ := d.Grabs()
		time.Sleep(time.Minute)
		synctest.Wait()
		if n, _ := f.Notices(); n != 0 {
			t.Errorf("a still screen told %b", n)
		}
		if n, _ := d.Grabs(); n-calls > 31 {
			t.Errorf("%d grabs in a minute of stillness", n-calls)
		}

		// And nothing at all when nobody watches.
		f.Watch(false)
		calls, _ = d.Grabs()
		time.Sleep(time.Hour)
		synctest.Wait()
		if n, _ := d.Grabs(); n != calls {
			t.Errorf("%d grabs while nobody watches", n-calls)
		}
	})
}

func drain(f *capture.Feed) {
	synctest.Wait()
	select {
	case <-f.Changed():
	default:
	}
}

// Everything at once: the race detector watches, and at rest every viewer has what is on the screen.
func TestManyViewers(t *testing.T) {
	d, hub := start(t, 320, 240)
	ctx, cancel := context.WithCancel(context.Background())
	var drawing, viewing sync.WaitGroup
	shown := make([]*screen.Frame, 3)
	for i := range shown {
		shown[i], _ = screen.NewFrame(320, 240)
		f := hub.Subscribe(1)
		if err := f.Watch(true); err != nil {
			t.Fatal(err)
		}
		update := func() {
			if err := f.Take(func(now *screen.Frame, changed, _ *screen.Region) {
				for _, r := range changed.Rects() {
					shown[i].CopyRect(now, r)
				}
			}); err != nil {
				t.Error(err)
			}
		}
		viewing.Go(func() {
			defer f.Close()
			for {
				select {
				case <-f.Changed():
					f.Notices()
					update()
				case <-ctx.Done():
					update()
					return
				}
			}
		})
	}
	for i := range 4 {
		drawing.Go(func() {
			for n := range 200 {
				d.Draw(fill(image.Rect(n, i*50, n+30, i*50+40), screen.Color{R: byte(n), G: byte(i)}))
			}
		})
	}
	drawing.Wait()
	// The viewers' last Take must come after the hub has heard of the last drawing: a feed of the test's own tells.
	f := hub.Subscribe(1)
	f.Watch(true)
	d.Draw(fill(image.Rect(0, 0, 1, 1), red))
	await(t, f, capture.Picture)
	_, now := take(t, f)
	for now.At(0, 0) != red {
		await(t, f, capture.Picture)
		_, now = take(t, f)
	}
	cancel()
	viewing.Wait()
	for i := range shown {
		if !shown[i].SameColors(now, now.Bounds()) {
			t.Errorf("viewer %d does not have what is on the screen", i)
		}
	}
}
