// Package transporttest is a transport in memory, for tests: two ends with a delay, a rate, a limited number of bytes on
// the way, and a network that can stall or be cut. It works under testing/synctest.
package transporttest

import (
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"deskhand/transport"
	"deskhand/wire"
)

// ErrCut is what both ends get after Cut.
var ErrCut = errors.New("connection cut by the test")

// Link describes the network between the two ends; the zero value is fast and holds 64 KiB each way.
type Link struct {
	Delay          time.Duration // one way
	BytesPerSecond int           // 0: no limit
	Buffer         int           // bytes on the way before a write waits
}

// Conn is one end of a pair; it is a transport.Conn.
type Conn struct {
	in, out *pipe
	limit   int
	last    wire.Frame
}

var _ transport.Conn = (*Conn)(nil)

// Pair connects two ends.
func Pair(l Link) (a, b *Conn) {
	if l.Buffer == 0 {
		l.Buffer = 64 << 10
	}
	ab, ba := newPipe(l), newPipe(l)
	return &Conn{in: ba, out: ab, limit: wire.MaxHello}, &Conn{in: ab, out: ba, limit: wire.MaxHello}
}

// ReadFrame returns the next frame. It overwrites the one before, so that who holds on to it notices.
func (c *Conn) ReadFrame() (wire.Frame, error) {
	for i := range c.last {
		c.last[i] = 0xdb
	}
	f, err := c.in.take()
	if err == nil && len(f.Payload()) > c.limit {
		err = wire.Violation("%w", wire.ErrFrameTooLarge)
		_ = c.Close(wire.ReasonProtocol)
	}
	if err != nil {
		return nil, fmt.Errorf("reading a frame: %w", err)
	}
	c.last = f
	return f, nil
}

// Write sends the frames; it waits while the network's buffer is full, at most transport.WriteTimeout.
func (c *Conn) Write(frames ...wire.Frame) error {
	for _, f := range frames {
		if err := c.out.put(f); err != nil {
			c.in.end(err, err)
			return fmt.Errorf("writing a frame: %w", err)
		}
	}
	return nil
}

// SetLimit sets the most that a received frame's payload may have.
func (c *Conn) SetLimit(payload int) { c.limit = payload }

// Close ends both directions. What is on the way to the other end arrives there first, then the reason.
func (c *Conn) Close(reason wire.Reason) error {
	err := io.EOF
	if reason != "" {
		err = &wire.ClosedError{Reason: reason}
	}
	c.out.end(net.ErrClosed, err)
	c.in.end(err, net.ErrClosed)
	c.in.drop()
	return nil
}

// Stall stops the network: nothing arrives in either direction until Resume.
func (c *Conn) Stall() {
	c.in.stall(true)
	c.out.stall(true)
}

// Resume lets what a stall held arrive.
func (c *Conn) Resume() {
	c.in.stall(false)
	c.out.stall(false)
}

// Cut ends the connection as a lost network does: what is on the way is gone.
func (c *Conn) Cut() {
	for _, p := range []*pipe{c.in, c.out} {
		p.end(ErrCut, ErrCut)
		p.drop()
	}
}

// InFlight is the number of bytes that this end wrote and the other has not read.
func (c *Conn) InFlight() int {
	c.out.mu.Lock()
	defer c.out.mu.Unlock()
	return c.out.size
}

// pipe is one direction.
type pipe struct {
	link Link

	mu      sync.Mutex
	changed *sync.Cond
	queue   []packet
	size    int       // bytes in queue
	free    time.Time // when the wire has sent what was written before
	stalled bool
	putErr  error // what a write gets from now on
	takeErr error // what a read gets once the queue is empty
}

type packet struct {
	frame wire.Frame
	at    time.Time // when it arrives
}

func newPipe(l Link) *pipe {
	p := &pipe{link: l}
	p.changed = sync.NewCond(&p.mu)
	return p
}

func (p *pipe) put(f wire.Frame) error {
	timer := time.AfterFunc(transport.WriteTimeout, func() {
		slow := &wire.ProtocolError{Reason: wire.ReasonTooSlow, Err: errors.New("the other end took nothing")}
		p.end(slow, ErrCut)
	})
	defer timer.Stop()
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.putErr == nil && p.size > 0 && p.size+len(f) > p.link.Buffer {
		p.changed.Wait()
	}
	if p.putErr != nil {
		return p.putErr
	}
	now := time.Now()
	if p.free.Before(now) {
		p.free = now
	}
	if p.link.BytesPerSecond > 0 {
		p.free = p.free.Add(time.Duration(len(f)) * time.Second / time.Duration(p.link.BytesPerSecond))
	}
	at := p.free.Add(p.link.Delay)
	p.queue = append(p.queue, packet{frame: append(wire.Frame(nil), f...), at: at})
	p.size += len(f)
	if wait := at.Sub(now); wait > 0 {
		time.AfterFunc(wait, p.wake)
	}
	p.changed.Broadcast()
	return nil
}

func (p *pipe) take() (wire.Frame, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for {
		if len(p.queue) > 0 && !p.stalled && !p.queue[0].at.After(time.Now()) {
			f := p.queue[0].frame
			p.queue = p.queue[1:]
			p.size -= len(f)
			p.changed.Broadcast()
			return f, nil
		}
		if len(p.queue) == 0 && p.takeErr != nil {
			return nil, p.takeErr
		}
		p.changed.Wait()
	}
}

func (p *pipe) end(putErr, takeErr error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.putErr == nil {
		p.putErr = putErr
	}
	if p.takeErr == nil {
		p.takeErr = takeErr
	}
	p.changed.Broadcast()
}

// wake holds the lock, so that no reader is between looking at the clock and waiting.
func (p *pipe) wake() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.changed.Broadcast()
}

func (p *pipe) drop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.queue, p.size = nil, 0
	p.changed.Broadcast()
}

func (p *pipe) stall(on bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stalled = on
	p.changed.Broadcast()
}
