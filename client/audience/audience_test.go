package audience

import (
	"bytes"
	"errors"
	"image"
	"log/slog"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"deskhand/client/capture"
	"deskhand/client/capture/capturetest"
	"deskhand/codec"
	"deskhand/screen"
	"deskhand/screen/screentest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const within = 20 * time.Second

// theatre is a desktop with a house that shows it.
type theatre struct {
	*testing.T
	desktop *capturetest.Desktop
	house   *House
	now     *screen.Frame // what was drawn last
}

func newTheatre(t *testing.T) *theatre {
	desktop := capturetest.New(320, 240)
	desktop.SetDisplays(
		screen.Display{ID: 1, Bounds: image.Rect(0, 0, 200, 240), Primary: true},
		screen.Display{ID: 2, Bounds: image.Rect(200, 0, 320, 180)})
	hub, err := capture.NewHub(desktop)
	if err != nil {
		t.Fatal(err)
	}
	th := &theatre{T: t, desktop: desktop, house: Open(hub, slog.New(slog.DiscardHandler)), now: screentest.New(320, 240)}
	t.Cleanup(func() {
		th.house.Close()
		_ = hub.Close()
	})
	return th
}

// draw makes a rectangle noise.
func (th *theatre) draw(r image.Rectangle, seed uint64) {
	th.desktop.Draw(func(f *screen.Frame) image.Rectangle {
		screentest.Noise(f, r, seed)
		th.now = screentest.Clone(f)
		return r
	})
}

// viewer takes a seat's updates and acknowledges each when it has time.
type viewer struct {
	seat *Seat
	stop chan struct{}
	done chan struct{}

	mu        sync.Mutex // guards all below
	picture   []byte
	size      image.Point
	updates   int
	refreshes int
	restarts  int
	last      uint32
	slow      time.Duration // how long it needs for an update
	held      chan struct{} // it goes on when this is closed; nil: at once
	err       error
}

func (th *theatre) viewer(display uint32) *viewer {
	v := &viewer{seat: th.house.Seat(display, nil), stop: make(chan struct{}), done: make(chan struct{})}
	if err := v.seat.Watch(true); err != nil {
		th.Fatal(err)
	}
	go v.run()
	th.Cleanup(v.close)
	return v
}

func (v *viewer) close() {
	select {
	case <-v.stop:
	default:
		close(v.stop)
		<-v.done
		v.seat.Close()
	}
}

func (v *viewer) run() {
	defer close(v.done)
	dec := codec.NewDecoder()
	defer dec.Close()
	for {
		select {
		case <-v.stop:
			return
		case <-v.seat.DesktopChanged():
			v.mu.Lock()
			_, v.err = v.seat.Notices()
			v.mu.Unlock()
		case <-v.seat.Changed():
			v.mu.Lock()
			_, v.err = v.seat.Notices()
			v.mu.Unlock()
		case u := <-v.seat.Updates():
			v.show(dec, u.Data)
		}
	}
}

func (v *viewer) show(dec *codec.Decoder, update []byte) {
	h, _, err := dec.Decode(update)
	pix, w, height := dec.Surface()
	v.mu.Lock()
	v.updates++
	v.last = h.ID
	if h.Refresh {
		v.refreshes++
	} else if h.Restart {
		v.restarts++
	}
	v.picture, v.size = bytes.Clone(pix), image.Pt(w, height)
	if err != nil {
		v.err = err
	}
	slow, held := v.slow, v.held
	v.mu.Unlock()
	select {
	case <-time.After(slow):
	case <-v.stop:
		return
	}
	if held != nil {
		select {
		case <-v.stop:
			return
		case <-held:
		}
	}
	v.seat.Acked(h.ID, slow, 0)
}

func (v *viewer) shows(f *screen.Frame) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.size == image.Pt(f.W, f.H) && bytes.Equal(v.picture, f.AppendRGBA(nil, f.Bounds()))
}

func (v *viewer) counts() (updates, refreshes, restarts int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.updates, v.refreshes, v.restarts
}

// await waits until something is so.
func (th *theatre) await(what string, so func() bool) {
	th.Helper()
	for end := time.Now().Add(within); !so(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			th.Fatalf("%s: not after %v", what, within)
		}
	}
}

// first is what the first display shows, second the second.
func (th *theatre) first() *screen.Frame {
	f := th.now.Sub(image.Rect(0, 0, 200, 240))
	return &f
}

func (th *theatre) second() *screen.Frame {
	f := th.now.Sub(image.Rect(200, 0, 320, 180))
	return &f
}

func (th *theatre) stages() int {
	th.house.mu.Lock()
	defer th.house.mu.Unlock()
	return len(th.house.stages)
}

// together waits until there are n stages.
func (th *theatre) together(n int) {
	th.Helper()
	th.await("the stages", func() bool { return th.stages() == n })
}

// Viewers that come later join the one that is there, which is never sent a whole picture again.
func TestJoin(t *testing.T) {
	th := newTheatre(t)
	th.draw(image.Rect(0, 0, 320, 240), 1)
	a := th.viewer(1)
	th.await("the first picture", func() bool { return a.shows(th.first()) })
	b := th.viewer(1)
	th.await("the second viewer's", func() bool { return b.shows(th.first()) })
	th.together(1)
	c := th.viewer(2)
	th.await("the other display", func() bool { return c.shows(th.second()) })
	th.together(2)
	for i := range uint64(20) {
		th.draw(image.Rect(10, 10, 250, 60), i)
	}
	for _, v := range []*viewer{a, b} {
		th.await("what changed", func() bool { return v.shows(th.first()) })
	}
	th.await("what changed on the other display", func() bool { return c.shows(th.second()) })
	if _, refreshes, restarts := a.counts(); refreshes != 1 || restarts != 1 {
		t.Errorf("the first viewer had %d refreshes and %d restarts", refreshes, restarts)
	}
	if a.last != b.last {
		t.Errorf("the viewers had updates %d and %d", a.last, b.last)
	}
}

