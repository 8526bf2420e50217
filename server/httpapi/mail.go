package httpapi

import "context"

// Mail sends mails.
type Mail interface {
	// Enabled reports whether mails can be sent; without, links are shown to be copied.
	Enabled() bool
	// Send hands a mail to the mail server. CodeInvalid with the field "to", CodeUnavailable.
	Send(ctx context.Context, m MailMessage) error
	// Compose is the mail with a name in the language nearest to a BCP 47 tag or an Accept-Language header.
	Compose(name, language string, values map[string]string) (subject, text string, err error)
}

// MailMessage is a mail in plain text.
type MailMessage struct {
	To, ReplyTo, Subject, Text string
}
