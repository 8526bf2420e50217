package pace_test

import (
	"math/rand/v2"
	"testing"
	"time"
)

// The line goes from 10 to 1 Mbit/s and back while something is shown.
func TestRateChanges(t *testing.T) {
	const falls, rises = 3 * time.Second, 6 * time.Second
	rate := steps(0, 10, falls.Seconds(), 1, rises.Seconds(), 10)
	for _, c := range []struct {
		name    string
		works   []*work
		delay   time.Duration
		settled time.Duration // after the fall; what was on its way has to come through first
		used    float64       // of 10 Mbit/s, from half a second after the rise on
	}{
		{"video", []*work{video()}, 20 * ms, 500 * ms, 0.25},
		{"typing, video", []*work{typing(), video()}, 40 * ms, 750 * ms, 0.25},
		{"scroll", []*work{scroll()}, 40 * ms, 750 * ms, 0.12},
		{"full", []*work{full()}, 20 * ms, 1100 * ms, 0.8},
	} {
		s := newSim(simLine{rate: rate, delay: c.delay}, c.works...)
		s.run(9 * time.Second)
		if got := worst(s.ages(falls+c.settled, s.now)) - c.delay; got > 60*ms {
			t.Errorf("%s: %v after the fall the age is still %v besides the line's delay", c.name, c.settled, got)
		}
		if got := float64(s.bytes(falls, falls+3*time.Second)) / 3 / (1e6 / 8); got < 0.6 {
			t.Errorf("%s: %.0f %% used of 1 Mbit/s", c.name, got*100)
		}
		if got := float64(s.bytes(rises+500*ms, s.now)) / 2.5 / (10e6 / 8); got < c.used {
			t.Errorf("%s: %.0f %% used of the 10 Mbit/s that are there again", c.name, got*100)
		}
	}
}

// A lost packet holds up everything behind it for 300 ms.
func TestStalls(t *testing.T) {
	s := newSim(simLine{rate: mbit(10), delay: 20 * ms}, typing(), full())
	const period = 2 * time.Second
	s.line.stall = func(at time.Duration) time.Duration {
		if in := at % period; in > 1700*ms {
			return at - in + period
		}
		return at
	}
	s.run(20 * time.Second)
	if got := float64(s.bytes(0, s.now)) / 20 / (10e6 / 8); got < 0.6 {
		t.Errorf("%.0f %% used of a line that works 85 %% of the time", got*100)
	}
	for from := 2*period + 200*ms; from < s.now; from += period {
		if got := worst(s.ages(from, from+period-600*ms)) - 20*ms; got > 60*ms {
			t.Errorf("200 ms after a stall the age is %v besides the line's delay", got)
		}
	}
	if s.mostBytes > 200_000 {
		t.Errorf("%d bytes on their way", s.mostBytes)
	}
}

// Nothing comes back any more, and then everything.
func TestDeadLine(t *testing.T) {
	s := newSim(simLine{rate: mbit(10), delay: 20 * ms}, typing(), video())
	s.line.stall = func(at time.Duration) time.Duration {
		if at > 2*time.Second && at < 12*time.Second {
			return 12 * time.Second
		}
		return at
	}
	s.run(2 * time.Second)
	s.mostBytes = 0
	s.run(12 * time.Second)
	sent := s.id
	if s.mostBytes > 100_000 {
		t.Errorf("%d bytes on their way", s.mostBytes)
	}
	s.run(11900 * ms)
	if s.id != sent {
		t.Error("still sending")
	}
	s.run(14 * time.Second)
	if got := worst(s.ages(12500*ms, s.now)) - 20*ms; got > 60*ms {
		t.Errorf("half a second after the line is back the age is %v", got)
	}
}

