package encode_test

import (
	"bytes"
	"errors"
	"image"
	"testing"
	"time"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"deskhand/client/capture"
	"deskhand/client/capture/capturetest"
	"deskhand/client/damage"
	"deskhand/client/encode"
	"deskhand/codec"
	"deskhand/screen"
	"deskhand/screen/screentest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// viewer is the other end of a stream.
type viewer struct {
	t      rapid.TB
	stream *encode.Stream
	motion *moving
	time   time.Time // of the stream's clock
	dec    *codec.Decoder
	last   codec.Header
	size   int // of the last update
	kinds  map[screen.Kind]int
}

// moving is a Motion that a test moves.
type moving struct {
	regions []image.Rectangle
	expiry  time.Time
	ends    bool // with the next damage
}

func (m *moving) Observe([]screen.Change, *screen.Region, *screen.Frame, time.Time) {}

func (m *moving) Touched(*screen.Region, time.Time) {
	if m.ends {
		m.regions = nil
	}
}

func (m *moving) Expire(time.Time) {}

func (m *moving) NextExpiry() time.Time { return m.expiry }

func (m *moving) Regions() []image.Rectangle { return m.regions }

// film is a Video whose frames only say what was asked for.
type film struct {
	broken  bool
	asked   []encode.Quality
	dropped int
}

func (f *film) Encode(stream uint8, picture *screen.Frame, q encode.Quality) (screen.VideoFrame, error) {
	f.asked = append(f.asked, q)
	if f.broken {
		return screen.VideoFrame{}, errors.New("no frame")
	}
	return screen.VideoFrame{Stream: stream, Codec: q.Codec, Key: q.Key, Data: []byte("frame")}, nil
}

func (f *film) Drop(uint8) { f.dropped++ }

func newViewer(t rapid.TB, source encode.Screen) *viewer {
	v := &viewer{t: t, motion: &moving{}, time: time.Now(), dec: codec.NewDecoder(), kinds: map[screen.Kind]int{}}
	v.stream = encode.New(v.parts(source), v.time, 0)
	return v
}

func (v *viewer) parts(source encode.Screen) encode.Parts {
	now := func() time.Time { return v.time }
	return encode.Parts{Screen: source, Differ: &damage.Differ{}, Motion: v.motion, Video: &film{}, Now: now}
}

// anything is how most tests limit updates: not at all.
var anything = encode.Limits{Codec: screen.VP8}

// next receives an update, if there is one.
func (v *viewer) next(limits encode.Limits) bool {
	v.t.Helper()
	u, ok, err := v.stream.Next(limits)
	if err != nil {
		v.t.Fatal(err)
	}
	if ok {
		v.take(u)
	}
	return ok
}

func (v *viewer) take(u encode.Update) {
	v.t.Helper()
	h, changes, err := v.dec.Decode(u.Data)
	if err != nil {
		v.t.Fatal(err)
	}
	if h.ID != u.ID {
		v.t.Fatalf("update %d says that it is %d", u.ID, h.ID)
	}
	clear(v.kinds)
	for _, c := range changes {
		v.kinds[c.Kind]++
	}
	v.last, v.size = h, len(u.Data)
}

// settle takes updates until there is none.
func (v *viewer) settle() {
	v.t.Helper()
	for v.next(anything) || v.stream.More() {
	}
}

// shows tells whether the viewer's picture is f.
func (v *viewer) shows(f *screen.Frame) bool {
	pix, w, h := v.dec.Surface()
	return w == f.W && h == f.H && bytes.Equal(pix, f.AppendRGBA(nil, f.Bounds()))
}

// still is a Screen that a test draws on, without anything running beside it.
type still struct {
	now     *screen.Frame
	changed screen.Region
	drawn   screen.Region // of changed
	err     error
}

func newStill(w, h int) *still {
	s := &still{}
	s.resize(w, h)
	return s
}

func (s *still) resize(w, h int) {
	s.now = screentest.New(w, h)
	s.changed.Clear()
	s.changed.Add(s.now.Bounds())
}

func (s *still) noise(r image.Rectangle, seed uint64) {
	screentest.Noise(s.now, r, seed)
	s.draw(r)
}

// draw notes that something was drawn in r.
func (s *still) draw(r image.Rectangle) {
	s.changed.Add(r)
	s.drawn.Add(r)
}

func (s *still) Take(use func(now *screen.Frame, changed, damaged *screen.Region)) error {
	if s.err != nil || s.changed.Empty() {
		return s.err
	}
	use(s.now, &s.changed, &s.drawn)
	s.changed.Clear()
	s.drawn.Clear()
	return nil
}

func (s *still) Owe(region *screen.Region) { s.changed.Union(region) }

func TestUpdates(t *testing.T) {
	s := newStill(300, 200)
	v := newViewer(t, s)
	if !v.next(anything) || !v.last.Refresh || v.last.ID != 1 || v.last.W != 300 {
		t.Fatalf("first update %+v", v.last)
	}
	// What changes until the next one is asked for is merged.
	s.noise(image.Rect(0, 0, 10, 10), 1)
	s.noise(image.Rect(100, 100, 110, 110), 2)
	if !v.next(anything) || v.last.Refresh || v.last.ID != 2 || !v.shows(s.now) {
		t.Fatalf("second update %+v", v.last)
	}
	if v.next(anything) {
		t.Fatal("an update though nothing changed")
	}
	s.changed.Add(image.Rect(5, 5, 50, 50)) // damage that changed nothing
	if v.next(anything) {
		t.Fatal("an update though no pixel changed")
	}
	s.noise(image.Rect(0, 0, 10, 10), 3)
	if !v.next(anything) || v.last.ID != 3 {
		t.Fatalf("third update %+v", v.last)
	}
}

func TestRefresh(t *testing.T) {
	s := newStill(300, 200)
	s.noise(s.now.Bounds(), 9)
	v := newViewer(t, s)
	v.settle()

	// A viewer that lost its picture: nothing has changed since, an update was lost, something changed.
	for _, change := range []func(){
		func() {},
		func() { s.noise(image.Rect(5, 5, 9, 9), 4); v.next(anything) },
		func() { s.noise(image.Rect(50, 5, 90, 90), 5) },
	} {
		change()
		v.stream.Refresh()
		v.dec = codec.NewDecoder()
		if !v.next(anything) || !v.last.Refresh || !v.shows(s.now) {
			t.Fatalf("refresh %+v, or its picture is wrong", v.last)
		}
		if v.next(anything) {
			t.Error("an update after the refresh")
		}
	}

	s.resize(250, 220)
	if !v.next(anything) || !v.last.Refresh || v.last.W != 250 || v.last.H != 220 || !v.shows(s.now) {
		t.Fatalf("another size: %+v", v.last)
	}

	// Before there is any picture, a refresh is none.
	empty := &still{now: screentest.New(1, 1)}
	v = newViewer(t, empty)
	v.stream.Refresh()
	if v.next(anything) {
		t.Error("an update of nothing")
	}
}

// A limited update is about as large as it may be, and the rest follows.
func TestLimits(t *testing.T) {
	s := newStill(800, 600)
	v := newViewer(t, s)
	v.settle()
	s.noise(s.now.Bounds(), 1) // 4 bytes a pixel
	limits := encode.Limits{Bytes: 100_000}
	for i := 0; v.next(limits); i++ {
		if i > 2 && v.size > 2*limits.Bytes { // until then it does not know what a pixel costs
			t.Errorf("update %d has %d bytes", i, v.size)
		}
		if i > 200 {
			t.Fatal("it does not end")
		}
	}
	if v.stream.More() || !v.shows(s.now) {
		t.Error("the viewer does not have what is on the screen")
	}
}

// A region that is a video is shown by frames, everything else exactly; at rest the region becomes exact too.
func TestVideo(t *testing.T) {
	s := newStill(400, 300)
	v := newViewer(t, s)
	v.settle()
	rect, beside := image.Rect(40, 40, 360, 220), image.Rect(0, 230, 400, 300)
	v.motion.regions = []image.Rectangle{rect}
	before := screentest.Clone(s.now)
	s.noise(rect, 1)
	s.noise(beside, 2)
	if !v.next(anything) || v.kinds[screen.Video] != 1 || v.kinds[screen.Pixels] == 0 || v.size > 120_000 {
		t.Fatalf("a frame and pixels: %v in %d bytes", v.kinds, v.size)
	}
	before.CopyRect(s.now, beside)
	if over := v.dec.Over(0); !v.shows(before) || len(over) != 1 || over[0] != rect {
		t.Fatalf("the surface below is not as it was, or the frame lies over %v", over)
	}
	// The next frame is not due yet; something else is shown meanwhile.
	s.noise(rect, 3)
	s.noise(beside, 4)
	if !v.next(anything) || v.kinds[screen.Video] != 0 {
		t.Fatalf("a frame too soon: %v", v.kinds)
	}
	wake := v.stream.Wake()
	if wait := wake.Sub(v.time); wait <= 0 || wait > 33*time.Millisecond {
		t.Fatalf("the next frame is due in %v", wait)
	}
	v.time = wake
	if v.next(encode.Limits{Codec: screen.VP8, NoFrames: true}) {
		t.Fatal("a frame that was forbidden")
	}
	if !v.next(anything) || v.kinds[screen.Video] != 1 {
		t.Fatalf("the frame that was due: %v", v.kinds)
	}
	// It comes to rest: exact, and revealed, also in small steps.
	v.motion.regions = nil
	small := encode.Limits{Codec: screen.VP8, Bytes: 20_000}
	steps := 0
	for v.next(small) {
		steps++
	}
	if steps < 5 || !v.shows(s.now) || len(v.dec.Over(0)) != 0 {
		t.Fatalf("after %d steps the frame lies over %v", steps, v.dec.Over(0))
	}
}

// A video that ends with the last thing that happens on the screen becomes exact, too.
func TestVideoEndsInAnUpdate(t *testing.T) {
	s := newStill(400, 300)
	v := newViewer(t, s)
	v.settle()
	rect := image.Rect(40, 40, 360, 220)
	v.motion.regions = []image.Rectangle{rect}
	s.noise(rect, 1)
	v.next(anything)
	v.time = v.time.Add(time.Second)
	s.noise(rect, 2)
	v.motion.ends = true
	v.next(anything)
	if wake := v.stream.Wake(); wake.IsZero() || wake.After(v.time) {
		t.Fatalf("it wakes at %v", wake)
	}
	v.settle()
	if !v.shows(s.now) || len(v.dec.Over(0)) != 0 || !v.stream.Wake().IsZero() {
		t.Errorf("it lies over %v, and wakes at %v", v.dec.Over(0), v.stream.Wake())
	}
}

// What a film leaves is made exact in parts, one after the other at the same place; that is no film again.
func TestRefinementIsNoFilm(t *testing.T) {
	s, window := newStill(640, 480), image.Rect(100, 80, 500, 400)
	motion, at := &damage.Motion{}, time.Unix(1000, 0)
	st := encode.New(encode.Parts{
		Screen: s, Differ: &damage.Differ{}, Motion: motion, Video: &film{}, Now: func() time.Time { return at },
	}, at, 0)
	defer st.Close()
	next := func(after time.Duration, bytes int) {
		at = at.Add(after)
		if _, _, err := st.Next(encode.Limits{Bytes: bytes, Codec: screen.VP8, VideoBits: 1 << 20}); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 20 {
		screentest.Photo(s.now, window, uint64(i))
		s.draw(window)
		next(33*time.Millisecond, 0)
	}
	if len(motion.Regions()) == 0 {
		t.Fatal("no film was found")
	}
	parts := 0
	for next(st.Wake().Sub(at), 20_000); st.More(); next(15*time.Millisecond, 20_000) {
		parts++
		if got := motion.Regions(); len(got) != 0 {
			t.Fatalf("part %d: films %v", parts, got)
		}
	}
	if parts < 10 {
		t.Errorf("it was made exact in %d parts", parts)
	}
}

// A frame that is lost is tried again, and a viewer that can show no videos gets none.
func TestNoVideo(t *testing.T) {
	s := newStill(400, 300)
	v := newViewer(t, s)
	v.settle()
	camera := v.stream.Video.(*film)
	camera.broken = true
	v.motion.regions = []image.Rectangle{image.Rect(0, 0, 300, 200)}
	s.noise(s.now.Bounds(), 1)
	v.next(anything)
	wake := v.stream.Wake()
	if v.kinds[screen.Video] != 0 || wake.IsZero() {
		t.Fatalf("%v, then awake at %v", v.kinds, wake)
	}
	v.time = wake
	camera.broken = false
	if !v.next(anything) || v.kinds[screen.Video] != 1 {
		t.Fatalf("again: %v", v.kinds)
	}
	for v.next(encode.Limits{}) {
	}
	if !v.shows(s.now) || len(v.dec.Over(0)) != 0 || camera.dropped == 0 {
		t.Error("a viewer without videos does not have what is on the screen")
	}
}

// Viewers part from a stream and meet again: nobody is sent a whole picture.
func TestPartAndMeet(t *testing.T) {
	s := newStill(400, 300)
	a, b := newViewer(t, s), newViewer(t, s)
	s.noise(s.now.Bounds(), 1)
	whole, _, _ := a.stream.Next(anything)
	a.take(whole)
	b.take(whole)

	s2 := &still{now: s.now}
	stream, err := a.stream.Fork(b.parts(s2))
	if err != nil {
		t.Fatal(err)
	}
	b.stream = stream
	for i := range 5 {
		s.noise(image.Rect(10, 10, 60, 60), uint64(i))
		s2.changed.Add(image.Rect(10, 10, 60, 60))
		a.next(anything)
		if i%2 == 0 && (!b.next(anything) || b.last.Refresh || b.last.Restart != (i == 0)) {
			t.Fatalf("apart: %+v", b.last)
		}
	}
	s.noise(image.Rect(200, 200, 300, 250), 7)
	a.next(anything)
	if !b.stream.Meets(a.stream) {
		t.Fatal("they do not meet")
	}
	u, ok, err := b.stream.CatchUp(a.stream)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	if b.take(u); b.last.Refresh || !b.shows(s.now) || b.size > 50_000 {
		t.Fatalf("caught up by %+v, %d bytes", b.last, b.size)
	}
	s.noise(image.Rect(0, 0, 50, 20), 8)
	u, ok, err = a.stream.Next(anything)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	a.take(u)
	b.take(u)
	if !a.shows(s.now) || !b.shows(s.now) || !b.last.Restart || b.last.Refresh {
		t.Fatalf("together: %+v", b.last)
	}
}

func TestSourceFails(t *testing.T) {
	s := newStill(30, 20)
	s.err = capture.ErrDisplayGone
	if _, ok, err := newViewer(t, s).stream.Next(anything); ok || !errors.Is(err, capture.ErrDisplayGone) {
		t.Errorf("%v, %v", ok, err)
	}
}

func TestCapturedTime(t *testing.T) {
	s := newStill(30, 20)
	begin := time.Now()
	st := encode.New(newViewer(t, s).parts(s), begin.Add(-time.Hour), 0)
	u, ok, err := st.Next(anything)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	took := time.Since(begin)
	dec := codec.NewDecoder()
	defer dec.Close()
	h, _, err := dec.Decode(u.Data)
	if err != nil {
		t.Fatal(err)
	}
	if at := time.Duration(h.Captured)*time.Microsecond - time.Hour; at < -time.Microsecond || at > took {
		t.Errorf("captured %v after the beginning, Next took %v", at, took)
	}
}

// Whatever happens in whatever order, at rest the viewer has what is on the screen, and nothing lies over it.
func TestViewerConverges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := newStill(rapid.IntRange(1, 300).Draw(t, "w"), rapid.IntRange(1, 300).Draw(t, "h"))
		v := newViewer(t, s)
		defer v.dec.Close()
		part := func() image.Rectangle {
			x, y := rapid.IntRange(0, s.now.W-1).Draw(t, "x"), rapid.IntRange(0, s.now.H-1).Draw(t, "y")
			return image.Rect(x, y, rapid.IntRange(x+1, s.now.W).Draw(t, "x1"), rapid.IntRange(y+1, s.now.H).Draw(t, "y1"))
		}
		for range rapid.IntRange(1, 20).Draw(t, "steps") {
			switch rapid.IntRange(0, 10).Draw(t, "step") {
			case 0:
				v.stream.Refresh()
			case 1:
				s.resize(rapid.IntRange(1, 300).Draw(t, "w"), rapid.IntRange(1, 300).Draw(t, "h"))
				v.motion.regions = nil
			case 2:
				v.stream.Restart()
			case 3:
				v.motion.regions = nil
			case 4:
				v.motion.regions = []image.Rectangle{part()}
			case 5, 6:
				v.next(encode.Limits{Bytes: rapid.IntRange(1, 200_000).Draw(t, "bytes"), Codec: screen.VideoCodec(rapid.IntRange(0, 1).Draw(t, "codec"))})
			case 7:
				fork, err := v.stream.Fork(v.parts(s))
				if err != nil {
					t.Fatal(err)
				}
				s.changed.Add(s.now.Bounds())
				v.stream = fork
			default:
				s.noise(part(), rapid.Uint64().Draw(t, "seed"))
			}
		}
		v.motion.regions = nil
		v.settle()
		if !v.shows(s.now) {
			t.Fatal("the viewer does not have what is on the screen")
		}
		for i := range screen.MaxStreams {
			if over := v.dec.Over(i); len(over) != 0 {
				t.Fatalf("stream %d lies over %v", i, over)
			}
		}
	})
}

