package audience

import (
	"fmt"
	"slices"
	"time"
)

// How long a seat that lagged stays by itself: twice as long each time, until it has kept in step for as long as the longest.
const (
	firstApart = 5 * time.Second
	mostApart  = 5 * time.Minute
)

// part gives each of the seats that lag a stage of its own, which goes on from the update that it has. st.mu is held.
func (st *stage) part(lagging []*Seat) error {
	for _, s := range lagging {
		alone := st.house.newStage(st.feed.Display().ID)
		stream, err := st.stream.Fork(alone.parts())
		if err != nil {
			alone.free()
			return fmt.Errorf("let a slow viewer go on by itself: %w", err)
		}
		alone.stream = stream
		st.seats = slices.DeleteFunc(st.seats, func(other *Seat) bool { return other == s })
		s.stayApart(time.Now())
		alone.take(s)
		st.house.later(alone)
	}
	return nil
}

// stayApart keeps the seat by itself for a while, longer than last time.
func (s *Seat) stayApart(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now.Sub(s.parted) > mostApart+s.apart {
		s.apart = 0
	}
	s.apart, s.parted = min(max(firstApart, 2*s.apart), mostApart), now
}

// meet lets the seats of a stage join the oldest one of the same display, when both show what is there and all may.
func (h *House) meet(st *stage) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.stages) < 2 || !st.willing(time.Now()) {
		return
	}
	i := slices.IndexFunc(h.stages, func(other *stage) bool { return other.feed.Display().ID == st.feed.Display().ID })
	if i < 0 || h.stages[i] == st || slices.Index(h.stages, st) < 0 {
		return
	}
	host := h.stages[i]
	host.mu.Lock()
	defer host.mu.Unlock()
	st.mu.Lock()
	defer st.mu.Unlock()
	if host.over || st.over || host.stream.More() || st.stream.More() || !st.stream.Meets(host.stream) {
		return
	}
	last, ok, err := st.stream.CatchUp(host.stream)
	if err != nil {
		h.log.Warn("a viewer stays by itself", "err", err)
		for _, s := range st.seats {
			s.stayApart(time.Now())
		}
		st.fresh = true
		st.wakeUp()
		return
	}
	if ok {
		st.hand(last, st.seats)
	}
	for _, s := range st.seats {
		host.take(s)
	}
	st.seats = nil
	host.fresh = true
	host.wakeUp()
	st.wakeUp()
}

// willing tells whether all seats of a stage may join others: they are not to stay apart, and ready.
func (st *stage) willing(now time.Time) bool {
	st.mu.Lock()
	defer st.mu.Unlock()
	for _, s := range st.seats {
		s.mu.Lock()
		ready, _ := s.pacer.Ready(now)
		may := ready && now.Sub(s.parted) >= s.apart
		s.mu.Unlock()
		if !may {
			return false
		}
	}
	return len(st.seats) > 0 && !st.stream.More()
}
