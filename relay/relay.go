// Package relay joins a client's and a viewer's connection and copies frames between them. It knows tickets and no keys:
// what it carries is sealed.
//
//	Issue ─→ two tickets ─→ waiting for both ends ─→ paired ─→ closed
//	              └────── 60 s, or Close, or an end goes ──────┘
//
// Each end has one goroutine, which reads a frame and writes it to the other end before it reads the next. So one frame is
// in flight in each direction, a slow end slows the other down, and nothing grows.
//
// See "Relay" in docs/protocol.md.
package relay

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"deskhand/wire"
)

// What a connection has to keep to. See "Relay" in docs/protocol.md.
const (
	TicketLife   = 60 * time.Second
	HelloTimeout = 5 * time.Second
)

// DefaultHalfOpen is how many connections without a valid ticket one address may have.
const DefaultHalfOpen = 32

// Config is what a Relay needs. The functions may be called by several goroutines at once and must not wait.
type Config struct {
	// Origin is the scheme, host and port of the server's public URL, which pages that connect must come from.
	Origin string
	// Address is where a request comes from, behind the proxies that the server trusts; nil: the connection's address.
	Address func(*http.Request) netip.Addr
	// HalfOpen is the most connections without a valid ticket from one address (IPv6: one /64); 0: DefaultHalfOpen.
	HalfOpen int
	// OnPaired is called when both ends of a viewer are there; nil: not wanted.
	OnPaired func(viewerID string)
	// OnClosed is called once for each Issue, when that pair is over; nil: not wanted.
	OnClosed func(viewerID string, stats Stats, reason wire.Reason)
	Log      *slog.Logger // nil: none
}

// Stats counts what passed.
type Stats struct {
	FromClient int64         // bytes of frames, headers included
	FromViewer int64         //
	Duration   time.Duration // since both ends were there; 0 when they never were
}

// Totals counts what passed since the relay began, and what is there now.
type Totals struct {
	FromClient, FromViewer int64 // bytes
	Pairs                  int   // tickets issued and not over
	HalfOpen               int   // connections without a valid ticket yet
}

// Relay pairs the two ends of each viewer. Make it with New.
type Relay struct {
	config Config

	fromClient, fromViewer atomic.Int64
	connections            sync.WaitGroup // handlers, and goroutines that close connections

	mu       sync.Mutex
	stopping bool
	tickets  map[[sha256.Size]byte]place // valid ones, by hash
	pairs    map[string]*pair            // by viewer
	halfOpen map[netip.Prefix]int
}

// place is an end of a pair, taken or not.
type place struct {
	pair *pair
	side side
}

// side is one of the two ends.
type side int

const (
	client side = iota
	viewer
)

// lost is what the other end is told when this one goes without a word.
func (s side) lost() wire.Reason {
	if s == client {
		return wire.ReasonClientLost
	}
	return wire.ReasonViewerLost
}

// New makes a relay. Shutdown ends it.
func New(c Config) *Relay {
	if c.HalfOpen == 0 {
		c.HalfOpen = DefaultHalfOpen
	}
	if c.Address == nil {
		c.Address = remoteAddress
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Relay{
		config:   c,
		tickets:  map[[sha256.Size]byte]place{},
		pairs:    map[string]*pair{},
		halfOpen: map[netip.Prefix]int{},
	}
}

// Issue makes the tickets of a viewer's two ends, each good for one connection within TicketLife. A pair that the viewer
// had before is closed as replaced. After Shutdown the tickets are good for nothing.
func (r *Relay) Issue(viewerID string) (clientTicket, viewerTicket string) {
	tickets := [2]string{newTicket(), newTicket()}
	p := &pair{relay: r, viewerID: viewerID, over: make(chan struct{})}
	r.mu.Lock()
	before := r.pairs[viewerID]
	stopping := r.stopping
	if !stopping {
		r.pairs[viewerID] = p
		for s, t := range tickets {
			p.hashes[s] = sha256.Sum256([]byte(t))
			r.tickets[p.hashes[s]] = place{pair: p, side: side(s)}
		}
		p.expiry = time.AfterFunc(TicketLife, p.expire)
	}
	r.mu.Unlock()
	if before != nil && !stopping {
		before.close(wire.ReasonReplaced)
	}
	if stopping {
		p.close(wire.ReasonServerStopping)
	}
	return tickets[client], tickets[viewer]
}

func newTicket() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails
	return base64.RawURLEncoding.EncodeToString(b)
}

// Close ends a viewer's pair, if there is one, and tells both ends why.
func (r *Relay) Close(viewerID string, reason wire.Reason) {
	r.mu.Lock()
	p := r.pairs[viewerID]
	r.mu.Unlock()
	if p != nil {
		p.close(reason)
	}
}

// Stats returns what a viewer's live pair has carried; false when there is none.
func (r *Relay) Stats(viewerID string) (Stats, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	p := r.pairs[viewerID]
	if p == nil {
		return Stats{}, false
	}
	return p.stats(), true
}

// Totals returns the counters for metrics.
func (r *Relay) Totals() Totals {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := Totals{FromClient: r.fromClient.Load(), FromViewer: r.fromViewer.Load(), Pairs: len(r.pairs)}
	for _, n := range r.halfOpen {
		t.HalfOpen += n
	}
	return t
}

// Shutdown refuses new connections, closes all pairs as server-stopping and waits for their ends to go, at most until ctx
// ends.
func (r *Relay) Shutdown(ctx context.Context) error {
	r.mu.Lock()
	r.stopping = true
	var live []*pair
	for _, p := range r.pairs {
		live = append(live, p)
	}
	r.mu.Unlock()
	for _, p := range live {
		p.close(wire.ReasonServerStopping)
	}
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		r.connections.Wait()
	}()
	select {
	case <-gone:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// take redeems a ticket; false when it is wrong, used, expired or the other end's.
func (r *Relay) take(ticket string, s side) (*pair, bool) {
	hash := sha256.Sum256([]byte(ticket))
	r.mu.Lock()
	defer r.mu.Unlock()
	found, ok := r.tickets[hash]
	if !ok || found.side != s {
		return nil, false
	}
	delete(r.tickets, hash)
	return found.pair, true
}

// forget drops a pair that is over. r.mu is held.
func (r *Relay) forget(p *pair) {
	for _, h := range p.hashes {
		delete(r.tickets, h)
	}
	if r.pairs[p.viewerID] == p {
		delete(r.pairs, p.viewerID)
	}
}

func remoteAddress(req *http.Request) netip.Addr {
	host, _, err := net.SplitHostPort(req.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	a, _ := netip.ParseAddr(host)
	return a
}
