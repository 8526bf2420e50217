package pace

import (
	"math"
	"time"
)

// viewer estimates how fast the viewer shows what has arrived.
type viewer struct {
	time    time.Duration // usual time from the arrival of an update until it is shown
	varies  time.Duration // mean deviation of that (both as in RFC 6298)
	busy    time.Duration // usual time that an update takes it away from others
	perByte float64       // seconds, of large updates
	last    time.Duration // when the last acknowledgement came
	waiting int           // updates that had arrived then and were not shown
}

// large is an update that tells how long a byte takes.
const large = 16 << 10

// shown learns from an acknowledgement of k updates that came at the time at. It returns when the last of them had arrived, by the
// same clock.
func (v *viewer) shown(at, decode time.Duration, k, queue int) (arrived time.Duration) {
	arrived = at - decode
	if v.waiting >= k { // it was there already
		arrived = min(arrived, v.last)
	}
	work := max(at-max(at-decode, v.last), 0) / time.Duration(k)
	if v.last == 0 {
		v.time, v.varies = decode, decode/2
		v.busy = work
	}
	off := decode - v.time
	v.time += off / 8
	v.varies += (max(off, -off) - v.varies) / 4
	v.busy += (work - v.busy) / 8
	v.last, v.waiting = at, queue
	return arrived
}

// usual is the time within which nearly all updates are shown.
func (v *viewer) usual() time.Duration { return v.time + 2*v.varies }

// most is how many updates may be on the way, so that few wait at the viewer.
func (v *viewer) most(rtt time.Duration) int {
	if v.busy <= 0 {
		return MostUpdates
	}
	return int(min(max(1+(rtt+viewerLag+v.busy-1)/v.busy, 2), MostUpdates))
}

func (v *viewer) budget() int { return math.MaxInt32 }
