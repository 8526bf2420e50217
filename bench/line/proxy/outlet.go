package proxy

import (
	"io"
	"net"
	"sync"
	"time"
)

// onTheWay is the most bytes of one connection that the line has sent and the receiver not taken, besides what is on the way for the line's
// delay: as a receiver's window does, it makes a sender wait for a receiver that does not read.
const onTheWay = 256 << 10

// outlet is where a connection's data comes out of the line, in one direction.
type outlet struct {
	conn net.Conn

	mu      sync.Mutex
	changed *sync.Cond
	queue   []arrival
	size    int // bytes in queue
	most    int
	closed  bool
}

type arrival struct {
	data []byte // nil: the end
	at   time.Time
}

func newOutlet(conn net.Conn, most int) *outlet {
	o := &outlet{conn: conn, most: most}
	o.changed = sync.NewCond(&o.mu)
	return o
}

// room waits until the receiver keeps up; false: it is gone.
func (o *outlet) room() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	for !o.closed && o.size > o.most {
		o.changed.Wait()
	}
	return !o.closed
}

func (o *outlet) deliver(data []byte, at time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.queue = append(o.queue, arrival{data, at})
	o.size += len(data)
	o.changed.Broadcast()
}

func (o *outlet) next() (a arrival, ok bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for !o.closed && len(o.queue) == 0 {
		o.changed.Wait()
	}
	if o.closed {
		return arrival{}, false
	}
	a = o.queue[0]
	o.queue[0] = arrival{}
	o.queue = o.queue[1:]
	return a, true
}

// run writes what has arrived until the end came or the outlet is closed.
func (o *outlet) run() error {
	for {
		a, ok := o.next()
		if !ok {
			return net.ErrClosed
		}
		time.Sleep(time.Until(a.at))
		if a.data == nil {
			if half, ok := o.conn.(interface{ CloseWrite() error }); ok {
				return half.CloseWrite()
			}
			return io.EOF
		}
		if _, err := o.conn.Write(a.data); err != nil {
			return err
		}
		o.mu.Lock()
		o.size -= len(a.data)
		o.changed.Broadcast()
		o.mu.Unlock()
	}
}

func (o *outlet) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed = true
	o.changed.Broadcast()
}
