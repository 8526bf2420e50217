package pace_test

import (
	"container/heap"
	"math/rand/v2"
	"slices"
	"time"

	"deskhand/client/pace"
)

const ms = time.Millisecond

// line is the network between client and viewer: a queue that is served in order.
type simLine struct {
	rate   func(at time.Duration) float64       // bytes per second
	delay  time.Duration                        // one way, each direction
	jitter func(r *rand.Rand) time.Duration     // added to each message on its way to the viewer, and to each acknowledgement
	stall  func(at time.Duration) time.Duration // until when nothing arrives of what is on the way at this time, like a lost packet's
	batch  time.Duration                        // acknowledgements come at multiples of this
	tcp    bool                                 // begins slowly after it was idle: 10 segments, and twice as many each round trip (RFC 5681, 6928)
}

func mbit(x float64) func(time.Duration) float64 {
	return func(time.Duration) float64 { return x * 1e6 / 8 }
}

// steps is a rate that changes: pairs of the second from which it holds and Mbit/s.
func steps(pairs ...float64) func(time.Duration) float64 {
	return func(at time.Duration) float64 {
		rate := pairs[1]
		for i := 0; i < len(pairs); i += 2 {
			if at.Seconds() >= pairs[i] {
				rate = pairs[i+1]
			}
		}
		return rate * 1e6 / 8
	}
}

// work is what changes on the client's screen, in an order of importance.
type work struct {
	from, until time.Duration // until 0: for ever
	every       time.Duration
	bytes       func(s *sim) int // of an update for all of it
	adds        bool             // what was not sent yet remains to be sent; else the newer replaces it
	video       bool             // only its newest frame counts

	pending int
	since   time.Duration // the oldest change in pending
	waits   []wait
}

// wait is how long a change waited until it was shown.
type wait struct{ shown, took time.Duration }

type update struct {
	id                             uint32
	bytes                          int
	captured, sent, arrived, shown time.Duration
	parts                          []part
}

type part struct {
	w     *work
	since time.Duration
}

type sim struct {
	r      *rand.Rand
	p      *pace.Pacer
	line   simLine
	encode func(bytes int) time.Duration
	decode func(bytes int) time.Duration
	works  []*work
	silent bool // no pings

	now    time.Duration
	events queue
	serial int

	id        uint32
	lineFree  time.Duration
	mayFly    int           // bytes that TCP sends before it hears of them
	lastIn    time.Duration // last arrival, so that jitter does not reorder
	lastAck   time.Duration
	viewFree  time.Duration
	waiting   int // at the viewer
	flying    int
	most      int // updates on the way at once
	mostBytes int
	flyBytes  int
	encoding  bool
	timer     time.Duration
	shown     []update
}

type event struct {
	at     time.Duration
	serial int
	do     func()
}

type queue []event

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	return q[i].at < q[j].at || q[i].at == q[j].at && q[i].serial < q[j].serial
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)   { *q = append(*q, x.(event)) }
func (q *queue) Pop() any {
	old := *q
	e := old[len(old)-1]
	*q = old[:len(old)-1]
	return e
}

var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func (s *sim) time() time.Time { return epoch.Add(s.now) }

func (s *sim) after(d time.Duration, do func()) {
	s.serial++
	heap.Push(&s.events, event{s.now + max(d, 0), s.serial, do})
}

func newSim(l simLine, works ...*work) *sim {
	if l.jitter == nil {
		l.jitter = func(*rand.Rand) time.Duration { return 0 }
	}
	s := &sim{
		r: rand.New(rand.NewPCG(1, 2)), p: pace.New(epoch), line: l, works: works,
		encode: func(bytes int) time.Duration { return 3*ms + time.Duration(bytes)*40*time.Nanosecond },
		decode: func(bytes int) time.Duration { return 3*ms + time.Duration(bytes)*50*time.Nanosecond },
	}
	return s
}

// run lets the time d pass.
func (s *sim) run(d time.Duration) *sim {
	if s.now == 0 {
		s.ping()
		for _, w := range s.works {
			var tick func()
			tick = func() {
				if w.until == 0 || s.now < w.until {
					w.change(s)
					s.after(w.every, tick)
				}
			}
			s.after(max(w.from, 100*ms), tick)
		}
	}
	for s.events.Len() > 0 && s.events[0].at <= d {
		e := heap.Pop(&s.events).(event)
		s.now = e.at
		e.do()
	}
	s.now = d
	return s
}

// ping measures the round trip each second, through the line's queue.
func (s *sim) ping() {
	if s.silent {
		return
	}
	begin := s.now
	s.transmit(60, func() {
		s.back(func() { s.p.RoundTrip(s.now-begin, s.time()) })
	})
	s.after(time.Second, s.ping)
}

// change is a change on the screen.
func (w *work) change(s *sim) {
	n := w.bytes(s)
	if w.pending == 0 || w.video {
		w.since = s.now
	}
	if w.adds {
		n += w.pending
	}
	w.pending = n
	s.client()
}

