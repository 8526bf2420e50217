// Package proxy is a slow line for measurements: a TCP proxy whose connections share a line of a rate, a delay and a queue of limited
// length in each direction. What is on the way stays in order and nothing is lost, as TCP makes it look; a full queue makes the sender wait, as a
// router that drops does.
//
//	client ──▶ segments ──▶ queue (way) ──rate──▶ outlet ──delay──▶ server     up
//	client ◀──delay── outlet ◀──rate── queue (way) ◀── segments ◀── server     down
package proxy

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"
)

// Segment is the most bytes that are sent at once, as an Ethernet frame carries.
const Segment = 1460

const (
	fastSegment = 64 << 10 // where there is no rate
	leastQueue  = 4 * Segment
)

// Direction is one direction of a line. The zero value is as fast as the machine.
type Direction struct {
	Rate  int           // bytes per second; 0: no limit
	Delay time.Duration // one way, when nothing waits
	Queue time.Duration // how long the queue is at Rate; 0: 200 ms
}

// queue is the most bytes that wait to be sent.
func (d Direction) queue() int {
	if d.Rate == 0 {
		return fastSegment
	}
	q := d.Queue
	if q == 0 {
		q = 200 * time.Millisecond
	}
	return max(int(float64(d.Rate)*q.Seconds()), leastQueue)
}

// Flow is what went one way.
type Flow struct {
	Bytes       int64         `json:"bytes"`       // sent
	Waiting     int           `json:"waiting"`     // bytes that wait to be sent
	MostWaiting int           `json:"mostWaiting"` // the same, at most since the last reset
	MostDelay   time.Duration `json:"mostDelayNs"` // from entering the queue until sent, at most since the last reset
}

// Proxy is a running one. Close ends it.
type Proxy struct {
	listener net.Listener
	dial     func(context.Context) (net.Conn, error)
	up, down *way
	ctx      context.Context
	cancel   context.CancelFunc
	running  sync.WaitGroup
}

// Listen accepts connections at an address and carries them to another. Up is what those who connect send.
func Listen(listen, to string, up, down Direction) (*Proxy, error) {
	l, err := (&net.ListenConfig{Control: segmented}).Listen(context.Background(), "tcp", listen)
	if err != nil {
		return nil, fmt.Errorf("listening for the line: %w", err)
	}
	dialer := &net.Dialer{Control: segmented, Timeout: 10 * time.Second}
	return serve(l, func(ctx context.Context) (net.Conn, error) { return dialer.DialContext(ctx, "tcp", to) }, up, down), nil
}

func serve(l net.Listener, dial func(context.Context) (net.Conn, error), up, down Direction) *Proxy {
	p := &Proxy{listener: l, dial: dial, up: newWay(up), down: newWay(down)}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	p.running.Go(p.up.run)
	p.running.Go(p.down.run)
	p.running.Go(p.accept)
	return p
}

// Addr is where it listens.
func (p *Proxy) Addr() net.Addr { return p.listener.Addr() }

// Set changes the line. What waits is sent at the new rate; what is sent already keeps its delay.
func (p *Proxy) Set(up, down Direction) {
	p.up.set(up)
	p.down.set(down)
}

// Line is what the line is like.
func (p *Proxy) Line() (up, down Direction) { return p.up.direction(), p.down.direction() }

// Stats tells what went each way. Reset begins anew with the most.
func (p *Proxy) Stats(reset bool) (up, down Flow) { return p.up.flow(reset), p.down.flow(reset) }

// Close ends all connections and waits until everything is given back.
func (p *Proxy) Close() error {
	p.cancel()
	err := p.listener.Close()
	p.up.close()
	p.down.close()
	p.running.Wait()
	return err
}

func (p *Proxy) accept() {
	for {
		conn, err := p.listener.Accept()
		if err != nil {
			if p.ctx.Err() != nil || errors.Is(err, net.ErrClosed) {
				return
			}
			continue
		}
		p.running.Go(func() { p.carry(conn) })
	}
}

// carry serves one connection until both directions have ended, or one has failed.
func (p *Proxy) carry(near net.Conn) {
	defer near.Close()
	far, err := p.dial(p.ctx)
	if err != nil {
		return
	}
	defer far.Close()
	up, down := newOutlet(far, p.up.reach()), newOutlet(near, p.down.reach())
	var both sync.WaitGroup
	end := func() {
		up.close()
		down.close()
		_ = near.Close()
		_ = far.Close()
	}
	stop := context.AfterFunc(p.ctx, end)
	defer stop()
	for _, d := range []struct {
		from net.Conn
		way  *way
		out  *outlet
	}{{near, p.up, up}, {far, p.down, down}} {
		both.Go(func() {
			if !d.way.take(d.from, d.out) {
				end()
			}
		})
		both.Go(func() {
			if d.out.run() != nil {
				end()
			}
		})
	}
	both.Wait()
}

// take puts what a connection sends on the line until its end; false when it or the line broke.
func (w *way) take(from net.Conn, out *outlet) bool {
	size := Segment
	if w.direction().Rate == 0 {
		size = fastSegment
	}
	for {
		data := make([]byte, size)
		n, err := from.Read(data)
		if n > 0 && (!out.room() || !w.put(segment{to: out, data: data[:n]})) {
			return false
		}
		if err != nil {
			return w.put(segment{to: out})
		}
	}
}
