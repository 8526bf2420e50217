package transport

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
	"go.uber.org/goleak"

	"deskhand/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// echo answers each frame with itself, until the connection ends; what ended it goes to ended.
func echo(limit int, ended chan<- error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c, err := AcceptClient(w, r)
		if err != nil {
			return
		}
		c.SetLimit(limit)
		for {
			f, err := c.ReadFrame()
			if err != nil {
				ended <- err
				return
			}
			if err := c.Write(f); err != nil {
				ended <- err
				return
			}
		}
	}
}

func serve(t *testing.T, h http.Handler) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

func dial(t *testing.T, d *Dialer, url string) Conn {
	t.Helper()
	c, err := d.Dial(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close("") })
	return c
}

func TestFramesTravel(t *testing.T) {
	ended := make(chan error, 1)
	s := serve(t, echo(wire.MaxRelay, ended))
	c := dial(t, &Dialer{}, s.URL)
	c.SetLimit(wire.MaxRelay)
	sent := []wire.Frame{
		wire.NewFrame(wire.FrameSealed, bytes.Repeat([]byte{1}, wire.MaxRelay)),
		wire.NewFrame(0xee, nil),
		wire.NewFrame(wire.FrameSealed, []byte("three in one message")),
	}
	if err := c.Write(sent...); err != nil {
		t.Fatal(err)
	}
	for i, want := range sent {
		got, err := c.ReadFrame()
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("frame %d: %d bytes of type %x came back as %d of type %x", i, len(want), want.Type(), len(got), got.Type())
		}
	}
	if err := c.Close(wire.ReasonEndedByEndUser); err != nil {
		t.Fatal(err)
	}
	var closed *wire.ClosedError
	if err := <-ended; !errors.As(err, &closed) || closed.Reason != wire.ReasonEndedByEndUser {
		t.Errorf("the server's end got %v", err)
	}
	if _, err := c.ReadFrame(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("reading after Close: %v", err)
	}
	if err := c.Write(sent[1]); !errors.Is(err, net.ErrClosed) {
		t.Errorf("writing after Close: %v", err)
	}
}

func TestCloseWithoutAWordIsEOF(t *testing.T) {
	ended := make(chan error, 1)
	s := serve(t, echo(wire.MaxRelay, ended))
	_ = dial(t, &Dialer{}, s.URL).Close("")
	if err := <-ended; !errors.Is(err, io.EOF) || wire.ReasonOf(err) != "" {
		t.Errorf("the server's end got %v", err)
	}
}

