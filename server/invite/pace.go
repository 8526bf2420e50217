package invite

import (
	"sync"

	"golang.org/x/time/rate"

	"deskhand"
)

// Downloads that one network may ask for: asking writes, and anybody may.
const (
	downloadsPerSecond = 0.5
	downloadsAtOnce    = 30
	maxNetworks        = 10_000
)

// pace keeps anybody from filling the database with links.
type pace struct {
	mu       sync.Mutex
	networks map[string]*rate.Limiter // guarded by mu
}

func newPace() *pace { return &pace{networks: map[string]*rate.Limiter{}} }

// allow counts one request of a network. When too many networks are known all begin anew.
func (p *pace) allow(address string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.networks) >= maxNetworks {
		clear(p.networks)
	}
	key := deskhand.Network(address)
	if p.networks[key] == nil {
		p.networks[key] = rate.NewLimiter(downloadsPerSecond, downloadsAtOnce)
	}
	return p.networks[key].Allow()
}
