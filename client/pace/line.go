package pace

import (
	"math"
	"time"
)

const (
	slowLine  = 5e6 / 8   // bytes per second
	firstRate = 4e6 / 8   // of a line of which nothing is known: its first update is about what TCP sends at once (RFC 6928)
	nearRate  = 100e6 / 8 // the same when its round trip is a local network's
	closeRate = 50e6 / 8  // or so short that it is hardly a slow one
	closeRTT  = 25 * time.Millisecond
	leastRate = 2e3

	growth       = 4                     // the most that one measurement raises the rate by
	resolution   = 3 * time.Millisecond  // shorter times say nothing
	telling      = 10 * time.Millisecond // a measurement may lower the rate when its bytes should have taken this long
	tellingBytes = 8 << 10               // or, when nothing is known of the line, when they are so many
	fallen       = 30 * time.Millisecond // over the forecast: the line has become slower
	stalled      = 90 * time.Millisecond // the same of a near line, where it is rather a program that had to wait for its turn
	memory       = 3                     // measurements of which the best counts
	span         = 200 * time.Millisecond
	window       = 5 * time.Second       // for the least round trip, which counts for one or two of them
	chance       = 20 * time.Millisecond // the most that a longer round trip is taken for chance
)

// line estimates the rate and the round trip of the way to the viewer.
//
// As in BBR (draft-ietf-ccwg-bbr, "BBR.max_bw", "BBR.min_rtt") the rate is the best of the last few measured and the round trip
// the least of the last seconds, and what had too few bytes to fill the line never lowers the rate. Other than there an acknowledgement stands for a
// whole update, which is often the only one on its way, so the rate is measured over a run: the time from when the line, which
// had nothing to do, got the first byte, until it was done with the last one.
//
// Where the times of acknowledgements vary by more than an update takes, runs make the line look slow. What was delivered over a longer time, though
// the line was idle in between, is the least that it carries.
type line struct {
	rate   float64 // bytes per second
	known  bool    // rate was measured, rather than taken
	runs   [memory]float64
	spans  [2]float64
	run    run
	span   run
	off    time.Duration // how much later than forecast the line was last done
	jitter time.Duration // mean of how much that varies from one time to the next (RFC 3550, 6.4.1)
	delay  time.Duration
	proved float64 // the highest rate since the round trip was probed
	doubt  bool    // the round trip may be another one

	least  [2]time.Duration // the least round trip of this window and of the one before
	turned time.Duration    // when this window began
	seen   time.Duration    // when the least was seen last
}

// run is a time over which the rate is measured.
type run struct {
	start time.Duration // of the first byte
	bytes int
	sent  time.Duration // when what came before the first byte was sent, when direct is false
	// direct: the line had nothing to do before, so start is exact. Else start is when the line was done with the update before, as an
	// acknowledgement said that may have been late.
	direct bool
	blind  bool // what was before is not known
	cold   bool // TCP may have held something back: the line may be faster
}

const never = time.Duration(math.MaxInt64)

func newLine() line {
	return line{rate: firstRate, least: [2]time.Duration{never, never}, span: run{blind: true}}
}

// rtt is the round trip of a small message on an empty line; 0 while it is not known.
func (l *line) rtt() time.Duration {
	if r := min(l.least[0], l.least[1]); r < never {
		return r
	}
	return 0
}

func (l *line) takes(bytes int) time.Duration {
	return time.Duration(float64(bytes) / l.rate * float64(time.Second))
}

func (l *line) carries(d time.Duration) int {
	return int(min(l.rate*d.Seconds(), math.MaxInt32))
}

// product is the bandwidth-delay product.
func (l *line) product() int { return l.carries(l.rtt()) }

func (l *line) pinged(rtt, at time.Duration) {
	l.observe(max(rtt, 1), at)
	switch {
	case l.known:
	case l.rtt() < NearRTT:
		l.rate = max(l.rate, nearRate)
	case l.rtt() < closeRTT:
		l.rate = max(l.rate, closeRate)
	}
}

// near tells whether the line is so short and fast that it hardly matters.
func (l *line) near() bool { return l.rtt() < NearRTT && l.rate > nearRate/8 }

// observe takes a round trip, perhaps with waiting in it.
func (l *line) observe(took, at time.Duration) {
	if at-l.turned > window {
		l.least[0], l.least[1] = never, l.least[0]
		l.turned = at
	}
	if rtt := l.rtt(); rtt == 0 || took-rtt <= max(rtt/32, l.jitter/2, time.Millisecond) {
		l.seen = at
	}
	l.least[0] = min(l.least[0], took)
}