// client is what the client does when something happened.
func (s *sim) client() {
	if s.encoding || !slices.ContainsFunc(s.works, func(w *work) bool { return w.pending > 0 }) {
		return
	}
	ok, again := s.p.Ready(s.time())
	u := update{captured: s.now}
	if ok {
		s.fill(&u, s.p.Budget(s.time()), func(*work) bool { return true })
	} else if s.p.Small(s.time()) {
		s.fill(&u, pace.SmallUpdate, func(w *work) bool { return !w.video && w.pending <= pace.SmallUpdate })
	}
	if u.bytes > 0 {
		s.encoding = true
		s.after(s.encode(u.bytes), func() { s.encoding = false; s.send(u); s.client() })
		return
	}
	if again.IsZero() {
		return
	}
	at := again.Sub(epoch)
	if at <= s.now {
		panic("again is not in the future")
	}
	if s.timer <= s.now || at < s.timer {
		s.timer = at
		s.after(at-s.now, s.client)
	}
}

// fill takes what fits into budget.
func (s *sim) fill(u *update, budget int, goes func(*work) bool) {
	for _, w := range s.works {
		n := min(w.pending, budget)
		if n <= 0 || !goes(w) {
			continue
		}
		budget -= n
		u.bytes += n
		u.parts = append(u.parts, part{w, w.since})
		if w.pending -= n; w.video {
			w.pending = 0
		}
	}
}

func (s *sim) send(u update) {
	s.id++
	u.id, u.sent = s.id, s.now
	s.p.Sent(u.id, u.bytes, s.time())
	s.flying++
	s.flyBytes += u.bytes
	s.most, s.mostBytes = max(s.most, s.flying), max(s.mostBytes, s.flyBytes)
	s.transmit(u.bytes, func() { u.arrived = s.now; s.view(u) })
}

// transmit calls do when the message has arrived at the viewer.
func (s *sim) transmit(bytes int, do func()) {
	at := max(s.lineFree, s.now)
	if s.line.tcp {
		if s.mayFly == 0 || s.now-s.lastIn > 200*ms {
			s.mayFly = 14_600
		}
		for ; bytes > s.mayFly; s.mayFly *= 2 {
			bytes -= s.mayFly
			at = max(s.carry(at, s.mayFly), at+2*s.line.delay)
		}
		s.mayFly += bytes
	}
	at = s.carry(at, bytes)
	s.lineFree = at
	at += s.line.delay + s.line.jitter(s.r)
	if s.line.stall != nil {
		at = max(at, s.line.stall(at))
	}
	s.lastIn = max(s.lastIn, at)
	s.after(s.lastIn-s.now, do)
}

// carry is when the line has sent so many bytes, beginning at a time.
func (s *sim) carry(at time.Duration, bytes int) time.Duration {
	for left := float64(bytes); ; at += ms { // by milliseconds, since the rate may change
		rate := s.line.rate(at)
		step := float64(ms) / float64(time.Second) * rate
		if left <= step {
			return at + time.Duration(left/rate*float64(time.Second))
		}
		left -= step
	}
}

// back calls do when an answer has come back.
func (s *sim) back(do func()) {
	at := s.now + s.line.delay + s.line.jitter(s.r)
	if b := s.line.batch; b > 0 {
		at = (at + b - 1) / b * b
	}
	s.lastAck = max(s.lastAck, at)
	s.after(s.lastAck-s.now, do)
}

func (s *sim) view(u update) {
	s.waiting++
	s.viewFree = max(s.viewFree, s.now) + s.decode(u.bytes)
	s.after(s.viewFree-s.now, func() {
		s.waiting--
		decode, waiting := s.now-u.arrived, s.waiting
		u.shown = s.now
		s.shown = append(s.shown, u)
		for _, p := range u.parts {
			p.w.waits = append(p.w.waits, wait{s.now, s.now - p.since})
		}
		s.back(func() {
			s.flying--
			s.flyBytes -= u.bytes
			s.p.Acked(u.id, decode, waiting, s.time())
			s.client()
		})
	})
}

// ages are how old the updates were that were shown between two times, sorted.
func (s *sim) ages(from, to time.Duration) []time.Duration {
	var out []time.Duration
	for _, u := range s.shown {
		if u.shown >= from && u.shown < to {
			out = append(out, u.shown-u.captured)
		}
	}
	slices.Sort(out)
	return out
}

// took is how long the changes waited that were shown between two times, sorted.
func (w *work) took(from, to time.Duration) []time.Duration {
	var out []time.Duration
	for _, x := range w.waits {
		if x.shown >= from && x.shown < to {
			out = append(out, x.took)
		}
	}
	slices.Sort(out)
	return out
}

// bytes is how many arrived between two times.
func (s *sim) bytes(from, to time.Duration) int {
	n := 0
	for _, u := range s.shown {
		if u.arrived >= from && u.arrived < to {
			n += u.bytes
		}
	}
	return n
}
