package pace_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"deskhand/client/pace"
)

func typing() *work {
	return &work{every: 97 * ms, adds: true, bytes: func(s *sim) int { return 150 + s.r.IntN(400) }}
}

// every is a workload of so many bytes that replace what was not sent.
func every(d time.Duration, bytes int) *work {
	return &work{every: d, bytes: func(*sim) int { return bytes }}
}

func scroll() *work { return every(50*ms, 8_000) }
func flips() *work  { return every(700*ms, 115_000) }
func slides() *work { return every(3*time.Second, 1_500_000) }
func full() *work   { return every(time.Hour, 1<<40) }

// video adapts its frames to what the pacer says, up to 3 Mbit/s.
func video() *work {
	return &work{every: time.Second / 30, video: true, bytes: func(s *sim) int {
		return int(min(float64(s.p.VideoBitrate())/8/30, 13_000) * (0.5 + s.r.Float64()))
	}}
}

func worst(d []time.Duration) time.Duration {
	if len(d) == 0 {
		return 0
	}
	return d[len(d)-1]
}

// The goals: whatever is shown is at most 60 ms older than the line's own delay.
func TestAge(t *testing.T) {
	workloads := []struct {
		name string
		make func() []*work
	}{
		{"typing", func() []*work { return []*work{typing()} }},
		{"scroll", func() []*work { return []*work{scroll()} }},
		{"flips", func() []*work { return []*work{flips()} }},
		{"video", func() []*work { return []*work{video()} }},
		{"slides", func() []*work { return []*work{slides()} }},
		{"typing, video", func() []*work { return []*work{typing(), video()} }},
		{"typing, scroll, video, slides", func() []*work { return []*work{typing(), scroll(), video(), slides()} }},
		{"full", func() []*work { return []*work{full()} }},
	}
	for _, l := range []struct {
		mbit    float64
		delay   time.Duration
		settled time.Duration // until then the line is being found out
	}{
		{10, 20 * ms, 0},
		{10, 40 * ms, 0},
		{1, 40 * ms, time.Second},
		{1, 80 * ms, time.Second},
		{50, 5 * ms, 0},
		{8000, ms / 2, 2 * time.Second},
	} {
		for _, w := range workloads {
			t.Run(fmt.Sprintf("%v Mbit per s, %v/%s", l.mbit, l.delay, w.name), func(t *testing.T) {
				s := newSim(simLine{rate: mbit(l.mbit), delay: l.delay}, w.make()...)
				s.run(30 * time.Second)
				ages := s.ages(l.settled, s.now)
				if len(ages) < 10 {
					t.Fatalf("%d updates shown", len(ages))
				}
				if got := worst(ages) - l.delay; got > 60*ms {
					t.Errorf("shown %v after the capture, besides the line's delay", got)
				}
				if got := worst(s.ages(0, s.now)) - l.delay; got > 200*ms {
					t.Errorf("at the beginning shown %v after the capture", got)
				}
			})
		}
	}
}

// A key's answer, from the change on the screen on.
func TestTypingWhileTheLineIsBusy(t *testing.T) {
	for _, mb := range []float64{1, 10} {
		for _, other := range []func() *work{video, slides, full} {
			w := typing()
			s := newSim(simLine{rate: mbit(mb), delay: 40 * ms}, w, other())
			s.run(30 * time.Second)
			waits := w.took(time.Second, s.now)
			if len(waits) < 250 {
				t.Errorf("%v Mbit/s: %d answers in 29 s", mb, len(waits))
			}
			if got := worst(waits) - 40*ms; got > 60*ms {
				t.Errorf("%v Mbit/s: an answer took %v besides the line's delay", mb, got)
			}
		}
	}
}

func TestUtilisation(t *testing.T) {
	varies := func(r *rand.Rand) time.Duration { return time.Duration(r.ExpFloat64() * 5 * float64(ms)) }
	for _, l := range []simLine{
		{rate: mbit(10), delay: 20 * ms},
		{rate: mbit(10), delay: 100 * ms},
		{rate: mbit(1), delay: 40 * ms},
		{rate: mbit(50), delay: 100 * ms},
		{rate: mbit(10), delay: 20 * ms, jitter: varies},
		{rate: mbit(1), delay: 40 * ms, jitter: varies},
	} {
		s := newSim(l, full())
		s.run(62 * time.Second)
		if got := float64(s.bytes(2*time.Second, s.now)) / 60 / l.rate(0); got < 0.8 {
			t.Errorf("%v Mbit/s, %v: %.0f %% used", l.rate(0)*8e-6, l.delay, got*100)
		}
		if ages := s.ages(2*time.Second, s.now); l.jitter != nil && ages[len(ages)*9/10]-l.delay > 90*ms {
			t.Errorf("%v Mbit/s: a tenth is shown later than %v", l.rate(0)*8e-6, ages[len(ages)*9/10])
		}
	}
}

