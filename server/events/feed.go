package events

import (
	"context"
	"log/slog"
	"time"

	"deskhand"
)

// Changes reads what was written, by whichever node or admin verb.
type Changes interface {
	// Changes are those after a sequence, in order, at most limit. Sequences have no holes: when the first is not the next, those in between
	// are forgotten.
	Changes(ctx context.Context, after int64, limit int) ([]deskhand.Change, error)
	// LastChange is the sequence of the newest.
	LastChange(ctx context.Context) (int64, error)
}

// Feed reads the changes and hands each to Tell, in order.
type Feed struct {
	Changes Changes
	Every   time.Duration // how often it looks when nobody wakes it; 0: a second
	Tell    []func(deskhand.Change)
	Missed  func() // everything is to be read again
	Log     *slog.Logger

	wake chan struct{}
}

// NewFeed makes a Feed that looks each second and when woken.
func NewFeed(changes Changes, log *slog.Logger, missed func(), tell ...func(deskhand.Change)) *Feed {
	return &Feed{Changes: changes, Every: time.Second, Tell: tell, Missed: missed, Log: log, wake: make(chan struct{}, 1)}
}

// Wake makes the feed look now.
func (f *Feed) Wake() {
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

// Run reads until ctx ends. Changes from before the call are not told.
func (f *Feed) Run(ctx context.Context) error {
	last, err := f.Changes.LastChange(ctx)
	if err != nil {
		return err
	}
	tick := time.NewTicker(f.Every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-f.wake:
		case <-tick.C:
		}
		last = f.read(ctx, last)
	}
}

const page = 500

func (f *Feed) read(ctx context.Context, last int64) int64 {
	for {
		changes, err := f.Changes.Changes(ctx, last, page)
		if err != nil {
			if ctx.Err() == nil {
				f.Log.Warn("reading what changed", "err", err)
			}
			return last
		}
		if len(changes) > 0 && changes[0].Sequence != last+1 {
			f.Missed()
		}
		for _, c := range changes {
			for _, tell := range f.Tell {
				tell(c)
			}
			last = c.Sequence
		}
		if len(changes) < page {
			return last
		}
	}
}
