package client

import (
	"context"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"deskhand/transport"
	"deskhand/wire"
)

// Paths of the server, see "Connections" in docs/protocol.md.
const (
	signalPath = "/client/signal"
	relayPath  = "/client/relay"
)

// Pace of reconnecting: full jitter between nothing and these.
const (
	backoffBase = time.Second
	backoffMax  = 30 * time.Second
	dialTimeout = 20 * time.Second
	helloWait   = 10 * time.Second
	// maxRetryAfter is the longest that a server can put a client off.
	maxRetryAfter = time.Hour
)

// server is where the client connects to.
type server struct {
	url    *url.URL
	dialer *transport.Dialer
}

// newServer takes a fingerprint as hex digits, with or without colons: all 64, or the first 24 that a file's name carries.
func newServer(u *url.URL, fingerprint string) (*server, error) {
	pin, err := parseFingerprint(fingerprint)
	if err != nil {
		return nil, err
	}
	return &server{url: u, dialer: &transport.Dialer{Fingerprint: pin}}, nil
}

func parseFingerprint(s string) ([]byte, error) {
	pin, err := hex.DecodeString(strings.ReplaceAll(strings.TrimSpace(s), ":", ""))
	if err != nil || len(pin) != 0 && (len(pin) < transport.MinFingerprint || len(pin) > 32) {
		return nil, fmt.Errorf("the fingerprint %q is not the SHA-256 of a certificate: 64 hex digits, or at least the first %d", s, 2*transport.MinFingerprint)
	}
	return pin, nil
}

func httpClient(fingerprint string) (*http.Client, error) {
	pin, err := parseFingerprint(fingerprint)
	if err != nil {
		return nil, err
	}
	return (&transport.Dialer{Fingerprint: pin}).HTTPClient(), nil
}

func (s *server) dial(ctx context.Context, path string) (transport.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	return s.dialer.Dial(ctx, s.url.JoinPath(path).String())
}

// signalEvent is what the signalling connection brings: exactly one field is set.
type signalEvent struct {
	hello   *wire.ServerHello
	message *wire.ServerSignal
	lost    error // the connection; it is being made again
	end     error // of the signalling: trying again would not help
}

// signalling keeps the connection to the server: it connects, reconnects with full jitter, says hello and authenticates. Events come in
// order through events, of which the last is an end. It serves one attempt to get in: for another connection ID there is another
// signalling, so that nothing late of the one is taken for the other's.
type signalling struct {
	server *server
	log    *slog.Logger
	hello  func() *wire.ClientHello
	// authenticate is what follows the server's hello; nil sends nothing. It runs in the signalling's goroutine.
	authenticate func(*wire.ServerHello) *wire.ClientSignal
	patient      bool // an enrolled computer waits for its server whatever answers in its place
	events       chan signalEvent
	ctx          context.Context // ends with stop
	stop         context.CancelFunc
	solving      atomic.Bool // the server's challenge

	mu      sync.Mutex // guards all below
	conn    transport.Conn
	greeted bool          // by the server, once at least: its address is right
	wait    time.Duration // at least, before the next connection
}

// run delivers events until stop.
func (s *signalling) run() {
	if err := s.connect(s.ctx); s.ctx.Err() == nil {
		_ = s.put(s.ctx, signalEvent{end: err})
	}
}

// connect connects again and again until ctx ends or the server refuses for good.
func (s *signalling) connect(ctx context.Context) error {
	backoff := transport.Backoff{Base: backoffBase, Max: backoffMax}
	for {
		began := time.Now()
		err := s.once(ctx)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if end := s.final(err); end != nil {
			return end
		}
		s.log.Info("signalling connection lost", "err", err)
		if err := s.put(ctx, signalEvent{lost: err}); err != nil {
			return err
		}
		if time.Since(began) > backoffMax {
			backoff.Reset()
		}
		if err := backoff.Wait(ctx, s.pause(err)); err != nil {
			return context.Cause(ctx)
		}
	}
}

