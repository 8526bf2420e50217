package capture

import (
	"context"
	"image"
	"sync"

	"deskhand/screen"
)

// reports collects what a system that calls us has told, until Next and Damage ask for it.
type reports struct {
	wake chan struct{} // capacity 1: happened is not empty
	gone chan struct{} // closed by close

	mu       sync.Mutex // guards all below
	happened Event
	told     bool // Damaged was told, and take has not been called since
	changed  screen.Region
}

func newReports() *reports {
	return &reports{wake: make(chan struct{}, 1), gone: make(chan struct{})}
}

// tell notes that something has happened.
func (r *reports) tell(e Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.add(e)
}

// add is tell. mu is held.
func (r *reports) add(e Event) {
	r.happened |= e
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// damaged notes that pixels have changed. Damaged is told once until take.
func (r *reports) damaged(rects ...image.Rectangle) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, one := range rects {
		r.changed.Add(one)
	}
	if !r.told && !r.changed.Empty() {
		r.told = true
		r.add(Damaged)
	}
}

// take moves what has changed within a desktop of that size into a region.
func (r *reports) take(into *screen.Region, size image.Point) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.changed.Clip(image.Rectangle{Max: size})
	into.Union(&r.changed)
	r.changed.Clear()
	r.told = false
}

// forget drops what nobody watches any more.
func (r *reports) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.changed.Clear()
	r.told = false
}

// next is Source.Next.
func (r *reports) next(ctx context.Context) (Event, error) {
	for {
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-r.gone:
			return 0, ErrDisplayGone
		case <-r.wake:
		}
		select {
		case <-r.gone:
			return 0, ErrDisplayGone
		default:
		}
		r.mu.Lock()
		e := r.happened
		r.happened = 0
		r.mu.Unlock()
		if e != 0 {
			return e, nil
		}
	}
}

func (r *reports) close() { close(r.gone) }
