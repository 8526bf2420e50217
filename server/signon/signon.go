// Package signon asks an OpenID provider who somebody is: by the authorization code flow with PKCE, state and nonce. It keeps nothing but what the
// provider says of itself; what an answer is checked against is an Attempt, which its caller keeps for one browser, once.
package signon

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"deskhand"
)

// Config is what a Service stands on.
type Config struct {
	Callback string           // where the provider sends browsers back to
	Now      func() time.Time // nil: time.Now
	Log      *slog.Logger     // nil: none
}

// Service talks to providers. It is safe for concurrent use.
type Service struct {
	Config
	client *http.Client

	mu    sync.Mutex
	known provider // guarded by mu
}

// New makes a Service; nobody is asked yet.
func New(c Config) *Service {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Service{Config: c, client: newClient()}
}

// Close ends idle connections.
func (s *Service) Close() { s.client.CloseIdleConnections() }

// Attempt is what a provider's answer is checked against. It belongs to one browser and is used once.
type Attempt struct {
	Issuer   string `json:"issuer"`
	ClientID string `json:"clientId"`
	State    string `json:"state"`
	Nonce    string `json:"nonce"`
	Verifier string `json:"verifier"` // of PKCE
}

// Answer is what the provider sends a browser back with.
type Answer struct {
	State  string
	Code   string
	Issuer string // empty: it did not say
	Error  string // why there is no code
}

// Begin is the address at the provider that a browser goes to. CodeUnavailable when the provider cannot be reached.
func (s *Service) Begin(ctx context.Context, p deskhand.SignOn) (address string, a Attempt, err error) {
	provider, err := s.provider(ctx, p.Issuer)
	if err != nil {
		return "", a, err
	}
	a = Attempt{Issuer: p.Issuer, ClientID: p.ClientID, State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier()}
	return s.oauth(provider, p).AuthCodeURL(a.State, oidc.Nonce(a.Nonce), oauth2.S256ChallengeOption(a.Verifier)), a, nil
}

// Finish finds out who came back with an answer. Errors have one of the deskhand.SignOn… words as their field.
func (s *Service) Finish(ctx context.Context, p deskhand.SignOn, a Attempt, answer Answer) (id deskhand.Identity, err error) {
	switch {
	case !same(answer.State, a.State) || a.Issuer != p.Issuer || a.ClientID != p.ClientID:
		return id, &deskhand.Error{
			Code: deskhand.CodeUnauthorized, Field: deskhand.SignOnState, Fault: "This login took too long, or it began in another browser.", Hint: "Log in from the beginning.",
		}
	case answer.Error != "":
		return id, &deskhand.Error{
			Code: deskhand.CodeForbidden, Field: deskhand.SignOnDenied, Fault: fmt.Sprintf("%s did not let you in: %s.", p.Label, deskhand.CleanText(answer.Error, 60)),
			Hint: "Try again, or ask who looks after it.",
		}
	}
	provider, err := s.provider(ctx, p.Issuer)
	if err != nil {
		return id, err
	}
	id, err = s.identify(ctx, provider, p, a, answer)
	if err != nil {
		s.Log.WarnContext(ctx, "a provider's answer is not believed", "issuer", p.Issuer, "err", err)
		return id, &deskhand.Error{
			Code: deskhand.CodeForbidden, Field: deskhand.SignOnAnswer, Fault: "What " + p.Label + " answered cannot be used.",
			Hint: "Try again. If it stays, an administrator finds why in the server's log.", Err: err,
		}
	}
	return id, nil
}

// identify exchanges the code and believes the ID token only: signed by the issuer, for this client, for this attempt, not expired.
func (s *Service) identify(ctx context.Context, provider provider, p deskhand.SignOn, a Attempt, answer Answer) (id deskhand.Identity, err error) {
	if answer.Issuer != "" && answer.Issuer != p.Issuer {
		return id, errors.New("it comes from another issuer")
	}
	ctx = oidc.ClientContext(ctx, s.client)
	token, err := s.oauth(provider, p).Exchange(ctx, answer.Code, oauth2.VerifierOption(a.Verifier))
	if err != nil {
		return id, fmt.Errorf("exchanging the code: %w", short(err))
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return id, errors.New("there is no ID token")
	}
	verified, err := provider.Verifier(&oidc.Config{ClientID: p.ClientID, Now: s.Now}).Verify(ctx, raw)
	if err != nil {
		return id, err
	}
	if !same(verified.Nonce, a.Nonce) {
		return id, errors.New("the nonce is not that of this login")
	}
	if verified.Subject == "" || len(verified.Subject) > maxSubject {
		return id, fmt.Errorf("the subject has %d bytes", len(verified.Subject))
	}
	var c claims
	if err := verified.Claims(&c); err != nil {
		return id, fmt.Errorf("reading the ID token: %w", err)
	}
	if c.AuthorizedParty != "" && c.AuthorizedParty != p.ClientID {
		return id, errors.New("the ID token was made for another client")
	}
	if c.Email == "" && provider.UserInfoEndpoint() != "" {
		if err := s.ask(ctx, provider, token, verified.Subject, &c); err != nil {
			return id, err
		}
	}
	return c.identity(p.Issuer, verified.Subject), nil
}

// ask reads what the ID token did not say. An answer about somebody else is none.
func (s *Service) ask(ctx context.Context, provider provider, token *oauth2.Token, subject string, c *claims) error {
	info, err := provider.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err == nil && info.Subject != subject {
		err = errors.New("it is about somebody else")
	}
	if err == nil {
		err = info.Claims(c)
	}
	if err != nil {
		return fmt.Errorf("reading the user's information: %w", short(err))
	}
	return nil
}

func (s *Service) oauth(provider provider, p deskhand.SignOn) *oauth2.Config {
	endpoint := provider.Endpoint()
	endpoint.AuthStyle = provider.style(p.Secret)
	return &oauth2.Config{
		ClientID: p.ClientID, ClientSecret: p.Secret, Endpoint: endpoint, RedirectURL: s.Callback, Scopes: []string{oidc.ScopeOpenID, "email", "profile"},
	}
}

func same(a, b string) bool { return b != "" && subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
