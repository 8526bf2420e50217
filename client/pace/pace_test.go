package pace_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"deskhand/client/pace"
)

func TestReset(t *testing.T) {
	now := epoch
	p := pace.New(now)
	p.RoundTrip(40*ms, now)
	for id := uint32(1); id < 20; id++ { // settle at 10 Mbit/s
		p.Sent(id, 12_500, now)
		now = now.Add(55 * ms)
		p.Acked(id, 5*ms, 0, now)
	}
	p.Sent(20, 125_000, now)
	if ok, _ := p.Ready(now); ok {
		t.Fatal("ready although the line is busy for 100 ms")
	}
	p.Reset(now)
	ok, again := p.Ready(now)
	if wait := again.Sub(now); ok || wait < 80*ms || wait > 120*ms {
		t.Errorf("after Reset: %v, again in %v; what was given up takes 100 ms", ok, wait)
	}
	if ok, _ := p.Ready(again); !ok {
		t.Error("not ready at the time again")
	}
	p.Acked(20, 0, 0, again) // the viewer may still say so
	p.Sent(21, 1000, again)
	p.Acked(21, 5*ms, 0, again.Add(50*ms))
	if e := p.Estimate(); e.Rate < 1_100_000 || e.Rate > 1_400_000 {
		t.Errorf("%d bytes per second after Reset", e.Rate)
	}
}

func TestAcksOfNothing(t *testing.T) {
	p := pace.New(epoch)
	p.Acked(7, 0, 0, epoch)
	p.Sent(0xffffffff, 1000, epoch)
	p.Sent(0, 1000, epoch)
	p.Acked(1, 0, 0, epoch.Add(ms))          // not sent yet
	p.Acked(0xfffffffe, 0, 0, epoch.Add(ms)) // before the first
	if e := p.Estimate(); e.RTT != 0 {
		t.Errorf("learned from nothing: %+v", e)
	}
	p.Acked(0, 0, 0, epoch.Add(20*ms))
	if e := p.Estimate(); e.RTT < 10*ms || e.RTT > 20*ms {
		t.Errorf("%+v", e)
	}
	if ok, _ := p.Ready(epoch.Add(20 * ms)); !ok {
		t.Error("not ready with nothing on its way")
	}
}

// Whatever is called in whatever order: what is on the way stays within its bound, and when all is acknowledged the next may go.
func TestAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := epoch
		p := pace.New(now)
		start := rapid.Uint32().Draw(t, "first id")
		next := start
		var flying []int // bytes
		sum := func() (n int) {
			for _, b := range flying {
				n += b
			}
			return n
		}
		t.Repeat(map[string]func(*rapid.T){
			"time passes": func(t *rapid.T) {
				now = now.Add(time.Duration(rapid.Int64Range(0, int64(300*ms)).Draw(t, "time")))
			},
			"long time passes": func(t *rapid.T) {
				now = now.Add(time.Duration(rapid.Int64Range(0, int64(time.Hour)).Draw(t, "time")))
			},
			"send": func(t *rapid.T) {
				e := p.Estimate()
				ok, again := p.Ready(now)
				if !ok {
					if !again.IsZero() && !again.After(now) {
						t.Fatalf("again %v is not after now", again)
					}
					return
				}
				// One product, one update, and what is being shown: far less than a second's worth here.
				if most := float64(e.Rate)*(e.RTT.Seconds()+1) + 2*pace.SmallUpdate; len(flying) > 0 && float64(sum()) > most {
					t.Fatalf("ready with %d bytes on their way; %+v", sum(), e)
				}
				if len(flying) >= pace.MostUpdates {
					t.Fatalf("ready with %d on their way", len(flying))
				}
				budget := p.Budget(now)
				if budget < 1 {
					t.Fatalf("budget %d", budget)
				}
				n := rapid.IntRange(1, budget).Draw(t, "bytes")
				p.Sent(next, n, now)
				flying = append(flying, n)
				next++
			},
			"send a small one": func(t *rapid.T) {
				e := p.Estimate()
				if !p.Small(now) {
					return
				}
				// What the line carries in a round trip, 8 ms and three decodings: the forecast takes what is older for arrived.
				most := float64(e.Rate)*(e.RTT+158*ms).Seconds() + pace.SmallUpdate
				if len(flying) > 0 && (len(flying) >= pace.MostUpdates || float64(sum()) > most+1) {
					t.Fatalf("a small one may go with %d bytes in %d on their way; %+v", sum(), len(flying), e)
				}
				n := rapid.IntRange(0, pace.SmallUpdate).Draw(t, "bytes")
				p.Sent(next, n, now)
				flying = append(flying, max(n, 1))
				next++
			},
			"send without asking": func(t *rapid.T) {
				if len(flying) >= pace.MostUpdates || sum() > 0 {
					return // the bound is the caller's then
				}
				n := rapid.IntRange(0, 64<<20).Draw(t, "bytes")
				p.Sent(next, n, now)
				flying = append(flying, max(n, 1))
				next++
			},
			"acknowledge": func(t *rapid.T) {
				if len(flying) == 0 {
					return
				}
				k := rapid.IntRange(1, len(flying)).Draw(t, "count")
				decode := time.Duration(rapid.Int64Range(0, int64(50*ms)).Draw(t, "decode"))
				p.Acked(next-uint32(len(flying)-k)-1, decode, rapid.IntRange(0, 255).Draw(t, "queue"), now)
				flying = flying[k:]
			},
			"acknowledge nonsense": func(t *rapid.T) {
				past := rapid.Uint32Range(1, 1<<20).Draw(t, "past")
				p.Acked(next-uint32(len(flying))-past, -time.Hour, 255, now)
				p.Acked(next+past, time.Hour, 0, now)
			},
			"round trip": func(t *rapid.T) {
				p.RoundTrip(time.Duration(rapid.Int64Range(-1, int64(time.Second)).Draw(t, "rtt")), now)
			},
			"reset": func(t *rapid.T) {
				p.Reset(now)
				flying = nil
			},
			"": func(t *rapid.T) {
				if e := p.Estimate(); e.Rate < 1 || e.RTT < 0 || e.Delay < 0 || p.VideoBitrate() < 1 {
					t.Fatalf("%+v, video %d", e, p.VideoBitrate())
				}
			},
		})
		if len(flying) > 0 {
			p.Acked(next-1, ms, 0, now)
		}
		if ok, again := p.Ready(now); !ok {
			if again.IsZero() || again.Sub(now) > 3*time.Second {
				t.Fatalf("all is acknowledged, and the next waits until %v after now", again.Sub(now))
			}
			if ok, _ := p.Ready(again); !ok {
				t.Fatal("not ready at the time again")
			}
		}
	})
}

func BenchmarkPacer(b *testing.B) {
	now := epoch
	p := pace.New(now)
	p.RoundTrip(20*ms, now)
	b.ReportAllocs()
	for id := uint32(0); b.Loop(); id++ {
		if ok, _ := p.Ready(now); ok {
			p.Sent(id, min(8000, p.Budget(now)), now)
		} else {
			p.Sent(id, 100, now)
		}
		now = now.Add(10 * ms)
		if id >= 4 {
			p.Acked(id-4, 3*ms, 0, now)
		}
	}
}
