package transport

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
)

// alive watches that the other end of a WebSocket is there: it pings after silence and ends the connection when that
// lasts. While nobody reads (the reader waits for a slower third party) it still pings, since the other end wants to hear
// something, but silence proves nothing.
type alive struct {
	begin time.Time
	heard atomic.Int64 // ns after begin: the last sign of life, or when reading began
	read  atomic.Bool  // somebody reads
	dead  atomic.Bool
	done  chan struct{}
	once  sync.Once
}

func newAlive() *alive {
	return &alive{begin: time.Now(), done: make(chan struct{})}
}

func (a *alive) start(ws *websocket.Conn) { go a.watch(ws) }

func (a *alive) stop() { a.once.Do(func() { close(a.done) }) }

// reading says that somebody begins or ends to wait for a frame.
func (a *alive) reading(on bool) {
	a.hear()
	a.read.Store(on)
}

func (a *alive) hear() { a.heard.Store(int64(time.Since(a.begin))) }

func (a *alive) pinged(context.Context, []byte) bool {
	a.hear()
	return true
}

func (a *alive) ponged(context.Context, []byte) { a.hear() }

func (a *alive) watch(ws *websocket.Conn) {
	timer := time.NewTimer(PingAfter)
	defer timer.Stop()
	for {
		select {
		case <-a.done:
			return
		case <-timer.C:
		}
		if a.read.Load() && a.silence() >= DeadAfter {
			a.dead.Store(true)
			_ = ws.CloseNow()
			return
		}
		if a.silence() >= PingAfter {
			a.ping(ws)
		}
		next := PingAfter
		switch silence := a.silence(); {
		case silence < PingAfter:
			next -= silence
		case silence < DeadAfter:
			next = min(next, DeadAfter-silence)
		}
		timer.Reset(next)
	}
}

func (a *alive) silence() time.Duration {
	return time.Since(a.begin) - time.Duration(a.heard.Load())
}

// ping waits a little for the answer, so that a living connection is known to be one; ponged hears a late one.
func (a *alive) ping(ws *websocket.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	_ = ws.Ping(ctx)
}
