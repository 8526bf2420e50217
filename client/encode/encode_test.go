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
	dec    *codec.Decoder
	buf    []byte
	last   codec.Header
}

func newViewer(t rapid.TB, source encode.Screen) *viewer {
	return &viewer{t: t, stream: encode.New(source, &damage.Differ{}, time.Now()), dec: codec.NewDecoder()}
}

// next receives an update, if there is one.
func (v *viewer) next() bool {
	v.t.Helper()
	msg, ok, err := v.stream.Next(v.buf[:0])
	if err != nil {
		v.t.Fatal(err)
	}
	if !ok {
		return false
	}
	v.buf = msg
	if v.last, _, err = v.dec.Decode(msg); err != nil {
		v.t.Fatal(err)
	}
	return true
}

// settle takes updates until there is none.
func (v *viewer) settle() {
	v.t.Helper()
	v.stream.Ack(v.last.ID)
	for v.next() {
		if !v.stream.Ack(v.last.ID) {
			v.t.Fatalf("update %d was not awaited", v.last.ID)
		}
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
	s.changed.Add(r)
}

func (s *still) Take(use func(*screen.Frame, *screen.Region)) error {
	if s.err != nil || s.changed.Empty() {
		return s.err
	}
	use(s.now, &s.changed)
	s.changed.Clear()
	return nil
}

func TestPace(t *testing.T) {
	s := newStill(300, 200)
	v := newViewer(t, s)
	if !v.next() || !v.last.Refresh || v.last.ID != 1 || v.last.W != 300 {
		t.Fatalf("first update %+v", v.last)
	}
	// While it is on its way, nothing more is made; what changes is merged.
	s.noise(image.Rect(0, 0, 10, 10), 1)
	s.noise(image.Rect(100, 100, 110, 110), 2)
	if v.next() {
		t.Fatal("a second update before the first was acknowledged")
	}
	if v.stream.Ack(2) || v.stream.Ack(0) {
		t.Fatal("an ack of no update was taken")
	}
	if !v.stream.Ack(1) || v.stream.Ack(1) {
		t.Fatal("the ack counts once")
	}
	if !v.next() || v.last.Refresh || v.last.ID != 2 || !v.shows(s.now) {
		t.Fatalf("second update %+v", v.last)
	}
	v.stream.Ack(2)
	if v.next() {
		t.Fatal("an update though nothing changed")
	}
	s.changed.Add(image.Rect(5, 5, 50, 50)) // damage that changed nothing
	if v.next() {
		t.Fatal("an update though no pixel changed")
	}
	s.noise(image.Rect(0, 0, 10, 10), 3)
	if !v.next() || v.last.ID != 3 {
		t.Fatalf("third update %+v", v.last)
	}
}

func TestRefresh(t *testing.T) {
	s := newStill(300, 200)
	s.noise(s.now.Bounds(), 9)
	v := newViewer(t, s)
	v.settle()

	// A viewer that lost its picture: nothing has changed since, one update is on its way, something changed.
	for _, change := range []func(){
		func() {},
		func() { s.noise(image.Rect(5, 5, 9, 9), 4); v.next() },
		func() { s.noise(image.Rect(50, 5, 90, 90), 5) },
	} {
		change()
		lost := v.last.ID
		v.stream.Refresh()
		v.dec = codec.NewDecoder()
		if !v.next() || !v.last.Refresh || !v.shows(s.now) {
			t.Fatalf("refresh %+v, or its picture is wrong", v.last)
		}
		if v.stream.Ack(lost) {
			t.Error("the ack of an update that was given up was taken")
		}
		v.settle()
		if v.last.Refresh != true || !v.shows(s.now) {
			t.Errorf("after the refresh: %+v", v.last)
		}
	}

	s.resize(250, 220)
	if !v.next() || !v.last.Refresh || v.last.W != 250 || v.last.H != 220 || !v.shows(s.now) {
		t.Fatalf("another size: %+v", v.last)
	}

	// Before there is any picture, a refresh is none.
	empty := &still{now: screentest.New(1, 1)}
	v = newViewer(t, empty)
	v.stream.Refresh()
	if v.next() {
		t.Error("an update of nothing")
	}
}

func TestSourceFails(t *testing.T) {
	s := newStill(30, 20)
	s.err = capture.ErrDisplayGone
	if _, ok, err := encode.New(s, &damage.Differ{}, time.Now()).Next(nil); ok || !errors.Is(err, capture.ErrDisplayGone) {
		t.Errorf("%v, %v", ok, err)
	}
}

func TestCapturedTime(t *testing.T) {
	s := newStill(30, 20)
	begin := time.Now()
	st := encode.New(s, &damage.Differ{}, begin.Add(-time.Hour))
	msg, ok, err := st.Next(nil)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	took := time.Since(begin)
	dec := codec.NewDecoder()
	defer dec.Close()
	h, _, err := dec.Decode(msg)
	if err != nil {
		t.Fatal(err)
	}
	if at := time.Duration(h.Captured)*time.Microsecond - time.Hour; at < -time.Microsecond || at > took {
		t.Errorf("captured %v after the beginning, Next took %v", at, took)
	}
}

// Whatever happens in whatever order, at rest the viewer has what is on the screen.
func TestViewerConverges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := newStill(rapid.IntRange(1, 300).Draw(t, "w"), rapid.IntRange(1, 300).Draw(t, "h"))
		v := newViewer(t, s)
		defer v.dec.Close()
		for range rapid.IntRange(1, 15).Draw(t, "steps") {
			switch rapid.IntRange(0, 7).Draw(t, "step") {
			case 0:
				v.stream.Refresh()
			case 1:
				s.resize(rapid.IntRange(1, 300).Draw(t, "w"), rapid.IntRange(1, 300).Draw(t, "h"))
			case 2, 3:
				v.next()
			case 4:
				v.stream.Ack(v.last.ID)
			default:
				x, y := rapid.IntRange(0, s.now.W-1).Draw(t, "x"), rapid.IntRange(0, s.now.H-1).Draw(t, "y")
				s.noise(image.Rect(x, y, rapid.IntRange(x, s.now.W).Draw(t, "x1"), rapid.IntRange(y, s.now.H).Draw(t, "y1")), rapid.Uint64().Draw(t, "seed"))
			}
		}
		v.settle()
		if !v.shows(s.now) {
			t.Fatal("the viewer does not have what is on the screen")
		}
	})
}

func TestNoAllocationInSteadyState(t *testing.T) {
	s := newStill(640, 480)
	st := encode.New(s, &damage.Differ{}, time.Now())
	var buf []byte
	var id, seed uint64
	update := func() {
		seed++
		screentest.Photo(s.now, image.Rect(40, 40, 300, 200), seed)
		s.changed.Add(image.Rect(40, 40, 300, 200))
		var ok bool
		var err error
		if buf, ok, err = st.Next(buf[:0]); err != nil || !ok {
			t.Fatal(ok, err)
		}
		id++
		st.Ack(uint32(id))
	}
	for range 120 { // until the compressor's window has filled twice
		update()
	}
	if n := testing.AllocsPerRun(50, update); n > 2 { // the random source of the drawing
		t.Errorf("%v allocations for one update", n)
	}
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
