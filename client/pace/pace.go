// Package pace decides when the next update may go to a viewer and how large it may be, so that a slow line or a slow viewer gets fewer
// and coarser updates and never a growing delay. It is pure: no goroutine, no clock of its own, no network.
//
// The line is taken for a queue that is served in order: an update that is handed over while another is being transmitted waits for it.
// Each acknowledgement says when the line was done with an update; from that follow the line's rate (line.go), and a forecast of when
// it will be done with what is still on the way:
//
//	done(i) = max(sent(i), done(i-1)) + bytes(i)/rate         forecast
//	done(i) = acked(i) - decode(i) - round trip               once acknowledged
//
// The next update goes shortly before the line has nothing to do, and is so small that the line is done with it a fixed time later. What is on
// the way is besides never more than about one bandwidth-delay product and one update, and nothing goes while acknowledgements that
// are due do not come: that is what holds when the forecast is wrong, because the line became slower or died.
package pace

import (
	"math"
	"time"
)

const (
	// MostUpdates is the most updates that are on the way, as docs/protocol.md "Ack" says.
	MostUpdates = 16
	// SmallUpdate is the most bytes of an update that counts as small: the answer to a key fits.
	SmallUpdate = 1500
	// NearRTT is the round trip below which a line is taken for a local network's until more is known.
	NearRTT = 8 * time.Millisecond

	ahead       = 8 * time.Millisecond  // an update goes when the line has this much left to do: about what it takes to make one
	occupy      = 30 * time.Millisecond // the line is done with an update at most so long after it went
	overdue     = 15 * time.Millisecond // an acknowledgement is overdue by this and the usual variation
	mostUnknown = 3                     // updates on the way before anything is known of line and viewer
	viewerLag   = 20 * time.Millisecond // of work that waits at the viewer
	minBudget   = 2 << 10               // smaller updates would not be worth their headers
	mostBudget  = 512 << 10             // larger ones take long to make
	givenUp     = 2 * time.Second       // the longest wait for a line that carries what was given up
)

// Pacer paces one viewer's updates. Its methods are called by one goroutine; their times are of one clock that never goes back.
type Pacer struct {
	begin  time.Time
	line   line
	viewer viewer

	flying flights
	done   time.Duration // when the line was done with what is no longer in flying; ahead of now only after Reset
	drain  drain
	opens  opening
}

// Line is what is known of the way to the viewer.
type Line struct {
	Rate  int           // bytes per second that it carries; of a line that had little to carry the least that is known
	RTT   time.Duration // of a small message on an empty line, both ways
	Delay time.Duration // how much longer than RTT and the time for its own bytes the last update took
	Slow  bool          // parts of at most 4 KiB, so that urgent messages need not wait long
}

// New returns the pacer of a viewer of whose line nothing is known.
func New(now time.Time) *Pacer {
	return &Pacer{begin: now, line: newLine()}
}

// RoundTrip tells how long a Ping took until its Pong. A pacer that hears this before the first update, and about once a second while updates are
// sent, knows the line's own delay apart from the time that the bytes take; without it it has to guess.
func (p *Pacer) RoundTrip(rtt time.Duration, now time.Time) {
	p.line.pinged(rtt, now.Sub(p.begin))
}

// Sent says that update id, of so many bytes, is now being handed to the network: it is called right before Link.Send, which may block, so that
// an acknowledgement that comes before Send returns finds its update. ids count up by one, modulo 2³².
func (p *Pacer) Sent(id uint32, bytes int, now time.Time) {
	at := now.Sub(p.begin)
	p.drain.sent(id, bytes, &p.flying)
	bytes = max(bytes, 1)
	cold := p.opens.sends(bytes, at, &p.flying)
	p.flying.add(flight{id: id, bytes: bytes, sent: at, cold: cold})
}

// Acked says that the viewer shows update id and all before it: decode after the last of its bytes had arrived there, and with queue more
// updates there that it does not show yet. now is when the acknowledgement came, which may be before the last Sent. What was never
// sent, or is acknowledged already or given up, is ignored.
func (p *Pacer) Acked(id uint32, decode time.Duration, queue int, now time.Time) {
	k, bytes := p.flying.until(id)
	if k == 0 {
		return
	}
	at := now.Sub(p.begin)
	sent := p.flying.at(k - 1).sent
	arrived := p.viewer.shown(at, min(max(decode, 0), max(at-sent, 0)), k, bytes, queue)
	probe := p.drain.acked(id, k, at)
	p.done = p.line.acked(&p.flying, k, bytes, p.done, arrived, probe, p.drain.state == full)
	p.opens.acked(bytes)
	p.flying.drop(k)
	if p.line.doubt && p.drain.state == full && at-p.drain.ended > calm {
		p.drain.begin(&p.flying)
	}
	p.line.doubt = false
}

