package relay

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"deskhand/transport"
	"deskhand/transport/transporttest"
	"deskhand/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// events collects the callbacks.
type events struct {
	mu  sync.Mutex
	log []string
}

func (e *events) paired(id string) { e.add("paired " + id) }

func (e *events) closed(id string, s Stats, r wire.Reason) {
	e.add(fmt.Sprintf("closed %s %s %d %d %v", id, r, s.FromClient, s.FromViewer, s.Duration))
}

func (e *events) add(s string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.log = append(e.log, s)
}

func (e *events) want(t *testing.T, want ...string) {
	t.Helper()
	e.mu.Lock()
	defer e.mu.Unlock()
	if fmt.Sprint(e.log) != fmt.Sprint(want) {
		t.Errorf("callbacks %q, want %q", e.log, want)
	}
}

func newRelay() (*Relay, *events) {
	e := &events{}
	return New(Config{OnPaired: e.paired, OnClosed: e.closed}), e
}

// connect opens a connection to one side of the relay; joined says how its hello went.
func connect(r *Relay, s side, ticket string, n transporttest.Link) (end *transporttest.Conn, joined <-chan error) {
	end, conn := transporttest.Pair(n)
	r.connections.Add(1)
	go func() {
		defer r.connections.Done()
		r.serve(s, conn, func() {})
	}()
	result := make(chan error, 1)
	go func() { result <- transport.JoinRelay(end, ticket) }()
	return end, result
}

// pairUp joins both ends of a viewer.
func pairUp(t *testing.T, r *Relay, id string, n transporttest.Link) (c, v *transporttest.Conn) {
	t.Helper()
	ct, vt := r.Issue(id)
	c, cj := connect(r, client, ct, n)
	v, vj := connect(r, viewer, vt, n)
	for _, joined := range []<-chan error{cj, vj} {
		if err := <-joined; err != nil {
			t.Fatal(err)
		}
	}
	return c, v
}

func shutdown(t *testing.T, r *Relay) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := r.Shutdown(ctx); err != nil {
		t.Errorf("shutdown: %v", err)
	}
}

func sealed(n int) wire.Frame {
	return wire.NewFrame(wire.FrameSealed, bytes.Repeat([]byte{byte(n)}, n))
}

// closing reads until the relay's last word.
func closing(t *testing.T, c transport.Conn) wire.Reason {
	t.Helper()
	for {
		f, err := c.ReadFrame()
		if err != nil {
			t.Errorf("no RelayClose: %v", err)
			return ""
		}
		if f.Type() == wire.FrameRelayClose {
			var m wire.RelayClose
			if err := f.Decode(&m); err != nil {
				t.Error(err)
			}
			return wire.Reason(m.Reason)
		}
	}
}

func TestPairAndCopy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, e := newRelay()
		c, v := pairUp(t, r, "v1", transporttest.Link{})
		time.Sleep(3 * time.Second)
		for _, n := range []int{0, 1, wire.MaxRelay} {
			for _, dir := range []struct{ from, to *transporttest.Conn }{{c, v}, {v, c}} {
				if err := dir.from.Write(sealed(n)); err != nil {
					t.Fatal(err)
				}
				if f, err := dir.to.ReadFrame(); err != nil || !bytes.Equal(f, sealed(n)) {
					t.Errorf("%d bytes came as %d, %v", n, len(f), err)
				}
			}
		}
		_ = c.Write(wire.NewFrame(0xfe, nil)) // of a newer version: copied
		if f, err := v.ReadFrame(); err != nil || f.Type() != 0xfe {
			t.Errorf("%x, %v", f, err)
		}
		synctest.Wait()
		want := Stats{FromClient: 4 + 5 + 4 + wire.MaxRelay + 4, FromViewer: 4 + 5 + 4 + wire.MaxRelay, Duration: 3 * time.Second}
		if s, ok := r.Stats("v1"); !ok || s != want {
			t.Errorf("stats %+v, want %+v", s, want)
		}
		r.Close("v1", wire.ReasonEndedByAgent)
		for _, end := range []*transporttest.Conn{c, v} {
			if got := closing(t, end); got != wire.ReasonEndedByAgent {
				t.Errorf("closed as %q", got)
			}
		}
		synctest.Wait()
		if _, ok := r.Stats("v1"); ok {
			t.Error("the pair is still there")
		}
		if got := r.Totals(); got != (Totals{FromClient: want.FromClient, FromViewer: want.FromViewer}) {
			t.Errorf("totals %+v", got)
		}
		r.Close("v1", wire.ReasonDenied) // nothing any more
		shutdown(t, r)
		e.want(t, "paired v1", fmt.Sprintf("closed v1 ended-by-agent %d %d 3s", want.FromClient, want.FromViewer))
	})
}

