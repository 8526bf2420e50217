package auth

import (
	"sync"
	"time"
)

// How wrong logins are throttled: after freeTries the wait is a second, and doubles with each wrong one up to a most. An account's most is
// short, since anybody can bring it about for somebody else.
const (
	freeTries      = 5
	firstWait      = time.Second
	mostForAccount = time.Minute
	mostForAddress = 15 * time.Minute
	mostForFactor  = 15 * time.Minute
	forgetAfter    = time.Hour // without a wrong one
	maxEntries     = 10_000
)

// throttle counts wrong logins by a key. It is safe for concurrent use.
type throttle struct {
	now  func() time.Time
	most time.Duration

	mu      sync.Mutex
	entries map[string]*entry // guarded by mu; at most maxEntries
}

type entry struct {
	wrong int
	last  time.Time // the last wrong one
}

func newThrottle(now func() time.Time, most time.Duration) *throttle {
	return &throttle{now: now, most: most, entries: map[string]*entry{}}
}

// wait is how long the key has to wait; 0: it may try.
func (t *throttle) wait(key string) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	e := t.entries[key]
	if e == nil || t.over(e) {
		return 0
	}
	return max(0, e.last.Add(t.penalty(e.wrong)).Sub(t.now()))
}

// take counts a try as wrong unless the key has to wait; then nothing is counted, and it says how long. forget takes it back.
func (t *throttle) take(key string) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	if e := t.entries[key]; e != nil && !t.over(e) {
		if w := e.last.Add(t.penalty(e.wrong)).Sub(t.now()); w > 0 {
			return w
		}
	}
	t.count(key)
	return 0
}

// penalty is the wait after so many wrong ones.
func (t *throttle) penalty(wrong int) time.Duration {
	if wrong < freeTries {
		return 0
	}
	w := firstWait
	for range wrong - freeTries {
		if w >= t.most {
			break
		}
		w *= 2
	}
	return min(w, t.most)
}

// wrong counts a wrong login.
func (t *throttle) wrong(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.count(key)
}

// count counts one; the caller holds mu.
func (t *throttle) count(key string) {
	e := t.entries[key]
	if e == nil || t.over(e) {
		if e == nil && len(t.entries) >= maxEntries {
			t.evict()
		}
		e = &entry{}
		t.entries[key] = e
	}
	e.wrong++
	e.last = t.now()
}

// forget forgives all of a key's wrong logins.
func (t *throttle) forget(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.entries, key)
}

func (t *throttle) over(e *entry) bool { return t.now().Sub(e.last) >= forgetAfter }

// evict makes room: it drops what is forgotten anyway, else the entry with the fewest wrong ones, the oldest of them. So a flood of made-up
// keys pushes out its own kind before what has to wait. The caller holds mu.
func (t *throttle) evict() {
	var least string
	var found *entry
	for key, e := range t.entries {
		if t.over(e) {
			delete(t.entries, key)
			continue
		}
		if found == nil || e.wrong < found.wrong || e.wrong == found.wrong && e.last.Before(found.last) {
			least, found = key, e
		}
	}
	if len(t.entries) >= maxEntries {
		delete(t.entries, least)
	}
}
