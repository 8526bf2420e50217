package client

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
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
}

// signalling keeps the connection to the server: it connects, reconnects with full jitter, says hello and authenticates. Events come in
// order through events; the reader of these owns it.
type signalling struct {
	server *server
	log    *slog.Logger
	hello  func() *wire.ClientHello
	// authenticate is what follows the server's hello; nil sends nothing. It runs in the signalling's goroutine.
	authenticate func(*wire.ServerHello) *wire.ClientSignal
	events       chan signalEvent

	mu   sync.Mutex // guards conn
	conn transport.Conn
}

// run connects again and again until ctx ends or the server refuses for good.
func (s *signalling) run(ctx context.Context) error {
	backoff := transport.Backoff{Base: backoffBase, Max: backoffMax}
	for {
		began := time.Now()
		err := s.once(ctx)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err = final(err); err != nil {
			var end finalError
			if errors.As(err, &end) {
				return end.err
			}
		}
		s.log.Info("signalling connection lost", "err", err)
		if err := s.put(ctx, signalEvent{lost: err}); err != nil {
			return err
		}
		if time.Since(began) > backoffMax {
			backoff.Reset()
		}
		var refused *transport.RefusedError
		var wait time.Duration
		if errors.As(err, &refused) {
			wait = refused.RetryAfter
		}
		if err := backoff.Wait(ctx, wait); err != nil {
			return context.Cause(ctx)
		}
	}
}

// finalError is one that trying again does not change.
type finalError struct{ err error }

func (e finalError) Error() string { return e.err.Error() }

// final tells faults that stay from those that pass.
func final(err error) error {
	var (
		pinned  *transport.FingerprintError
		refused *transport.RefusedError
		version *wire.VersionError
	)
	switch {
	case errors.As(err, &pinned):
		return finalError{&CertificateError{Err: pinned}}
	case errors.As(err, &version):
		return finalError{&OutdatedError{Err: version}}
	case errors.As(err, &refused) && refused.Status/100 == 4 && refused.Status != http.StatusTooManyRequests && refused.Status != http.StatusRequestTimeout:
		return finalError{&RefusedError{Fault: "This address is not one of a Deskhand server.", Hint: "Check it, or download the program again. (" + refused.Error() + ")"}}
	}
	return err
}

// CertificateError says that the server's certificate is not the one that came with the download.
type CertificateError struct{ Err error }

func (e *CertificateError) Error() string {
	return "The server's certificate has changed. Do not go on; ask the people who run the server, and download the program again. (" + e.Err.Error() + ")"
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
			silent.Stop()
			if err := s.begin(ctx, conn, hello); err != nil {
				return err
			}
			defer s.drop()
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
	s.conn = conn
	s.mu.Unlock()
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