func TestPairsDoNotMix(t *testing.T) {
	r, _ := newRelay()
	var ends [8][2]*transporttest.Conn
	for i := range ends {
		ends[i][0], ends[i][1] = pairUp(t, r, fmt.Sprint(i), transporttest.Link{})
	}
	for i, pair := range ends {
		_ = pair[0].Write(sealed(i + 1))
	}
	for i, pair := range ends {
		if f, err := pair[1].ReadFrame(); err != nil || len(f.Payload()) != i+1 {
			t.Errorf("pair %d: %d bytes, %v", i, len(f.Payload()), err)
		}
	}
	shutdown(t, r)
}

func TestWhenOneEndGoes(t *testing.T) {
	tests := []struct {
		name  string
		leave func(c, v *transporttest.Conn)
		stay  side
		want  wire.Reason
	}{
		{"client's network", func(c, v *transporttest.Conn) { c.Cut() }, viewer, wire.ReasonClientLost},
		{"viewer's network", func(c, v *transporttest.Conn) { v.Cut() }, client, wire.ReasonViewerLost},
		{"viewer's tab", func(c, v *transporttest.Conn) { _ = v.Close("") }, client, wire.ReasonViewerLost},
		{"client says why", func(c, v *transporttest.Conn) { _ = c.Close(wire.ReasonDenied) }, viewer, wire.ReasonDenied},
		{"client breaks a limit", func(c, v *transporttest.Conn) { _ = c.Write(sealed(wire.MaxRelay + 1)) }, viewer, wire.ReasonProtocol},
		{"viewer plays relay", func(c, v *transporttest.Conn) { _ = v.Write(wire.NewFrame(wire.FrameRelayClose, nil)) }, client, wire.ReasonProtocol},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r, e := newRelay()
				c, v := pairUp(t, r, "v1", transporttest.Link{})
				_ = c.Write(sealed(7))
				_ = v.Write(sealed(7))
				synctest.Wait()
				begin := time.Now()
				tt.leave(c, v)
				stays := [2]*transporttest.Conn{client: c, viewer: v}[tt.stay]
				if f, err := stays.ReadFrame(); err != nil || len(f.Payload()) != 7 {
					t.Errorf("what was sent before is lost: %v", err)
				}
				if got := closing(t, stays); got != tt.want {
					t.Errorf("the other end is told %q, want %q", got, tt.want)
				}
				if took := time.Since(begin); took != 0 {
					t.Errorf("it took %v", took)
				}
				shutdown(t, r)
				e.want(t, "paired v1", fmt.Sprintf("closed v1 %s 11 11 0s", tt.want))
			})
		})
	}
}

// The last frames and the reason that an end gives reach the other one, although the other is just sending.
func TestLastWordsArrive(t *testing.T) {
	for range 50 {
		r, _ := newRelay()
		c, v := pairUp(t, r, "v1", transporttest.Link{})
		var wg sync.WaitGroup
		wg.Go(func() {
			for c.Write(sealed(100)) == nil {
			}
		})
		_ = v.Write(sealed(1), sealed(2), sealed(3))
		_ = v.Close(wire.ReasonViewerClosed)
		for n := 1; n <= 3; n++ {
			if f, err := c.ReadFrame(); err != nil || len(f.Payload()) != n {
				t.Fatalf("frame %d: %v", n, err)
			}
		}
		if got := closing(t, c); got != wire.ReasonViewerClosed {
			t.Fatalf("closed as %q", got)
		}
		shutdown(t, r)
		wg.Wait()
	}
}

// The session log takes its reasons from here: an agent's browser cannot say that it was the end-user.
func TestViewerSaysOnlyItsOwnReasons(t *testing.T) {
	for said, want := range map[wire.Reason]wire.Reason{
		wire.ReasonViewerClosed: wire.ReasonViewerClosed, wire.ReasonProtocol: wire.ReasonProtocol,
		wire.ReasonEndedByEndUser: wire.ReasonViewerLost, wire.ReasonDenied: wire.ReasonViewerLost, wire.ReasonDisplayGone: wire.ReasonViewerLost,
	} {
		synctest.Test(t, func(t *testing.T) {
			r, _ := newRelay()
			c, v := pairUp(t, r, "v1", transporttest.Link{})
			_ = v.Close(said)
			if got := closing(t, c); got != want {
				t.Errorf("said %q: the client hears %q, want %q", said, got, want)
			}
			shutdown(t, r)
		})
	}
}

