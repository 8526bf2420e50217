package pace

import "time"

const (
	firstFlight = 16 << 10 // a little more than TCP sends at first before it hears of it: 10 segments (RFC 6928)
	idle        = 200 * time.Millisecond
)

// opening is how TCP opens up again after it had nothing to send: it begins with a few segments, and lets as many more go as are acknowledged
// (RFC 5681, 4.1; Linux: tcp_slow_start_after_idle). What goes beyond that is cold: it may take some round trips more, which says nothing of the
// line's rate.
type opening struct {
	most int           // bytes that may be on their way
	sent time.Duration // when an update was last sent
}

// sends notes an update, before what is on its way then, and tells whether it is cold.
func (o *opening) sends(bytes int, at time.Duration, flying *flights) (cold bool) {
	if o.most == 0 || flying.n == 0 && at-o.sent > idle {
		o.most = firstFlight
	}
	o.sent = at
	return flying.bytes+bytes > o.most
}

func (o *opening) acked(bytes int) { o.most = min(o.most+bytes, 1<<30) }
