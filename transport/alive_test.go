package transport

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"deskhand/wire"
)

// pipes is a listener in memory, so that a test's clock is the bubble's.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.done) })
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "memory"} }

// network carries bytes between two net.Pipes, each direction holding some, and can fall silent: then it takes bytes and
// loses them.
type network struct {
	ends []net.Conn
	lost atomic.Bool
	wg   sync.WaitGroup
}

func (n *network) open() (a, b net.Conn) {
	a, left := net.Pipe()
	b, right := net.Pipe()
	n.ends = append(n.ends, left, right)
	n.carry(left, right)
	n.carry(right, left)
	return a, b
}

func (n *network) carry(from, to net.Conn) {
	held := make(chan []byte, 8)
	n.wg.Go(func() {
		defer close(held)
		for {
			buf := make([]byte, 1024)
			k, err := from.Read(buf)
			if err != nil {
				return
			}
			held <- buf[:k]
		}
	})
	n.wg.Go(func() {
		for b := range held {
			if !n.lost.Load() {
				_, _ = to.Write(b)
			}
		}
		_ = to.Close()
	})
}

func (n *network) close() {
	for _, c := range n.ends {
		_ = c.Close()
	}
	n.wg.Wait()
}

// connect gives both ends of a WebSocket inside a synctest bubble, and the network between.
func connect(t *testing.T) (client, server Conn, n *network) {
	t.Helper()
	l := &pipes{conns: make(chan net.Conn), done: make(chan struct{})}
	n = &network{}
	accepted := make(chan Conn, 1)
	srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := AcceptClient(w, r)
		if err != nil {
			t.Error(err)
			return
		}
		accepted <- c
	})}
	var serving sync.WaitGroup
	serving.Go(func() { _ = srv.Serve(l) })
	t.Cleanup(func() {
		n.close()
		_ = srv.Close()
		serving.Wait()
	})
	d := &Dialer{DialContext: func(context.Context, string, string) (net.Conn, error) {
		a, b := n.open()
		l.conns <- b
		return a, nil
	}}
	client, err := d.Dial(t.Context(), "ws://localhost/")
	if err != nil {
		t.Fatal(err)
	}
	return client, <-accepted, n
}

func TestSilentConnectionIsKeptAlive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server, _ := connect(t)
		var wg sync.WaitGroup
		wg.Go(func() { _, _ = server.ReadFrame() })
		got := make(chan error, 1)
		wg.Go(func() {
			_, err := client.ReadFrame()
			got <- err
		})
		time.Sleep(time.Hour)
		select {
		case err := <-got:
			t.Errorf("the connection ended: %v", err)
		default:
		}
		if err := server.Write(wire.NewFrame(1, nil)); err != nil {
			t.Error(err)
		}
		if err := <-got; err != nil {
			t.Errorf("after an hour of silence: %v", err)
		}
		_ = client.Close("")
		_ = server.Close("")
		wg.Wait()
	})
}

func TestDeadConnectionIsNoticed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server, network := connect(t)
		network.lost.Store(true)
		begin := time.Now()
		_, err := server.ReadFrame()
		if took := time.Since(begin); took < DeadAfter || took > DeadAfter+6*time.Second {
			t.Errorf("noticed after %v", took)
		}
		if err == nil || wire.ReasonOf(err) != "" || errors.Is(err, io.EOF) {
			t.Errorf("error %v", err)
		}
		_ = client.Close("")
	})
}

// While the reader waits for somebody else, pongs wait unread; that is no sign of death.
func TestPausedReaderIsNotDeath(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server, _ := connect(t)
		var wg sync.WaitGroup
		wg.Go(func() { _, _ = client.ReadFrame() })
		time.Sleep(2 * DeadAfter) // nobody reads at the server's end
		wg.Go(func() { _ = client.Write(wire.NewFrame(1, nil)) })
		if _, err := server.ReadFrame(); err != nil {
			t.Errorf("after a pause: %v", err)
		}
		_ = server.Close("")
		_ = client.Close("")
		wg.Wait()
	})
}

func TestSlowReaderEndsTheWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server, _ := connect(t)
		begin := time.Now()
		err := client.Write(wire.NewFrame(1, make([]byte, 64<<10))) // more than the network holds: it waits for a reader
		if took := time.Since(begin); took != WriteTimeout || wire.ReasonOf(err) != wire.ReasonTooSlow {
			t.Errorf("after %v: %v", took, err)
		}
		_ = client.Close("")
		_ = server.Close("")
	})
}

func TestBackoff(t *testing.T) {
	var ceilings []int64
	b := &Backoff{Base: time.Second, Max: 30 * time.Second, Rand: func(n int64) int64 {
		ceilings = append(ceilings, n-1)
		return n - 1
	}}
	for range 100 {
		b.Next()
	}
	for i, want := range []time.Duration{1, 2, 4, 8, 16, 30, 30} {
		if got := time.Duration(ceilings[i]); got != want*time.Second {
			t.Errorf("attempt %d: at most %v, want %v", i, got, want*time.Second)
		}
	}
	if got := time.Duration(ceilings[99]); got != b.Max {
		t.Errorf("attempt 99: at most %v", got)
	}
	b.Reset()
	if got := b.Next(); got != time.Second {
		t.Errorf("after Reset: %v", got)
	}
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		if err := b.Wait(t.Context(), 0); err != nil || time.Since(begin) != 2*time.Second {
			t.Errorf("waited %v, %v", time.Since(begin), err)
		}
		begin = time.Now()
		if err := b.Wait(t.Context(), time.Minute); err != nil || time.Since(begin) != time.Minute {
			t.Errorf("waited %v, %v although the server asked for a minute", time.Since(begin), err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if err := b.Wait(ctx, time.Hour); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v", err)
		}
	})
	for range 1000 {
		fresh := &Backoff{Base: time.Second, Max: time.Minute}
		if d := fresh.Next(); d < 0 || d > time.Second {
			t.Fatalf("first wait is %v", d)
		}
	}
}
