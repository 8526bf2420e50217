package auth

import (
	"context"
	"time"

	"deskhand"
)

// KeepSignOn keeps what a provider's answer is checked against, for the browser that gets the token.
func (s *Service) KeepSignOn(ctx context.Context, expected []byte, address string) (token string, expires time.Time, err error) {
	return s.keepStep(ctx, deskhand.LoginStep{Kind: deskhand.StepSignOn, Challenge: expected}, address)
}

// TakeSignOn gives what KeepSignOn kept, once. CodeUnauthorized when it is over or was taken.
func (s *Service) TakeSignOn(ctx context.Context, token string) (expected []byte, err error) {
	hash := tokenHash(token)
	step, err := s.store.TryStep(ctx, []deskhand.StepKind{deskhand.StepSignOn}, hash)
	if err == nil {
		err = s.store.EndStep(ctx, hash)
	}
	if deskhand.CodeOf(err) == deskhand.CodeUnauthorized {
		return nil, &deskhand.Error{
			Code: deskhand.CodeUnauthorized, Field: deskhand.SignOnState, Fault: "This login took too long, or it began in another browser.", Hint: "Log in from the beginning.",
		}
	}
	return step.Challenge, err
}

// LoginBySignOn begins a login of an agent for whom a provider has vouched, or half of one when our second factor is wanted, too.
func (s *Service) LoginBySignOn(ctx context.Context, agent deskhand.Agent, secondFactor bool, from deskhand.Actor, userAgent string) (deskhand.LoginResult, error) {
	if secondFactor {
		return s.askFactor(ctx, agent, deskhand.StepSignOnFactor, from, userAgent)
	}
	return s.begin(ctx, agent, true, from, userAgent)
}

// ConfirmUnlink checks the password of an agent who gives up logging in by a provider, which is the way in that stays: CodeInvalid with the field
// "password", CodeConflict when there is none.
func (s *Service) ConfirmUnlink(ctx context.Context, agent deskhand.Agent, password, address string) error {
	return s.confirm(ctx, agent, password, "password", address)
}
