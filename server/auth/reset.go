package auth

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"deskhand"
)

// How long links for a new password work.
const (
	resetByMail          = 30 * time.Minute
	resetByAdministrator = 24 * time.Hour
	maxMailing           = 32 // mails that are on their way at once
	mailWithin           = time.Minute
)

// Resets keeps links for new passwords, as the SHA-256 of their tokens.
type Resets interface {
	ListAgents(ctx context.Context) ([]deskhand.Agent, error)
	// CreateReset: CodeNotFound when there is no such agent or it is disabled; CodeThrottled. alone: earlier ones end.
	CreateReset(ctx context.Context, actor deskhand.Actor, agentID string, tokenHash []byte, expiresAt time.Time, alone bool) error
	// AgentByReset and UseReset: CodeNotFound when the link is used or over.
	AgentByReset(ctx context.Context, tokenHash []byte) (deskhand.Agent, error)
	UseReset(ctx context.Context, address string, tokenHash []byte, passwordHash string) error
}

// ChangePassword gives an agent another password and ends all other logins. CodeInvalid with the field "current" or "password".
func (s *Service) ChangePassword(ctx context.Context, by deskhand.Actor, agent deskhand.Agent, login deskhand.Login, current, password string) error {
	if err := s.confirm(ctx, agent, current, "current", by.Address); err != nil {
		return err
	}
	if password == current {
		return &deskhand.Error{Code: deskhand.CodeInvalid, Field: "password", Fault: "This is the password that you have.", Hint: "Choose another one."}
	}
	hash, err := s.hashNew(ctx, agent.UserName, password)
	if err != nil {
		return err
	}
	return s.store.ChangePassword(ctx, by, agent.ID, hash, login.ID)
}

// hashNew checks a new password and hashes it, when there is room for that.
func (s *Service) hashNew(ctx context.Context, userName, password string) (string, error) {
	if err := CheckPassword(userName, password); err != nil {
		return "", err
	}
	release, err := s.checker.acquire(ctx)
	if err != nil {
		return "", err
	}
	defer release()
	return HashPassword(password)
}

// Forgot sends links for a new password to whoever has a user name or an e-mail address. It answers at once and alike, whether there is
// somebody or not: the work is done afterwards. CodeThrottled for an address that asks too often.
func (s *Service) Forgot(ctx context.Context, who, language string, from deskhand.Actor) error {
	if s.options.SendReset == nil {
		return &deskhand.Error{Code: deskhand.CodeUnavailable, Fault: "This server sends no mails.", Hint: "Ask an administrator for a link."}
	}
	if w := s.forgotten.take(deskhand.Network(from.Address)); w > 0 {
		return &deskhand.Error{Code: deskhand.CodeThrottled, Fault: "You have asked too often.", Hint: "Wait a moment.", RetryAfter: w}
	}
	select {
	case s.mailing <- struct{}{}:
	default:
		return &deskhand.Error{Code: deskhand.CodeUnavailable, Fault: "Too many ask at once.", Hint: "Try again in a moment."}
	}
	s.running.Go(func() {
		defer func() { <-s.mailing }()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), mailWithin)
		defer cancel()
		if err := s.sendResets(ctx, deskhand.CleanText(who, 254), language, from); err != nil {
			s.log.ErrorContext(ctx, "sending a link for a new password", "err", err)
		}
	})
	return nil
}

func (s *Service) sendResets(ctx context.Context, who, language string, from deskhand.Actor) error {
	agents, err := s.store.ListAgents(ctx)
	if err != nil {
		return err
	}
	for _, a := range agents {
		if a.Disabled || a.Email == "" || !strings.EqualFold(a.UserName, who) && !strings.EqualFold(a.Email, who) {
			continue
		}
		token, hash, err := s.secret("a link's token")
		if err != nil {
			return err
		}
		by := deskhand.Actor{Name: "somebody who forgot a password", Address: from.Address}
		err = s.store.CreateReset(ctx, by, a.ID, hash, s.now().Add(resetByMail), false)
		if deskhand.CodeOf(err) == deskhand.CodeThrottled {
			continue // the mails before will do
		}
		if err != nil {
			return err
		}
		if err := s.options.SendReset(ctx, a, token, cmp.Or(a.Language, language)); err != nil {
			return fmt.Errorf("to %s: %w", a.UserName, err)
		}
	}
	return nil
}

// ResetLink makes a link's token for an agent who cannot log in, to be handed over. The links before end.
func (s *Service) ResetLink(ctx context.Context, by deskhand.Actor, agentID string) (token string, expires time.Time, err error) {
	token, hash, err := s.secret("a link's token")
	if err != nil {
		return "", expires, err
	}
	expires = s.now().Add(resetByAdministrator)
	return token, expires, s.store.CreateReset(ctx, by, agentID, hash, expires, true)
}

// ResetFor is whom a link is for; it goes on working. CodeNotFound.
func (s *Service) ResetFor(ctx context.Context, token string) (deskhand.Agent, error) {
	return s.store.AgentByReset(ctx, tokenHash(token))
}

// Reset gives the agent of a link a new password; the link ends and so do all logins. A second factor stays. Errors: CodeNotFound,
// CodeInvalid with the field "password".
func (s *Service) Reset(ctx context.Context, token, password, address string) error {
	agent, err := s.ResetFor(ctx, token)
	if err != nil {
		return err
	}
	hash, err := s.hashNew(ctx, agent.UserName, password)
	if err != nil {
		return err
	}
	if err := s.store.UseReset(ctx, address, tokenHash(token), hash); err != nil {
		return err
	}
	s.accounts.forget(agent.UserName)
	return nil
}
