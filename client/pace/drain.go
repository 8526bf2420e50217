package pace

import "time"

const (
	unseen    = 4 * time.Second // since the round trip was seen last, before the line is let run empty; less than window
	calm      = time.Second     // from one probe to the next that a doubt may cause
	probeMost = 4 << 10         // bytes of an update that can be a probe
)

// drain lets the line run empty now and then and has a small update measure the round trip. Without it, the round trip is never seen on a line that
// is always full (draft-ietf-ccwg-bbr, "ProbeRTT"), and a way that has become longer looks like a line that has become slower.
//
//	full ──round trip long not seen, or in doubt──▶ draining ──all acknowledged──▶ empty ──Sent──▶ probing ──acknowledged──▶ full
type drain struct {
	state drainState
	id    uint32        // of the update that is waited for
	ended time.Duration // when the last probe was acknowledged
}

type drainState uint8

const (
	full drainState = iota
	draining
	empty
	probing
)

// begin waits for what is on its way.
func (d *drain) begin(flying *flights) {
	if d.state = empty; flying.n > 0 {
		d.state, d.id = draining, flying.at(flying.n-1).id
	}
}

// sent notes an update, before what is on its way then.
func (d *drain) sent(id uint32, bytes int, flying *flights) {
	if d.state != empty {
		return
	}
	// Small ones, that were let pass, may be before it: they hardly make it wait.
	if d.state = full; bytes <= probeMost && flying.bytes <= 2*SmallUpdate {
		d.state, d.id = probing, id
	}
}

// acked notes an acknowledgement, and tells whether it is the probe's alone.
func (d *drain) acked(id uint32, k int, at time.Duration) (probe bool) {
	if d.state != draining && d.state != probing || int32(id-d.id) < 0 {
		return false
	}
	if d.state == draining {
		d.state = empty
		return false
	}
	d.state, d.ended = full, at
	return k == 1 && id == d.id
}