func TestTickets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, e := newRelay()
		refused := func(name string, s side, ticket string) {
			t.Helper()
			_, joined := connect(r, s, ticket, transporttest.Link{})
			if err := <-joined; wire.ReasonOf(err) != wire.ReasonBadTicket {
				t.Errorf("%s: %v", name, err)
			}
		}
		ct, vt := r.Issue("v1")
		if len(ct) < 43 || ct == vt {
			t.Errorf("tickets %q and %q", ct, vt)
		}
		refused("wrong", client, "x")
		refused("empty", client, "")
		refused("the other end's", client, vt)
		c, joined := connect(r, client, ct, transporttest.Link{})
		synctest.Wait()
		refused("used", client, ct)
		time.Sleep(TicketLife - time.Second)
		v, vjoined := connect(r, viewer, vt, transporttest.Link{}) // late, but in time
		if err := errors.Join(<-joined, <-vjoined); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour) // the ticket's life is not the pair's
		_ = c.Write(sealed(3))
		if _, err := v.ReadFrame(); err != nil {
			t.Error(err)
		}
		refused("used by a live pair", viewer, vt)
		r.Close("v1", wire.ReasonViewerClosed)

		ct, vt = r.Issue("v2")
		_, joined = connect(r, client, ct, transporttest.Link{})
		begin := time.Now()
		if err := <-joined; wire.ReasonOf(err) != wire.ReasonTimeout || time.Since(begin) != TicketLife {
			t.Errorf("alone for %v: %v", time.Since(begin), err)
		}
		refused("expired", viewer, vt)
		r.Issue("v3")
		time.Sleep(TicketLife)
		synctest.Wait()
		if got := r.Totals(); got.Pairs != 0 {
			t.Errorf("totals %+v", got)
		}
		if len(r.tickets) != 0 {
			t.Errorf("%d tickets are kept", len(r.tickets))
		}
		shutdown(t, r)
		e.want(t, "paired v1", "closed v1 viewer-closed 7 0 1h0m0s", "closed v2 timeout 0 0 0s", "closed v3 timeout 0 0 0s")
	})
}

func TestReplacedByANewPair(t *testing.T) {
	r, e := newRelay()
	c, v := pairUp(t, r, "v1", transporttest.Link{})
	c2, v2 := pairUp(t, r, "v1", transporttest.Link{})
	for _, end := range []*transporttest.Conn{c, v} {
		if got := closing(t, end); got != wire.ReasonReplaced {
			t.Errorf("closed as %q", got)
		}
	}
	_ = c2.Write(sealed(9))
	if f, err := v2.ReadFrame(); err != nil || len(f.Payload()) != 9 {
		t.Errorf("the new pair: %v", err)
	}
	shutdown(t, r)
	if len(e.log) != 4 {
		t.Errorf("callbacks %q", e.log)
	}
}

func TestBadHellos(t *testing.T) {
	hello := func(m *wire.RelayHello) wire.Frame {
		f, err := wire.EncodeFrame(wire.FrameRelayHello, m)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	tests := []struct {
		name  string
		frame wire.Frame
		want  wire.Reason
	}{
		{"another frame first", sealed(1), wire.ReasonProtocol},
		{"not protobuf", wire.NewFrame(wire.FrameRelayHello, []byte{0xff, 0xff}), wire.ReasonProtocol},
		{"too old", hello(&wire.RelayHello{}), wire.ReasonTooOld},
		{"too new", hello(&wire.RelayHello{Version: 9, MinVersion: 8}), wire.ReasonTooNew},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, _ := newRelay()
			end, conn := transporttest.Pair(transporttest.Link{})
			_ = end.Write(tt.frame)
			r.serve(client, conn, func() {})
			if got := closing(t, end); got != tt.want {
				t.Errorf("refused as %q", got)
			}
			shutdown(t, r)
		})
	}
	t.Run("larger than a hello", func(t *testing.T) {
		r, _ := newRelay()
		end, conn := transporttest.Pair(transporttest.Link{})
		_ = end.Write(sealed(wire.MaxHello + 1))
		r.serve(client, conn, func() {})
		if _, err := end.ReadFrame(); wire.ReasonOf(err) != wire.ReasonProtocol {
			t.Errorf("refused as %v", err)
		}
		shutdown(t, r)
	})
	t.Run("none in time", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			r, _ := newRelay()
			end, conn := transporttest.Pair(transporttest.Link{})
			begin := time.Now()
			r.serve(client, conn, func() {})
			if got := closing(t, end); got != wire.ReasonTimeout || time.Since(begin) != HelloTimeout {
				t.Errorf("refused as %q after %v", got, time.Since(begin))
			}
			shutdown(t, r)
		})
	})
	t.Run("a frame before both are there", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			r, _ := newRelay()
			ct, _ := r.Issue("v1")
			end, joined := connect(r, client, ct, transporttest.Link{})
			synctest.Wait()
			_ = end.Write(sealed(1))
			if err := <-joined; wire.ReasonOf(err) != wire.ReasonProtocol {
				t.Errorf("ended by %v", err)
			}
			shutdown(t, r)
		})
	})
}

