package relay

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"deskhand/secure"
	"deskhand/transport"
	"deskhand/wire"
)

const origin = "https://help.example.com"

// serveRelay is a relay behind real sockets.
func serveRelay(t testing.TB, c Config) (r *Relay, url string) {
	t.Helper()
	c.Origin = origin
	r = New(c)
	mux := http.NewServeMux()
	mux.Handle("/client/relay", r.ClientHandler())
	mux.Handle("/api/relay", r.ViewerHandler())
	l, err := transport.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &httptest.Server{Listener: l, Config: &http.Server{Handler: mux}}
	s.Start()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := r.Shutdown(ctx); err != nil {
			t.Errorf("shutdown: %v", err)
		}
		s.Close()
	})
	return r, s.URL
}

func dialClient(t testing.TB, url string) transport.Conn {
	t.Helper()
	c, err := (&transport.Dialer{}).Dial(context.Background(), url+"/client/relay")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close("") })
	return c
}

func dialViewer(t testing.TB, url string) transport.Conn {
	t.Helper()
	d := &transport.Dialer{Header: http.Header{"Origin": {origin}}}
	c, err := d.Dial(context.Background(), url+"/api/relay")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close("") })
	return c
}

// joinBoth is a client and a viewer that the relay has paired.
func joinBoth(t testing.TB, r *Relay, url, id string) (c, v transport.Conn) {
	t.Helper()
	ct, vt := r.Issue(id)
	c, v = dialClient(t, url), dialViewer(t, url)
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := transport.JoinRelay(c, ct); err != nil {
			t.Error(err)
		}
	})
	if err := transport.JoinRelay(v, vt); err != nil {
		t.Fatal(err)
	}
	wg.Wait()
	return c, v
}

// The whole way: relay, key exchange, sealed messages, over sockets.
func TestSealedThroughTheRelay(t *testing.T) {
	r, url := serveRelay(t, Config{})
	c, v := joinBoth(t, r, url, "v1")
	ve, err := secure.NewViewerExchange()
	if err != nil {
		t.Fatal(err)
	}
	ce, err := secure.NewClientExchange(ve.Commitment())
	if err != nil {
		t.Fatal(err)
	}
	var clientKeys *secure.Keys
	var wg sync.WaitGroup
	wg.Go(func() { clientKeys, err = ce.Run(c, nil) })
	viewerKeys, verr := ve.Run(v, nil)
	wg.Wait()
	if err != nil || verr != nil {
		t.Fatalf("client %v, viewer %v", err, verr)
	}
	if clientKeys.Words("fr") != viewerKeys.Words("fr") {
		t.Error("the words differ")
	}
	cl, err := secure.NewLink(c, clientKeys)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cl.Close("") }()
	vl, err := secure.NewLink(v, viewerKeys)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = vl.Close("") }()
	picture := bytes.Repeat([]byte("picture"), 100_000)
	wg.Go(func() {
		if err := cl.Send(t.Context(), wire.ChannelScreen, picture); err != nil {
			t.Error(err)
		}
	})
	if ch, got, err := vl.Receive(); err != nil || ch != wire.ChannelScreen || !bytes.Equal(got, picture) {
		t.Errorf("%d bytes on channel %d, %v", len(got), ch, err)
	}
	wg.Wait()
	_ = vl.Close(wire.ReasonViewerClosed)
	if _, _, err := cl.Receive(); wire.ReasonOf(err) != wire.ReasonViewerClosed {
		t.Errorf("the client is told %v", err)
	}
}

