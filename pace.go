package deskhand

import (
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// maxPaced is how many keys a Pace remembers.
const maxPaced = 10_000

// Pace lets whoever a key stands for do something so often and no more. It is safe for concurrent use.
type Pace struct {
	perSecond rate.Limit
	atOnce    int

	mu   sync.Mutex
	keys map[string]*rate.Limiter // guarded by mu
}

// NewPace allows so many at once, and then so many a second.
func NewPace(atOnce int, perSecond float64) *Pace {
	return &Pace{perSecond: rate.Limit(perSecond), atOnce: atOnce, keys: map[string]*rate.Limiter{}}
}

// Take counts one for a key. When that is too much nothing is counted, and it says how long to wait.
func (p *Pace) Take(key string) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.keys[key] == nil {
		p.makeRoom()
		p.keys[key] = rate.NewLimiter(p.perSecond, p.atOnce)
	}
	r := p.keys[key].Reserve()
	wait := r.Delay()
	if wait > 0 {
		r.Cancel()
	}
	return wait
}

// makeRoom forgets the keys that have been quiet for long enough to begin anew anyway; when that is not enough, all. The caller holds mu.
func (p *Pace) makeRoom() {
	if len(p.keys) < maxPaced {
		return
	}
	for key, l := range p.keys {
		if l.Tokens() >= float64(p.atOnce) {
			delete(p.keys, key)
		}
	}
	if len(p.keys) >= maxPaced {
		clear(p.keys)
	}
}

// TooMany is the fault of doing something too often.
func TooMany(wait time.Duration) *Error {
	return &Error{
		Code: CodeThrottled, Fault: "Too many requests.", Hint: "Wait a moment, then try again.",
		RetryAfter: time.Duration(math.Ceil(wait.Seconds())) * time.Second,
	}
}
