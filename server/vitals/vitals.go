// Package vitals samples how the server is, and keeps the last hour of it in memory.
package vitals

import (
	"context"
	"runtime"
	"runtime/metrics"
	"sync"
	"time"
)

// Every is the time between samples; Kept is how many are kept: an hour of them.
const (
	Every = 5 * time.Second
	Kept  = int(time.Hour / Every)
)

// Counts are what the server's parts count.
type Counts struct {
	Sessions  int // that have not ended
	Viewers   int
	Computers int   // online
	Down, Up  int64 // bytes that the relay has carried so far, from clients and from viewers
}

// Sample is one look.
type Sample struct {
	At         time.Time
	Sessions   int
	Viewers    int
	Computers  int
	Down, Up   float64 // bytes a second
	CPU        float64 // cores that the program uses
	Memory     uint64  // bytes
	Goroutines int
}

// Recorder takes samples. Its methods are safe for concurrent use.
type Recorder struct {
	count func(context.Context) (Counts, error)
	now   func() time.Time
	cpu   func() time.Duration

	mu      sync.Mutex
	samples []Sample // guarded by mu: a ring once it is full
	next    int      // guarded by mu: where the next one goes
	last    Counts   // guarded by mu: what the last sample counted
	lastAt  time.Time
	lastCPU time.Duration
}

// New makes a recorder over what counts.
func New(count func(context.Context) (Counts, error), now func() time.Time) *Recorder {
	return &Recorder{count: count, now: now, cpu: cpuTime, lastAt: now(), lastCPU: cpuTime()}
}

// Run samples until ctx ends. failed hears of what could not be counted.
func (r *Recorder) Run(ctx context.Context, failed func(error)) {
	tick := time.NewTicker(Every)
	defer tick.Stop()
	for {
		if err := r.Sample(ctx); err != nil && ctx.Err() == nil {
			failed(err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Sample takes one sample now.
func (r *Recorder) Sample(ctx context.Context) error {
	counts, err := r.count(ctx)
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	now, cpu := r.now(), r.cpu()
	s := Sample{
		At: now, Sessions: counts.Sessions, Viewers: counts.Viewers, Computers: counts.Computers, Memory: memory(), Goroutines: runtime.NumGoroutine(),
	}
	if seconds := now.Sub(r.lastAt).Seconds(); seconds > 0 {
		s.Down, s.Up = float64(counts.Down-r.last.Down)/seconds, float64(counts.Up-r.last.Up)/seconds
		s.CPU = (cpu - r.lastCPU).Seconds() / seconds
	}
	r.last, r.lastAt, r.lastCPU = counts, now, cpu
	if len(r.samples) < Kept {
		r.samples = append(r.samples, s)
		return nil
	}
	r.samples[r.next] = s
	r.next = (r.next + 1) % Kept
	return nil
}

// Samples gives the last hour, the oldest first.
func (r *Recorder) Samples() []Sample {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append(append([]Sample{}, r.samples[r.next:]...), r.samples[:r.next]...)
}

// memory is what the program has from the system.
func memory() uint64 {
	m := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(m)
	return m[0].Value.Uint64() - m[1].Value.Uint64()
}
