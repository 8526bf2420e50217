package relay

import (
	"errors"
	"net/http"
	"net/netip"
	"time"

	"deskhand/transport"
	"deskhand/wire"
)

var errBadTicket = errors.New("the ticket is wrong, used, expired or the other end's")

// ClientHandler serves the client's side, /client/relay.
func (r *Relay) ClientHandler() http.Handler {
	return r.handler(client, transport.AcceptClient)
}

// ViewerHandler serves the viewer's side, /api/relay.
func (r *Relay) ViewerHandler() http.Handler {
	return r.handler(viewer, func(w http.ResponseWriter, req *http.Request) (transport.Conn, error) {
		return transport.AcceptBrowser(w, req, r.config.Origin)
	})
}

func (r *Relay) handler(s side, accept func(http.ResponseWriter, *http.Request) (transport.Conn, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		from := network(r.config.Address(req))
		if status := r.enter(from); status != 0 {
			w.Header().Set("Retry-After", "5")
			http.Error(w, http.StatusText(status), status)
			return
		}
		defer r.connections.Done()
		conn, err := accept(w, req)
		if err != nil {
			r.authenticated(from)
			r.config.Log.Debug("relay connection refused", "from", from, "error", err)
			return
		}
		r.serve(s, conn, func() { r.authenticated(from) })
	})
}

// serve carries one connection from its hello to its end. authenticated is called once, when it is no longer half-open.
func (r *Relay) serve(s side, conn transport.Conn, authenticated func()) {
	p, err := r.hello(s, conn)
	authenticated()
	if err != nil {
		reason := wire.ReasonOf(err)
		r.config.Log.Debug("relay connection refused", "error", err)
		sayClose(conn, reason)
		return
	}
	conn.SetLimit(wire.MaxRelay)
	if !p.join(s, conn) {
		sayClose(conn, wire.ReasonBadTicket)
		return
	}
	p.copy(s, conn)
}

// hello reads the first frame and redeems its ticket.
func (r *Relay) hello(s side, conn transport.Conn) (*pair, error) {
	late := time.AfterFunc(HelloTimeout, func() { sayClose(conn, wire.ReasonTimeout) })
	defer late.Stop()
	f, err := conn.ReadFrame()
	if err != nil {
		return nil, err
	}
	if f.Type() != wire.FrameRelayHello {
		return nil, wire.Violation("frame 0x%02x in place of the hello", byte(f.Type()))
	}
	var m wire.RelayHello
	if err := f.Decode(&m); err != nil {
		return nil, err
	}
	if _, err := wire.Negotiate(m.Version, m.MinVersion); err != nil {
		return nil, err
	}
	p, ok := r.take(m.Ticket, s)
	if !ok {
		return nil, &wire.ProtocolError{Reason: wire.ReasonBadTicket, Err: errBadTicket}
	}
	return p, nil
}

// network is what counts as one address: an IPv4 address, or a /64 of IPv6.
func network(a netip.Addr) netip.Prefix {
	a = a.Unmap().WithZone("")
	bits := a.BitLen()
	if a.Is6() {
		bits = 64
	}
	p, _ := a.Prefix(bits)
	return p
}

// enter counts a new connection as half-open; when there may be no more it returns the HTTP status to answer.
func (r *Relay) enter(from netip.Prefix) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.stopping:
		return http.StatusServiceUnavailable
	case r.halfOpen[from] >= r.config.HalfOpen:
		return http.StatusTooManyRequests
	}
	r.halfOpen[from]++
	r.connections.Add(1)
	return 0
}

// authenticated says that a connection is no longer half-open.
func (r *Relay) authenticated(from netip.Prefix) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.halfOpen[from]--; r.halfOpen[from] <= 0 {
		delete(r.halfOpen, from)
	}
}
