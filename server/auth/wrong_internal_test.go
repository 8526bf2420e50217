package auth

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"deskhand"
)

// One event of an account and minute, which counts; what was counted is written also when nobody is wrong any more, or the server stops.
func TestWrongLoginsAreCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var events []string
		w := newWrongLogins(func(_ context.Context, from deskhand.Actor, agentID string, count int) error {
			mu.Lock()
			defer mu.Unlock()
			events = append(events, fmt.Sprintf("%s %d from %s", agentID, count, from.Address))
			return errors.New("this is only logged")
		}, slog.New(slog.DiscardHandler))
		wrote := func(want ...string) {
			t.Helper()
			synctest.Wait()
			mu.Lock()
			defer mu.Unlock()
			slices.Sort(events)
			if !slices.Equal(events, want) {
				t.Errorf("wrote %q, want %q", events, want)
			}
			events = nil
		}
		w.add("rodney", "1")
		w.add("", "2")
		wrote(" 1 from 2", "rodney 1 from 1")
		for i := range 500 {
			w.add("rodney", fmt.Sprint(i))
		}
		wrote()
		time.Sleep(wrongEvery)
		wrote("rodney 500 from 499")
		w.add("rodney", "3")
		wrote()
		time.Sleep(wrongEvery)
		wrote("rodney 1 from 3")
		time.Sleep(wrongEvery)
		wrote()
		if len(w.open) != 0 {
			t.Errorf("%d accounts are kept", len(w.open))
		}
		w.add("rodney", "4")
		w.add("rodney", "5")
		w.close()
		w.add("rodney", "6")
		time.Sleep(2 * wrongEvery)
		wrote("rodney 1 from 4", "rodney 1 from 5")
	})
}
