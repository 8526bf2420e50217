package auth

import (
	"context"
	"fmt"
	"time"

	"deskhand"
)

// halfLasts is how long half a login waits for the second factor.
const halfLasts = 10 * time.Minute

// Login checks a password. Without a second factor it begins a login, always with a new secret; else the result is half a login. from
// says where the request came from. Errors are those of Authenticate.
func (s *Service) Login(ctx context.Context, userName, password string, from deskhand.Actor, userAgent string) (deskhand.LoginResult, error) {
	agent, err := s.Authenticate(ctx, userName, password, from.Address)
	if err != nil {
		return deskhand.LoginResult{}, err
	}
	return s.askFactor(ctx, agent, deskhand.StepSecondFactor, from, userAgent)
}

// askFactor begins a login of an agent who has no second factor; else the result is half a login of a kind.
func (s *Service) askFactor(ctx context.Context, agent deskhand.Agent, kind deskhand.StepKind, from deskhand.Actor, userAgent string) (deskhand.LoginResult, error) {
	f, err := s.store.SecondFactor(ctx, agent.ID)
	if err != nil {
		return deskhand.LoginResult{}, fmt.Errorf("reading the second factor: %w", err)
	}
	if !f.Set() {
		return s.begin(ctx, agent, kind == deskhand.StepSignOnFactor, from, userAgent)
	}
	half := deskhand.HalfLogin{Code: f.Authenticator, RecoveryCode: f.RecoveryCodes > 0}
	var challenge []byte
	if s.passkeys != nil && len(f.Passkeys) > 0 {
		if half.Passkey, challenge, err = s.askPasskey(agent, f.Passkeys); err != nil {
			return deskhand.LoginResult{}, err
		}
	}
	step := deskhand.LoginStep{Kind: kind, AgentID: agent.ID, Challenge: challenge}
	half.Token, half.ExpiresAt, err = s.keepStep(ctx, step, from.Address)
	return deskhand.LoginResult{Half: &half}, err
}

// BeginPasskeyLogin begins a login that a passkey alone finishes. CodeUnavailable when there are no passkeys here.
func (s *Service) BeginPasskeyLogin(ctx context.Context, from deskhand.Actor) (deskhand.HalfLogin, error) {
	options, challenge, err := s.askAnyPasskey()
	if err != nil {
		return deskhand.HalfLogin{}, err
	}
	half := deskhand.HalfLogin{Passkey: options}
	half.Token, half.ExpiresAt, err = s.keepStep(ctx, deskhand.LoginStep{Kind: deskhand.StepPasskey, Challenge: challenge}, from.Address)
	return half, err
}

func (s *Service) keepStep(ctx context.Context, step deskhand.LoginStep, address string) (token string, expires time.Time, err error) {
	token, hash, err := s.secret("half a login's token")
	if err != nil {
		return "", expires, err
	}
	step.ExpiresAt = s.now().Add(halfLasts)
	if err := s.store.CreateStep(ctx, step, deskhand.Network(address), hash); err != nil {
		return "", expires, fmt.Errorf("keeping half a login: %w", err)
	}
	return token, step.ExpiresAt, nil
}

// FinishLogin makes a login of half of one. CodeUnauthorized when what is shown is wrong (then it may be tried again, a few times), or with
// the field "token" when the half is over; CodeThrottled.
func (s *Service) FinishLogin(ctx context.Context, token string, answer deskhand.LoginAnswer, from deskhand.Actor, userAgent string) (deskhand.LoginResult, error) {
	hash := tokenHash(token)
	step, err := s.store.TryStep(ctx, []deskhand.StepKind{deskhand.StepSecondFactor, deskhand.StepSignOnFactor, deskhand.StepPasskey}, hash)
	if err != nil {
		return deskhand.LoginResult{}, err
	}
	network := deskhand.Network(from.Address)
	if w := s.addresses.wait(network); w > 0 {
		return deskhand.LoginResult{}, throttled(w)
	}
	// Each try counts as wrong until it turns out to be right, so that many at once are no way around.
	if step.AgentID != "" {
		if w := s.factors.take(step.AgentID); w > 0 {
			return deskhand.LoginResult{}, throttled(w)
		}
	}
	agent, err := s.checkAnswer(ctx, step, answer, from)
	if err != nil {
		if deskhand.CodeOf(err) == deskhand.CodeUnauthorized {
			s.addresses.wrong(network)
			s.wrong.add(step.AgentID, from.Address)
		}
		return deskhand.LoginResult{}, err
	}
	if err := s.store.EndStep(ctx, hash); err != nil {
		return deskhand.LoginResult{}, err
	}
	s.factors.forget(agent.ID)
	return s.begin(ctx, agent, step.Kind == deskhand.StepSignOnFactor, from, userAgent)
}

