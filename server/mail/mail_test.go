package mail_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"deskhand"
	"deskhand/server/mail"
	"deskhand/server/mail/mailtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func open(t *testing.T, c mail.Config) *mail.Sender {
	t.Helper()
	s, err := mail.New(c)
	if err != nil {
		t.Fatal(err)
	}
	if !s.Enabled() {
		t.Fatal("not enabled")
	}
	return s
}

func TestSend(t *testing.T) {
	server := mailtest.Start(t, mailtest.Options{})
	s := open(t, server.Config())
	text := "Grüße aus Köln,\n.\nzwei Zeilen, die zweite ist nur ein Punkt.\n"
	err := s.Send(t.Context(), mail.Message{To: "anna@example.com", ReplyTo: "rodney@example.com", Subject: "Hilfe ist da –\r\nBcc: evil@example.com", Text: text})
	if err != nil {
		t.Fatal(err)
	}
	m := server.Next()
	if m.From != "support@example.com" || m.To != "anna@example.com" || m.ReplyTo != "<rodney@example.com>" || m.Text != text {
		t.Errorf("%+v", m)
	}
	if m.Subject != "Hilfe ist da –Bcc: evil@example.com" || m.Header.Get("Bcc") != "" {
		t.Errorf("subject %q, Bcc %q", m.Subject, m.Header.Get("Bcc"))
	}
	if m.Header.Get("Date") == "" || m.Header.Get("Message-Id") == "" {
		t.Errorf("header %v", m.Header)
	}
}

func TestSendEncryptedWithLogin(t *testing.T) {
	server := mailtest.Start(t, mailtest.Options{TLS: true, User: "mailer", Password: "s3cret"})
	c := server.Config()
	c.User, c.PasswordFile = "mailer", filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(c.PasswordFile, []byte("s3cret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := open(t, c).Send(t.Context(), mail.Message{To: "anna@example.com", Text: "Hello\n"}); err != nil {
		t.Fatal(err)
	}
	server.Next()

	c.RootCAs = nil // a certificate that nobody vouches for
	if err := open(t, c).Send(t.Context(), mail.Message{To: "anna@example.com"}); deskhand.CodeOf(err) != deskhand.CodeUnavailable {
		t.Errorf("with an unknown certificate: %v", err)
	}
}

// Whoever asks for TLS never gets a mail sent in the clear.
func TestNeverInTheClear(t *testing.T) {
	server := mailtest.Start(t, mailtest.Options{})
	c := server.Config()
	c.TLS = mail.StartTLS
	if err := open(t, c).Send(t.Context(), mail.Message{To: "anna@example.com"}); deskhand.CodeOf(err) != deskhand.CodeUnavailable {
		t.Errorf("error %v", err)
	}
	if server.Waiting() != 0 {
		t.Error("it was sent in the clear")
	}
}

func TestRefusals(t *testing.T) {
	server := mailtest.Start(t, mailtest.Options{Refuse: "550 no such user"})
	s := open(t, server.Config())
	for to, field := range map[string]string{"anna@example.com": "to", "anna": "to", "a@example.com\r\nBcc: b@example.com": "to"} {
		err := s.Send(t.Context(), mail.Message{To: to, Text: "Hello"})
		if e, ok := err.(*deskhand.Error); !ok || e.Code != deskhand.CodeInvalid || e.Field != field {
			t.Errorf("to %q: %v", to, err)
		}
	}
	later := open(t, mailtest.Start(t, mailtest.Options{Refuse: "451 try later"}).Config())
	if err := later.Send(t.Context(), mail.Message{To: "anna@example.com"}); deskhand.CodeOf(err) != deskhand.CodeUnavailable {
		t.Errorf("refused for a while: %v", err)
	}
	gone := server.Config()
	gone.Port = 1
	if err := open(t, gone).Send(t.Context(), mail.Message{To: "anna@example.com"}); deskhand.CodeOf(err) != deskhand.CodeUnavailable {
		t.Errorf("no server: %v", err)
	}
	none, err := mail.New(mail.Config{})
	if err != nil || none.Enabled() || deskhand.CodeOf(none.Send(t.Context(), mail.Message{To: "a@example.com"})) != deskhand.CodeUnavailable {
		t.Errorf("without a server: %v", err)
	}
}

func TestConfiguration(t *testing.T) {
	right := mail.Config{Host: "mail.example.com", From: "support@example.com"}
	for flag, change := range map[string]func(*mail.Config){
		"smtp-from":          func(c *mail.Config) { c.From = "support" },
		"smtp-port":          func(c *mail.Config) { c.Port = 70000 },
		"smtp-password-file": func(c *mail.Config) { c.User, c.PasswordFile = "mailer", "/nowhere" },
	} {
		c := right
		change(&c)
		if _, err := mail.New(c); err == nil || err.(*deskhand.Error).Field != flag {
			t.Errorf("%s: %v", flag, err)
		}
	}
	for _, c := range []mail.Config{{TLS: "ssl"}, {TLS: mail.Off, User: "mailer"}} {
		c.Host, c.From = right.Host, right.From
		if _, err := mail.New(c); err == nil || err.(*deskhand.Error).Field != "smtp-tls" {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

func TestCompose(t *testing.T) {
	values := map[string]string{"company": "Trotters", "name": "Rodney", "user": "rodney", "link": "https://example.com/reset/x"}
	for lang, subject := range map[string]string{
		"": "A new password for Trotters", "de-AT": "Neues Kennwort für Trotters", "fr-CA,en;q=0.5": "Nouveau mot de passe pour Trotters",
		"ja": "A new password for Trotters", "pt-BR": "Nova senha para Trotters", "es": "Nueva contraseña para Trotters", "it": "Nuova password per Trotters",
	} {
		got, text, err := mail.Compose("reset", lang, values)
		if err != nil || got != subject || !strings.Contains(text, "\nhttps://example.com/reset/x\n") || !strings.Contains(text, "Rodney") {
			t.Errorf("%s: %q %v\n%s", lang, got, err, text)
		}
	}
	if _, _, err := mail.Compose("reset", "en", nil); err == nil {
		t.Error("a mail without its values")
	}
}
