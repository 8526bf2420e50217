package secure

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"deskhand/wire"
)

// MaxQueued is the most bytes of urgent messages that a Link holds before Send waits.
const MaxQueued = 256 << 10

// ErrLinkClosed is returned by a Link after Close.
var ErrLinkClosed = errors.New("link closed")

// Link carries messages on channels between a client and a viewer, sealed. Send may be called by any goroutine, Receive by
// one.
//
// Nothing grows when the network is slow. Urgent messages (control, ack, cursor, input) are queued up to MaxQueued; a
// screen update, or a prompt's output, waits in Send until it is written, part by part, and lets urgent ones pass between two parts.
//
//	Send ──→ queues by class ──→ write (a goroutine): seals, waits for the network
//	Receive ←── opens, joins parts ←── the network
type Link struct {
	conn   Frames
	role   Role
	sealer *direction // the writing goroutine's
	opener *direction // the receiving goroutine's
	joined assembler  // the receiving goroutine's

	mu      sync.Mutex
	changed *sync.Cond
	queues  [classes][]*outgoing
	queued  int   // bytes of urgent messages
	most    int   // data of one part
	err     error // why the link ended
	written chan struct{}
}

// outgoing is a message on its way.
type outgoing struct {
	channel wire.Channel
	data    []byte // what has not been sent
	size    int
	begun   bool
	done    bool
}

// A class has one queue; a lower one goes first.
const (
	urgent = iota
	screen // and a prompt's bytes: no link has both
	classes
)

func classOf(c wire.Channel) int {
	if c == wire.ChannelScreen || c == wire.ChannelPrompt {
		return screen
	}
	return urgent
}

// NewLink begins to speak over a connection with the keys of one exchange on it. It owns the connection. The caller ends
// both by Close, also after an error.
func NewLink(conn Frames, keys *Keys) (*Link, error) {
	sealer, err := newDirection(keys.sends())
	if err != nil {
		return nil, err
	}
	opener, err := newDirection(keys.receives())
	if err != nil {
		return nil, err
	}
	l := &Link{
		conn: conn, role: keys.role, sealer: sealer, opener: opener,
		joined: assembler{role: keys.role}, written: make(chan struct{}), most: MaxPart,
	}
	l.changed = sync.NewCond(&l.mu)
	go l.write()
	return l, nil
}

// slowPart is the most data of one part on a slow line: an urgent message waits for one at most, 6 ms at 5 Mbit/s.
const slowPart = 4<<10 - overhead

// Slow cuts messages into smaller parts, for a slow line, or no longer.
func (l *Link) Slow(slow bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.most = MaxPart
	if slow {
		l.most = slowPart
	}
}

// Send sends a message. An urgent one is copied and sent soon; Send waits for a place in the queue only. A screen update
// belongs to Send until it returns, when the network has taken the last part. ctx ends the waiting, but not the sending of
// a message whose first part is out. The error is ctx's, or what ended the link.
func (l *Link) Send(ctx context.Context, channel wire.Channel, message []byte) error {
	if !sends(l.role, channel) {
		return fmt.Errorf("sending on channel %d: it goes the other way", channel)
	}
	if len(message) > channel.MaxMessage() {
		return fmt.Errorf("sending on channel %d: %d bytes, the most is %d", channel, len(message), channel.MaxMessage())
	}
	stop := context.AfterFunc(ctx, l.wake)
	defer stop()
	l.mu.Lock()
	defer l.mu.Unlock()
	o := &outgoing{channel: channel, data: message, size: len(message) + overhead}
	class := classOf(channel)
	if class == urgent {
		return l.enqueue(ctx, o)
	}
	if err := l.ended(ctx); err != nil {
		return err
	}
	l.queues[class] = append(l.queues[class], o)
	l.changed.Broadcast()
	for !o.done && l.err == nil {
		if ctx.Err() != nil && !o.begun {
			l.remove(class, o)
			return ctx.Err()
		}
		l.changed.Wait()
	}
	if o.done {
		return nil
	}
	return l.err
}

