package transport

import (
	"context"
	"math/rand/v2"
	"time"
)

// Backoff spaces attempts to connect: before attempt n a random time between 0 and min(Max, Base·2ⁿ), "full jitter"
// (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/), so that the clients of a server that
// restarts do not come all at once. The zero value is not usable: set Base and Max. Not for concurrent use.
type Backoff struct {
	Base, Max time.Duration
	// Rand returns a number in [0, n); nil: math/rand/v2.
	Rand func(n int64) int64

	attempt int
}

// Next is how long to wait before the next attempt.
func (b *Backoff) Next() time.Duration {
	ceiling := b.Max
	if b.attempt < 32 && b.Base<<b.attempt < b.Max && b.Base<<b.attempt > 0 {
		ceiling = b.Base << b.attempt
		b.attempt++
	}
	random := b.Rand
	if random == nil {
		random = rand.Int64N
	}
	return time.Duration(random(int64(ceiling) + 1))
}

// Wait sleeps for Next, or for atLeast when that is longer (a server may ask for it); it returns early with ctx's error.
func (b *Backoff) Wait(ctx context.Context, atLeast time.Duration) error {
	t := time.NewTimer(max(b.Next(), atLeast))
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// Reset begins anew; call it when a connection has served.
func (b *Backoff) Reset() { b.attempt = 0 }
