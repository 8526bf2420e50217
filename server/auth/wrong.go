package auth

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"deskhand"
)

const (
	wrongEvery   = time.Minute      // one event of an account
	wrongTimeout = 10 * time.Second // of a write
)

// wrongLogins puts wrong logins into the audit: the first one of an account at once, and those of the minute after it as one event that counts them.
// It is done aside, so that how long an answer takes tells nothing. All user names that nobody has are one account, without a name: there may be any
// number of them, and one may be a password in the wrong field.
type wrongLogins struct {
	audit func(ctx context.Context, from deskhand.Actor, agentID string, count int) error
	log   *slog.Logger

	mu      sync.Mutex
	open    map[string]*wrongLogin // guarded by mu: by agent id; "" is nobody's
	closed  bool                   // guarded by mu
	writing sync.WaitGroup
}

// wrongLogin is the minute after an event.
type wrongLogin struct {
	count int            // since the event
	from  deskhand.Actor // the latest one's
	timer *time.Timer
}

func newWrongLogins(audit func(context.Context, deskhand.Actor, string, int) error, log *slog.Logger) *wrongLogins {
	return &wrongLogins{audit: audit, log: log, open: map[string]*wrongLogin{}}
}

// add notes one. It does not wait.
func (w *wrongLogins) add(agentID, address string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return
	}
	from := deskhand.Actor{Name: "somebody", Address: address}
	if o := w.open[agentID]; o != nil {
		o.count++
		o.from = from
		return
	}
	w.write(agentID, &wrongLogin{count: 1, from: from})
}

// write begins a minute with an event. The caller holds mu.
func (w *wrongLogins) write(agentID string, of *wrongLogin) {
	w.writing.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), wrongTimeout)
		defer cancel()
		if err := w.audit(ctx, of.from, agentID, of.count); err != nil {
			w.log.Error("putting wrong logins into the audit", "count", of.count, "err", err)
		}
	})
	next := &wrongLogin{}
	next.timer = time.AfterFunc(wrongEvery, func() { w.over(agentID, next) })
	w.open[agentID] = next
}

// over ends a minute: what it counted is an event, which begins another minute.
func (w *wrongLogins) over(agentID string, o *wrongLogin) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.closed || w.open[agentID] != o:
	case o.count == 0:
		delete(w.open, agentID)
	default:
		w.write(agentID, o)
	}
}

// close writes what was counted and waits for it.
func (w *wrongLogins) close() {
	w.mu.Lock()
	w.closed = true
	rest := w.open
	w.open = map[string]*wrongLogin{}
	for agentID, o := range rest {
		o.timer.Stop()
		if o.count > 0 {
			w.write(agentID, o)
			w.open[agentID].timer.Stop()
		}
	}
	w.mu.Unlock()
	w.writing.Wait()
}
