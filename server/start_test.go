package server_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"deskhand"
	"deskhand/server"
	"deskhand/server/servertest"
	"deskhand/transport"
)

// A public URL where browsers do not encrypt is refused at the start, with the remedy.
func TestPublicURL(t *testing.T) {
	for _, tt := range []struct {
		public, tls string
		want        string // the URL as it is used; or what the fault says
		hint        string
	}{
		{"", "", "http://127.0.0.1:PORT", ""},
		{"", "self-signed", "https://127.0.0.1:PORT", ""},
		{"http://localhost:PORT", "", "http://localhost:PORT", ""},
		{"http://[::1]:9/", "", "http://[::1]:9", ""},
		{"https://Support.Example.com:443/", "", "https://support.example.com", ""},
		{"https://bücher.example", "", "https://xn--bcher-kva.example", ""},
		{"http://support.example.com", "", "neither https nor this computer itself", "--tls self-signed"},
		{"http://192.168.1.7:8080", "", "neither https nor this computer itself", "a proxy"},
		{"http://localhost", "self-signed", "the server speaks TLS", "--tls off"},
		{"https://support.example.com/help", "", "more than scheme, host and port", "host name of its own"},
		{"https://user@support.example.com", "", "more than scheme, host and port", ""},
		{"https://my_host.example", "", "host name", "letters, digits"},
		{"ftp://support.example.com", "", "no web address", ""},
		{"support.example.com", "", "no web address", "https://support.example.com"},
		{"https://support.example.com", "nonsense", "--tls nonsense is not known", "self-signed"},
		{"https://support.example.com", "missing.pem,missing.key", "certificate cannot be read", "both files"},
		{"https://192.0.2.7", "auto", "--tls auto needs a public host name", "--public-url"},
	} {
		t.Run(tt.public+" "+tt.tls, func(t *testing.T) {
			var out bytes.Buffer
			s := server.New(server.Config{Data: t.TempDir(), Listen: "127.0.0.1:0", PublicURL: tt.public, TLS: tt.tls, Out: &out})
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan error, 1)
			go func() { done <- s.Run(ctx) }()
			select {
			case err := <-done:
				cancel()
				var fault *deskhand.Error
				if !errors.As(err, &fault) || !strings.Contains(fault.Fault, tt.want) || !strings.Contains(fault.Hint, tt.hint) {
					t.Errorf("ended with %v", err)
				}
			case <-s.Ready():
				got := s.PublicURL().String()
				cancel()
				if err := <-done; err != nil {
					t.Errorf("ended with %v", err)
				}
				if want := strings.Replace(tt.want, "PORT", s.PublicURL().Port(), 1); got != want || !strings.Contains(out.String(), "ready "+got+"\n") {
					t.Errorf("public URL %s, want %s; printed %q", got, want, out.String())
				}
			}
		})
	}
}

func TestBusyPort(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	err = server.New(server.Config{Data: t.TempDir(), Listen: l.Addr().String()}).Run(t.Context())
	var fault *deskhand.Error
	if !errors.As(err, &fault) || !strings.Contains(fault.Fault, "Another program listens on "+l.Addr().String()) || !strings.Contains(fault.Hint, "--listen") {
		t.Errorf("ended with %v", err)
	}
}

// The first start prints the first administrator's login, later ones do not.
func TestFirstLogin(t *testing.T) {
	data := t.TempDir()
	var outs []string
	for range 2 {
		var out bytes.Buffer
		s := server.New(server.Config{Data: data, Listen: "127.0.0.1:0", Out: &out})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- s.Run(ctx) }()
		<-s.Ready()
		cancel()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		outs = append(outs, out.String())
	}
	for _, line := range []string{"\nuser: admin\n", "\npassword: ", "\nready http://127.0.0.1:"} {
		if strings.Count(outs[0], line) != 1 {
			t.Errorf("the first start prints %q", outs[0])
		}
	}
	if strings.Contains(outs[1], "user:") || strings.Contains(outs[1], "password") || !strings.HasPrefix(outs[1], "ready ") {
		t.Errorf("the second start prints %q", outs[1])
	}
}

