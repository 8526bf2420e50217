package pace

import "time"

// flight is an update on its way. Times are since the Pacer's begin.
type flight struct {
	id    uint32
	bytes int
	sent  time.Duration
	cold  bool // TCP may not have let it go at once; see opening
}

// flights are the updates on their way, the oldest first.
type flights struct {
	ring  [MostUpdates]flight
	first int
	n     int
	bytes int // of all
}

func (f *flights) at(i int) *flight { return &f.ring[(f.first+i)%MostUpdates] }

// add takes one more; one too many counts as one with the last.
func (f *flights) add(x flight) {
	f.bytes += x.bytes
	if f.n == MostUpdates {
		last := f.at(f.n - 1)
		last.id, last.bytes, last.cold = x.id, last.bytes+x.bytes, last.cold || x.cold
		return
	}
	f.n++
	*f.at(f.n - 1) = x
}

// until is how many there are up to and with update id, and how many bytes they have; 0 when id is of none that was sent.
func (f *flights) until(id uint32) (k, bytes int) {
	for k < f.n && int32(id-f.at(k).id) >= 0 {
		bytes += f.at(k).bytes
		k++
	}
	if k == f.n && k > 0 && f.at(k-1).id != id {
		return 0, 0
	}
	return k, bytes
}

// cold tells whether one of the k oldest is.
func (f *flights) cold(k int) bool {
	for i := range k {
		if f.at(i).cold {
			return true
		}
	}
	return false
}

// drop forgets the k oldest.
func (f *flights) drop(k int) {
	for i := range k {
		f.bytes -= f.at(i).bytes
	}
	f.first = (f.first + k) % MostUpdates
	f.n -= k
}

// forecast is when a line will be done with the k oldest, that is done with what was before them at the time done.
func (f *flights) forecast(l *line, k int, done time.Duration) time.Duration {
	for i := range k {
		x := f.at(i)
		done = max(done, x.sent) + l.takes(x.bytes)
	}
	return done
}
