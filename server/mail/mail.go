// Package mail sends mails by the operator's SMTP server: one connection for each, so that a fault concerns one mail and nobody waits for
// another's. Without a server it is not enabled, and whoever would send one offers a link to copy instead.
package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/mail"
	"os"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"deskhand"
)

// How the connection to the SMTP server is encrypted.
const (
	StartTLS = "starttls" // begins in the clear and must become TLS
	TLS      = "tls"      // TLS from the first byte
	Off      = "off"      // never; for a server on the same machine
)

// Config says by which server mails go out. Without a Host there is none.
type Config struct {
	Host         string
	Port         int    // 0: 587, or 465 with TLS, or 25 with Off
	User         string // empty: no login there
	PasswordFile string // its first line is the password
	From         string // address, or "Name <address>"
	TLS          string // StartTLS, TLS or Off; empty: StartTLS

	Helo    string         // the name that this server greets with; empty: the machine's
	RootCAs *x509.CertPool // nil: the system's
}

// Message is a mail in plain text.
type Message struct {
	To, ReplyTo, Subject, Text string
}

// Limits of one mail.
const (
	timeout    = 20 * time.Second // for all of it
	maxSubject = 200              // characters
	maxText    = 100_000          // bytes
)

// Sender sends mails. It is safe for concurrent use.
type Sender struct {
	host    string
	from    string
	options []gomail.Option
}

// New checks the configuration; nothing is connected yet. CodeInvalid names the flag that is wrong.
func New(c Config) (*Sender, error) {
	if c.Host == "" {
		return &Sender{}, nil
	}
	if _, err := mail.ParseAddress(c.From); err != nil {
		return nil, invalid("smtp-from", fmt.Sprintf("%q is no sender of mails.", c.From), "Write it like support@example.com or \"Help desk <support@example.com>\".")
	}
	security, err := encryption(c)
	if err != nil {
		return nil, err
	}
	options := append(security, gomail.WithTimeout(timeout), gomail.WithoutNoop())
	if c.Port != 0 {
		if c.Port < 0 || c.Port > 65535 {
			return nil, invalid("smtp-port", fmt.Sprintf("%d is no port.", c.Port), "Write a number from 1 to 65535.")
		}
		options = append(options, gomail.WithPort(c.Port))
	}
	if c.Helo != "" {
		options = append(options, gomail.WithHELO(c.Helo))
	}
	if c.User != "" {
		password, err := readPassword(c.PasswordFile)
		if err != nil {
			return nil, err
		}
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(c.User), gomail.WithPassword(password))
	}
	if _, err := gomail.NewClient(c.Host, options...); err != nil {
		return nil, &deskhand.Error{
			Code: deskhand.CodeInvalid, Field: "smtp-host", Fault: "Mails cannot be sent with this configuration.", Hint: "Check the flags that begin with --smtp.", Err: err,
		}
	}
	return &Sender{host: c.Host, from: c.From, options: options}, nil
}

// encryption is how the connection is made safe.
func encryption(c Config) ([]gomail.Option, error) {
	verified := gomail.WithTLSConfig(&tls.Config{ServerName: c.Host, RootCAs: c.RootCAs, MinVersion: tls.VersionTLS12})
	switch c.TLS {
	case "", StartTLS:
		return []gomail.Option{verified, gomail.WithTLSPortPolicy(gomail.TLSMandatory)}, nil
	case TLS:
		return []gomail.Option{verified, gomail.WithSSLPort(false)}, nil
	case Off:
		if c.User != "" {
			return nil, invalid("smtp-tls", "The mail server's password would be sent in the clear.", "Use --smtp-tls starttls or tls, or leave --smtp-user away.")
		}
		return []gomail.Option{gomail.WithTLSPortPolicy(gomail.NoTLS)}, nil
	}
	return nil, invalid("smtp-tls", fmt.Sprintf("%q is no way to encrypt mails.", c.TLS), "Write starttls, tls or off.")
}

func readPassword(file string) (string, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return "", &deskhand.Error{
			Code: deskhand.CodeInvalid, Field: "smtp-password-file", Fault: "The mail server's password cannot be read.",
			Hint: "Write it on the first line of a file, and name the file with --smtp-password-file.", Err: err,
		}
	}
	first, _, _ := strings.Cut(string(b), "\n")
	return strings.TrimRight(first, "\r"), nil
}

// Enabled reports whether mails can be sent.
func (s *Sender) Enabled() bool { return s != nil && s.host != "" }

// Send hands one mail to the SMTP server, within 20 seconds. Errors: CodeInvalid with the field "to" or "replyTo" when an address is none
// or the server does not take it; CodeUnavailable when the server cannot be reached, refuses the login or the mail, or none is set up.
func (s *Sender) Send(ctx context.Context, m Message) error {
	if !s.Enabled() {
		return &deskhand.Error{
			Code: deskhand.CodeUnavailable, Fault: "This server sends no mails.", Hint: "Ask an administrator to set up SMTP (deskhand serve --smtp-host …).",
		}
	}
	msg, err := s.compose(m)
	if err != nil {
		return err
	}
	// A client keeps its connection, so each call has one of its own.
	client, err := gomail.NewClient(s.host, s.options...)
	if err != nil {
		return fmt.Errorf("preparing a mail: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if err := client.DialAndSendWithContext(ctx, msg); err != nil {
		return refused(err)
	}
	return nil
}

func (s *Sender) compose(m Message) (*gomail.Msg, error) {
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := msg.From(s.from); err != nil {
		return nil, fmt.Errorf("the sender of mails: %w", err)
	}
	if err := msg.To(m.To); err != nil {
		return nil, notAnAddress("to")
	}
	if m.ReplyTo != "" {
		if err := msg.ReplyTo(m.ReplyTo); err != nil {
			return nil, notAnAddress("replyTo")
		}
	}
	if len(m.Text) > maxText {
		return nil, invalid("text", "The mail is too long.", "Shorten it.")
	}
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // no answering machine answers
	msg.Subject(deskhand.CleanText(m.Subject, maxSubject))
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	return msg, nil
}

// refused says in words what the SMTP server did not do.
func refused(err error) error {
	var send *gomail.SendError
	if errors.As(err, &send) && send.Reason == gomail.ErrSMTPRcptTo && !send.IsTemp() {
		return &deskhand.Error{
			Code: deskhand.CodeInvalid, Field: "to", Fault: "The mail server does not take mails to this address.", Hint: "Check the address.", Err: err,
		}
	}
	fault, hint := "The mail server cannot be reached.", "Try again in a moment. An administrator can check the flags that begin with --smtp."
	if send != nil {
		fault = "The mail server did not take the mail."
	}
	return &deskhand.Error{Code: deskhand.CodeUnavailable, Fault: fault, Hint: hint, Err: err}
}

func notAnAddress(field string) error {
	return invalid(field, "This is not an e-mail address.", "Write it like rodney@example.com.")
}

func invalid(field, fault, hint string) error {
	return &deskhand.Error{Code: deskhand.CodeInvalid, Field: field, Fault: fault, Hint: hint}
}
