package video

import "time"

// retries says when a helper that failed may be started again: at once after the first failure within a minute, so that it costs one frame,
// then after 10 s, then after 30 s. That is never more than four starts a minute.
type retries struct {
	never  bool
	count  int       // failures in a row, each within a minute of the one before
	latest time.Time // the last of them
}

func (r *retries) failed(now time.Time) {
	if now.Sub(r.latest) > time.Minute {
		r.count = 0
	}
	r.count++
	r.latest = now
}

func (r *retries) allowed(now time.Time) bool {
	if r.never {
		return false
	}
	since := now.Sub(r.latest)
	switch r.count {
	case 0, 1:
		return true
	case 2:
		return since >= 10*time.Second
	}
	return since >= 30*time.Second
}
