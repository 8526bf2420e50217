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
	perByte float64       // seconds more for each byte of a large one
	last    time.Duration // when the last acknowledgement came
	waiting int           // updates that had arrived then and were not shown
}

const (
	large   = 64 << 10 // bytes of an update that tells how long a byte takes
	atLeast = 128 << 10
)

// shown learns from an acknowledgement of k updates that came at the time at. It returns when the last of them had arrived, by the
// same clock.
func (v *viewer) shown(at, decode time.Duration, k, bytes, queue int) (arrived time.Duration) {
	arrived = at - decode
	if v.waiting >= k { // it was there already
		arrived = min(arrived, v.last)
	}
	work := max(at-max(at-decode, v.last), 0) / time.Duration(k)
	if v.last == 0 {
		v.time, v.varies, v.busy = decode, decode/2, work
		if bytes >= large {
			v.busy = min(work, viewerLag/2)
		}
	}
	off := decode - v.time
	v.time += off / 8
	v.varies += (max(off, -off) - v.varies) / 4
	if each := bytes / k; each < large {
		v.busy += (work - v.busy) / 8
	} else {
		v.perByte += (max(work-v.busy, 0).Seconds()/float64(each) - v.perByte) / 4
	}
	v.last, v.waiting = at, queue
	return arrived
}

// usual is the time within which nearly all updates are shown.
func (v *viewer) usual() time.Duration { return v.time + 2*v.varies }

// works is how long an update keeps the viewer from others.
func (v *viewer) works(bytes int) time.Duration {
	return v.busy + time.Duration(float64(bytes)*v.perByte*float64(time.Second))
}

// budget is how many bytes keep the viewer busy for so long, at least atLeast.
func (v *viewer) budget(d time.Duration) int {
	return max(int(min(d.Seconds()/max(v.perByte, 1e-12), math.MaxInt32)), atLeast)
}