func TestManyWriters(t *testing.T) {
	ended := make(chan error, 1)
	s := serve(t, echo(wire.MaxRelay, ended))
	c := dial(t, &Dialer{}, s.URL)
	c.SetLimit(wire.MaxRelay)
	const writers, each = 8, 50
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for range each {
				if err := c.Write(wire.NewFrame(wire.FrameSealed, bytes.Repeat([]byte{byte(w)}, 100+w))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	got := map[byte]int{}
	for range writers * each {
		f, err := c.ReadFrame()
		if err != nil {
			t.Fatal(err)
		}
		w := f.Payload()[0]
		if !bytes.Equal(f.Payload(), bytes.Repeat([]byte{w}, 100+int(w))) {
			t.Fatalf("frames are mixed up: %x", f)
		}
		got[w]++
	}
	wg.Wait()
	for w := range writers {
		if got[byte(w)] != each {
			t.Errorf("writer %d: %d frames of %d", w, got[byte(w)], each)
		}
	}
}

// A raw WebSocket says what no Conn would.
func TestBrokenFramesEndTheConnection(t *testing.T) {
	tests := []struct {
		name string
		typ  websocket.MessageType
		msg  []byte
	}{
		{"text", websocket.MessageText, []byte("hello")},
		{"empty message", websocket.MessageBinary, nil},
		{"half a header", websocket.MessageBinary, []byte{1, 0}},
		{"half a frame", websocket.MessageBinary, []byte{1, 0, 0, 9, 1, 2}},
		{"a frame and a half", websocket.MessageBinary, append(wire.NewFrame(1, []byte{5}), 1, 0, 0, 9)},
		{"claims more than the limit", websocket.MessageBinary, []byte{1, 0, 0x10, 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ended := make(chan error, 1)
			s := serve(t, echo(wire.MaxHello, ended))
			ws, _, err := websocket.Dial(t.Context(), s.URL, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = ws.CloseNow() }()
			for range 2 { // the second message proves that the first one's frame never comes
				if err := ws.Write(t.Context(), tt.typ, tt.msg); err != nil {
					break
				}
			}
			for {
				if _, _, err = ws.Read(t.Context()); err != nil {
					break
				}
			}
			var status websocket.CloseError
			if !errors.As(err, &status) || status.Reason != string(wire.ReasonProtocol) {
				t.Errorf("the offender got %v", err)
			}
			if err := <-ended; wire.ReasonOf(err) != wire.ReasonProtocol {
				t.Errorf("the server's end got %v", err)
			}
		})
	}
}

func TestLostConnectionHasNoReason(t *testing.T) {
	ended := make(chan error, 1)
	s := serve(t, echo(wire.MaxRelay, ended))
	var raw net.Conn
	d := &Dialer{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := (&net.Dialer{}).DialContext(ctx, network, address)
		raw = c
		return c, err
	}}
	c := dial(t, d, s.URL)
	// The header of a message that holds a frame, then nothing: the network goes in the middle of a frame.
	if _, err := raw.Write([]byte{0x82, 0x80 | 100, 0, 0, 0, 0, byte(wire.FrameSealed), 0, 0, 96, 1, 2, 3}); err != nil {
		t.Fatal(err)
	}
	_ = raw.Close()
	if err := <-ended; wire.ReasonOf(err) != "" {
		t.Errorf("the server's end got %v with reason %q", err, wire.ReasonOf(err))
	}
	if _, err := c.ReadFrame(); err == nil || wire.ReasonOf(err) != "" {
		t.Errorf("the client's end got %v", err)
	}
}

func TestOrigins(t *testing.T) {
	const public = "https://help.example.com"
	accept := func(do func(http.ResponseWriter, *http.Request) (Conn, error)) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if c, err := do(w, r); err == nil {
				_ = c.Close("")
			} else if !errors.Is(err, ErrRefused) {
				t.Errorf("error %v", err)
			}
		}
	}
	client := serve(t, accept(AcceptClient))
	browser := serve(t, accept(func(w http.ResponseWriter, r *http.Request) (Conn, error) { return AcceptBrowser(w, r, public) }))
	unset := serve(t, accept(func(w http.ResponseWriter, r *http.Request) (Conn, error) { return AcceptBrowser(w, r, "") }))
	tests := []struct {
		name   string
		server *httptest.Server
		header http.Header
		ok     bool
	}{
		{"client", client, nil, true},
		{"client with a cookie", client, http.Header{"Cookie": {"a=b"}}, false},
		{"client with an origin", client, http.Header{"Origin": {public}}, false},
		{"client with an empty origin", client, http.Header{"Origin": {""}}, false},
		{"page", browser, http.Header{"Origin": {public}, "Cookie": {"a=b"}}, true},
		{"no origin", browser, nil, false},
		{"null", browser, http.Header{"Origin": {"null"}}, false},
		{"foreign", browser, http.Header{"Origin": {"https://evil.example"}}, false},
		{"other scheme", browser, http.Header{"Origin": {"http://help.example.com"}}, false},
		{"other port", browser, http.Header{"Origin": {public + ":8443"}}, false},
		{"longer", browser, http.Header{"Origin": {public + ".evil.example"}}, false},
		{"prefixed", browser, http.Header{"Origin": {"https://evil-help.example.com"}}, false},
		{"two", browser, http.Header{"Origin": {public, "https://evil.example"}}, false},
		{"the address that was dialled", browser, http.Header{"Origin": {browser.URL}}, false},
		{"no public URL is set", unset, http.Header{"Origin": {""}}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, err := (&Dialer{Header: tt.header}).Dial(t.Context(), tt.server.URL)
			if tt.ok {
				if err != nil {
					t.Fatal(err)
				}
				_ = c.Close("")
				return
			}
			var refused *RefusedError
			if !errors.As(err, &refused) || refused.Status != http.StatusForbidden {
				t.Fatalf("error %v", err)
			}
			if tt.server == browser && !strings.Contains(refused.Text, "public-url") {
				t.Errorf("the answer does not name the setting: %q", refused.Text)
			}
		})
	}
}

