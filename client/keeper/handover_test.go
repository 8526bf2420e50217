package keeper

import (
	"context"
	"errors"
	"sync"
	"testing"
)

// desk is a console in memory.
type desk struct {
	mu  sync.Mutex
	id  uint32
	ok  bool
	was chan struct{}
}

func (d *desk) session() (uint32, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.id, d.ok
}

func (d *desk) changed() <-chan struct{} { return d.was }

// turns switches the console, or tells again how it is.
func (d *desk) turns(id uint32, ok bool) {
	d.mu.Lock()
	d.id, d.ok = id, ok
	d.mu.Unlock()
	d.was <- struct{}{}
}

type worker struct {
	in   uint32
	over chan error
	told chan struct{}
}

func (w *worker) ended() <-chan error { return w.over }

func (w *worker) end() error {
	close(w.told)
	return errors.New("ended")
}

func TestAttend(t *testing.T) {
	d := &desk{was: make(chan struct{})}
	started, done := make(chan *worker), make(chan error)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go func() {
		done <- attend(ctx, d, func(id uint32) (runner, error) {
			w := &worker{id, make(chan error), make(chan struct{})}
			started <- w
			return w, nil
		})
	}()
	d.turns(0, false) // still nobody at the console
	d.turns(1, true)
	first := <-started
	d.turns(1, true) // somebody has logged in to the same session
	select {
	case <-first.told:
		t.Error("a worker that is where it belongs is ended")
	default:
	}
	d.turns(0, false)
	<-first.told
	d.turns(3, true)
	second := <-started
	if first.in != 1 || second.in != 3 {
		t.Errorf("workers in %d and %d", first.in, second.in)
	}
	wrong := errors.New("it went wrong")
	second.over <- wrong
	if err := <-done; !errors.Is(err, wrong) {
		t.Errorf("%v", err)
	}
}

func TestAttendEnds(t *testing.T) {
	ctx, stop := context.WithCancelCause(t.Context())
	why := errors.New("shut down")
	stop(why)
	if err := attend(ctx, &desk{}, nil); !errors.Is(err, why) {
		t.Errorf("without a session: %v", err)
	}
	w := &worker{told: make(chan struct{})}
	if err := attend(ctx, &desk{ok: true}, func(uint32) (runner, error) { return w, nil }); err == nil {
		t.Error("a worker that was ended says nothing")
	}
	<-w.told
	if err := attend(t.Context(), &desk{ok: true}, func(uint32) (runner, error) { return nil, why }); !errors.Is(err, why) {
		t.Errorf("one that does not start: %v", err)
	}
}
