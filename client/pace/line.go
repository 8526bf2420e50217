package pace

import (
	"math"
	"time"
)

const (
	slowLine     = 5e6 / 8   // bytes per second
	firstRate    = 4e6 / 8   // of a line of which nothing is known: its first update fits into what TCP sends at once (RFC 6928)
	nearRate     = 100e6 / 8 // the same when its round trip is a local network's
	nearRTT      = 4 * time.Millisecond
	leastRate    = 2e3
	growth       = 4                     // the most that one measurement raises the rate by
	resolution   = time.Millisecond      // shorter times say nothing
	telling      = 10 * time.Millisecond // a measurement may lower the rate when its bytes should have taken this long
	tellingBytes = 8 << 10               // so many tell the rate of a line of which nothing is known
	memory       = 3                     // measurements of which the best counts
	rttWindow    = 10 * time.Second      // as long as BBR's (draft-ietf-ccwg-bbr, MinRTTFilterLen)
)

// line estimates the rate and the round trip of the way to the viewer.
//
// As in BBR (draft-ietf-ccwg-bbr, "BBR.max_bw", "BBR.min_rtt") the rate is the best of the last few measured and the round trip
// the least of the last seconds, and what had too few bytes to fill the line never lowers the rate. Other than there an acknowledgement stands for a
// whole update, which is often the only one on its way, so the rate is measured over a run: the time from when the line, which
// had nothing to do, got the first byte, until it was done with the last one.
type line struct {
	rate   float64 // bytes per second
	best   [memory]float64
	next   int
	known  bool          // rate was measured, rather than taken
	jitter time.Duration // mean deviation of how long an update takes from the forecast
	delay  time.Duration

	least  [2]time.Duration // round trip: of this window and of the one before
	turned time.Duration    // when this window began

	run run
}

// run is a time in which the line always has something to do.
type run struct {
	start time.Duration // of the first byte
	bytes int
	sent  time.Duration // when what came before the first byte was sent, when direct is false
	// direct: the line had nothing to do before, so start is exact. Else start is when the update before was done, as an acknowledgement said, that may
	// have been late.
	direct bool
	blind  bool // what was before is not known
}

const never = time.Duration(math.MaxInt64)

func newLine() line {
	return line{rate: firstRate, least: [2]time.Duration{never, never}}
}

// rtt is the round trip of a small message on an empty line; 0 while it is not known.
func (l *line) rtt() time.Duration {
	if r := min(l.least[0], l.least[1]); r != never {
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
	if !l.known && l.rtt() < nearRTT {
		l.rate = max(l.rate, nearRate)
	}
}

// observe is a round trip without waiting.
func (l *line) observe(rtt, at time.Duration) {
	if at-l.turned > rttWindow {
		l.least[0], l.least[1] = never, l.least[0]
		l.turned = at
	}
	l.least[0] = min(l.least[0], rtt)
}

// acked learns from the acknowledgement of the k oldest updates on their way, of which the last had arrived (and the word of it
// had come back) at the time arrived. It returns when the line was done with it.
func (l *line) acked(p *Pacer, k int, arrived time.Duration) time.Duration {
	before := p.done // when the line was done with the update before
	for i := range k {
		f := p.at(i)
		if f.sent >= before && !l.run.blind {
			l.run = run{start: f.sent, bytes: f.bytes, direct: true}
		} else {
			l.run.bytes += f.bytes
		}
		before = max(before, f.sent) + l.takes(f.bytes)
	}
	last := p.at(k - 1)
	took := max(arrived-last.sent, 1)
	first := l.rtt() == 0
	l.observe(took, arrived)
	done := max(arrived-l.rtt(), last.sent)
	if l.run.blind {
		l.run = run{start: done, sent: last.sent}
	} else {
		l.measure(done, last.sent, took, first)
	}
	forecast := p.done
	for i := range k {
		f := p.at(i)
		forecast = max(forecast, f.sent) + l.takes(f.bytes)
	}
	off := done - forecast
	l.jitter += (max(off, -off) - l.jitter) / 8
	l.delay = max(done-max(p.done, last.sent)-l.takes(last.bytes), 0)
	return done
}

// measure takes the rate of the run until done.
func (l *line) measure(done, sent, took time.Duration, first bool) {
	time := done - l.run.start
	if first {
		time = took // nothing tells the bytes' time from the delay
	} else if !l.run.direct {
		// Acknowledgements that were held up come at once. The line was not faster than we were (draft-cheng-iccrg-delivery-rate-estimation,
		// "send rate").
		time = max(time, sent-l.run.sent)
	}
	tells := l.takes(l.run.bytes) >= max(telling, min(3*l.jitter, 2*telling)) || !l.known && l.run.bytes >= tellingBytes
	if !tells || !l.run.direct {
		time += l.jitter / 2
	}
	rate := max(float64(l.run.bytes)/max(time, resolution).Seconds(), leastRate)
	if rate > l.rate {
		l.rate = min(rate, l.rate*growth)
	} else if !tells {
		return
	}
	l.best[l.next] = min(rate, l.rate)
	l.next = (l.next + 1) % memory
	if tells {
		l.known = true
		l.rate = max(l.best[0], l.best[1], l.best[2])
		l.run = run{start: done, sent: sent}
	}
}

// forget says that the updates on the way will not be acknowledged.
func (l *line) forget() { l.run = run{blind: true} }