func TestFingerprint(t *testing.T) {
	ended := make(chan error, 4)
	s := httptest.NewUnstartedServer(echo(wire.MaxRelay, ended))
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // refused handshakes are the point
	s.StartTLS()
	defer s.Close()
	print := sha256.Sum256(s.Certificate().Raw)
	other := print
	other[0] ^= 1
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	tests := []struct {
		name  string
		d     Dialer
		check func(error) bool
	}{
		{"pinned", Dialer{Fingerprint: print[:]}, func(err error) bool { return err == nil }},
		{"root", Dialer{TLS: &tls.Config{RootCAs: roots}}, func(err error) bool { return err == nil }},
		{"pinned to another", Dialer{Fingerprint: other[:]}, func(err error) bool {
			var fe *FingerprintError
			return errors.As(err, &fe) && bytes.Equal(fe.Got, print[:])
		}},
		{"pinned to another although the root is known", Dialer{Fingerprint: other[:], TLS: &tls.Config{RootCAs: roots}}, func(err error) bool {
			var fe *FingerprintError
			return errors.As(err, &fe)
		}},
		{"unknown", Dialer{}, func(err error) bool {
			var ce *tls.CertificateVerificationError
			return errors.As(err, &ce)
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, err := tt.d.Dial(t.Context(), s.URL)
			if err == nil {
				_ = c.Close("")
			}
			if !tt.check(err) {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestProxy(t *testing.T) {
	ended := make(chan error, 1)
	s := httptest.NewTLSServer(echo(wire.MaxRelay, ended))
	defer s.Close()
	asked := make(chan string, 1)
	var wg sync.WaitGroup
	defer wg.Wait()
	proxy := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		up, err := net.Dial("tcp", r.Host)
		if err != nil {
			t.Error(err)
			return
		}
		down, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		_, _ = io.WriteString(down, "HTTP/1.1 200 OK\r\n\r\n")
		wg.Go(func() { _, _ = io.Copy(up, down); _ = up.Close() })
		wg.Go(func() { _, _ = io.Copy(down, up); _ = down.Close() })
		asked <- r.Method + " " + r.Host + " " + r.Header.Get("Proxy-Authorization")
	}))
	via, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	via.User = url.UserPassword("user", "pass")
	print := sha256.Sum256(s.Certificate().Raw)
	d := &Dialer{Fingerprint: print[:], Proxy: http.ProxyURL(via)}
	c := dial(t, d, s.URL)
	if got, want := <-asked, "CONNECT "+strings.TrimPrefix(s.URL, "https://")+" Basic dXNlcjpwYXNz"; got != want {
		t.Errorf("the proxy was asked for %q, want %q", got, want)
	}
	if err := c.Write(wire.NewFrame(1, []byte("through the proxy"))); err != nil {
		t.Fatal(err)
	}
	if f, err := c.ReadFrame(); err != nil || string(f.Payload()) != "through the proxy" {
		t.Errorf("%s, %v", f, err)
	}
	_ = c.Close("")
}

func TestRefusedAnswer(t *testing.T) {
	s := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "7")
		w.Header().Set("Location", "https://evil.example")
		http.Error(w, "busy\n"+strings.Repeat("x", 5000), http.StatusServiceUnavailable)
	}))
	_, err := (&Dialer{}).Dial(t.Context(), s.URL)
	var refused *RefusedError
	if !errors.As(err, &refused) || refused.Status != 503 || refused.Text != "busy" || refused.RetryAfter != 7*time.Second {
		t.Errorf("error %v", err)
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	elsewhere := serve(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the redirect was followed") }))
	s := serve(t, http.RedirectHandler(elsewhere.URL, http.StatusTemporaryRedirect))
	_, err := (&Dialer{}).Dial(t.Context(), s.URL)
	var refused *RefusedError
	if !errors.As(err, &refused) || refused.Status != http.StatusTemporaryRedirect {
		t.Errorf("error %v", err)
	}
}

// An end that leaves a message unfinished cannot hold the other one in Close.
func TestCloseDoesNotWaitForever(t *testing.T) {
	for name, payload := range map[string][]byte{
		"in the middle of a message":    {byte(wire.FrameSealed), 0, 0, 96, 1, 2, 3},
		"after a frame that is refused": {byte(wire.FrameSealed), 0xff, 0xff, 0xff},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, server, n := connect(t)
				// The head of a message that claims 1 MiB, unmasked bytes by a mask of zeros.
				head := append([]byte{0x82, 0x80 | 127, 0, 0, 0, 0, 0, 0x10, 0, 0, 0, 0, 0, 0}, payload...)
				go func() { _, _ = n.ends[1].Write(head) }()
				begin := time.Now()
				time.AfterFunc(time.Minute, func() { _ = server.Close(wire.ReasonTimeout) })
				if _, err := server.ReadFrame(); err == nil {
					t.Error("a frame came")
				}
				_ = server.Close("")
				_ = client.Close("")
				if took := time.Since(begin); took > time.Minute+2*CloseTimeout {
					t.Errorf("closed after %v", took)
				}
			})
		})
	}
}
