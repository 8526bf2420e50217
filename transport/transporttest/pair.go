// Package transporttest is a transport in memory, for tests: two ends with a delay, a rate, a limited number of bytes on
// the way, and a network that can stall or be cut. It works under testing/synctest.
package transporttest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"time"

	"deskhand/transport"
	"deskhand/wire"
)

// ErrCut is what both ends get after Cut.
var ErrCut = errors.New("connection cut by the test")

// Link describes the network between the two ends, each direction alike; the zero value is fast and holds 64 KiB each way. What is on the way
// stays in order.
type Link struct {
	Delay          time.Duration // one way
	Jitter         time.Duration // up to so much more, different for each frame; the same in each run
	BytesPerSecond int           // 0: no limit; see SetRate
	Buffer         int           // bytes on the way before a write waits
	LossEvery      int           // each so many frames one is lost, and comes, with what is behind it, LossDelay later; 0: never
	LossDelay      time.Duration
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

// Ping implements transport.Conn; a connection in memory has no round trip.
func (c *Conn) Ping(context.Context) (time.Duration, error) { return 0, nil }

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

// SetRate changes how many bytes per second what this end writes is carried with, also what it has written and is not sent yet; 0: no limit.
func (c *Conn) SetRate(bytesPerSecond int) { c.out.setRate(bytesPerSecond) }

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
	size    int        // bytes in queue
	last    packet     // what was written last
	random  *rand.Rand // for jitter
	frames  int        // written, for losses
	stalled bool
	putErr  error // what a write gets from now on
	takeErr error // what a read gets once the queue is empty
}

type packet struct {
	frame      wire.Frame
	begin, end time.Time     // when the wire sends it
	extra      time.Duration // jitter and loss
	at         time.Time     // when it arrives
}

func newPipe(l Link) *pipe {
	p := &pipe{link: l, random: rand.New(rand.NewPCG(1, 2))}
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
	x := packet{frame: append(wire.Frame(nil), f...)}
	if p.link.Jitter > 0 {
		x.extra = time.Duration(p.random.Int64N(int64(p.link.Jitter) + 1))
	}
	if p.frames++; p.link.LossEvery > 0 && p.frames%p.link.LossEvery == 0 {
		x.extra += p.link.LossDelay
	}
	x = p.schedule(x, p.last, time.Now(), len(f))
	p.queue, p.last = append(p.queue, x), x
	p.size += len(f)
	p.changed.Broadcast()
	return nil
}

// schedule says when the wire sends so many bytes of x, which comes after another and not before now, and when x arrives.
func (p *pipe) schedule(x, after packet, now time.Time, bytes int) packet {
	x.begin = now
	if after.end.After(now) {
		x.begin = after.end
	}
	x.end = x.begin
	if p.link.BytesPerSecond > 0 {
		x.end = x.begin.Add(time.Duration(bytes) * time.Second / time.Duration(p.link.BytesPerSecond))
	}
	x.at = x.end.Add(p.link.Delay + x.extra)
	if x.at.Before(after.at) {
		x.at = after.at
	}
	if wait := time.Until(x.at); wait > 0 {
		time.AfterFunc(wait, p.wake)
	}
	return x
}

func (p *pipe) setRate(bytesPerSecond int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.link.BytesPerSecond = bytesPerSecond
	now, before := time.Now(), packet{}
	for i, x := range p.queue {
		if x.end.After(now) {
			left := len(x.frame)
			if x.begin.Before(now) {
				left = int(int64(left) * int64(x.end.Sub(now)) / int64(x.end.Sub(x.begin)))
			}
			p.queue[i] = p.schedule(x, before, now, left)
		}
		before = p.queue[i]
	}
	if len(p.queue) > 0 {
		p.last = before
	}
	p.changed.Broadcast()
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
