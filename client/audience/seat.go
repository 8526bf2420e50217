package audience

import (
	"cmp"
	"image"
	"sync"
	"time"

	"deskhand/client/capture"
	"deskhand/client/encode"
	"deskhand/client/pace"
	"deskhand/screen"
)

// Seat is one viewer's place. Its methods are called by one goroutine, which also receives from its channels; those that tell what came from the
// viewer (Acked, RoundTrip, Pressed, Pointed) by any.
type Seat struct {
	house   *House
	feed    *capture.Feed // never watches: it knows the display, and when there is none any more
	codecs  []screen.VideoCodec
	updates chan encode.Update
	changed chan struct{} // capacity 1

	mu      sync.Mutex // guards all below; taken after a stage's
	stage   *stage     // nil: it does not watch
	pacer   *pace.Pacer
	notices capture.Notice
	err     error
	pressed time.Time   // when input came that may be answered by the picture
	pointer image.Point // where the viewer last pointed

	// How long it stays apart from the others after it lagged, and since when.
	apart  time.Duration
	parted time.Time
}

// Seat returns a place that does not watch yet, for a viewer who can show videos of these codecs.
func (h *House) Seat(display uint32, codecs []screen.VideoCodec) *Seat {
	return &Seat{
		house: h, feed: h.hub.Subscribe(display), codecs: codecs, updates: make(chan encode.Update, 2*pace.MostUpdates),
		changed: make(chan struct{}, 1), pacer: pace.New(time.Now()),
	}
}

// Updates gives the updates, in order; they are to be sent at once.
func (s *Seat) Updates() <-chan encode.Update { return s.updates }

// Changed and DesktopChanged receive when Notices has something to tell.
func (s *Seat) Changed() <-chan struct{} { return s.changed }

// DesktopChanged is Changed for the displays, and for their end.
func (s *Seat) DesktopChanged() <-chan struct{} { return s.feed.Changed() }

// Notices tells what happened since it was last asked. The error says that there will be no picture any more; it wraps capture.ErrDisplayGone
// when the display is.
func (s *Seat) Notices() (capture.Notice, error) {
	n, err := s.feed.Notices()
	s.mu.Lock()
	defer s.mu.Unlock()
	n |= s.notices
	s.notices = 0
	return n, cmp.Or(err, s.err)
}

// Display is the one that is shown, or would be.
func (s *Seat) Display() screen.Display { return s.feed.Display() }

// Concealed is what the system shows that this program may not see: the picture is black.
func (s *Seat) Concealed() capture.Cover { return s.feed.Concealed() }

// Cursor is the pointer's shape; its pixels are shared.
func (s *Seat) Cursor() (screen.Cursor, error) { return s.feed.Cursor() }

// Watch begins and ends to show the picture, which begins whole.
func (s *Seat) Watch(on bool) error {
	if on == (s.place() != nil) {
		return nil
	}
	if on {
		return s.begin()
	}
	s.leave()
	return nil
}

// Select chooses another display, which is shown from the next Refresh or Watch on.
func (s *Seat) Select(display uint32) { s.feed.Select(display) }

// Refresh begins anew, for a viewer that has lost its picture.
func (s *Seat) Refresh() error {
	if s.place() == nil {
		return nil
	}
	s.leave()
	return s.begin()
}

// Acked says that the viewer shows update id and all before it, decode after its last byte had come, with queue more to be shown.
func (s *Seat) Acked(id uint32, decode time.Duration, queue int) {
	s.mu.Lock()
	s.pacer.Acked(id, decode, queue, time.Now())
	st := s.stage
	s.mu.Unlock()
	if st != nil {
		st.wakeUp()
	}
}

// RoundTrip tells how long a ping took.
func (s *Seat) RoundTrip(rtt time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pacer.RoundTrip(rtt, time.Now())
}

// Line is what is known of the way to the viewer.
func (s *Seat) Line() pace.Line {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pacer.Estimate()
}

// Pressed says that the viewer pressed something: the answer goes ahead of what the line is busy with.
func (s *Seat) Pressed() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pressed = time.Now()
}

// Pointed says where the viewer points, in pixels of the display: what changes there goes first.
func (s *Seat) Pointed(at image.Point) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pointer = at
}

// Close gives the place up.
func (s *Seat) Close() {
	s.leave()
	_ = s.feed.Close() // it holds nothing
}

func (s *Seat) place() *stage {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stage
}

// begin takes a stage of its own.
func (s *Seat) begin() error {
	s.mu.Lock()
	s.pacer.Reset(time.Now())
	s.mu.Unlock()
	s.house.mu.Lock()
	defer s.house.mu.Unlock()
	return s.house.begins(s.feed.Display().ID, s)
}

// leave takes the seat off its stage, and drops what was made for it and not taken.
func (s *Seat) leave() {
	for st := s.place(); st != nil; st = s.place() {
		st.lose(s) // it may have moved to another one meanwhile
	}
	for {
		select {
		case <-s.updates:
		default:
			return
		}
	}
}

// tell adds to the notices.
func (s *Seat) tell(n capture.Notice, err error) {
	if n == 0 && err == nil {
		return
	}
	s.mu.Lock()
	s.notices |= n
	if err != nil {
		s.err = err
	}
	s.mu.Unlock()
	select {
	case s.changed <- struct{}{}:
	default:
	}
}
