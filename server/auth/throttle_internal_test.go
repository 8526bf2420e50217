package auth

import (
	"fmt"
	"testing"
	"time"
)

// However many keys are made up, memory is bounded and who has to wait still waits.
func TestThrottleIsBounded(t *testing.T) {
	now := time.Unix(0, 0)
	th := newThrottle(func() time.Time { return now }, time.Minute)
	for range 8 {
		th.wrong("victim")
	}
	for i := range maxEntries + 100 {
		now = now.Add(time.Microsecond)
		th.wrong(fmt.Sprint("made up ", i))
	}
	if n := len(th.entries); n > maxEntries {
		t.Errorf("%d entries", n)
	}
	if w := th.wait("victim"); w < 7*time.Second {
		t.Errorf("waits %v", w)
	}
	now = now.Add(forgetAfter)
	th.wrong("later")
	if n := len(th.entries); n != 1 {
		t.Errorf("%d entries after an hour", n)
	}
}