// AuthenticateOnce checks what a login takes, for one act without a login: the password and, for who has a second factor, code, which is one of the
// authenticator app or a recovery code. Errors: those of Authenticate; CodeUnauthorized with the field "code" when that is missing or wrong;
// CodeForbidden when the policy wants a second factor that the agent does not have yet; and what before says, which is asked between the two, since
// a code counts once and is not to be spent in vain.
func (s *Service) AuthenticateOnce(ctx context.Context, userName, password, code string, from deskhand.Actor, before func(deskhand.Agent) error) (deskhand.Agent, error) {
	agent, err := s.Authenticate(ctx, userName, password, from.Address)
	if err != nil {
		return agent, err
	}
	rules, err := s.Rules(ctx)
	if err != nil {
		return deskhand.Agent{}, err
	}
	f, err := s.store.SecondFactor(ctx, agent.ID)
	switch {
	case err != nil:
		return deskhand.Agent{}, fmt.Errorf("reading the second factor: %w", err)
	case f.Set():
		if err := before(agent); err != nil {
			return deskhand.Agent{}, err
		}
		return agent, s.checkTyped(ctx, agent, f, code, from)
	case rules.SecondFactor:
		return deskhand.Agent{}, &deskhand.Error{
			Code: deskhand.CodeForbidden, Field: "secondFactor", Fault: "You need a second factor first.", Hint: "Log in to the console and set one up.",
		}
	}
	return agent, nil
}

// checkTyped checks a second factor that can be typed.
func (s *Service) checkTyped(ctx context.Context, agent deskhand.Agent, f deskhand.SecondFactor, code string, from deskhand.Actor) error {
	if code == "" {
		needed := &deskhand.Error{
			Code: deskhand.CodeUnauthorized, Field: "code", Fault: "This agent has a second factor.",
			Hint: "Enter the code that your authenticator app shows now, or a recovery code.",
		}
		if !f.Authenticator {
			needed.Hint = "Enter one of your recovery codes; a passkey cannot be used here."
		}
		return needed
	}
	answer := deskhand.LoginAnswer{Code: code}
	if !f.Authenticator || len(code) >= recoveryLength {
		answer = deskhand.LoginAnswer{RecoveryCode: code}
	}
	if w := s.factors.take(agent.ID); w > 0 {
		return throttled(w)
	}
	_, err := s.checkAnswer(ctx, deskhand.LoginStep{Kind: deskhand.StepSecondFactor, AgentID: agent.ID}, answer, from)
	if err == nil {
		s.factors.forget(agent.ID)
	} else if deskhand.CodeOf(err) == deskhand.CodeUnauthorized {
		s.addresses.wrong(deskhand.Network(from.Address))
		s.wrong.add(agent.ID, from.Address)
	}
	return err
}

