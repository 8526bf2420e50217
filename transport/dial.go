package transport

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
)

// Dialer opens connections to a server. The zero value uses the system's roots and the proxy of the environment.
type Dialer struct {
	// TLS is the base of the TLS configuration, with the roots to trust when they are not the system's.
	TLS *tls.Config
	// Fingerprint, when set, is the SHA-256 of the one certificate (DER) that the server may show, or at least its first MinFingerprint
	// bytes; it stands in place of the check by roots, name and dates.
	Fingerprint []byte
	// Header goes with the request.
	Header http.Header
	// Proxy chooses the proxy; nil: http.ProxyFromEnvironment.
	Proxy func(*http.Request) (*url.URL, error)
	// DialContext opens the TCP connection; nil: net.Dialer, IPv6 and IPv4 in a race.
	DialContext func(ctx context.Context, network, address string) (net.Conn, error)
}

// MinFingerprint is the fewest bytes of a certificate's SHA-256 that pin it: 96 bits, as a client's file name carries.
const MinFingerprint = 12

// RefusedError is an HTTP answer other than the WebSocket that was asked for.
type RefusedError struct {
	Status     int           // HTTP status
	Text       string        // first line of the answer, at most 200 bytes
	RetryAfter time.Duration // what the server asks for, 0 when nothing
}

func (e *RefusedError) Error() string {
	return fmt.Sprintf("server answered %d %s: %s", e.Status, http.StatusText(e.Status), e.Text)
}

// FingerprintError says that the server showed another certificate than the pinned one.
type FingerprintError struct {
	Want, Got []byte // SHA-256
}

func (e *FingerprintError) Error() string {
	return fmt.Sprintf("the server's certificate has fingerprint %x, expected is %x", e.Got, e.Want)
}

// Dial connects to a ws:// or wss:// (or http://, https://) address. ctx bounds the dialling only. The error is a
// *RefusedError when the server answered something else.
func (d *Dialer) Dial(ctx context.Context, address string) (Conn, error) {
	a := newAlive()
	tr := d.httpTransport()
	defer tr.CloseIdleConnections()
	var raw atomic.Pointer[net.Conn] // the one connection of the one request
	open := tr.DialContext
	tr.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := open(ctx, network, address)
		if err == nil {
			raw.Store(&conn)
		}
		return conn, err
	}
	ws, resp, err := websocket.Dial(ctx, address, &websocket.DialOptions{
		HTTPClient:      &http.Client{Transport: tr, CheckRedirect: noRedirect},
		HTTPHeader:      d.Header.Clone(),
		CompressionMode: websocket.CompressionDisabled,
		OnPingReceived:  a.pinged,
		OnPongReceived:  a.ponged,
	})
	if err != nil {
		if resp != nil && resp.StatusCode != http.StatusSwitchingProtocols {
			return nil, fmt.Errorf("connecting to %s: %w", address, refused(resp))
		}
		return nil, fmt.Errorf("connecting to %s: %w", address, err)
	}
	return newWebSocket(ws, *raw.Load(), a), nil
}

// noRedirect: a client that is led to another server would take its word for everything.
func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// HTTPClient makes requests to the same server in the same way: pinned, through the same proxy, never redirected.
func (d *Dialer) HTTPClient() *http.Client {
	return &http.Client{Transport: d.httpTransport(), CheckRedirect: noRedirect}
}

func (d *Dialer) httpTransport() *http.Transport {
	tr := &http.Transport{
		Proxy:                  d.Proxy,
		DialContext:            d.DialContext,
		TLSClientConfig:        d.tlsConfig(),
		TLSHandshakeTimeout:    15 * time.Second,
		ResponseHeaderTimeout:  15 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
		DisableKeepAlives:      true,
	}
	if tr.Proxy == nil {
		tr.Proxy = http.ProxyFromEnvironment
	}
	if tr.DialContext == nil {
		tr.DialContext = (&net.Dialer{Timeout: 15 * time.Second, KeepAlive: PingAfter, Control: socketControl}).DialContext
	}
	return tr
}

func (d *Dialer) tlsConfig() *tls.Config {
	cfg := d.TLS.Clone() // nil stays nil
	if len(d.Fingerprint) == 0 {
		return cfg
	}
	if cfg == nil {
		cfg = &tls.Config{}
	}
	want := d.Fingerprint
	// The pinned certificate is checked in place of a chain, by VerifyConnection on every handshake.
	cfg.InsecureSkipVerify = true
	cfg.VerifyConnection = func(cs tls.ConnectionState) error {
		got := sha256.Sum256(cs.PeerCertificates[0].Raw)
		if len(want) < MinFingerprint || len(want) > len(got) || subtle.ConstantTimeCompare(got[:len(want)], want) != 1 {
			return &FingerprintError{Want: want, Got: got[:]}
		}
		return nil
	}
	return cfg
}

func refused(resp *http.Response) error {
	body, _ := io.ReadAll(io.LimitReader(resp.Body, 200))
	line, _, _ := strings.Cut(strings.TrimSpace(string(body)), "\n")
	e := &RefusedError{Status: resp.StatusCode, Text: strings.ToValidUTF8(line, "")}
	if s, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil && s > 0 {
		e.RetryAfter = time.Duration(min(s, 3600)) * time.Second
	}
	return e
}
