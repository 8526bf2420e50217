package server

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/idna"

	"deskhand"
	"deskhand/server/mail"
)

// Config is how a server runs. The flags of "deskhand serve" say what each field means.
type Config struct {
	Data           string   // directory of the data
	Listen         string   // host:port; port 0: a free one
	PublicURL      string   // by which browsers and clients reach the server; empty: made of Listen
	Database       string   // postgres://…; empty: SQLite in Data
	NATS           string   // nats://…; empty: inside the program
	TLS            string   // off, auto, self-signed or CERT,KEY; empty: off
	MetricsListen  string   // host:port; empty: no metrics
	TrustedProxies []string // networks (CIDR) or addresses whose forwarded headers are believed
	Clients        string   // directory of the client programs; empty: beside this program
	SMTP           mail.Config
	// Networks that webhooks may reach though they are not public: CIDR or addresses.
	WebhookNetworks []string

	Version string       // for people
	Out     io.Writer    // gets the lines for people and scripts: ready, and once the first login; nil: none
	Log     *slog.Logger // nil: none

	Now        func() time.Time // nil: time.Now
	SweepEvery time.Duration    // how often what nobody waits for is ended; 0: 5 s
}

// TLS modes.
const (
	tlsOff        = "off"
	tlsAuto       = "auto"
	tlsSelfSigned = "self-signed"
)

func (c *Config) setDefaults() {
	if c.Data == "" {
		c.Data = "./data"
	}
	if c.Listen == "" {
		c.Listen = "127.0.0.1:8080"
	}
	if c.TLS == "" {
		c.TLS = tlsOff
	}
	if c.Out == nil {
		c.Out = io.Discard
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.SweepEvery == 0 {
		c.SweepEvery = 5 * time.Second
	}
	if c.Now == nil {
		c.Now = time.Now
	}
}

// publicURL is the address by which browsers reach the server, checked; listening is where it listens.
func (c *Config) publicURL(listening net.Addr) (*url.URL, error) {
	if c.PublicURL == "" {
		return c.localURL(listening)
	}
	u, err := url.Parse(c.PublicURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, badURL(c.PublicURL, "it is no web address", "Write it like https://support.example.com.")
	}
	if u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return nil, badURL(c.PublicURL, "it is more than scheme, host and port", "Give the server a host name of its own, like https://support.example.com.")
	}
	host, err := idna.Lookup.ToASCII(strings.ToLower(strings.TrimSuffix(u.Hostname(), ".")))
	if addr, isIP := netip.ParseAddr(u.Hostname()); isIP == nil {
		host, err = addr.String(), nil
	}
	if err != nil || host == "" {
		return nil, badURL(c.PublicURL, "its host name has characters that host names cannot have", "Use letters, digits, dots and dashes.")
	}
	port := u.Port()
	if port == "80" && u.Scheme == "http" || port == "443" && u.Scheme == "https" {
		port = ""
	}
	u = &url.URL{Scheme: u.Scheme, Host: hostPort(host, port)}
	return u, c.checkURL(u)
}

// localURL is the public URL when none is set.
func (c *Config) localURL(listening net.Addr) (*url.URL, error) {
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return nil, fmt.Errorf("the address to listen on: %w", err)
	}
	_, port, err := net.SplitHostPort(listening.String())
	if err != nil {
		return nil, fmt.Errorf("the address that is listened on: %w", err)
	}
	if a, err := netip.ParseAddr(host); host == "" || err == nil && a.IsUnspecified() {
		host = "localhost"
	}
	u := &url.URL{Scheme: "http", Host: hostPort(host, port)}
	if c.TLS != tlsOff {
		u.Scheme = "https"
	}
	return u, c.checkURL(u)
}

// checkURL refuses what browsers or clients cannot work with.
func (c *Config) checkURL(u *url.URL) error {
	if u.Scheme == "http" && !deskhand.IsLoopbackHost(u.Hostname()) {
		return &deskhand.Error{
			Code: deskhand.CodeInvalid, Field: "public-url",
			Fault: fmt.Sprintf("The public URL %s is neither https nor this computer itself: browsers refuse to encrypt and to decode video there.", u),
			Hint: "Use --tls auto (a certificate from Let's Encrypt), --tls self-signed (on a local network), or a proxy that speaks https " +
				"and --public-url https://…",
		}
	}
	if u.Scheme == "http" && c.TLS != tlsOff {
		return badURL(u.String(), "it begins with http, but the server speaks TLS", "Write https, or use --tls off.")
	}
	name := deskhand.ClientName{Host: u.Hostname(), Port: 443, Code: deskhand.NoCode}
	if _, err := deskhand.FormatClientName(name); err != nil {
		return badURL(u.String(), "its host cannot be part of a file's name, which the client's download needs", "Use a host name of letters, digits, dots and dashes.")
	}
	return nil
}

func badURL(value, why, hint string) error {
	return &deskhand.Error{
		Code: deskhand.CodeInvalid, Field: "public-url", Fault: fmt.Sprintf("The public URL %q cannot be used: %s.", value, why), Hint: hint,
	}
}

func hostPort(host, port string) string {
	if port != "" {
		return net.JoinHostPort(host, port)
	}
	if strings.Contains(host, ":") {
		return "[" + host + "]"
	}
	return host
}

// parseNetworks reads networks; flag is where they come from.
func parseNetworks(list []string, flag string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, s := range list {
		p, err := netip.ParsePrefix(s)
		if err != nil {
			var a netip.Addr
			if a, err = netip.ParseAddr(s); err == nil {
				p, err = a.Unmap().Prefix(a.Unmap().BitLen())
			}
		}
		if err != nil {
			return nil, &deskhand.Error{
				Code: deskhand.CodeInvalid, Field: flag, Fault: fmt.Sprintf("%q is no network.", s), Hint: "Write it like 10.0.0.0/8 or 192.0.2.7.",
				Err: errors.Unwrap(err),
			}
		}
		out = append(out, p.Masked())
	}
	return out, nil
}