func (s *Service) checkAnswer(ctx context.Context, step deskhand.LoginStep, a deskhand.LoginAnswer, from deskhand.Actor) (deskhand.Agent, error) {
	if step.Kind == deskhand.StepPasskey {
		return s.checkAnyPasskey(ctx, step.Challenge, a.Passkey)
	}
	agent, err := s.store.AgentByID(ctx, step.AgentID)
	if err != nil {
		return agent, fmt.Errorf("finding the agent: %w", err)
	}
	switch {
	case len(a.Passkey) > 0:
		err = s.checkPasskey(ctx, agent, step.Challenge, a.Passkey)
	case a.RecoveryCode != "":
		by := deskhand.Actor{AgentID: agent.ID, Name: agent.UserName, Address: from.Address}
		err = s.store.UseRecoveryCode(ctx, by, agent.ID, recoveryHash(a.RecoveryCode))
	default:
		err = s.checkCode(ctx, agent.ID, a.Code)
	}
	return agent, err
}

// begin begins a login of an agent who has shown everything; signOn: to a provider. CodeUnauthorized when the agent is disabled.
func (s *Service) begin(ctx context.Context, agent deskhand.Agent, signOn bool, from deskhand.Actor, userAgent string) (deskhand.LoginResult, error) {
	rules, err := s.Rules(ctx)
	if err != nil {
		return deskhand.LoginResult{}, err
	}
	secret, hash, err := s.cookieSecret()
	if err != nil {
		return deskhand.LoginResult{}, err
	}
	by := deskhand.Actor{AgentID: agent.ID, Name: agent.UserName, Address: from.Address}
	login, err := s.store.CreateLogin(ctx, by, deskhand.Login{
		AgentID: agent.ID, ExpiresAt: s.now().Add(rules.Absolute), Address: from.Address, UserAgent: userAgent, SignOn: signOn,
	}, hash)
	if err != nil {
		return deskhand.LoginResult{}, fmt.Errorf("keeping the login: %w", err)
	}
	return deskhand.LoginResult{Agent: agent, Login: login, Secret: secret}, nil
}

// Check finds the login of a cookie's secret and its agent, and notes that it is in use. CodeUnauthorized when it has ended. incomplete says
// that the policy wants a second factor which the agent does not have yet; a provider's word counts as one unless the rules say otherwise.
func (s *Service) Check(ctx context.Context, secret string) (agent deskhand.Agent, login deskhand.Login, incomplete bool, err error) {
	if !s.ours(secret) {
		return agent, login, false, &deskhand.Error{Code: deskhand.CodeUnauthorized, Fault: "You are not logged in.", Hint: "Log in."}
	}
	rules, err := s.Rules(ctx)
	if err != nil {
		return agent, login, false, err
	}
	if login, agent, err = s.store.LoginByTokenHash(ctx, tokenHash(secret), rules.Idle); err != nil {
		return deskhand.Agent{}, deskhand.Login{}, false, err
	}
	if err := s.store.TouchLogin(ctx, login); err != nil && ctx.Err() == nil {
		s.log.WarnContext(ctx, "noting that a login is in use", "err", err) // no reason to refuse the request
	}
	if rules.SecondFactor && (!login.SignOn || rules.SignOnToo) {
		f, err := s.store.SecondFactor(ctx, agent.ID)
		return agent, login, !f.Set(), err
	}
	return agent, login, false, nil
}

// Logout ends a login.
func (s *Service) Logout(ctx context.Context, by deskhand.Actor, login deskhand.Login) error {
	return s.store.EndLogin(ctx, by, login.ID)
}

// Logins are where an agent is logged in, last used first.
func (s *Service) Logins(ctx context.Context, agentID string) ([]deskhand.Login, error) {
	rules, err := s.Rules(ctx)
	if err != nil {
		return nil, err
	}
	return s.store.ListLogins(ctx, agentID, rules.Idle)
}

// EndLogin ends one of an agent's logins; CodeNotFound when it is none of them.
func (s *Service) EndLogin(ctx context.Context, by deskhand.Actor, agentID, id string) error {
	return s.store.EndLoginOf(ctx, by, agentID, id)
}

// EndOtherLogins ends all of an agent's logins but one.
func (s *Service) EndOtherLogins(ctx context.Context, by deskhand.Actor, agentID, except string) error {
	return s.store.EndLogins(ctx, by, agentID, except)
}
