package httpapi

import (
	"context"
	"net/http"
	"net/url"
	"path"
	"strings"

	"deskhand"
)

// LinkMailRequest says which link goes to whom.
type LinkMailRequest struct {
	To          string `json:"to" minLength:"1" maxLength:"254" doc:"The end-user's e-mail address."`
	Language    string `json:"language" maxLength:"35" doc:"Of the message, BCP 47."`
	Ticket      string `json:"ticket,omitempty" maxLength:"256"`
	EndUserName string `json:"endUserName,omitempty" maxLength:"320"`
	Short       string `json:"short,omitempty" maxLength:"64" doc:"A short link of mine, or its code, to be sent in place of the long one."`
}

func (a *API) linkMailRoute() {
	type input struct{ Body LinkMailRequest }
	add(a, route{AccessMay(deskhand.MayMakeLinks), http.MethodPost, "/api/invites/mail", "mail-link", "Invites", "Send a link by mail", 0, []int{409, 429, 503}},
		func(ctx context.Context, in *input) (*struct{}, error) {
			return nil, a.mailLink(ctx, in.Body)
		})
}

func (a *API) mailLink(ctx context.Context, r LinkMailRequest) error {
	c := callerOf(ctx)
	if !a.Mail.Enabled() {
		return &deskhand.Error{Code: deskhand.CodeConflict, Fault: "This server sends no mails.", Hint: "Copy the link, or use your own mail program."}
	}
	r.Ticket, r.EndUserName = deskhand.CleanText(r.Ticket, deskhand.MaxTicketLength), deskhand.CleanText(r.EndUserName, deskhand.MaxEndUserNameLength)
	link, err := a.linkFor(ctx, c.Agent, r)
	if err != nil {
		return err
	}
	company, err := a.Settings.Company(ctx)
	if err != nil {
		return err
	}
	subject, text, err := a.Mail.Compose("link", r.Language, map[string]string{
		"agent": c.Agent.Name, "company": company, "name": r.EndUserName, "ticket": r.Ticket, "link": link,
	})
	if err != nil {
		return err
	}
	if err := a.Invites.CountLinkMail(ctx, c.Actor, r.Ticket); err != nil {
		return err
	}
	return a.Mail.Send(ctx, MailMessage{To: r.To, ReplyTo: c.Agent.Email, Subject: subject, Text: text})
}

// linkFor is the agent's personal link with ticket and name, or a short one of theirs.
func (a *API) linkFor(ctx context.Context, agent deskhand.Agent, r LinkMailRequest) (string, error) {
	if r.Short != "" {
		i, err := a.Invites.InviteByCode(ctx, path.Base(r.Short))
		if err == nil && (i.Kind != deskhand.InviteShort || i.AgentID != agent.ID) {
			err = deskhand.Errorf(deskhand.CodeNotFound, "This short link is not yours.")
		}
		if err != nil {
			return "", err
		}
		return a.PublicURL.JoinPath("s", i.Code).String(), nil
	}
	var query []string
	for _, q := range [][2]string{{"ticket", r.Ticket}, {"name", r.EndUserName}} {
		if q[1] != "" {
			query = append(query, q[0]+"="+url.QueryEscape(q[1]))
		}
	}
	link := a.PublicURL.JoinPath("join", agent.UserName)
	link.RawQuery = strings.Join(query, "&")
	return link.String(), nil
}
