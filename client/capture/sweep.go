package capture

import (
	"errors"
	"image"
	"time"

	"github.com/zeebo/xxh3"

	"deskhand/screen"
)

// The sweep is a net under the damage reports: some drivers draw past them. While somebody watches, a band of the screen is
// compared with the frame every two seconds; where it finds what nobody reported, it comes sooner for a while.
const (
	sweepSlow  = 2 * time.Second
	sweepFast  = 250 * time.Millisecond
	sweepBands = 8
)

// sweep is guarded by the hub's mu.
type sweep struct {
	timer *time.Timer // nil while nobody watches
	wait  time.Duration
	next  int // the next band
	rows  []uint64
}

func (s *sweep) start(f func()) {
	s.wait = sweepSlow
	s.timer = time.AfterFunc(s.wait, f)
}

func (s *sweep) stop() {
	if s.timer != nil {
		s.timer.Stop()
		s.timer = nil
	}
}

// sweepOnce looks at the next band and sets the clock for the one after it.
func (h *Hub) sweepOnce() {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := &h.sweep
	if s.timer == nil || h.err != nil {
		return // stopped while the timer fired
	}
	found, err := h.sweepBand()
	switch {
	case err != nil:
		_ = h.again(err)
	case found:
		s.wait = sweepFast
	default:
		s.wait = min(2*s.wait, sweepSlow)
	}
	if found || !h.stale.Empty() { // stale: of a report that was fetched here, or never came
		h.tell(Picture)
	}
	s.timer.Reset(s.wait)
}

// sweepBand captures one band of what is watched, and notes the rows that changed without a report.
func (h *Hub) sweepBand() (found bool, err error) {
	if h.frame == nil {
		return false, nil // the displays cannot be shown
	}
	if err := h.fetch(); err != nil { // so that what is only on its way is not taken for unreported
		return false, err
	}
	var all image.Rectangle
	for f := range h.feeds {
		if f.watching {
			all = all.Union(f.display.Bounds)
		}
	}
	s := &h.sweep
	s.next = (s.next + 1) % sweepBands
	band := all
	band.Min.Y = all.Min.Y + all.Dy()*s.next/sweepBands
	band.Max.Y = all.Min.Y + all.Dy()*(s.next+1)/sweepBands
	if band.Empty() {
		return false, nil
	}

	s.rows = s.rows[:0]
	for y := band.Min.Y; y < band.Max.Y; y++ {
		s.rows = append(s.rows, xxh3.Hash(h.frame.Row(y, band.Min.X, band.Max.X)))
	}
	if err := h.src.Grab(h.frame, []image.Rectangle{band}); err != nil {
		return false, err
	}
	var changed screen.Region
	for y := band.Min.Y; y < band.Max.Y; y++ {
		row := image.Rect(band.Min.X, y, band.Max.X, y+1)
		if xxh3.Hash(h.frame.Row(y, band.Min.X, band.Max.X)) != s.rows[y-band.Min.Y] && !h.stale.Overlaps(row) {
			changed.Add(row)
		}
	}
	h.stale.Subtract(band)
	h.owe(&changed)
	return !changed.Empty(), nil
}

// again deals with an error of the source: the displays are read anew when they have changed, and what cannot be mended is returned.
func (h *Hub) again(err error) error {
	if !errors.Is(err, ErrChanged) {
		return err
	}
	return h.layOut()
}
