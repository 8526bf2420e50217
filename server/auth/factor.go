package auth

import (
	"context"
	"fmt"
	"io"

	"deskhand"
)

// Factors keeps half logins and second factors.
type Factors interface {
	// AgentByID: CodeNotFound.
	AgentByID(ctx context.Context, id string) (deskhand.Agent, error)

	// CreateStep: CodeUnavailable when too many log in at once.
	CreateStep(ctx context.Context, step deskhand.LoginStep, network string, tokenHash []byte) error
	// TryStep counts a try; CodeUnauthorized when the step is over, tried too often or of another kind.
	TryStep(ctx context.Context, kinds []deskhand.StepKind, tokenHash []byte) (deskhand.LoginStep, error)
	// EndStep: CodeUnauthorized when somebody else was first.
	EndStep(ctx context.Context, tokenHash []byte) error

	SecondFactor(ctx context.Context, agentID string) (deskhand.SecondFactor, error)
	// BeginTOTP: CodeConflict when there is a confirmed authenticator app.
	BeginTOTP(ctx context.Context, agentID string, secret []byte) error
	// TOTP: CodeNotFound.
	TOTP(ctx context.Context, agentID string, confirmed bool) (secret []byte, err error)
	// ConfirmTOTP keeps the recovery codes when there are none yet. CodeConflict when there is nothing to confirm.
	ConfirmTOTP(ctx context.Context, actor deskhand.Actor, agentID string, counter int64, recoveryHashes [][]byte) (kept bool, err error)
	// UseTOTP: CodeUnauthorized when the code of this counter or a later one was taken before.
	UseTOTP(ctx context.Context, agentID string, counter int64) error
	RemoveTOTP(ctx context.Context, actor deskhand.Actor, agentID string) error
	// AddPasskey: CodeConflict when it is known.
	AddPasskey(ctx context.Context, actor deskhand.Actor, p deskhand.Passkey, recoveryHashes [][]byte) (_ deskhand.Passkey, kept bool, err error)
	UsePasskey(ctx context.Context, credentialID, credential []byte) error
	// RenamePasskey and RemovePasskey: CodeNotFound.
	RenamePasskey(ctx context.Context, actor deskhand.Actor, agentID, id, name string) error
	RemovePasskey(ctx context.Context, actor deskhand.Actor, agentID, id string) error
	// SetRecoveryCodes: CodeConflict when there is no second factor.
	SetRecoveryCodes(ctx context.Context, actor deskhand.Actor, agentID string, hashes [][]byte) error
	// UseRecoveryCode: CodeUnauthorized.
	UseRecoveryCode(ctx context.Context, actor deskhand.Actor, agentID string, hash []byte) error
	// ResetSecondFactor: CodeNotFound when there is no such agent.
	ResetSecondFactor(ctx context.Context, actor deskhand.Actor, agentID string) error
}

// confirm checks the password of an agent who is logged in, before something that outlasts the login. It is CodeInvalid with the field when
// it is wrong, CodeConflict when there is none, and throttled as logins are.
func (s *Service) confirm(ctx context.Context, agent deskhand.Agent, password, field, address string) error {
	_, err := s.store.PasswordHash(ctx, agent.ID)
	if deskhand.CodeOf(err) == deskhand.CodeNotFound {
		return &deskhand.Error{
			Code: deskhand.CodeConflict, Field: "noPassword", Fault: "You have no password here.", Hint: "Ask for one by “Forgot password?” on the login page, or ask an administrator.",
		}
	}
	_, err = s.Authenticate(ctx, agent.UserName, password, address)
	if deskhand.CodeOf(err) == deskhand.CodeUnauthorized {
		return &deskhand.Error{Code: deskhand.CodeInvalid, Field: field, Fault: "The password is wrong.", Hint: "Enter the password that you log in with."}
	}
	return err
}

// SecondFactor is what an agent has besides the password.
func (s *Service) SecondFactor(ctx context.Context, agentID string) (deskhand.SecondFactor, error) {
	return s.store.SecondFactor(ctx, agentID)
}