// The whole way: a desktop, a hub, two viewers of different speed on two displays.
func TestHubToViewers(t *testing.T) {
	desktop := capturetest.New(320, 240)
	desktop.SetDisplays(
		screen.Display{ID: 1, Bounds: image.Rect(0, 0, 200, 240), Primary: true},
		screen.Display{ID: 2, Bounds: image.Rect(200, 0, 320, 180)})
	hub, err := capture.NewHub(desktop)
	if err != nil {
		t.Fatal(err)
	}
	defer hub.Close()
	a, b := hub.Subscribe(1), hub.Subscribe(2)
	va, vb := newViewer(t, a), newViewer(t, b)
	var now *screen.Frame
	for i := range 50 {
		for _, f := range []*capture.Feed{a, b} {
			if err := f.Watch(i%10 != 3); err != nil {
				t.Fatal(err)
			}
		}
		desktop.Draw(func(f *screen.Frame) image.Rectangle {
			r := image.Rect(i*5, i*3, i*5+60, i*3+40)
			screentest.Noise(f, r, uint64(i))
			now = screentest.Clone(f)
			return r
		})
		va.settle()
		if i%7 == 0 {
			vb.settle()
		}
	}
	for name, v := range map[string]struct {
		*viewer
		feed *capture.Feed
	}{"a": {va, a}, "b": {vb, b}} {
		want := now.Sub(v.feed.Display().Bounds)
		for !v.shows(&want) { // until the hub has heard of the last drawing
			select {
			case <-v.feed.Changed():
			case <-time.After(20 * time.Second):
				t.Fatalf("viewer %s does not have what is on the screen", name)
			}
			v.settle()
		}
	}
}