// The way becomes longer and shorter; both are found out in time.
func TestRoundTripChanges(t *testing.T) {
	for _, works := range [][]*work{{typing(), full()}, {full()}, {video()}} {
		s := newSim(simLine{rate: mbit(10), delay: 20 * ms}, works...)
		s.run(5 * time.Second)
		s.line.delay = 60 * ms
		s.run(16 * time.Second)
		if rtt := s.p.Estimate().RTT; rtt < 110*ms || rtt > 130*ms {
			t.Errorf("round trip %v of 120 ms", rtt)
		}
		before := s.now
		s.run(20 * time.Second)
		if got := worst(s.ages(before, s.now)) - s.line.delay; got > 60*ms {
			t.Errorf("age %v besides the longer line's delay", got)
		}
		s.line.delay = 20 * ms
		s.run(30 * time.Second)
		if rtt := s.p.Estimate().RTT; rtt < 35*ms || rtt > 45*ms {
			t.Errorf("round trip %v of 40 ms", rtt)
		}
		if got := worst(s.ages(22*time.Second, s.now)) - s.line.delay; got > 60*ms {
			t.Errorf("age %v besides the shorter line's delay", got)
		}
	}
}

// A line that is always full keeps its delay: nothing creeps.
func TestAgeStaysOverMinutes(t *testing.T) {
	for _, mb := range []float64{1, 10} {
		s := newSim(simLine{rate: mbit(mb), delay: 40 * ms}, full())
		s.run(5 * time.Minute)
		if got := worst(s.ages(4*time.Minute, s.now)) - 40*ms; got > 60*ms {
			t.Errorf("%v Mbit/s: age %v besides the line's delay", mb, got)
		}
	}
}

// Without pings the round trip is learned from the updates.
func TestWithoutPings(t *testing.T) {
	for _, mb := range []float64{1, 10, 1000} {
		s := newSim(simLine{rate: mbit(mb), delay: 20 * ms}, typing(), video())
		s.silent = true
		s.run(20 * time.Second)
		if got := worst(s.ages(2*time.Second, s.now)) - 20*ms; got > 80*ms {
			t.Errorf("%v Mbit/s: age %v besides the line's delay", mb, got)
		}
	}
}

// TCP begins slowly after it was idle. That is not the line's rate.
func TestTCPBeginsSlowly(t *testing.T) {
	for _, works := range [][]*work{{flips()}, {flips(), every(300*ms, 20_000)}, {slides()}} {
		s := newSim(simLine{rate: mbit(10), delay: 40 * ms, tcp: true}, works...)
		s.run(2 * time.Second)
		for s.now < 20*time.Second {
			s.run(s.now + 50*ms)
			if e := s.p.Estimate(); e.Rate < 8e6/8 {
				t.Fatalf("%v: %d bytes per second of 10 Mbit/s", s.now, e.Rate)
			}
		}
		// Three round trips more than the line needs, for what is too large to go at once.
		if got := worst(s.ages(2*time.Second, s.now)) - 40*ms; got > 60*ms+3*80*ms {
			t.Errorf("age %v besides the line's delay", got)
		}
	}
}

// On a busy machine everything is late by chance, and now and then stands still; that is not a slow line.
func TestBusyMachine(t *testing.T) {
	typed, flip := typing(), flips()
	s := newSim(simLine{rate: mbit(8000), delay: ms / 2}, typed, video(), flip)
	s.line.jitter = func(r *rand.Rand) time.Duration { return time.Duration(r.ExpFloat64() * 3 * float64(ms)) }
	s.line.stall = func(at time.Duration) time.Duration {
		if in := at % time.Second; in < 60*ms {
			return at - in + 60*ms
		}
		return at
	}
	s.run(2 * time.Second)
	for s.now < 30*time.Second {
		s.run(s.now + 50*ms)
		if got := s.p.VideoBitrate(); got < 3e6 {
			t.Fatalf("%v: %d bits per second for videos", s.now, got)
		}
	}
	if parts := float64(len(flip.waits)) / 42; parts > 2.5 {
		t.Errorf("a page comes in %.1f parts", parts)
	}
	if waits := typed.took(2*time.Second, s.now); waits[len(waits)*95/100] > 60*ms {
		t.Errorf("a twentieth of the answers takes longer than %v", waits[len(waits)*95/100])
	}
}
