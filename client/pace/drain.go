package pace

// drain lets the line run empty now and then, because the round trip cannot be seen on a line that is always full
// (draft-ietf-ccwg-bbr, "ProbeRTT"), and has a small update measure it.
//
//	full ──round trip long not seen──▶ draining ──all acknowledged──▶ empty ──Sent──▶ probing ──acknowledged──▶ full
type drain struct {
	state drainState
	id    uint32 // of the update that is waited for
}

type drainState uint8

const (
	full drainState = iota
	draining
	empty
	probing
)

func (d *drain) begin(last uint32) { *d = drain{draining, last} }

// sent notes an update; before it so many were on their way.
func (d *drain) sent(id uint32, before int) {
	if d.state != empty {
		return
	}
	*d = drain{}
	if before == 0 {
		*d = drain{probing, id}
	}
}

// acked notes an acknowledgement, and tells whether it is the probe's alone.
func (d *drain) acked(id uint32, k int) (probe bool) {
	if d.state != draining && d.state != probing || int32(id-d.id) < 0 {
		return false
	}
	if d.state == draining {
		d.state = empty
		return false
	}
	probe = k == 1 && id == d.id
	*d = drain{}
	return probe
}