// Acknowledgements that come in bundles are not a slow line.
func TestBundledAcks(t *testing.T) {
	s := newSim(simLine{rate: mbit(10), delay: 20 * ms, batch: 30 * ms}, typing(), full())
	s.run(22 * time.Second)
	if got := float64(s.bytes(2*time.Second, s.now)) / 20 / mbit(10)(0); got < 0.8 {
		t.Errorf("%.0f %% used", got*100)
	}
	if ages := s.ages(2*time.Second, s.now); ages[len(ages)*9/10] > 100*ms {
		t.Errorf("a tenth is shown later than %v", ages[len(ages)*9/10])
	}
}

func TestHighDelayShowsOftenEnough(t *testing.T) {
	s := newSim(simLine{rate: mbit(10), delay: 100 * ms}, every(time.Second/30, 8_000))
	s.run(12 * time.Second)
	if got := float64(len(s.ages(2*time.Second, s.now))) / 10; got < 20 {
		t.Errorf("%.1f updates per second", got)
	}
}

// On the same machine or network the line is never what limits.
func TestNear(t *testing.T) {
	for decode := 2 * ms; decode <= 15*ms; decode += ms {
		s := newSim(simLine{rate: mbit(8000), delay: ms / 2}, every(2*ms, 3_000))
		s.encode = func(int) time.Duration { return 2 * ms }
		s.decode = func(int) time.Duration { return decode }
		s.run(5 * time.Second)
		if got := float64(len(s.ages(time.Second, s.now))) / 4; got < 60 {
			t.Errorf("decoding takes %v: %.0f updates per second", decode, got)
		}
		if s.most < 2 {
			t.Errorf("decoding takes %v: never two on their way", decode)
		}
		if got := worst(s.ages(time.Second, s.now)); got > 60*ms {
			t.Errorf("decoding takes %v: age %v", decode, got)
		}
	}
	// The first picture goes in one piece.
	s := newSim(simLine{rate: mbit(8000), delay: ms / 2}, every(time.Hour, 300_000))
	s.run(time.Second)
	if len(s.shown) != 1 {
		t.Errorf("the first picture came in %d updates", len(s.shown))
	}
	// Neither is one cut later, when the machine has more to do.
	s = newSim(simLine{rate: mbit(8000), delay: ms / 2}, every(4*ms, 8_000), every(700*ms, 115_000))
	s.line.jitter = func(r *rand.Rand) time.Duration { return min(s.now/ms, 2)*ms + time.Duration(r.IntN(3))*ms }
	s.run(30 * time.Second)
	for _, u := range s.shown {
		if u.bytes < 8_000 {
			t.Fatalf("an update of %d bytes at %v", u.bytes, u.sent)
		}
	}
	// A key is answered while a video's frame is being decoded.
	w := typing()
	s = newSim(simLine{rate: mbit(8000), delay: ms / 2}, w, video())
	s.decode = func(bytes int) time.Duration { return 1*ms + time.Duration(bytes)*ms/1000 }
	s.run(5 * time.Second)
	if got := worst(w.took(0, s.now)); got > 40*ms {
		t.Errorf("an answer took %v", got)
	}
}

// A slow viewer gets fewer updates, not older ones.
func TestSlowViewer(t *testing.T) {
	s := newSim(simLine{rate: mbit(100), delay: 5 * ms}, typing(), every(10*ms, 20_000))
	s.decode = func(int) time.Duration { return 80 * ms }
	s.run(20 * time.Second)
	if got := worst(s.ages(time.Second, s.now)); got > 4*80*ms {
		t.Errorf("age %v", got)
	}
	if got := float64(len(s.ages(time.Second, s.now))) / 19; got < 12 {
		t.Errorf("%.1f updates per second of 12.5", got)
	}
	if s.most > 3 {
		t.Errorf("%d updates on their way", s.most)
	}
}

func TestSlowLineGetsSmallParts(t *testing.T) {
	for mb, slow := range map[float64]bool{1: true, 4: true, 10: false, 1000: false} {
		s := newSim(simLine{rate: mbit(mb), delay: 5 * ms}, scroll(), video())
		s.run(3 * time.Second)
		if e := s.p.Estimate(); e.Slow != slow {
			t.Errorf("%v Mbit/s: %+v", mb, e)
		}
	}
	if !pace.New(epoch).Estimate().Slow {
		t.Error("a line of which nothing is known gets large parts")
	}
}
