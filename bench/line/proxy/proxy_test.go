package proxy

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const ms = time.Millisecond

// memory is a listener whose connections are pipes.
type memory struct {
	conns chan net.Conn
	once  sync.Once
}

func (m *memory) Accept() (net.Conn, error) {
	c, ok := <-m.conns
	if !ok {
		return nil, net.ErrClosed
	}
	return c, nil
}

func (m *memory) Close() error   { m.once.Do(func() { close(m.conns) }); return nil }
func (m *memory) Addr() net.Addr { return &net.TCPAddr{} }

// rig is a proxy in memory; connect gives both ends of a connection through it.
func rig(t *testing.T, up, down Direction) (p *Proxy, connect func() (near, far net.Conn)) {
	l, dialled := &memory{conns: make(chan net.Conn)}, make(chan net.Conn, 1)
	p = serve(l, func(context.Context) (net.Conn, error) {
		a, b := net.Pipe()
		dialled <- b
		return a, nil
	}, up, down)
	t.Cleanup(func() { _ = p.Close() })
	return p, func() (net.Conn, net.Conn) {
		a, b := net.Pipe()
		l.conns <- b
		return a, <-dialled
	}
}

// after reads n bytes and tells how long that took.
func after(t *testing.T, c net.Conn, n int) time.Duration {
	t.Helper()
	begin := time.Now()
	if _, err := io.ReadFull(c, make([]byte, n)); err != nil {
		t.Error(err)
	}
	return time.Since(begin)
}

func TestDelayAndRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, connect := rig(t, Direction{Delay: 40 * ms, Rate: 14_600}, Direction{Delay: 10 * ms})
		near, far := connect()
		go func() { _, _ = near.Write(make([]byte, 2*Segment)) }()
		if took := after(t, far, Segment); took != 140*ms {
			t.Errorf("the first segment took %v", took)
		}
		if took := after(t, far, Segment); took != 100*ms {
			t.Errorf("the second came %v after the first", took)
		}
		go func() { _, _ = far.Write(make([]byte, 100_000)) }()
		if took := after(t, near, 100_000); took != 10*ms {
			t.Errorf("the other way took %v", took)
		}
	})
}

// Connections share the line: what one sends waits for what another has sent.
func TestOneLineForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, connect := rig(t, Direction{Rate: 14_600, Queue: time.Second}, Direction{})
		near1, far1 := connect()
		near2, far2 := connect()
		go func() { _, _ = near1.Write(make([]byte, 5*Segment)) }()
		synctest.Wait()
		go func() { _, _ = near2.Write([]byte{1}) }()
		go func() { _, _ = io.Copy(io.Discard, far1) }()
		if took := after(t, far2, 1); took < 500*ms || took > 501*ms {
			t.Errorf("behind 500 ms of another's: %v", took)
		}
		_ = far1.Close()
	})
}

func TestQueueIsLimited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, connect := rig(t, Direction{Rate: 146_000, Queue: 100 * ms}, Direction{})
		near, far := connect()
		go func() { _, _ = near.Write(make([]byte, 100*Segment)) }()
		after(t, far, 100*Segment)
		up, _ := p.Stats(true)
		if up.Bytes != 100*Segment || up.MostWaiting > 14_600 || up.MostDelay > 110*ms || up.MostDelay < 90*ms {
			t.Errorf("%+v", up)
		}
		if up, _ := p.Stats(false); up.MostDelay != 0 || up.Waiting != 0 {
			t.Errorf("after reset: %+v", up)
		}
	})
}

// A receiver that does not read makes the sender wait.
func TestReceiverThatDoesNotRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, connect := rig(t, Direction{}, Direction{})
		near, far := connect()
		var sent int
		go func() {
			for {
				n, err := near.Write(make([]byte, 1000))
				sent += n
				if err != nil {
					return
				}
			}
		}()
		time.Sleep(time.Minute)
		synctest.Wait()
		if sent > 2*onTheWay {
			t.Errorf("%d bytes were taken", sent)
		}
		_ = far.Close()
	})
}

func TestRateThatChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, connect := rig(t, Direction{Rate: 14_600, Queue: time.Second}, Direction{})
		near, far := connect()
		go func() { _, _ = near.Write(make([]byte, 4*Segment)) }()
		if took := after(t, far, 2*Segment); took != 200*ms {
			t.Errorf("at the first rate: %v", took)
		}
		p.Set(Direction{Rate: 146_000}, Direction{})
		// The third is being sent.
		if took := after(t, far, 2*Segment); took != 110*ms {
			t.Errorf("at the second rate: %v", took)
		}
	})
}

func TestOverLoopback(t *testing.T) {
	server, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	p, err := Listen("127.0.0.1:0", server.Addr().String(), Direction{Rate: 20e6, Delay: ms}, Direction{Rate: 20e6, Delay: ms})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	sent := make([]byte, 300_000)
	for i := range sent {
		sent[i] = byte(rand.Uint32())
	}
	done := make(chan error, 1)
	go func() { // sends back what it gets, until the end
		c, err := server.Accept()
		if err == nil {
			_, err = io.Copy(c, c)
			_ = c.Close()
		}
		done <- err
	}()
	c, err := net.Dial("tcp", p.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	go func() {
		_, _ = c.Write(sent)
		_ = c.(*net.TCPConn).CloseWrite()
	}()
	got, err := io.ReadAll(c)
	if err != nil || !bytes.Equal(got, sent) {
		t.Errorf("%d bytes came back, not as sent; %v", len(got), err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	if up, down := p.Stats(false); up.Bytes != int64(len(sent)) || down.Bytes != int64(len(sent)) {
		t.Errorf("counted %d and %d bytes", up.Bytes, down.Bytes)
	}

	// Nobody there: the connection ends.
	_ = server.Close()
	lost, err := net.Dial("tcp", p.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer lost.Close()
	if n, err := lost.Read(make([]byte, 1)); err == nil {
		t.Errorf("read %d bytes from nobody", n)
	}
}

func TestCloseEndsConnections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, connect := rig(t, Direction{Rate: 1000, Delay: time.Second}, Direction{})
		near, far := connect()
		go func() { _, _ = near.Write(make([]byte, 10_000)) }()
		synctest.Wait()
		_ = p.Close()
		if _, err := far.Read(make([]byte, 1)); err == nil {
			t.Error("still something to read")
		}
	})
}