// Reset gives up what is on the way, for a viewer that is sent a refresh. The line still has to carry it: the next update waits as
// long as that takes by the forecast, but for no acknowledgement.
func (p *Pacer) Reset(now time.Time) {
	at := now.Sub(p.begin)
	if p.flying.n > 0 {
		p.done = min(max(p.done, p.free(at)), at+givenUp)
		p.line.forget()
	}
	p.flying = flights{}
	p.drain.state = full
}

// free forecasts when the line will be done with everything that was sent.
func (p *Pacer) free(at time.Duration) time.Duration {
	if p.flying.n == 0 {
		return p.done
	}
	// The acknowledgement of the first has not come.
	f := p.flying.at(0)
	late := at - p.line.rtt() - p.viewer.usual() - p.line.takes(f.bytes)
	return p.flying.forecast(&p.line, p.flying.n, max(p.done, late))
}

// isOverdue tells whether an acknowledgement should have come.
func (p *Pacer) isOverdue(at time.Duration) bool {
	if p.flying.n == 0 {
		return false
	}
	due := p.flying.forecast(&p.line, 1, p.done) + p.line.rtt() + p.viewer.usual()
	return at > due+overdue+4*p.line.jitter
}

// Ready tells whether the next update may go now. When not, that changes at the time again, when it is not zero, and with Acked.
func (p *Pacer) Ready(now time.Time) (ok bool, again time.Time) {
	at := now.Sub(p.begin)
	if n := p.flying.n; n > 0 {
		if p.drain.state == full && at-p.line.seen > unseen && !p.line.near() {
			p.drain.begin(&p.flying)
			p.line.seen = at
		}
		if p.drain.state == draining || n == MostUpdates || n >= mostUnknown && !p.line.known || n >= 2 && p.viewerBusy() || p.flying.bytes > p.window() || p.isOverdue(at) {
			return false, time.Time{}
		}
	}
	wait := p.free(at) - at - ahead - min(p.line.jitter, 3*ahead)
	if wait <= 0 {
		return true, time.Time{}
	}
	return false, now.Add(max(wait, time.Millisecond))
}

// viewerBusy tells whether the viewer has more to do with what is on the way than it can while that comes.
func (p *Pacer) viewerBusy() bool {
	var work time.Duration
	for i := range p.flying.n {
		work += p.viewer.works(p.flying.at(i).bytes)
	}
	return work > p.line.rtt()+p.line.takes(p.flying.bytes)+viewerLag
}

// Small tells whether an update of at most SmallUpdate bytes, like the answer to a key, may go now although Ready says no: because little is on its
// way, or because the line has carried it and the viewer is at it, perhaps with a video's frame, which does not hold up what comes after it.
func (p *Pacer) Small(now time.Time) bool {
	n := p.flying.n
	if n == 0 {
		return true
	}
	at := now.Sub(p.begin)
	little := p.flying.bytes <= p.line.product()+SmallUpdate
	carried := p.drain.state == full && p.flying.bytes <= p.window() && !p.isOverdue(at) && p.free(at)-at <= ahead
	return n < MostUpdates && (little || carried) && (n <= 2 || !p.viewerBusy())
}

// window is how many bytes may be on the way before the next update goes: one bandwidth-delay product and, because an update counts until its last
// byte is acknowledged, what the line carries during one update and its showing.
func (p *Pacer) window() int {
	if !p.line.known && p.line.rate < closeRate {
		return SmallUpdate // what is first on the way tells more
	}
	return p.line.product() + p.line.carries(occupy+p.viewer.usual()+2*p.line.jitter) + SmallUpdate
}

// Budget is the most bytes that an update which goes now should have: at least 2 KiB, at most 512 KiB.
func (p *Pacer) Budget(now time.Time) int {
	if p.drain.state == empty {
		return minBudget
	}
	at := now.Sub(p.begin)
	left := max(p.free(at)-at, 0)
	return max(min(p.line.carries(max(occupy-left, occupy/2)), p.viewer.budget(viewerLag), mostBudget), minBudget)
}

// VideoBitrate is how many bits per second videos may have together, so that the rest still finds its way between their frames. A
// single frame keeps to Budget, also a key frame.
func (p *Pacer) VideoBitrate() int {
	return int(min(p.line.rate*8*0.7, math.MaxInt32))
}

// Estimate says what is known of the line.
func (p *Pacer) Estimate() Line {
	return Line{
		Rate: int(p.line.rate), RTT: p.line.rtt(), Delay: p.line.delay, Slow: p.line.rate < slowLine,
	}
}
