package server

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"log/slog"
	"net/url"
	"time"

	"deskhand"
	"deskhand/server/auth"
	"deskhand/server/httpapi"
	"deskhand/server/mail"
	"deskhand/server/store"
)

// agents manages those who give support.
type agents struct {
	*store.Store
	mail   *mail.Sender
	public *url.URL
	log    *slog.Logger
}

func (p agents) AddAgent(ctx context.Context, by deskhand.Actor, a deskhand.Agent) (deskhand.Agent, string, error) {
	password, err := auth.GeneratePassword()
	if err != nil {
		return a, "", err
	}
	hash, err := auth.HashPassword(password)
	if err != nil {
		return a, "", err
	}
	a, err = p.CreateAgent(ctx, by, a, hash)
	return a, password, err
}

func (p agents) InviteAgent(ctx context.Context, by deskhand.Actor, a deskhand.Agent) (deskhand.Agent, httpapi.AgentInvitation, error) {
	hash, err := auth.HashPassword(rand.Text()) // that nobody knows
	if err != nil {
		return a, httpapi.AgentInvitation{}, err
	}
	token, tokenHash := newToken()
	a, until, err := p.Store.InviteAgent(ctx, by, a, hash, tokenHash)
	if err != nil {
		return a, httpapi.AgentInvitation{}, err
	}
	return a, p.invitation(ctx, by, a, token, until), nil
}

func (p agents) InviteAgain(ctx context.Context, by deskhand.Actor, agentID string) (httpapi.AgentInvitation, error) {
	token, tokenHash := newToken()
	a, until, err := p.Store.InviteAgain(ctx, by, agentID, tokenHash)
	if err != nil {
		return httpapi.AgentInvitation{}, err
	}
	return p.invitation(ctx, by, a, token, until), nil
}

// invitation is the link, sent to the agent when that can be done. The token stands in its fragment, which no server's log sees.
func (p agents) invitation(ctx context.Context, by deskhand.Actor, a deskhand.Agent, token string, until time.Time) httpapi.AgentInvitation {
	link := p.public.JoinPath("invitation")
	link.Fragment = token
	made := httpapi.AgentInvitation{URL: link.String(), ExpiresAt: until.UTC()}
	if a.Email == "" || !p.mail.Enabled() {
		return made
	}
	if err := p.sendInvitation(ctx, by, a, made.URL); err != nil {
		p.log.WarnContext(ctx, "mailing an invitation", "agent", a.UserName, "err", err) // whoever invites has the link
	} else {
		made.Mailed = true
	}
	return made
}

// sendInvitation writes in the language of whoever invites: the invited agent's is not known yet.
func (p agents) sendInvitation(ctx context.Context, by deskhand.Actor, a deskhand.Agent, link string) error {
	company, err := p.Company(ctx)
	if err != nil {
		return err
	}
	if company == "" {
		company = "Deskhand"
	}
	inviter, err := p.AgentByID(ctx, by.AgentID)
	if err != nil {
		return err
	}
	subject, text, err := mail.Compose("invitation", inviter.Language, map[string]string{
		"company": company, "name": a.Name, "user": a.UserName, "inviter": inviter.Name, "link": link,
	})
	if err != nil {
		return err
	}
	return p.mail.Send(ctx, mail.Message{To: a.Email, ReplyTo: inviter.Email, Subject: subject, Text: text})
}

func (p agents) Invited(ctx context.Context, _ deskhand.Actor, token string) (deskhand.Agent, error) {
	return p.InvitedAgent(ctx, hashToken(token))
}

func (p agents) Accept(ctx context.Context, from deskhand.Actor, token, password string) error {
	a, err := p.Invited(ctx, from, token) // before the work of hashing
	if err != nil {
		return err
	}
	if err := auth.CheckPassword(a.UserName, password); err != nil {
		return err
	}
	hash, err := auth.HashPassword(password)
	if err != nil {
		return err
	}
	_, err = p.AcceptInvitation(ctx, from, hashToken(token), hash)
	return err
}

func (p agents) ReviseAgent(ctx context.Context, by deskhand.Actor, agentID string, change httpapi.AgentChange) error {
	a, err := p.AgentByID(ctx, agentID)
	if err != nil {
		return err
	}
	for _, f := range []struct {
		to   *string
		from *string
	}{{&a.Name, change.Name}, {&a.Title, change.Title}, {&a.Email, change.Email}} {
		if f.from != nil {
			*f.to = *f.from
		}
	}
	if change.Role != nil {
		a.Role = *change.Role
	}
	_, err = p.UpdateAgent(ctx, by, a)
	return err
}

// newToken is a secret of 160 bits and what is kept of it.
func newToken() (token string, hash []byte) {
	b := make([]byte, 20)
	_, _ = rand.Read(b) // it never fails
	token = base64.RawURLEncoding.EncodeToString(b)
	return token, hashToken(token)
}

func hashToken(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
