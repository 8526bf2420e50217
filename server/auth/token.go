package auth

import (
	"context"
	"fmt"
	"time"

	"deskhand"
)

// TokenPrefix begins every API token, so that people and scanners know one when they see it.
const TokenPrefix = "dh_"

// Tokens keeps API tokens, as their SHA-256.
type Tokens interface {
	// CreateToken: CodeInvalid with the field, CodeConflict when there are too many.
	CreateToken(ctx context.Context, actor deskhand.Actor, k deskhand.Token, tokenHash []byte) (deskhand.Token, error)
	ListTokens(ctx context.Context, agentID string) ([]deskhand.Token, error)
	// TokenByHash: CodeUnauthorized when it is unknown or expired, or its agent disabled.
	TokenByHash(ctx context.Context, tokenHash []byte) (deskhand.Token, deskhand.Agent, error)
	TouchToken(ctx context.Context, k deskhand.Token) error
	// RemoveToken: CodeNotFound.
	RemoveToken(ctx context.Context, actor deskhand.Actor, agentID, id string) error
}

// recentFor is how long a login stands for the password that it began with.
const recentFor = 5 * time.Minute

// Recent reports whether a login is so new that ConfirmRecent wants no password.
func (s *Service) Recent(l deskhand.Login) bool {
	return !l.CreatedAt.IsZero() && s.now().Sub(l.CreatedAt) < recentFor
}

// ConfirmRecent checks the password of an agent who is logged in, unless the login is new and none was given: who found a console left open gets
// nothing that outlasts the login. CodeInvalid with the field "password", CodeThrottled; CodeConflict for an agent without a password.
func (s *Service) ConfirmRecent(ctx context.Context, agent deskhand.Agent, l deskhand.Login, password, address string) error {
	if password == "" && s.Recent(l) {
		return nil
	}
	_, err := s.store.PasswordHash(ctx, agent.ID)
	switch {
	case deskhand.CodeOf(err) == deskhand.CodeNotFound:
		return &deskhand.Error{
			Code: deskhand.CodeConflict, Field: "noPassword", Fault: "You logged in too long ago for this.", Hint: "Log out, log in again and do it within five minutes.",
		}
	case err != nil:
		return fmt.Errorf("reading the password's hash: %w", err)
	case password == "":
		return &deskhand.Error{Code: deskhand.CodeInvalid, Field: "password", Fault: "Your password is needed.", Hint: "Enter the password that you log in with."}
	}
	return s.confirm(ctx, agent, password, "password", address)
}

// CreateToken makes an API token of an agent. The secret is shown once.
func (s *Service) CreateToken(ctx context.Context, by deskhand.Actor, agentID, name string, scopes []string, expires time.Time) (secret string, k deskhand.Token, err error) {
	random, _, err := s.secret("an API token")
	if err != nil {
		return "", k, err
	}
	secret = TokenPrefix + random
	k, err = s.store.CreateToken(ctx, by, deskhand.Token{AgentID: agentID, Name: name, Scopes: scopes, ExpiresAt: expires}, tokenHash(secret))
	return secret, k, err
}

// Tokens are an agent's API tokens, the newest first.
func (s *Service) Tokens(ctx context.Context, agentID string) ([]deskhand.Token, error) {
	return s.store.ListTokens(ctx, agentID)
}

// RemoveToken ends one of an agent's API tokens.
func (s *Service) RemoveToken(ctx context.Context, by deskhand.Actor, agentID, id string) error {
	return s.store.RemoveToken(ctx, by, agentID, id)
}

// CheckToken finds an API token and its agent as they are now, and notes that it is in use. CodeUnauthorized.
func (s *Service) CheckToken(ctx context.Context, secret string) (deskhand.Agent, deskhand.Token, error) {
	k, agent, err := s.store.TokenByHash(ctx, tokenHash(secret))
	if err != nil {
		return deskhand.Agent{}, deskhand.Token{}, err
	}
	if err := s.store.TouchToken(ctx, k); err != nil && ctx.Err() == nil {
		s.log.WarnContext(ctx, "noting that an API token is in use", "err", err)
	}
	return agent, k, nil
}
