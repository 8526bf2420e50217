package client

import (
	"errors"

	"deskhand/client/consent"
	"deskhand/client/ui"
)

// prompt shows the questions of the consent book in the client's own window.
type prompt struct {
	ui   windows
	desk *desk
}

var _ consent.Prompt = prompt{}

func (p prompt) Show(s consent.Sheet) error {
	if p.ui == nil {
		return errors.New("there is no display to ask on")
	}
	_ = p.ui.HideNotice() // of a question that was missed
	r := s.Request
	err := p.ui.ShowConsent(ui.Consent{
		ID: s.ID, Agent: ui.Person{Name: r.Agent.Name, Title: r.Agent.Title, Company: r.Agent.Company},
		Line: r.Agent.Words, Others: r.Others, Ticket: r.Ticket, Server: r.Server, Words: r.Words, Ask: ui.Ask(r.Ask), Recorded: r.Recorded,
		Deadline: s.Deadline, InputFrom: s.InputFrom, CanExtend: s.CanExtend,
	})
	p.desk.ownWindows()
	return err
}

func (p prompt) Hide() {
	if p.ui != nil {
		_ = p.ui.HideConsent()
	}
}

// answered gives the end-user's click to the book.
func answered(b *consent.Book, e ui.Answered) {
	switch e.Choice {
	case ui.MoreTime:
		b.Touch(e.Question)
	case ui.ViewOnly:
		b.Choose(e.Question, consent.ViewOnly)
	case ui.AllowControl:
		b.Choose(e.Question, consent.AllowControl)
	case ui.Allow:
		b.Choose(e.Question, consent.Allow)
	default:
		b.Choose(e.Question, consent.Deny)
	}
}
