// Package encode makes the stream of screen updates for one viewer, at the pace at which the viewer takes them: one update is on
// its way, and what changes meanwhile is merged into the next. It knows no network and starts no goroutine.
//
//	       ┌────────── Refresh ──────────┐
//	       ▼                             │
//	┌─ nothing on ─┐      Next       ┌───┴───────┐
//	│   its way    ├────────────────▶│ an update │
//	│              │◀────────────────┤ on its way│
//	└──────────────┘       Ack       └───────────┘
package encode

import (
	"fmt"
	"time"

	"deskhand/codec"
	"deskhand/screen"
)

// Screen is what a stream shows: a capture.Feed.
type Screen interface {
	// Take calls use with the image now and where it may differ from the last Take; not at all when nothing changed. The image may have another
	// size than last time. Both are only lent.
	Take(use func(now *screen.Frame, changed *screen.Region)) error
}

// Differ finds the changes that lead from shown to now within changed, and brings shown there: a damage.Differ.
type Differ interface {
	Diff(shown, now *screen.Frame, changed *screen.Region, at time.Time, budget int) []screen.Change
}

// Stream makes one viewer's updates. Its methods are called by one goroutine.
type Stream struct {
	source  Screen
	differ  Differ
	encoder *codec.Encoder
	now     func() time.Time
	begin   time.Time // where Header.Captured counts from

	shown   *screen.Frame // what the viewer has when it has applied all updates; nil before the first
	refresh bool          // the next update begins anew
	id      uint32        // of the last update
	sent    bool          // the last update is on its way: neither acknowledged nor given up

	// Of the take at hand.
	use      func(*screen.Frame, *screen.Region) // compare, bound once
	changes  []screen.Change
	captured time.Time
	failed   error
}

// New returns a stream whose first update is a refresh. Captured counts from begin.
func New(source Screen, differ Differ, begin time.Time) *Stream {
	s := &Stream{source: source, differ: differ, encoder: codec.NewEncoder(), now: time.Now, begin: begin, refresh: true}
	s.use = s.compare
	return s
}

// Next appends the next update to dst, and tells whether there is one: there is none while one is on its way, and when the viewer has what is
// on the screen. It is to be called when the source has something new, and after Ack and Refresh. An error of the source is returned as it is.
func (s *Stream) Next(dst []byte) (_ []byte, ok bool, err error) {
	if s.sent {
		return dst, false, nil
	}
	err = s.take()
	if err != nil || s.shown == nil || len(s.changes) == 0 && !s.refresh {
		return dst, false, err
	}
	h := codec.Header{Refresh: s.refresh, ID: s.id + 1, Captured: uint64(s.captured.Sub(s.begin).Microseconds())}
	dst, err = s.encoder.Encode(dst, h, s.changes, s.shown)
	if err != nil {
		return dst, false, fmt.Errorf("encode the screen: %w", err)
	}
	s.id, s.sent, s.refresh = h.ID, true, false
	return dst, true, nil
}

// Ack says that the viewer shows update id. It tells whether that update was awaited; what was given up by a Refresh is not.
func (s *Stream) Ack(id uint32) bool {
	if !s.sent || id != s.id {
		return false
	}
	s.sent = false
	return true
}

// Refresh makes the next update one that begins anew, for a viewer that has lost its picture. The one on its way is given up.
func (s *Stream) Refresh() { s.refresh, s.sent = true, false }

// take brings shown to what is on the screen, and sets changes and captured.
func (s *Stream) take() error {
	s.changes, s.captured, s.failed = nil, s.now(), nil
	if err := s.source.Take(s.use); err != nil {
		return err
	}
	if s.failed != nil || !s.refresh || s.shown == nil {
		return s.failed
	}
	// From the black surface with which the viewer begins anew; the source does not wait for this.
	blank, err := screen.NewFrame(s.shown.W, s.shown.H)
	if err != nil {
		return err
	}
	var whole screen.Region
	whole.Add(blank.Bounds())
	s.changes = s.differ.Diff(blank, s.shown, &whole, s.captured, 0)
	return nil
}

// compare is what the source's Take calls.
func (s *Stream) compare(now *screen.Frame, changed *screen.Region) {
	s.captured = s.now()
	if s.shown == nil || s.shown.W != now.W || s.shown.H != now.H {
		if s.shown, s.failed = screen.NewFrame(now.W, now.H); s.failed != nil {
			return
		}
		s.refresh = true
	}
	if !s.refresh {
		s.changes = s.differ.Diff(s.shown, now, changed, s.captured, 0)
		return
	}
	for _, r := range changed.Rects() {
		s.shown.CopyRect(now, r)
	}
}
