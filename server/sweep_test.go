package server

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// What has expired is forgotten each minute, and what the policy keeps no longer is deleted five minutes after the start and then each day; what fails
// is said and tried again.
func TestSweeper(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var stale, old, failed int
		var retained []time.Duration
		fault := errors.New("the database is busy")
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		s := sweeper{
			every: 5 * time.Second, now: time.Now,
			stale: func(context.Context) error { stale++; return nil },
			old: func(context.Context) error {
				if old++; old == 3 {
					return fault
				}
				return nil
			},
			retain: func(context.Context) error { retained = append(retained, time.Since(start)); return fault },
			failed: func(err error) {
				if failed++; !errors.Is(err, fault) {
					t.Error(err)
				}
			},
		}
		go func() { s.run(ctx); close(ended) }()

		time.Sleep(50*time.Hour + time.Second)
		synctest.Wait()
		if stale != 50*60*12 || old != 50*60 {
			t.Errorf("%d, %d", stale, old)
		}
		want := []time.Duration{5 * time.Minute, 24*time.Hour + 5*time.Minute, 48*time.Hour + 5*time.Minute}
		if len(retained) != len(want) || failed != 1+len(want) {
			t.Fatalf("%v, %d times failed", retained, failed)
		}
		for i := range want {
			if retained[i] != want[i] {
				t.Errorf("deleted after %v, want %v", retained[i], want[i])
			}
		}
		cancel()
		<-ended
	})
}
