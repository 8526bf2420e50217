package client

import (
	"slices"
	"testing"
	"time"

	"deskhand/server/servertest"
)

// BenchmarkPromptEcho is the way of a key to its echo: sealed, relayed, typed into the terminal, and what it answers back again, all over
// loopback. What the browser needs to draw it is not in it.
func BenchmarkPromptEcho(b *testing.B) {
	s := servertest.New(b)
	rodney := s.Login(s.Admin)
	_, path := startUnattended(b, s, (*desktop).withShells)
	online(b, rodney)
	p := openPrompt(b, s, rodney, path, "", 0).begin()
	p.typed("stty echo; echo o''n; exec cat >/dev/null\n")
	p.shows("on\r\n")
	var took []time.Duration
	for b.Loop() {
		key := "k"
		if len(took)%60 == 59 {
			key = "\n" // a terminal keeps no line of any length
		}
		began, before := time.Now(), 0
		p.mu.Lock()
		before = p.out.Len()
		p.mu.Unlock()
		p.typed(key)
		p.until("the echo", func() bool { return p.out.Len() > before })
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	for name, share := range map[string]int{"p50-ms": 50, "p95-ms": 95} {
		b.ReportMetric(took[len(took)*share/100].Seconds()*1000, name)
	}
}
