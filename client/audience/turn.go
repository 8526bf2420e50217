package audience

import (
	"math"
	"time"

	"deskhand/client/encode"
	"deskhand/client/pace"
)

const (
	// patience is how long those who are ready wait for those who are not, before they part: at once, or in pieces that come
	// sooner than a tenth of the time forgives.
	patience = 120 * time.Millisecond
	forgives = 10
	// answering is how long after a key or a click the picture is taken for its answer.
	answering = 300 * time.Millisecond
	// briefly is the least that a stage sleeps for a time that has come already.
	briefly = 2 * time.Millisecond
	// unlimited is the budget from which on an update needs no limit: no screen has more.
	unlimited = 4 << 20
)

// turn makes the next update when there is something to show and everybody is ready for it. It returns when to try again though nothing happens;
// zero: never.
func (st *stage) turn() (again time.Time, err error) {
	st.mu.Lock()
	defer st.mu.Unlock()
	if len(st.seats) == 0 {
		return again, nil
	}
	now := time.Now()
	wake := st.stream.Wake()
	if !st.fresh && (wake.IsZero() || now.Before(wake)) {
		return wake, nil
	}
	limits, lagging, again := st.poll(now)
	if err := st.answer(limits, len(lagging) == 0, now); err != nil {
		return again, err
	}
	switch wait := st.wait(len(lagging), now); {
	case len(lagging) == 0:
	case len(lagging) == len(st.seats):
		return again, nil
	case wait > 0:
		return earlier(again, now.Add(wait)), nil
	default:
		if err := st.part(lagging); err != nil {
			return again, err
		}
		limits, _, _ = st.poll(now)
	}
	return st.show(limits, now)
}

// wait says how long those who are ready may still wait for those who lag; 0: not any more.
func (st *stage) wait(lagging int, now time.Time) time.Duration {
	some := lagging > 0 && lagging < len(st.seats)
	if !st.behind.IsZero() {
		st.waited += now.Sub(st.behind)
	}
	if !st.asked.IsZero() {
		st.waited = max(0, st.waited-now.Sub(st.asked)/forgives)
	}
	st.asked, st.behind = now, time.Time{}
	left := patience - st.waited
	switch {
	case some && left > 0:
		st.behind = now
	case some:
		st.waited = 0
	}
	return left
}

// answer makes an update without videos when somebody has just pressed something: it does not wait for a frame to be compressed. When not everybody is
// ready it is a small one, which does not wait for what is on the way either.
func (st *stage) answer(limits encode.Limits, ready bool, now time.Time) error {
	pressed, may := st.pressed(now)
	if !st.fresh || !pressed || !ready && !may {
		return nil
	}
	limits.NoFrames = true
	if !ready {
		limits.Bytes = pace.SmallUpdate
	}
	u, ok, err := st.stream.Next(limits)
	if ok {
		st.hand(u, st.seats)
	}
	return err
}

// poll asks all seats whether they are ready, and for the limits that suit those who are. Of the others it says when one may be.
func (st *stage) poll(now time.Time) (limits encode.Limits, lagging []*Seat, again time.Time) {
	limits = encode.Limits{Bytes: unlimited, VideoBits: math.MaxInt}
	for _, s := range st.seats {
		s.mu.Lock()
		if ok, then := s.pacer.Ready(now); !ok {
			lagging = append(lagging, s)
			again = earlier(again, then)
		} else {
			limits.Bytes = min(limits.Bytes, s.pacer.Budget(now))
			limits.VideoBits = min(limits.VideoBits, s.pacer.VideoBitrate())
		}
		s.mu.Unlock()
	}
	if len(lagging) < len(st.seats) {
		st.codec = chooseCodec(st.can, st.codec, limits.VideoBits)
	}
	limits.Codec = st.codec
	if limits.Bytes == unlimited {
		limits.Bytes = 0
	}
	return limits, lagging, again
}

// pressed tells whether somebody has just pressed something, and whether a small update may go to everybody. Where they point is where the answer is
// looked for first.
func (st *stage) pressed(now time.Time) (pressed, may bool) {
	may = true
	for _, s := range st.seats {
		s.mu.Lock()
		if now.Sub(s.pressed) < answering {
			pressed = true
			st.stream.Focus(s.pointer)
		}
		may = may && s.pacer.Small(now)
		s.mu.Unlock()
	}
	return pressed, may
}

// show makes an update and hands it to every seat.
func (st *stage) show(limits encode.Limits, now time.Time) (again time.Time, err error) {
	u, ok, err := st.stream.Next(limits)
	if err != nil {
		return again, err
	}
	if ok {
		st.hand(u, st.seats)
	}
	st.fresh = st.stream.More()
	if st.fresh && ok {
		return now, nil
	}
	if again = st.stream.Wake(); !again.IsZero() && again.Before(now.Add(briefly)) {
		again = now.Add(briefly)
	}
	return again, nil
}

// hand gives an update to seats.
func (st *stage) hand(u encode.Update, seats []*Seat) {
	for _, s := range seats {
		s.mu.Lock()
		s.pacer.Sent(u.ID, len(u.Data), time.Now())
		s.mu.Unlock()
		s.updates <- u // there is room: the pacer lets fewer go than it holds
	}
}

// earlier is the first of two times that are not zero.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
