package client

import (
	"bytes"
	"runtime"
	"slices"
	"testing"
	"time"
)

// BenchmarkPromptEcho is the way of a key to its echo: sealed, relayed, typed into the terminal, and what it answers back again, all over
// loopback. What the browser needs to draw it is not in it.
func BenchmarkPromptEcho(b *testing.B) {
	p := startPromptHost(b, (*desktop).withShells).open().begin()
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

// BenchmarkPromptFlood is 100 MB of output through a command prompt, and how soon Ctrl-C is answered in the middle of a flood, over loopback and without
// the browser. The heap is that of the server, the client and the viewer together.
func BenchmarkPromptFlood(b *testing.B) {
	p := startPromptHost(b, (*desktop).withShells).open().begin()
	p.typed("stty -echo; PS1='pro''mpt> '\n")
	p.shows("prompt> ")
	var answers []time.Duration
	var most uint64
	forget := func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.out.Reset()
	}
	for b.Loop() {
		const flood = 100_000_000
		from := p.position()
		p.typed("yes 0123456789012345678901234567890123456789 | head -c 100000000\n")
		for seen := from; seen < from+flood; {
			p.until("the flood goes on", func() bool { return p.shown > seen })
			forget()
			seen = p.position()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapAlloc)
		}
		b.StopTimer()
		for range 10 {
			from := p.position()
			p.typed("yes\n")
			p.until("a flood", func() bool { return p.shown > from+4<<20 })
			forget()
			began := time.Now()
			p.typed("\x03")
			p.until("the shell is back", func() bool { return bytes.HasSuffix(p.out.Bytes(), []byte("prompt> ")) })
			answers = append(answers, time.Since(began))
			forget()
		}
		b.StartTimer()
	}
	b.SetBytes(100_000_000)
	slices.Sort(answers)
	b.ReportMetric(answers[len(answers)/2].Seconds()*1000, "ctrl-c-p50-ms")
	b.ReportMetric(answers[len(answers)-1].Seconds()*1000, "ctrl-c-most-ms")
	b.ReportMetric(float64(most>>20), "heap-MiB")
}

// position is the offset behind what has come.
func (p *typist) position() uint64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.shown
}