// A viewer that lags goes on by itself; the other one does not wait for it.
func TestLag(t *testing.T) {
	th := newTheatre(t)
	a, b := th.viewer(1), th.viewer(1)
	for _, v := range []*viewer{a, b} {
		th.await("the first picture", func() bool { return v.shows(th.first()) })
	}
	th.together(1)
	b.mu.Lock()
	b.slow = 300 * time.Millisecond
	b.mu.Unlock()
	seed := uint64(0)
	th.await("two stages", func() bool {
		seed++
		th.draw(image.Rect(0, 0, 200, 240), seed)
		return th.stages() == 2
	})
	held := make(chan struct{})
	b.mu.Lock()
	b.held = held
	b.mu.Unlock()
	ua, _, _ := a.counts()
	ub, _, _ := b.counts()
	for range 50 {
		seed++
		th.draw(image.Rect(0, 0, 200, 240), seed)
		th.await("the fast one", func() bool { return a.shows(th.first()) })
	}
	va, _, _ := a.counts()
	vb, rb, _ := b.counts()
	if va-ua < 50 || vb-ub > 2 { // the one that it had in hand, and the one after that
		t.Errorf("%d updates for the fast one, %d for the slow one", va-ua, vb-ub)
	}
	close(held)
	th.await("the slow one", func() bool { return b.shows(th.first()) })
	if rb != 1 {
		t.Errorf("the slow one was refreshed %d times", rb)
	}
}

func TestHiddenAndBack(t *testing.T) {
	th := newTheatre(t)
	a := th.viewer(1)
	th.await("the picture", func() bool { return a.shows(th.first()) })
	seat := th.house.Seat(1, nil)
	for _, on := range []bool{true, true, false, false} {
		if err := seat.Watch(on); err != nil {
			t.Fatal(err)
		}
	}
	select {
	case <-seat.Updates():
		t.Error("an update for who does not watch")
	default:
	}
	seat.Close()
	a.close()
	th.together(0)
	if th.desktop.Watching() {
		t.Error("the screen is captured for nobody")
	}
	th.draw(image.Rect(0, 0, 100, 100), 1)
	b := th.viewer(1)
	th.await("the picture as it is by now", func() bool { return b.shows(th.first()) })
}

// A refresh and another display begin anew for one viewer only.
func TestRefreshAndSelect(t *testing.T) {
	th := newTheatre(t)
	th.draw(image.Rect(0, 0, 320, 240), 3)
	a := th.viewer(1)
	seat := th.house.Seat(1, nil)
	defer seat.Close()
	dec := codec.NewDecoder()
	defer dec.Close()
	whole := func(f *screen.Frame) {
		t.Helper()
		for {
			select {
			case u := <-seat.Updates():
				h, _, err := dec.Decode(u.Data)
				if err != nil {
					t.Fatal(err)
				}
				seat.Acked(h.ID, 0, 0)
			case <-time.After(within):
				t.Fatal("no picture")
			}
			if pix, w, h := dec.Surface(); w == f.W && h == f.H && bytes.Equal(pix, f.AppendRGBA(nil, f.Bounds())) {
				return
			}
		}
	}
	if err := seat.Watch(true); err != nil {
		t.Fatal(err)
	}
	whole(th.first())
	for range 3 {
		if err := seat.Refresh(); err != nil {
			t.Fatal(err)
		}
		dec.Close()
		dec = codec.NewDecoder()
		whole(th.first())
	}
	seat.Select(2)
	if err := seat.Refresh(); err != nil {
		t.Fatal(err)
	}
	whole(th.second())
	if seat.Display().ID != 2 {
		t.Error("it does not know its display")
	}
	if _, refreshes, _ := a.counts(); refreshes != 1 {
		t.Errorf("the other viewer was refreshed %d times", refreshes)
	}
}

func TestDisplayGone(t *testing.T) {
	th := newTheatre(t)
	a := th.viewer(1)
	away := th.house.Seat(1, nil)
	defer away.Close()
	th.await("the picture", func() bool { return a.shows(th.first()) })
	th.desktop.Fail()
	th.await("the end", func() bool {
		a.mu.Lock()
		defer a.mu.Unlock()
		return errors.Is(a.err, capture.ErrDisplayGone)
	})
	<-away.DesktopChanged()
	if _, err := away.Notices(); !errors.Is(err, capture.ErrDisplayGone) {
		t.Errorf("who does not watch hears %v", err)
	}
	if err := away.Watch(true); !errors.Is(err, capture.ErrDisplayGone) {
		t.Errorf("watching then: %v", err)
	}
}

func TestClosedHouse(t *testing.T) {
	th := newTheatre(t)
	a := th.viewer(1)
	th.await("the picture", func() bool { return a.shows(th.first()) })
	th.house.Close()
	th.await("the end", func() bool {
		a.mu.Lock()
		defer a.mu.Unlock()
		return errors.Is(a.err, ErrClosed)
	})
	if err := th.house.Seat(1, nil).Watch(true); !errors.Is(err, ErrClosed) {
		t.Errorf("watching in a closed house: %v", err)
	}
}