// A self-signed certificate is made once; the download's name carries its fingerprint, and a client that pins it connects.
func TestSelfSigned(t *testing.T) {
	data := t.TempDir()
	run := func(use func(*url.URL)) string {
		var out bytes.Buffer
		s := server.New(server.Config{Data: data, Listen: "127.0.0.1:0", TLS: "self-signed", Out: &out, Clients: t.TempDir()})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- s.Run(ctx) }()
		<-s.Ready()
		use(s.PublicURL())
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		_, shown, _ := strings.Cut(out.String(), "certificate fingerprint (SHA-256): ")
		shown, _, _ = strings.Cut(shown, "\n")
		return strings.ToLower(strings.ReplaceAll(shown, ":", ""))
	}
	var seen string
	first := run(func(u *url.URL) {
		conn, err := tls.Dial("tcp", u.Host, &tls.Config{InsecureSkipVerify: true}) // the certificate is what is looked at
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(conn.ConnectionState().PeerCertificates[0].Raw)
		seen = hex.EncodeToString(sum[:])
		conn.Close()

		if _, err := http.Get(u.String() + "/healthz"); err == nil {
			t.Error("somebody who pins nothing trusts it")
		}
		for pin, want := range map[string]bool{seen: true, seen[:deskhand.FingerprintLength]: true, strings.Repeat("0", 64): false} {
			b, _ := hex.DecodeString(pin)
			conn, err := (&transport.Dialer{Fingerprint: b}).Dial(t.Context(), u.String()+"/client/signal")
			if (err == nil) != want {
				t.Errorf("pinning %s: %v", pin, err)
			}
			if err == nil {
				conn.Close("")
			}
		}
	})
	if second := run(func(*url.URL) {}); first != seen || second != first {
		t.Errorf("the certificate's fingerprint is %s, shown %s, after a restart %s", seen, first, second)
	}
	if info, err := os.Stat(filepath.Join(data, "tls", "key.pem")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key: %v %v", info, err)
	}
}

// Pages under another name of this machine lead to the public URL; elsewhere a proxy may call the server what it likes.
func TestOtherLoopbackName(t *testing.T) {
	s := servertest.New(t)
	port := s.URL.Port()
	nobody := s.Nobody()
	for path, want := range map[string]string{
		"/sessions":              s.URL.String() + "/sessions",
		"/join/rodney?ticket=47": s.URL.String() + "/join/rodney?ticket=47",
		"/healthz":               "",
		"/api/me":                "",
	} {
		resp := nobody.Get(path, http.Header{"Host": {"localhost:" + port}})
		if got := resp.Header.Get("Location"); got != want {
			t.Errorf("localhost%s leads to %q (%d), want %q", path, got, resp.StatusCode, want)
		}
	}
	if resp := nobody.Get("/sessions", http.Header{"Host": {"support.example.com"}}); resp.StatusCode != http.StatusOK {
		t.Errorf("under a proxy's name: %d", resp.StatusCode)
	}
}

// Only a configured proxy is believed where a request comes from.
func TestForwardedAddress(t *testing.T) {
	for proxies, want := range map[string]string{
		"":               "127.0.0.1",
		"10.0.0.0/8":     "127.0.0.1",
		"127.0.0.1":      "198.51.100.9",
		"127.0.0.0/8 10": "",
	} {
		t.Run(proxies, func(t *testing.T) {
			config := func(c *server.Config) { c.TrustedProxies = strings.Fields(proxies) }
			if want == "" {
				c := server.Config{Data: t.TempDir(), Listen: "127.0.0.1:0"}
				config(&c)
				if err := server.New(c).Run(t.Context()); err == nil || !strings.Contains(err.Error(), "no network") {
					t.Errorf("ended with %v", err)
				}
				return
			}
			s := servertest.New(t, config)
			rodney := s.Login(s.Admin)
			c := s.Forwarded("203.0.113.1, 198.51.100.9", "PC").In(rodney.ConnectionID().Code)
			if got := rodney.Sessions()[0].Address; got != want {
				t.Errorf("address %s, want %s", got, want)
			}
			c.Cut()
		})
	}
}

func TestMetrics(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	s := servertest.New(t, func(c *server.Config) { c.MetricsListen = address })
	s.Client("PC")
	s.Nobody().Get("/healthz", nil)
	resp, err := http.Get("http://" + address + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	defer http.DefaultClient.CloseIdleConnections()
	var b bytes.Buffer
	if _, err := b.ReadFrom(resp.Body); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"deskhand_clients 1", "deskhand_relay_pairs 0", `deskhand_http_requests_total{status="2xx"}`} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %s", want)
		}
	}
	if got := s.Nobody().Get("/metrics", nil); got.Header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("/metrics of the public address is %s", got.Header.Get("Content-Type"))
	}
}