// pause is how long the server wants to be left alone.
func (s *signalling) pause(err error) time.Duration {
	var refused *transport.RefusedError
	if errors.As(err, &refused) {
		return refused.RetryAfter
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	wait := s.wait
	s.wait = 0
	return wait
}

// again makes another connection after at least wait, for a refusal that passes.
func (s *signalling) again(wait time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wait = min(wait, maxRetryAfter)
	if s.conn != nil {
		go s.conn.Close("") // it waits for the other end; the reader ends with it
	}
}

// final is what stays of a fault that trying again does not change; nil for others.
func (s *signalling) final(err error) error {
	var (
		pinned    *transport.FingerprintError
		untrusted *tls.CertificateVerificationError
		refused   *transport.RefusedError
		version   *wire.VersionError
	)
	s.mu.Lock()
	sure := s.greeted || s.patient // that this is our server: somebody else answers in its place for now
	s.mu.Unlock()
	switch {
	case errors.As(err, &pinned):
		return &CertificateError{Err: pinned}
	case errors.As(err, &version):
		return &OutdatedError{Err: version}
	case errors.As(err, &untrusted) && !sure:
		return &CertificateError{Err: untrusted}
	case errors.As(err, &refused) && !sure && refused.Status/100 == 4 && refused.Status != http.StatusTooManyRequests && refused.Status != http.StatusRequestTimeout:
		return &RefusedError{Fault: "This address is not one of a Deskhand server.", Hint: "Check it, or download the program again. (" + refused.Error() + ")"}
	}
	return nil
}

// CertificateError says that the server's certificate is not the one that came with the download, or not to be trusted.
type CertificateError struct{ Err error }

func (e *CertificateError) Error() string {
	return "The server's certificate is not the expected one. Do not go on; ask the people who run the server, and download the program again. (" + e.Err.Error() + ")"
}

func (e *CertificateError) Unwrap() error { return e.Err }

// OutdatedError says that this program and the server speak no common version.
type OutdatedError struct{ Err error }

func (e *OutdatedError) Error() string {
	return "This program and the server do not understand each other. Download the program again. (" + e.Err.Error() + ")"
}

func (e *OutdatedError) Unwrap() error { return e.Err }

// once is one connection from its beginning to its end.
func (s *signalling) once(ctx context.Context) error {
	conn, err := s.server.dial(ctx, signalPath)
	if err != nil {
		return err
	}
	defer conn.Close("")
	stop := context.AfterFunc(ctx, func() { conn.Close("") })
	defer stop()
	silent := time.AfterFunc(helloWait, func() { conn.Close(wire.ReasonTimeout) })
	defer silent.Stop()
	if err := write(conn, &wire.ClientSignal{Message: &wire.ClientSignal_Hello{Hello: s.hello()}}); err != nil {
		return err
	}
	conn.SetLimit(wire.MaxSignal)
	for {
		f, err := conn.ReadFrame()
		if err != nil {
			return err
		}
		if f.Type() != wire.FrameSignal {
			continue
		}
		m := new(wire.ServerSignal)
		if err := f.Decode(m); err != nil {
			return err
		}
		if hello := m.GetHello(); hello != nil {
			if !silent.Stop() {
				return wire.Violation("a second hello, or a late one")
			}
			defer s.drop()
			if err := s.begin(ctx, conn, hello); err != nil {
				return err
			}
			continue
		}
		if err := s.put(ctx, signalEvent{message: m}); err != nil {
			return err
		}
	}
}

// begin authenticates and opens the connection for sending.
func (s *signalling) begin(ctx context.Context, conn transport.Conn, hello *wire.ServerHello) error {
	if _, err := wire.Negotiate(hello.GetVersion(), hello.GetVersion()); err != nil {
		return err
	}
	if err := s.put(ctx, signalEvent{hello: hello}); err != nil {
		return err
	}
	if m := s.authenticate(hello); m != nil {
		if err := write(conn, m); err != nil {
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conn, s.greeted = conn, true
	return nil
}

func (s *signalling) drop() {
	s.mu.Lock()
	s.conn = nil
	s.mu.Unlock()
}

// send sends m when there is a connection; without one it is lost: what matters is said again after reconnecting.
func (s *signalling) send(m *wire.ClientSignal) {
	s.mu.Lock()
	conn := s.conn
	s.mu.Unlock()
	if conn == nil {
		return
	}
	if err := write(conn, m); err != nil {
		s.log.Debug("sending a signal", "err", err)
	}
}

// connected tells whether the server hears what is sent now.
func (s *signalling) connected() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.conn != nil
}

func (s *signalling) put(ctx context.Context, e signalEvent) error {
	select {
	case s.events <- e:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func write(conn transport.Conn, m *wire.ClientSignal) error {
	f, err := wire.EncodeFrame(wire.FrameSignal, m)
	if err != nil {
		return err
	}
	return conn.Write(f)
}
