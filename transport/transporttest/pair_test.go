package transporttest

import (
	"bytes"
	"errors"
	"io"
	"net"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"deskhand/transport"
	"deskhand/wire"
)

func frame(n int) wire.Frame { return wire.NewFrame(wire.FrameSealed, make([]byte, n-wire.HeaderSize)) }

func TestDelayAndRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := Pair(Link{Delay: 50 * time.Millisecond, BytesPerSecond: 10_000})
		begin := time.Now()
		for range 3 {
			if err := a.Write(frame(1000)); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(begin); took != 0 {
			t.Errorf("writing took %v although there was room", took)
		}
		for i := range 3 {
			if _, err := b.ReadFrame(); err != nil {
				t.Fatal(err)
			}
			if want := time.Duration(i+1)*100*time.Millisecond + 50*time.Millisecond; time.Since(begin) != want {
				t.Errorf("frame %d arrived after %v, want %v", i, time.Since(begin), want)
			}
		}
	})
}

// arrivals reads n frames and returns when each came.
func arrivals(t *testing.T, c *Conn, n int) []time.Duration {
	t.Helper()
	begin := time.Now()
	out := make([]time.Duration, n)
	for i := range out {
		if _, err := c.ReadFrame(); err != nil {
			t.Fatal(err)
		}
		out[i] = time.Since(begin)
	}
	return out
}

func TestRateThatChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := Pair(Link{Delay: 50 * time.Millisecond, BytesPerSecond: 10_000})
		_ = a.Write(frame(1000), frame(1000), frame(1000))
		time.AfterFunc(150*time.Millisecond, func() { a.SetRate(1_000) })
		time.AfterFunc(1250*time.Millisecond, func() { a.SetRate(0) })
		// 1500 bytes are sent after 150 ms, 1100 in the 1.1 s after that, and the last 400 at once.
		want := []time.Duration{150, 700, 1300}
		for i, got := range arrivals(t, b, 3) {
			if got != want[i]*time.Millisecond {
				t.Errorf("frame %d arrived after %v, want %d ms", i, got, want[i])
			}
		}
	})
}

func TestJitterKeepsTheOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := Pair(Link{Delay: 50 * time.Millisecond, Jitter: 30 * time.Millisecond})
		var took []time.Duration
		for i := range 100 {
			f := frame(10)
			f[wire.HeaderSize] = byte(i)
			_ = a.Write(f)
			begin := time.Now()
			if i%2 == 1 {
				for j := i - 1; j <= i; j++ {
					got, err := b.ReadFrame()
					if err != nil || got.Payload()[0] != byte(j) {
						t.Fatalf("frame %d: %v, %v", j, got, err)
					}
				}
				took = append(took, time.Since(begin))
			}
		}
		lo, hi := slices.Min(took), slices.Max(took)
		if lo < 50*time.Millisecond || hi > 80*time.Millisecond || hi-lo < 10*time.Millisecond {
			t.Errorf("took between %v and %v", lo, hi)
		}
	})
}

func TestLossHoldsUpWhatIsBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := Pair(Link{Delay: 10 * time.Millisecond, LossEvery: 2, LossDelay: 200 * time.Millisecond})
		_ = a.Write(frame(10), frame(10), frame(10))
		want := []time.Duration{10, 210, 210}
		for i, got := range arrivals(t, b, 3) {
			if got != want[i]*time.Millisecond {
				t.Errorf("frame %d arrived after %v, want %d ms", i, got, want[i])
			}
		}
	})
}

func TestFullBufferWaitsForTheReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := Pair(Link{Buffer: 1500})
		done := make(chan error)
		go func() { done <- a.Write(frame(1000), frame(1000)) }()
		synctest.Wait()
		if got := a.InFlight(); got != 1000 {
			t.Errorf("%d bytes on the way", got)
		}
		if _, err := b.ReadFrame(); err != nil {
			t.Fatal(err)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
		begin := time.Now()
		if err := a.Write(frame(1000)); wire.ReasonOf(err) != wire.ReasonTooSlow || time.Since(begin) != transport.WriteTimeout {
			t.Errorf("after %v: %v", time.Since(begin), err)
		}
	})
}

func TestStall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := Pair(Link{})
		a.Stall()
		_ = a.Write(frame(10))
		begin := time.Now()
		time.AfterFunc(3*time.Second, a.Resume)
		if _, err := b.ReadFrame(); err != nil || time.Since(begin) != 3*time.Second {
			t.Errorf("arrived after %v, %v", time.Since(begin), err)
		}
	})
}

func TestEnds(t *testing.T) {
	a, b := Pair(Link{})
	_ = a.Write(frame(10))
	_ = a.Close(wire.ReasonDenied)
	if _, err := b.ReadFrame(); err != nil {
		t.Errorf("what was sent before Close is lost: %v", err)
	}
	if _, err := b.ReadFrame(); wire.ReasonOf(err) != wire.ReasonDenied {
		t.Errorf("the other end reads %v", err)
	}
	if err := b.Write(frame(10)); wire.ReasonOf(err) != wire.ReasonDenied {
		t.Errorf("the other end writes %v", err)
	}
	if _, err := a.ReadFrame(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("this end reads %v", err)
	}

	a, b = Pair(Link{})
	_ = b.Close("")
	if _, err := a.ReadFrame(); !errors.Is(err, io.EOF) {
		t.Errorf("closed without a word: %v", err)
	}

	a, b = Pair(Link{})
	_ = a.Write(frame(10))
	b.Cut()
	for _, c := range []*Conn{a, b} {
		if _, err := c.ReadFrame(); !errors.Is(err, ErrCut) {
			t.Errorf("cut: %v", err)
		}
	}
}

func TestFramesAreChecked(t *testing.T) {
	a, b := Pair(Link{})
	_ = a.Write(frame(100), frame(100))
	first, err := b.ReadFrame()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.ReadFrame(); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, bytes.Repeat([]byte{0xdb}, 100)) {
		t.Error("a frame outlived the next read")
	}
	_ = a.Write(frame(wire.HeaderSize + wire.MaxHello + 1))
	if _, err := b.ReadFrame(); !errors.Is(err, wire.ErrFrameTooLarge) || wire.ReasonOf(err) != wire.ReasonProtocol {
		t.Errorf("over the limit: %v", err)
	}
}
