package relay

import (
	"crypto/sha256"
	"sync"
	"sync/atomic"
	"time"

	"deskhand/transport"
	"deskhand/wire"
)

// pair is the two ends of one viewer. relay.mu guards what has no comment of its own.
type pair struct {
	relay    *Relay
	viewerID string                // never changes
	hashes   [2][sha256.Size]byte  // of the tickets; set before the pair is known
	expiry   *time.Timer           // set before the pair is known
	over     chan struct{}         // closed when the pair is over
	bytes    [2]atomic.Int64       // what each side sent
	ends     [2]transport.Conn     // nil: not there yet
	ready    [2]atomic.Pointer[to] // where what a side sends goes; nil before both are there
	paired   time.Time
	closed   bool

	calls  sync.Mutex // orders the callbacks
	called bool       // guarded by calls: OnClosed has been called
}

// to is the other end's connection, in a box that an atomic pointer can hold.
type to struct{ transport.Conn }

// join puts an end in its place; false when the pair is over. It says Ready to both when this is the second.
func (p *pair) join(s side, conn transport.Conn) bool {
	r := p.relay
	r.mu.Lock()
	if p.closed {
		r.mu.Unlock()
		return false
	}
	p.ends[s] = conn
	first := p.ends[1-s]
	if first == nil {
		r.mu.Unlock()
		return true
	}
	p.paired = time.Now()
	p.expiry.Stop()
	r.mu.Unlock()

	p.tellPaired()
	hello, err := wire.EncodeFrame(wire.FrameRelayReady, &wire.RelayReady{})
	if err != nil {
		panic(err) // an empty message
	}
	// Who hears Ready may send at once, so each end must be able to take frames by the time that the other hears it.
	p.ready[s].Store(&to{first})
	if conn.Write(hello) != nil {
		return true // its reader finds out why
	}
	p.ready[1-s].Store(&to{conn})
	_ = first.Write(hello)
	return true
}

// expire ends a pair whose ends did not both come.
func (p *pair) expire() { p.close(wire.ReasonTimeout) }

// close ends the pair once: it tells the ends that are there why and lets them go, without waiting for them.
func (p *pair) close(reason wire.Reason) {
	r := p.relay
	r.mu.Lock()
	if p.closed {
		r.mu.Unlock()
		return
	}
	p.closed = true
	r.forget(p)
	ends, stats := p.ends, p.stats()
	if p.expiry != nil {
		p.expiry.Stop()
	}
	for _, conn := range ends {
		if conn != nil {
			r.connections.Add(1)
		}
	}
	r.mu.Unlock()
	close(p.over)
	for _, conn := range ends {
		if conn != nil {
			go func() {
				defer r.connections.Done()
				sayClose(conn, reason)
			}()
		}
	}
	p.tellClosed(stats, reason)
}

func (p *pair) tellPaired() {
	p.calls.Lock()
	defer p.calls.Unlock()
	if call := p.relay.config.OnPaired; call != nil && !p.called {
		call(p.viewerID)
	}
}

func (p *pair) tellClosed(stats Stats, reason wire.Reason) {
	p.calls.Lock()
	defer p.calls.Unlock()
	p.called = true
	if call := p.relay.config.OnClosed; call != nil {
		call(p.viewerID, stats, reason)
	}
}

// sayClose is the relay's last word to an end.
func sayClose(conn transport.Conn, reason wire.Reason) {
	if f, err := wire.EncodeFrame(wire.FrameRelayClose, &wire.RelayClose{Reason: string(reason)}); err == nil {
		_ = conn.Write(f)
	}
	_ = conn.Close(reason)
}

func (p *pair) stats() Stats {
	s := Stats{FromClient: p.bytes[client].Load(), FromViewer: p.bytes[viewer].Load()}
	if !p.paired.IsZero() {
		s.Duration = time.Since(p.paired)
	}
	return s
}

// copy carries frames from an end to the other until one of them goes, and then closes the pair.
func (p *pair) copy(s side, conn transport.Conn) {
	total := &p.relay.fromClient
	if s == viewer {
		total = &p.relay.fromViewer
	}
	for {
		f, err := conn.ReadFrame()
		var forward bool
		if err == nil {
			forward, err = p.check(s, f)
		}
		if err != nil {
			reason := wire.ReasonOf(err)
			if reason == "" || !s.maySay(reason) {
				reason = s.lost()
			}
			p.close(reason)
			return
		}
		if !forward {
			continue
		}
		n := int64(len(f))
		if err := p.ready[s].Load().Write(f); err != nil {
			// The other end went. Its own reader, which first reads what was on the way, closes the pair and knows why.
			<-p.over
			return
		}
		p.bytes[s].Add(n)
		total.Add(n)
	}
}

// maySay tells whether a reason is this end's own to give. What the end-user or their computer did is not the viewer's to say: it would
// stand in the session log as theirs.
func (s side) maySay(reason wire.Reason) bool {
	if s == client {
		return reason != wire.ReasonViewerClosed && reason != wire.ReasonLoginEnded && reason != wire.ReasonRoleChanged
	}
	switch reason {
	case wire.ReasonEndedByEndUser, wire.ReasonDenied, wire.ReasonUnanswered, wire.ReasonNeverConnected, wire.ReasonClientLost,
		wire.ReasonDisplayGone, wire.ReasonComputerRemoved:
		return false
	}
	return true
}

// check says whether a frame goes to the other end. Types below FrameClientKey are between an end and the server: known ones
// are out of turn, others are of a newer version and end here.
func (p *pair) check(s side, f wire.Frame) (forward bool, err error) {
	switch t := f.Type(); {
	case p.ready[s].Load() == nil:
		return false, wire.Violation("a frame before both ends are there")
	case t == wire.FrameSignal, t == wire.FrameRelayHello, t == wire.FrameRelayReady, t == wire.FrameRelayClose:
		return false, wire.Violation("frame 0x%02x between the ends", byte(t))
	default:
		return t >= wire.FrameClientKey, nil
	}
}
