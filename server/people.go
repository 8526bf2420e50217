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
	return a, p.invitation(token, until), nil
}

func (p agents) InviteAgain(ctx context.Context, by deskhand.Actor, agentID string) (httpapi.AgentInvitation, error) {
	token, tokenHash := newToken()
	_, until, err := p.Store.InviteAgain(ctx, by, agentID, tokenHash)
	if err != nil {
		return httpapi.AgentInvitation{}, err
	}
	return p.invitation(token, until), nil
}

// invitation is the link; the token stands in its fragment, which no server's log sees.
func (p agents) invitation(token string, until time.Time) httpapi.AgentInvitation {
	link := p.public.JoinPath("invitation")
	link.Fragment = token
	return httpapi.AgentInvitation{URL: link.String(), ExpiresAt: until.UTC()}
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
	sum := sha256.Sum256([]byte(token))
	return token, sum[:]
}
