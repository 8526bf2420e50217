package relay

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"deskhand/transport"
	"deskhand/wire"
)

// benchmarkThroughput sends as fast as the other end reads.
func benchmarkThroughput(b *testing.B, from, to transport.Conn) {
	f := sealed(wire.MaxRelay)
	b.SetBytes(int64(len(f)))
	b.ReportAllocs()
	go func() {
		for from.Write(f) == nil {
		}
	}()
	for b.Loop() {
		if _, err := to.ReadFrame(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkThroughputToViewer(b *testing.B) {
	r, url := serveRelay(b, Config{})
	c, v := joinBoth(b, r, url, "v1")
	benchmarkThroughput(b, c, v)
	_ = c.Close("")
}

// BenchmarkRoundTrip sends a key press's worth to the viewer's other end and back: twice through the relay.
func BenchmarkRoundTrip(b *testing.B) {
	r, url := serveRelay(b, Config{})
	c, v := joinBoth(b, r, url, "v1")
	benchmarkRoundTrip(b, c, v)
	_ = c.Close("")
}

// BenchmarkRoundTripDirect is the same over one socket: the difference is what the relay adds.
func BenchmarkRoundTripDirect(b *testing.B) {
	c, v := socketPair(b)
	benchmarkRoundTrip(b, c, v)
	_ = c.Close("")
}

func BenchmarkThroughputDirect(b *testing.B) {
	c, v := socketPair(b)
	benchmarkThroughput(b, c, v)
	_ = c.Close("")
}

func benchmarkRoundTrip(b *testing.B, near, far transport.Conn) {
	f := sealed(64)
	go func() {
		for {
			g, err := far.ReadFrame()
			if err != nil || far.Write(g) != nil {
				return
			}
		}
	}()
	var took []time.Duration
	for b.Loop() {
		begin := time.Now()
		if err := near.Write(f); err != nil {
			b.Fatal(err)
		}
		if _, err := near.ReadFrame(); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(begin))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Nanoseconds()), "p50-ns")
	b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds()), "p99-ns")
}

// socketPair is both ends of one WebSocket.
func socketPair(b *testing.B) (near, far transport.Conn) {
	b.Helper()
	accepted := make(chan transport.Conn, 1)
	l, err := transport.Listen(b.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	s := &httptest.Server{Listener: l, Config: &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		c, err := transport.AcceptClient(w, req)
		if err != nil {
			b.Error(err)
			return
		}
		accepted <- c
	})}}
	s.Start()
	b.Cleanup(s.Close)
	near, err = (&transport.Dialer{}).Dial(b.Context(), s.URL)
	if err != nil {
		b.Fatal(err)
	}
	far = <-accepted
	b.Cleanup(func() { _ = far.Close("") })
	near.SetLimit(wire.MaxRelay)
	far.SetLimit(wire.MaxRelay)
	return near, far
}