// BeginAuthenticator draws a secret for an authenticator app; it counts once ConfirmAuthenticator saw a code of it. key is for typing, uri for
// a QR code.
func (s *Service) BeginAuthenticator(ctx context.Context, agent deskhand.Agent, password, address string) (key, uri string, err error) {
	if err := s.confirm(ctx, agent, password, "password", address); err != nil {
		return "", "", err
	}
	secret := make([]byte, totpSecret)
	if _, err := io.ReadFull(s.rand, secret); err != nil {
		return "", "", fmt.Errorf("drawing an authenticator's secret: %w", err)
	}
	if err := s.store.BeginTOTP(ctx, agent.ID, secret); err != nil {
		return "", "", err
	}
	issuer := ""
	if s.options.Company != nil {
		if issuer, err = s.options.Company(ctx); err != nil {
			return "", "", fmt.Errorf("reading the company's name: %w", err)
		}
	}
	if issuer == "" {
		issuer = "Deskhand"
	}
	return totpText(secret), totpURI(issuer, agent.UserName, secret), nil
}

// ConfirmAuthenticator makes the authenticator app count when the code is one of it: CodeInvalid with the field "code". recovery are the
// recovery codes when it is the first second factor; they are shown once.
func (s *Service) ConfirmAuthenticator(ctx context.Context, by deskhand.Actor, agent deskhand.Agent, code string) (recovery []string, err error) {
	secret, err := s.store.TOTP(ctx, agent.ID, false)
	if err != nil {
		if deskhand.CodeOf(err) == deskhand.CodeNotFound {
			err = &deskhand.Error{Code: deskhand.CodeConflict, Fault: "There is no authenticator app to confirm.", Hint: "Begin again."}
		}
		return nil, err
	}
	counter, ok := matchTOTP(secret, code, s.now())
	if !ok {
		return nil, &deskhand.Error{
			Code: deskhand.CodeInvalid, Field: "code", Fault: "This is not the app's code.", Hint: "Enter the six digits that it shows now; the phone's clock must be right.",
		}
	}
	codes, hashes, err := s.drawRecoveryCodes()
	if err != nil {
		return nil, err
	}
	kept, err := s.store.ConfirmTOTP(ctx, by, agent.ID, counter, hashes)
	if !kept {
		codes = nil
	}
	return codes, err
}

// checkCode checks a code at the login; it is taken once.
func (s *Service) checkCode(ctx context.Context, agentID, code string) error {
	wrong := &deskhand.Error{Code: deskhand.CodeUnauthorized, Field: "code", Fault: "The code is wrong.", Hint: "Enter the six digits that your app shows now."}
	secret, err := s.store.TOTP(ctx, agentID, true)
	if err != nil {
		if deskhand.CodeOf(err) == deskhand.CodeNotFound {
			return wrong
		}
		return err
	}
	counter, ok := matchTOTP(secret, code, s.now())
	if !ok {
		return wrong
	}
	return s.store.UseTOTP(ctx, agentID, counter)
}

// RemoveAuthenticator removes the authenticator app.
func (s *Service) RemoveAuthenticator(ctx context.Context, by deskhand.Actor, agent deskhand.Agent, password string) error {
	if err := s.confirm(ctx, agent, password, "password", by.Address); err != nil {
		return err
	}
	return s.store.RemoveTOTP(ctx, by, agent.ID)
}

// RenamePasskey gives a passkey another name.
func (s *Service) RenamePasskey(ctx context.Context, by deskhand.Actor, agentID, id, name string) error {
	return s.store.RenamePasskey(ctx, by, agentID, id, name)
}

// RemovePasskey removes a passkey.
func (s *Service) RemovePasskey(ctx context.Context, by deskhand.Actor, agent deskhand.Agent, id, password string) error {
	if err := s.confirm(ctx, agent, password, "password", by.Address); err != nil {
		return err
	}
	return s.store.RemovePasskey(ctx, by, agent.ID, id)
}

// RenewRecoveryCodes draws new recovery codes, which are shown once; the old ones end.
func (s *Service) RenewRecoveryCodes(ctx context.Context, by deskhand.Actor, agent deskhand.Agent, password string) ([]string, error) {
	if err := s.confirm(ctx, agent, password, "password", by.Address); err != nil {
		return nil, err
	}
	codes, hashes, err := s.drawRecoveryCodes()
	if err != nil {
		return nil, err
	}
	return codes, s.store.SetRecoveryCodes(ctx, by, agent.ID, hashes)
}

// ResetSecondFactor removes another agent's second factor, whose phone is lost.
func (s *Service) ResetSecondFactor(ctx context.Context, by deskhand.Actor, agentID string) error {
	return s.store.ResetSecondFactor(ctx, by, agentID)
}