func TestHandlersKeepTheirSidesApart(t *testing.T) {
	r, url := serveRelay(t, Config{})
	_, vt := r.Issue("v1")
	for name, tt := range map[string]struct {
		path   string
		header http.Header
	}{
		"client's side from a page":         {"/client/relay", http.Header{"Origin": {origin}}},
		"client's side with a cookie":       {"/client/relay", http.Header{"Cookie": {"a=b"}}},
		"viewer's side without an origin":   {"/api/relay", nil},
		"viewer's side from a foreign page": {"/api/relay", http.Header{"Origin": {origin + ".evil.example"}}},
	} {
		_, err := (&transport.Dialer{Header: tt.header}).Dial(t.Context(), url+tt.path)
		var refused *transport.RefusedError
		if !errors.As(err, &refused) || refused.Status != http.StatusForbidden {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := transport.JoinRelay(dialClient(t, url), vt); wire.ReasonOf(err) != wire.ReasonBadTicket {
		t.Errorf("the viewer's ticket on the client's side: %v", err)
	}
}

func TestHalfOpenConnectionsPerAddress(t *testing.T) {
	var mu sync.Mutex
	from := netip.MustParseAddr("2001:db8::1")
	r, url := serveRelay(t, Config{HalfOpen: 3, Address: func(*http.Request) netip.Addr {
		mu.Lock()
		defer mu.Unlock()
		return from
	}})
	var held []transport.Conn
	for range 3 {
		held = append(held, dialClient(t, url))
	}
	over := func() *transport.RefusedError {
		c, err := (&transport.Dialer{}).Dial(t.Context(), url+"/client/relay")
		if err == nil {
			_ = c.Close("")
		}
		var refused *transport.RefusedError
		_ = errors.As(err, &refused)
		return refused
	}
	if got := over(); got == nil || got.Status != http.StatusTooManyRequests || got.RetryAfter == 0 {
		t.Errorf("fourth from the address: %v", got)
	}
	mu.Lock()
	from = netip.MustParseAddr("2001:db8::ffff")
	mu.Unlock()
	if over() == nil {
		t.Error("fourth from the /64 was let in")
	}
	mu.Lock()
	from = netip.MustParseAddr("192.0.2.1")
	mu.Unlock()
	c, v := joinBoth(t, r, url, "v1") // from elsewhere it works
	_ = c.Write(sealed(1))
	if _, err := v.ReadFrame(); err != nil {
		t.Error(err)
	}
	mu.Lock()
	from = netip.MustParseAddr("2001:db8::1")
	mu.Unlock()
	// A hello frees the place, good or bad.
	if err := transport.JoinRelay(held[0], "wrong"); wire.ReasonOf(err) != wire.ReasonBadTicket {
		t.Errorf("%v", err)
	}
	if got := over(); got != nil {
		t.Errorf("after one left: %v", got)
	}
}

// Many connections that claim large frames and send little cost little, and are gone after the hello's time.
func TestLengthLieFlood(t *testing.T) {
	const connections = 200
	r, url := serveRelay(t, Config{HalfOpen: connections + 1})
	host := strings.TrimPrefix(url, "http://")
	lie := []byte{byte(wire.FrameRelayHello), 0, 0x10, 0} // 4 KiB, the most that a hello may claim
	before := heap()
	var conns []net.Conn
	for i := range connections {
		c, err := net.Dial("tcp", host)
		if err != nil {
			t.Fatal(err)
		}
		conns = append(conns, c)
		payload := lie
		if i%2 == 1 {
			payload = []byte{byte(wire.FrameRelayHello), 0xff, 0xff, 0xff}
		}
		_, err = c.Write(append([]byte("GET /client/relay HTTP/1.1\r\nHost: "+host+"\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
			"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"), clientMessage(1<<20, payload)...))
		if err != nil {
			t.Fatal(err)
		}
	}
	waitFor(t, func() bool { return r.Totals().HalfOpen <= connections/2 }) // over the limit: gone at once
	if grown := (heap() - before) / connections; grown > 64<<10 {
		t.Errorf("a connection that lies costs %d bytes", grown)
	}
	c, v := joinBoth(t, r, url, "v1") // and others are served
	_ = c.Write(sealed(1))
	if _, err := v.ReadFrame(); err != nil {
		t.Error(err)
	}
	for _, c := range conns {
		_ = c.SetReadDeadline(time.Now().Add(3 * HelloTimeout))
		if _, err := io.Copy(io.Discard, c); errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatal("a connection without a hello stays")
		}
		_ = c.Close()
	}
	waitFor(t, func() bool { return r.Totals().HalfOpen == 0 })
}

// clientMessage is the head of a WebSocket message that claims size bytes, and its first bytes.
func clientMessage(size uint64, first []byte) []byte {
	b := []byte{0x82, 0x80 | 127}
	b = binary.BigEndian.AppendUint64(b, size)
	b = append(b, 0, 0, 0, 0) // a mask that changes nothing
	return append(b, first...)
}

// A viewer that reads nothing stops the client; the relay's memory does not grow with what the client wants to send.
func TestSlowReaderCostsNoMemory(t *testing.T) {
	r, url := serveRelay(t, Config{})
	c, v := joinBoth(t, r, url, "v1")
	before := heap()
	var wg sync.WaitGroup
	wg.Go(func() {
		f := sealed(wire.MaxRelay)
		for c.Write(f) == nil {
		}
	})
	// The client fills the kernel's buffers and then stands still.
	var last int64 = -1
	waitFor(t, func() bool {
		s, _ := r.Stats("v1")
		stood := s.FromClient == last && last > 0
		last = s.FromClient
		return stood
	})
	if grown := heap() - before; grown > 4<<20 {
		t.Errorf("the heap grew by %d bytes", grown)
	}
	_ = v.Close("")
	wg.Wait()
}

func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}

// waitFor polls what happens in the kernel and in other goroutines, which no event announces.
func waitFor(t *testing.T, done func() bool) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for !done() {
		if time.Now().After(deadline) {
			t.Fatal("waited 20 s for what did not come")
		}
		time.Sleep(50 * time.Millisecond)
	}
}
