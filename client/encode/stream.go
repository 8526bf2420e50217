package encode

import (
	"bytes"
	"fmt"
	"image"
	"time"

	"deskhand/codec"
	"deskhand/screen"
)

// Stream makes the updates of those who share it. Its methods are called by one goroutine at a time.
type Stream struct {
	Parts
	encoder *codec.Encoder
	now     func() time.Time
	begin   time.Time // where Header.Captured counts from

	shown    *screen.Frame // the surface that the viewers have when they have applied all updates; nil before the first
	refresh  bool          // the next update begins anew
	restart  bool          // the next update begins a new compressed stream, the surface stays
	id       uint32        // of the last update
	captured time.Time     // when the screen was, that the next update shows
	cost     float64       // bytes that a pixel has cost lately
	videos   videos
	buf      []byte

	// Of the take at hand.
	use     func(now *screen.Frame, changed, damaged *screen.Region) // compare, bound once
	limits  Limits
	look    screen.Region // where to compare
	left    screen.Region // what was not shown
	changes []screen.Change
	failed  error
}

// firstCost is what a pixel is taken to cost before one was sent: between text (0.06) and photographs (3). On a near line a first picture of
// 1920×1080 goes in one piece by it.
const firstCost = 0.17

// New returns a stream whose first update is a refresh, with the id after this one. Captured counts from begin.
func New(parts Parts, begin time.Time, id uint32) *Stream {
	s := &Stream{Parts: parts, encoder: codec.NewEncoder(), now: time.Now, begin: begin, refresh: true, id: id, cost: firstCost}
	s.use = s.compare
	if parts.Now != nil {
		s.now = parts.Now
	}
	return s
}

// Next makes the next update, and tells whether there is one: there is none when the viewers have what is on the screen. It is to be called when
// the screen has something new, after Refresh and Restart, when an update was limited (More) and at Wake. An error of the screen is returned as it is.
func (s *Stream) Next(limits Limits) (_ Update, ok bool, err error) {
	if err := s.take(limits); err != nil {
		return Update{}, false, err
	}
	if s.shown == nil || len(s.changes) == 0 && !s.refresh {
		return Update{}, false, nil
	}
	u, err := s.encode(s.changes)
	return u, err == nil, err
}

// encode makes an update of changes, which lead to what is shown now.
func (s *Stream) encode(changes []screen.Change) (Update, error) {
	h := codec.Header{Refresh: s.refresh, Restart: s.restart, ID: s.id + 1, Captured: uint64(s.captured.Sub(s.begin).Microseconds())}
	var err error
	if s.buf, err = s.encoder.Encode(s.buf[:0], h, changes, s.shown); err != nil {
		return Update{}, fmt.Errorf("encode the screen: %w", err)
	}
	s.id, s.refresh, s.restart = h.ID, false, false
	s.learn(changes, len(s.buf))
	return Update{ID: h.ID, Data: bytes.Clone(s.buf)}, nil
}

// learn notes what the pixels of an update have cost.
func (s *Stream) learn(changes []screen.Change, size int) {
	pixels := 0
	for _, c := range changes {
		switch c.Kind {
		case screen.Pixels:
			pixels += c.Rect.Dx() * c.Rect.Dy()
		case screen.Video:
			size -= len(c.Video.Data)
		}
	}
	const enough = 2000 // pixels, to say something
	if pixels >= enough {
		s.cost += (max(0.02, float64(size)/float64(pixels)) - s.cost) / 2
	}
}

// Refresh makes the next update one that begins anew, for viewers that have lost their picture.
func (s *Stream) Refresh() {
	s.refresh = true
	s.Restart()
}

// Restart makes the next update begin a new compressed stream, for viewers that know the surface but not how it came about.
func (s *Stream) Restart() {
	s.restart = true
	s.Differ.Restart()
	s.videos.restart()
	if s.shown != nil && s.refresh {
		var whole screen.Region
		whole.Add(s.shown.Bounds())
		s.Screen.Owe(&whole)
	}
}

// Focus says where the viewer looks: what changed there comes first when the limits leave something out.
func (s *Stream) Focus(at image.Point) { s.Differ.Focus(at) }

// More tells whether the limits made the last update leave something out.
func (s *Stream) More() bool { return !s.left.Empty() }

// Wake is when Next is to be called though the screen has nothing new: a video's next frame is due, or something comes to rest. Zero: never.
func (s *Stream) Wake() time.Time {
	if s.videos.outdated(s.regions()) {
		return s.captured // at once: what is no video any more is to be made exact, though nothing may change there again
	}
	t := s.Motion.NextExpiry()
	if due := s.videos.due(); t.IsZero() || !due.IsZero() && due.Before(t) {
		t = due
	}
	return t
}

// take brings shown to what is on the screen, as far as the limits allow, and sets changes and captured.
func (s *Stream) take(limits Limits) error {
	s.changes, s.failed, s.limits = nil, nil, limits
	s.left.Clear()
	s.settle(s.now())
	if err := s.Screen.Take(s.use); err != nil {
		return err
	}
	if !s.left.Empty() {
		s.Screen.Owe(&s.left)
	}
	return s.failed
}

// settle makes what has come to rest be looked at.
func (s *Stream) settle(at time.Time) {
	s.Motion.Expire(at)
	v := &s.videos
	v.follow(s.regions(), s.Video)
	for _, r := range v.streams {
		if r != nil && r.dirty && !at.Before(r.next()) {
			v.look.Add(r.rect)
		}
	}
	if !v.look.Empty() {
		s.Screen.Owe(&v.look)
		v.look.Clear()
	}
}

// regions are those that are to be videos.
func (s *Stream) regions() []image.Rectangle {
	if s.Video == nil || s.limits.Codec == 0 {
		return nil
	}
	return s.Motion.Regions()
}

// compare is what the screen's Take calls.
func (s *Stream) compare(now *screen.Frame, changed, damaged *screen.Region) {
	s.captured = s.now()
	if s.shown == nil || s.shown.W != now.W || s.shown.H != now.H {
		if s.shown, s.failed = screen.NewFrame(now.W, now.H); s.failed != nil {
			return
		}
		s.refresh = true
		s.Differ.Restart()
		s.videos.forget(s.Video)
		changed.Add(now.Bounds())
	} else if s.refresh {
		s.shown.Clear()
		changed.Add(now.Bounds())
		s.videos.over.Clear() // a refresh takes away what lies over the surface
	}
	s.restart = s.restart || s.refresh
	s.look.Set(changed)
	s.Motion.Touched(damaged, s.captured)
	s.changes = s.videos.frames(s.changes, s, now)
	s.changes = append(s.difference(now), s.changes...)
	s.changes = s.videos.reveal(s.changes, &s.left)
}

// difference compares what is no video.
func (s *Stream) difference(now *screen.Frame) []screen.Change {
	budget := 0
	if s.limits.Bytes > 0 {
		budget = max(minBudget, int(float64(s.limits.Bytes)/s.cost))
	}
	changes := s.Differ.Diff(s.shown, now, &s.look, s.captured, budget)
	s.Motion.Observe(changes, s.Differ.Left(), now, s.captured)
	s.left.Union(s.Differ.Left())
	return changes
}

// minBudget is how many pixels an update may always have, so that there is progress.
const minBudget = 4096