// acked learns from the acknowledgement of the k oldest updates on their way, which have so many bytes and of which the last had arrived, and
// the word of it come back, at the time arrived. The line was done with what was before them at the time done; when it was done with
// them is returned. A probe was small and alone. When not sure of the round trip, nothing raises the rate.
func (l *line) acked(flying *flights, k, bytes int, done, arrived time.Duration, probe, sure bool) time.Duration {
	last := flying.at(k - 1)
	took := max(arrived-last.sent, 1)
	before := l.rtt()
	l.trip(took, bytes, arrived, probe)
	finished := max(arrived-l.rtt(), last.sent)
	l.delivered(bytes, arrived, last.sent)
	if l.run.blind || probe {
		l.run = run{start: finished, sent: last.sent}
	} else {
		l.extend(flying, k, done)
		lasted := finished - l.run.start
		if before == 0 {
			lasted = took // nothing tells the bytes' time from the delay
		}
		l.measure(lasted, finished, last.sent, sure && !l.doubt)
	}
	off := finished - flying.forecast(l, k, done)
	varied := max(off-l.off, l.off-off)
	l.off = off
	if flying.cold(k) {
		varied = 0
	}
	l.jitter += (min(varied, 2*l.jitter+telling) - l.jitter) / 8
	l.delay = max(finished-max(done, last.sent)-l.takes(last.bytes), 0)
	return finished
}

// trip learns the round trip from an update of so many bytes. Their own time is in it, which is known less well than the round trip is.
func (l *line) trip(took time.Duration, bytes int, at time.Duration, probe bool) {
	rtt, varies := l.rtt(), min(max(3*l.jitter, 2*time.Millisecond), chance)
	bytes = min(bytes, probeMost)
	if !probe {
		own := time.Duration(float64(bytes) / max(l.rate, l.proved) * float64(time.Second))
		took -= min(own*3/4, took/2, 5*time.Millisecond)
		l.doubt = l.doubt || rtt > 0 && took < rtt-varies
		l.observe(took, at)
		return
	}
	own := l.takes(bytes)
	l.doubt, l.proved = false, l.rate
	if took-min(own*5/4, chance) > rtt+varies {
		l.least = [2]time.Duration{took - min(own*3/4, took/2, 10*time.Millisecond), never}
	}
	l.observe(min(took, l.rtt()), at) // a little more is chance: too short a round trip is the safer error
}

// extend adds the k oldest updates to the run, or begins a new one with the last of them before which the line had nothing to do.
func (l *line) extend(flying *flights, k int, done time.Duration) {
	for i := range k {
		f := flying.at(i)
		if f.sent >= done {
			l.run = run{start: f.sent, direct: true}
		}
		l.run.bytes += f.bytes
		l.run.cold = l.run.cold || f.cold
		done = max(done, f.sent) + l.takes(f.bytes)
	}
}

// measure takes the rate of the run, which lasted for took until done, when the last of it was sent at the time sent.
func (l *line) measure(took, done, sent time.Duration, rise bool) {
	r := l.run
	if !r.direct {
		// Acknowledgements that were held up come at once: the line was not faster than we were
		// (draft-cheng-iccrg-delivery-rate-estimation, "send_elapsed").
		took = max(took, sent-r.sent)
	}
	should := l.takes(r.bytes)
	tells := should >= max(telling, min(3*l.jitter, 2*telling)) || !l.known && l.rate < nearRate && r.bytes >= tellingBytes
	late := max(fallen, 6*l.jitter)
	if l.near() {
		late = max(late, stalled)
	}
	fell := took-should > late && should >= time.Millisecond && r.bytes >= 2*SmallUpdate
	if tells || fell {
		l.run = run{start: done, sent: sent}
	}
	if r.cold {
		tells, fell = false, false
	}
	if !fell && !(tells && r.direct) {
		took += time.Millisecond + l.jitter/2
	}
	rate := float64(r.bytes) / max(took, resolution).Seconds()
	switch {
	case fell && !tells:
		rate = max(rate, l.rate/growth)
	case !rise:
		rate = min(rate, l.rate)
	}
	if tells || fell || rate > l.rate && r.bytes >= SmallUpdate {
		l.learn(min(max(rate, leastRate), l.rate*growth), tells || fell, fell)
	}
}

// learn takes a measured rate. What tells the line's rate may lower it, at once when the line fell; else it is the least that the line carries.
func (l *line) learn(rate float64, tells, fell bool) {
	copy(l.runs[1:], l.runs[:])
	l.runs[0] = rate
	if fell {
		l.runs, l.spans = [memory]float64{rate}, [2]float64{}
	}
	if l.known = l.known || tells; l.known {
		l.rate = max(l.runs[0], l.runs[1], l.runs[2], l.spans[0], l.spans[1])
	} else {
		l.rate = max(l.rate, rate)
	}
	l.proved = max(l.proved, l.rate)
	l.doubt = l.doubt || fell || l.rate < l.proved/2
}

// delivered measures over a longer time what has arrived.
func (l *line) delivered(bytes int, arrived, sent time.Duration) {
	l.span.bytes += bytes
	took := max(arrived-l.span.start, sent-l.span.sent)
	if !l.span.blind && took < span {
		return
	}
	if !l.span.blind {
		l.spans[0], l.spans[1] = float64(l.span.bytes)/took.Seconds(), l.spans[0]
	}
	l.span = run{start: arrived, sent: sent}
}

// forget says that the updates on the way will not be acknowledged.
func (l *line) forget() { l.run, l.span = run{blind: true}, run{blind: true} }
