// Package audience shows one desktop to any number of viewers. Those who see the same display and keep in step are one audience: the screen is
// captured, compared and compressed once for all of them.
//
//	capture.Hub ─▶ stage (an audience) ─ one update ─▶ seat ─▶ a viewer's session
//	                 │ a stage each                    seat ─▶ …
//	                 ├─ parts: a seat that lags goes on by itself, from the update it has
//	                 └─ meets: a seat that begins, or keeps in step again, joins the stage of its display
//
// Every viewer begins on a stage of its own, with a whole picture at its own pace, and joins the others when it has it; so nobody is ever sent
// anything again because somebody else came. seat.go is what a session sees, stage.go is an audience, turn.go
// decides when it makes an update and how large, share.go lets stages part and meet.
package audience

import (
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"deskhand/client/capture"
	"deskhand/client/encode"
	"deskhand/screen"
)

// ErrClosed is what a seat says after its house was closed.
var ErrClosed = errors.New("nothing is shown any more")

// House shows one desktop. Close it before the hub.
type House struct {
	hub   *capture.Hub
	log   *slog.Logger
	begin time.Time

	mu     sync.Mutex // guards stages, ids and closed; taken before a stage's
	stages []*stage   // the oldest first
	ids    uint32
	closed bool
	wg     sync.WaitGroup
}

// Open begins to show what a hub captures.
func Open(hub *capture.Hub, log *slog.Logger) *House {
	return &House{hub: hub, log: log, begin: time.Now()}
}

// Follow has the streams of h begin behind those of a house that was shown to the same viewers before; nil: there was none.
func (h *House) Follow(before *House) {
	if before == nil {
		return
	}
	before.mu.Lock()
	ids := before.ids
	before.mu.Unlock()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ids = ids
}

// Displays lists the displays as they are now.
func (h *House) Displays() []screen.Display { return h.hub.Displays() }

// Close ends all stages. Seats that are left tell ErrClosed.
func (h *House) Close() {
	h.mu.Lock()
	h.closed = true
	stages := slices.Clone(h.stages)
	h.mu.Unlock()
	for _, st := range stages {
		st.quit()
	}
	h.wg.Wait()
}

// streamIDs is how far apart the ids of streams begin, so that an acknowledgement for one is not taken for another's.
const streamIDs = 1 << 20

// begins makes a stage for one seat that begins anew. h.mu is held.
func (h *House) begins(display uint32, s *Seat) error {
	st := h.newStage(display)
	h.ids += streamIDs
	st.stream = encode.New(st.parts(), h.begin, h.ids)
	st.take(s)
	return h.open(st)
}

// open lets a new stage run, which has its seat already. h.mu is held.
func (h *House) open(st *stage) error {
	err := ErrClosed
	if !h.closed {
		err = st.feed.Watch(true)
	}
	if err != nil {
		st.fail(err)
		st.free()
		return err
	}
	h.stages = append(h.stages, st)
	h.wg.Add(1)
	go func() {
		defer h.wg.Done()
		st.run()
	}()
	return nil
}

// later opens a stage in a moment: the house's mu is taken before a stage's, which the caller holds. Who waits for the house waits for this.
func (h *House) later(st *stage) {
	h.wg.Add(1)
	go func() {
		defer h.wg.Done()
		h.mu.Lock()
		defer h.mu.Unlock()
		_ = h.open(st) // the seat was told
	}()
}

// gone forgets a stage that has ended.
func (h *House) gone(st *stage) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.stages = slices.DeleteFunc(h.stages, func(other *stage) bool { return other == st })
}