// enqueue copies an urgent message into its queue as soon as there is room.
func (l *Link) enqueue(ctx context.Context, o *outgoing) error {
	for l.queued > 0 && l.queued+o.size > MaxQueued && l.ended(ctx) == nil {
		l.changed.Wait()
	}
	if err := l.ended(ctx); err != nil {
		return err
	}
	o.data = append([]byte(nil), o.data...)
	l.queued += o.size
	l.queues[urgent] = append(l.queues[urgent], o)
	l.changed.Broadcast()
	return nil
}

func (l *Link) ended(ctx context.Context) error {
	if l.err != nil {
		return l.err
	}
	return ctx.Err()
}

func (l *Link) remove(class int, o *outgoing) {
	l.queues[class] = slices.DeleteFunc(l.queues[class], func(other *outgoing) bool { return other == o })
}

func (l *Link) wake() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.changed.Broadcast()
}

// Flush waits until the network has taken every urgent message sent before, as a last word needs.
func (l *Link) Flush(ctx context.Context) error {
	stop := context.AfterFunc(ctx, l.wake)
	defer stop()
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.queued > 0 && l.ended(ctx) == nil {
		l.changed.Wait()
	}
	if l.queued == 0 {
		return nil
	}
	return l.ended(ctx)
}

// write sends part after part, always of the most urgent message, until the link ends.
func (l *Link) write() {
	defer close(l.written)
	for {
		class, o, p := l.next()
		if o == nil {
			return
		}
		if err := l.conn.Write(l.sealer.seal(p)); err != nil {
			l.end(err)
			return
		}
		if p.last {
			l.sent(class, o)
		}
	}
}

// next waits for something to send; nil when the link ended.
func (l *Link) next() (class int, o *outgoing, p part) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.err == nil {
		for class, queue := range l.queues {
			if len(queue) == 0 {
				continue
			}
			o := queue[0]
			n := min(len(o.data), l.most)
			p := part{channel: o.channel, last: n == len(o.data), data: o.data[:n]}
			o.data, o.begun = o.data[n:], true
			return class, o, p
		}
		l.changed.Wait()
	}
	return 0, nil, part{}
}

// sent takes a message that is out from its queue.
func (l *Link) sent(class int, o *outgoing) {
	l.mu.Lock()
	defer l.mu.Unlock()
	o.done = true
	l.queues[class][0] = nil
	l.queues[class] = l.queues[class][1:]
	if class == urgent {
		l.queued -= o.size
	}
	l.changed.Broadcast()
}

// Receive waits for the next message; it is valid until the next call. The error says why the link ended: as the
// connection's ReadFrame gives it, or a *wire.ProtocolError when the other end broke the rules, or ErrLinkClosed.
func (l *Link) Receive() (wire.Channel, []byte, error) {
	for {
		channel, message, done, err := l.receivePart()
		if err != nil {
			return 0, nil, l.end(err)
		}
		if done {
			return channel, message, nil
		}
	}
}

func (l *Link) receivePart() (wire.Channel, []byte, bool, error) {
	f, err := l.conn.ReadFrame()
	if err != nil {
		return 0, nil, false, err
	}
	if f.Type() != wire.FrameSealed {
		return 0, nil, false, unexpected(f)
	}
	p, err := l.opener.open(f)
	if err != nil {
		return 0, nil, false, err
	}
	message, done, err := l.joined.add(p)
	return p.channel, message, done, err
}

// end notes why the link ended, closes the connection (so that the other end learns what it did wrong) and returns the
// first reason.
func (l *Link) end(err error) error {
	l.mu.Lock()
	first := l.err == nil
	if first {
		l.err = err
		l.changed.Broadcast()
	}
	err = l.err
	l.mu.Unlock()
	if first {
		var violation *wire.ProtocolError
		var reason wire.Reason
		if errors.As(err, &violation) {
			reason = violation.Reason
		}
		_ = l.conn.Close(reason)
	}
	return err
}

// Close ends the link and the connection and tells the other end why. Messages that are still queued are lost; see Flush.
func (l *Link) Close(reason wire.Reason) error {
	l.mu.Lock()
	if l.err == nil {
		l.err = ErrLinkClosed
		l.changed.Broadcast()
	}
	l.mu.Unlock()
	err := l.conn.Close(reason)
	<-l.written
	return err
}
