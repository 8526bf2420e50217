// Package mailtest is an SMTP server inside a test: it takes mails on a loopback address and shows them.
package mailtest

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"io"
	"math/big"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"net/textproto"
	"strings"
	"sync"
	"testing"
	"time"

	sender "deskhand/server/mail"
)

// within is how long a mail may take to come.
const within = 10 * time.Second

// Options of a server; the zero value takes every mail in the clear.
type Options struct {
	TLS            bool   // offers STARTTLS, with a certificate that Config trusts
	User, Password string // the login that it wants, by AUTH PLAIN; empty: none
	Refuse         string // what it answers to every recipient, like "550 no such user"; empty: it takes them
}

// Mail is what came. Text has line ends of one byte.
type Mail struct {
	From, To, ReplyTo, Subject, Text string

	Header mail.Header
}

// Server is a running SMTP server; it ends with the test.
type Server struct {
	Options

	t        testing.TB
	listener net.Listener
	tls      *tls.Config
	roots    *x509.CertPool
	mails    chan Mail
	running  sync.WaitGroup

	mu    sync.Mutex
	conns map[net.Conn]bool // guarded by mu
}

// Start starts a server.
func Start(t testing.TB, o Options) *Server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{Options: o, t: t, listener: l, mails: make(chan Mail, 100), conns: map[net.Conn]bool{}}
	if o.TLS {
		s.certify()
	}
	s.running.Go(s.accept)
	t.Cleanup(func() {
		_ = l.Close()
		s.mu.Lock()
		for c := range s.conns {
			_ = c.Close()
		}
		s.mu.Unlock()
		s.running.Wait()
	})
	return s
}

// Config is how a Sender sends to this server.
func (s *Server) Config() sender.Config {
	c := sender.Config{Host: "127.0.0.1", Port: s.listener.Addr().(*net.TCPAddr).Port, From: "Help desk <support@example.com>", TLS: sender.Off}
	if s.TLS {
		c.TLS, c.RootCAs = sender.StartTLS, s.roots
	}
	return c
}

// Next is the next mail; it waits for it.
func (s *Server) Next() Mail {
	s.t.Helper()
	select {
	case m := <-s.mails:
		return m
	case <-time.After(within):
		s.t.Fatal("no mail came")
		return Mail{}
	}
}

// Waiting is how many mails have come that nobody has read.
func (s *Server) Waiting() int { return len(s.mails) }

func (s *Server) certify() {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		s.t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		s.t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		s.t.Fatal(err)
	}
	s.roots = x509.NewCertPool()
	s.roots.AddCert(parsed)
	s.tls = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
}

func (s *Server) accept() {
	for {
		c, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.conns[c] = true
		s.mu.Unlock()
		s.running.Go(func() {
			defer c.Close()
			_ = c.SetDeadline(time.Now().Add(within))
			(&visit{server: s, conn: c}).run()
		})
	}
}

// visit is one connection.
type visit struct {
	server    *Server
	conn      net.Conn
	text      *textproto.Conn
	encrypted bool
	known     bool // logged in
	from, to  string
}

func (v *visit) run() {
	v.text = textproto.NewConn(v.conn)
	v.say("220 mailtest ESMTP")
	for {
		line, err := v.text.ReadLine()
		if err != nil {
			return
		}
		verb, rest, _ := strings.Cut(line, " ")
		switch strings.ToUpper(verb) {
		case "EHLO":
			v.hello()
		case "STARTTLS":
			v.say("220 go ahead")
			v.conn = tls.Server(v.conn, v.server.tls)
			v.text, v.encrypted = textproto.NewConn(v.conn), true
		case "AUTH":
			v.login(rest)
		case "MAIL":
			v.from = address(rest)
			if v.server.User != "" && !v.known {
				v.say("530 log in first")
				continue
			}
			v.say("250 ok")
		case "RCPT":
			if v.server.Refuse != "" {
				v.say(v.server.Refuse)
				continue
			}
			v.to = address(rest)
			v.say("250 ok")
		case "DATA":
			v.say("354 go ahead")
			v.take()
		case "QUIT":
			v.say("221 bye")
			return
		default: // NOOP, RSET
			v.say("250 ok")
		}
	}
}

func (v *visit) say(line string) { _ = v.text.PrintfLine("%s", line) }

func (v *visit) hello() {
	lines := []string{"mailtest", "8BITMIME"}
	if v.server.TLS && !v.encrypted {
		lines = append(lines, "STARTTLS")
	}
	if v.server.User != "" {
		lines = append(lines, "AUTH PLAIN")
	}
	for i, line := range lines {
		separator := "-"
		if i == len(lines)-1 {
			separator = " "
		}
		v.say("250" + separator + line)
	}
}

func (v *visit) login(rest string) {
	_, response, _ := strings.Cut(rest, " ")
	b, _ := base64.StdEncoding.DecodeString(response)
	v.known = string(b) == fmt.Sprintf("\x00%s\x00%s", v.server.User, v.server.Password)
	if v.known {
		v.say("235 welcome")
		return
	}
	v.say("535 wrong")
}

// take reads a mail until the line with a dot.
func (v *visit) take() {
	m, err := parse(v.text.DotReader())
	if err != nil {
		v.server.t.Errorf("a mail that cannot be read: %v", err)
		v.say("554 no mail")
		return
	}
	m.From, m.To = v.from, v.to
	v.server.mails <- m
	v.say("250 taken")
}

func parse(r io.Reader) (m Mail, err error) {
	msg, err := mail.ReadMessage(bufio.NewReader(r))
	if err != nil {
		return m, err
	}
	m.Header, m.ReplyTo = msg.Header, msg.Header.Get("Reply-To")
	if m.Subject, err = new(mime.WordDecoder).DecodeHeader(msg.Header.Get("Subject")); err != nil {
		return m, err
	}
	body := msg.Body
	if msg.Header.Get("Content-Transfer-Encoding") == "quoted-printable" {
		body = quotedprintable.NewReader(body)
	}
	text, err := io.ReadAll(body)
	m.Text = strings.ReplaceAll(string(text), "\r\n", "\n")
	return m, err
}

// address is what stands in the angle brackets.
func address(s string) string {
	_, s, _ = strings.Cut(s, "<")
	s, _, _ = strings.Cut(s, ">")
	return s
}
