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
func (v *viewer) shown(at, decode time.Duration, k, bytes, queue int) (arrived time.Duration) {
	arrived = at - decode
	if v.waiting >= k { // it was there already
		arrived = min(arrived, v.last)
	}
	work := max(at-max(at-decode, v.last), 0)
	if v.last == 0 {
		v.time, v.varies = decode, decode/2
	}
	if bytes >= large {
		perByte := work.Seconds() / float64(bytes)
		if v.perByte == 0 {
			v.perByte = perByte
		}
		v.perByte += (perByte - v.perByte) / 4
	}
	off := decode - v.time
	v.time += off / 8
	v.varies += (max(off, -off) - v.varies) / 4
	if each := work / time.Duration(k); bytes < large*k {
		if v.busy == 0 {
			v.busy = each
		}
		v.busy += (each - v.busy) / 8
	}
	v.last, v.waiting = at, queue
	return arrived
}

// usual is the time within which nearly all updates are shown.
func (v *viewer) usual() time.Duration { return v.time + 2*v.varies }

// works is how long the viewer is busy with an update.
func (v *viewer) works(bytes int) time.Duration {
	if bytes < large {
		return v.busy
	}
	return max(v.busy, time.Duration(float64(bytes)*v.perByte*float64(time.Second)))
}

// budget is how many bytes keep the viewer busy for so long.
func (v *viewer) budget(d time.Duration) int {
	if v.perByte == 0 {
		return math.MaxInt32
	}
	return int(min(d.Seconds()/v.perByte, math.MaxInt32))
}
