package audience

import (
	"math"
	"slices"
	"sync"
	"time"

	"deskhand/client/capture"
	"deskhand/client/damage"
	"deskhand/client/encode"
	"deskhand/screen"
)

// stage makes the updates for seats in step. One goroutine runs it; it sleeps until the screen changed, an acknowledgement came, or time has passed
// that it waited for.
type stage struct {
	house *House
	feed  *capture.Feed
	video *encoder
	wake  chan struct{}
	end   chan struct{}
	ended sync.Once

	mu     sync.Mutex // guards all below; held while an update is made
	stream *encode.Stream
	seats  []*Seat
	codec  screen.VideoCodec
	fresh  bool          // the stream may have something new
	behind time.Time     // since when some wait for others
	waited time.Duration // before that, and not forgiven
	asked  time.Time     // when waited was brought up to date
	over   bool          // it takes no seats any more
}

// newStage returns a stage without a stream.
func (h *House) newStage(display uint32) *stage {
	return &stage{
		house: h, feed: h.hub.Subscribe(display), video: newEncoder(h.log),
		wake: make(chan struct{}, 1), end: make(chan struct{}), fresh: true,
	}
}

// parts are the stream's.
func (st *stage) parts() encode.Parts {
	return encode.Parts{Screen: st.feed, Differ: &damage.Differ{}, Motion: &damage.Motion{}, Video: st.video}
}

// run goes on until the last seat has left or there is nothing to show any more.
func (st *stage) run() {
	defer st.free()
	defer st.house.gone(st)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-st.end:
			st.fail(ErrClosed)
			return
		case <-st.feed.Changed():
			if err := st.notices(); err != nil {
				st.fail(err)
				return
			}
		case <-st.wake:
		case <-timer.C:
		}
		again, err := st.turn()
		if err != nil {
			st.fail(err)
			return
		}
		if st.empty() {
			return
		}
		st.house.meet(st)
		timer.Reset(until(again))
	}
}

// until is how long it is until then; for ever when it is zero.
func until(then time.Time) time.Duration {
	if then.IsZero() {
		return math.MaxInt64
	}
	return max(0, time.Until(then))
}

// free gives back what the stage holds.
func (st *stage) free() {
	if st.stream != nil {
		st.stream.Close()
	}
	st.video.Close()
	_ = st.feed.Close() // it says what the hub says, which is told by fail
}

func (st *stage) quit() { st.ended.Do(func() { close(st.end) }) }

func (st *stage) wakeUp() {
	select {
	case st.wake <- struct{}{}:
	default:
	}
}

// notices passes on what concerns the seats.
func (st *stage) notices() error {
	n, err := st.feed.Notices()
	if err != nil {
		return err
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	if n&(capture.Picture|capture.Displays) != 0 {
		st.fresh = true
	}
	for _, s := range st.seats {
		s.tell(n&capture.Pointer, nil)
	}
	return nil
}

// fail tells all seats why there is no picture any more.
func (st *stage) fail(err error) {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.over = true
	for _, s := range st.seats {
		s.mu.Lock()
		s.stage = nil
		s.mu.Unlock()
		s.tell(capture.Picture, err)
	}
	st.seats = nil
}

// empty tells whether the last seat has left; then none can come any more.
func (st *stage) empty() bool {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.over = st.over || len(st.seats) == 0
	return st.over
}

// take adds a seat. The stage does not run yet, or its mu is held.
func (st *stage) take(s *Seat) {
	st.seats = append(st.seats, s)
	s.mu.Lock()
	s.stage = st
	s.mu.Unlock()
}

// lose takes a seat away; nothing happens when it is another stage's by now.
func (st *stage) lose(s *Seat) {
	st.mu.Lock()
	i := slices.Index(st.seats, s)
	if i >= 0 {
		st.seats = slices.Delete(st.seats, i, i+1)
		s.mu.Lock()
		s.stage = nil
		s.mu.Unlock()
	}
	if len(st.seats) == 0 { // capturing ends now, not when the goroutine comes to it
		st.over = true
		_ = st.feed.Watch(false)
	}
	st.mu.Unlock()
	st.wakeUp()
}