// While the viewer reads nothing, the client cannot push more than the relay may hold; then the viewer is given up.
func TestSlowReaderHoldsTheSender(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, e := newRelay()
		n := transporttest.Link{Buffer: 32 << 10} // what a network on the way holds
		c, v := pairUp(t, r, "v1", n)
		sent := 0
		done := make(chan wire.Reason, 1)
		go func() { done <- closing(t, c) }()
		begin := time.Now()
		for c.Write(sealed(wire.MaxRelay)) == nil {
			sent += wire.MaxRelay
			time.Sleep(time.Second)
		}
		if most := 3 * 32 << 10; sent > most { // network, relay, network
			t.Errorf("%d bytes went in although none came out; the most is %d", sent, most)
		}
		if reason := <-done; reason != wire.ReasonTooSlow || time.Since(begin) > transport.WriteTimeout+10*time.Second {
			t.Errorf("closed as %q after %v", reason, time.Since(begin))
		}
		_ = v.Close("")
		shutdown(t, r)
		if e.log[1][:len("closed v1 too-slow")] != "closed v1 too-slow" {
			t.Errorf("callbacks %q", e.log)
		}
	})
}

func TestShutdown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, e := newRelay()
		c, v := pairUp(t, r, "v1", transporttest.Link{})
		ct, _ := r.Issue("v2")
		_, joined := connect(r, client, ct, transporttest.Link{})
		synctest.Wait()
		shutdown(t, r)
		for _, end := range []*transporttest.Conn{c, v} {
			if got := closing(t, end); got != wire.ReasonServerStopping {
				t.Errorf("closed as %q", got)
			}
		}
		if err := <-joined; wire.ReasonOf(err) != wire.ReasonServerStopping {
			t.Errorf("who waited got %v", err)
		}
		ct, _ = r.Issue("v3")
		_, joined = connect(r, client, ct, transporttest.Link{})
		if err := <-joined; wire.ReasonOf(err) != wire.ReasonBadTicket {
			t.Errorf("a ticket of afterwards: %v", err)
		}
		if len(e.log) != 4 {
			t.Errorf("callbacks %q", e.log)
		}
	})
}

// All at once: tickets, ends that come and go, closings. Run with -race.
func TestManyAtOnce(t *testing.T) {
	r, e := newRelay()
	var wg sync.WaitGroup
	const viewers = 40
	for i := range viewers {
		wg.Go(func() {
			id := fmt.Sprint(i)
			ct, vt := r.Issue(id)
			c, cj := connect(r, client, ct, transporttest.Link{})
			v, vj := connect(r, viewer, vt, transporttest.Link{})
			if i%5 == 0 {
				r.Close(id, wire.ReasonEndedByAgent) // before, while or after they join
			}
			if <-cj != nil || <-vj != nil {
				_ = c.Close("")
				_ = v.Close("")
				return
			}
			for range 20 {
				if c.Write(sealed(50)) != nil {
					break
				}
				if _, err := v.ReadFrame(); err != nil {
					break
				}
			}
			switch i % 3 {
			case 0:
				c.Cut()
			case 1:
				_ = v.Close(wire.ReasonViewerClosed)
			case 2:
				r.Close(id, wire.ReasonEndedByAgent)
			}
		})
	}
	wg.Wait()
	shutdown(t, r)
	closed := 0
	for _, line := range e.log {
		if line[:6] == "closed" {
			closed++
		}
	}
	if closed != viewers {
		t.Errorf("OnClosed was called %d times for %d viewers", closed, viewers)
	}
	if got := r.Totals(); got.Pairs != 0 || got.HalfOpen != 0 || len(r.tickets) != 0 {
		t.Errorf("left over: %+v, %d tickets", got, len(r.tickets))
	}
}
