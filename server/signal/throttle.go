package signal

import (
	"sync"
	"time"

	"deskhand"
)

// What wrong codes cost. Only wrong ones count, so that nobody who has a code is kept out by others for long.
const (
	freeTries   = 5                // per network, before it waits
	maxWait     = 15 * time.Minute // after many wrong tries
	forgetAfter = time.Hour        // without a wrong try, a network starts anew
	maxNetworks = 100_000          // remembered; beyond, those that are longest quiet are forgotten
	busyTries   = 100              // wrong ones of everybody within a minute; beyond, a try costs work
)

// throttle counts wrong codes per network (see deskhand.Network) and in all.
type throttle struct {
	now func() time.Time

	mu       sync.Mutex
	networks map[string]*tries // guarded by mu
	minute   []time.Time       // guarded by mu: the wrong tries of the last minute, at most busyTries+1, oldest first
}

type tries struct {
	wrong int
	last  time.Time
	until time.Time // next try
}

func newThrottle(now func() time.Time) *throttle {
	return &throttle{now: now, networks: map[string]*tries{}}
}

// wait is how long a network must wait before its next try; 0: it may try.
func (t *throttle) wait(address string) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := t.networks[deskhand.Network(address)]
	if n == nil {
		return 0
	}
	return max(0, n.until.Sub(t.now()))
}

// wrong counts a wrong try.
func (t *throttle) wrong(address string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	if len(t.minute) > busyTries {
		t.minute = append(t.minute[:0], t.minute[1:]...)
	}
	t.minute = append(t.minute, now)

	key := deskhand.Network(address)
	n := t.networks[key]
	if n == nil || now.Sub(n.last) > forgetAfter {
		t.makeRoom(now)
		n = &tries{}
		t.networks[key] = n
	}
	n.wrong, n.last = n.wrong+1, now
	if n.wrong >= freeTries {
		wait := maxWait
		if shift := n.wrong - freeTries; shift < 10 {
			wait = min(wait, time.Second<<shift)
		}
		n.until = now.Add(wait)
	}
}

// makeRoom forgets the networks that were quiet for long, and when that is not enough the quietest of a sample.
func (t *throttle) makeRoom(now time.Time) {
	if len(t.networks) < maxNetworks {
		return
	}
	var quietest string
	seen := 0
	for key, n := range t.networks { // in random order
		if now.Sub(n.last) > forgetAfter {
			delete(t.networks, key)
			continue
		}
		if quietest == "" || n.last.Before(t.networks[quietest].last) {
			quietest = key
		}
		if seen++; seen == 100 {
			break
		}
	}
	if len(t.networks) >= maxNetworks {
		delete(t.networks, quietest)
	}
}

// busy reports whether so many codes were wrong within a minute, from wherever, that every try costs work.
func (t *throttle) busy() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.minute) > busyTries && t.now().Sub(t.minute[0]) < time.Minute
}
