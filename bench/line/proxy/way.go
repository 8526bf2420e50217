package proxy

import (
	"sync"
	"time"
)

// way is one direction of the line: a queue of limited length, that is sent one segment after the other.
type way struct {
	mu      sync.Mutex
	changed *sync.Cond
	dir     Direction
	queue   []segment
	waiting int // bytes in queue and being sent
	closed  bool
	stats   Flow
}

// segment is what one connection sends at once. Without data it says that nothing more comes.
type segment struct {
	to      *outlet
	data    []byte
	entered time.Time
}

func newWay(d Direction) *way {
	w := &way{dir: d}
	w.changed = sync.NewCond(&w.mu)
	return w
}

// put waits for a place in the queue; false: the line is closed.
func (w *way) put(s segment) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for !w.closed && w.waiting > 0 && w.waiting+len(s.data) > w.dir.queue() {
		w.changed.Wait()
	}
	if w.closed {
		return false
	}
	s.entered = time.Now()
	w.queue = append(w.queue, s)
	w.waiting += len(s.data)
	w.stats.MostWaiting = max(w.stats.MostWaiting, w.waiting)
	w.changed.Broadcast()
	return true
}

func (w *way) next() (s segment, d Direction, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for !w.closed && len(w.queue) == 0 {
		w.changed.Wait()
	}
	if w.closed {
		return segment{}, Direction{}, false
	}
	s = w.queue[0]
	w.queue[0] = segment{}
	w.queue = w.queue[1:]
	return s, w.dir, true
}

// run sends until the line is closed.
func (w *way) run() {
	var free time.Time // when the segment before was sent
	for {
		s, d, ok := w.next()
		if !ok {
			return
		}
		if free.Before(s.entered) {
			free = s.entered
		}
		if d.Rate > 0 {
			free = free.Add(time.Duration(len(s.data)) * time.Second / time.Duration(d.Rate))
			time.Sleep(time.Until(free))
		}
		w.mu.Lock()
		w.waiting -= len(s.data)
		w.stats.Bytes += int64(len(s.data))
		w.stats.MostDelay = max(w.stats.MostDelay, free.Sub(s.entered))
		w.changed.Broadcast()
		w.mu.Unlock()
		s.to.deliver(s.data, free.Add(d.Delay))
	}
}

func (w *way) set(d Direction) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.dir = d
	w.changed.Broadcast()
}

func (w *way) flow(reset bool) Flow {
	w.mu.Lock()
	defer w.mu.Unlock()
	f := w.stats
	f.Waiting = w.waiting
	if reset {
		w.stats.MostWaiting, w.stats.MostDelay = w.waiting, 0
	}
	return f
}

func (w *way) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	w.changed.Broadcast()
}

func (w *way) direction() Direction {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.dir
}

// reach is how many bytes of a connection may be sent and not taken by its receiver.
func (w *way) reach() int {
	d := w.direction()
	return int(float64(d.Rate)*d.Delay.Seconds()) + onTheWay
}
