package auth

import (
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"net/url"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"deskhand"
)

// newPasskeys makes what checks passkeys; nil when browsers know no passkeys at this address (WebAuthn wants a name).
func newPasskeys(public *url.URL) (*webauthn.WebAuthn, error) {
	if public == nil {
		return nil, nil
	}
	if _, err := netip.ParseAddr(public.Hostname()); err == nil {
		return nil, nil
	}
	w, err := webauthn.New(&webauthn.Config{
		RPID: public.Hostname(), RPDisplayName: "Deskhand", RPOrigins: []string{public.Scheme + "://" + public.Host},
		AttestationPreference:             protocol.PreferNoAttestation,
		AuthenticatorSelection:            protocol.AuthenticatorSelection{ResidentKey: protocol.ResidentKeyRequirementPreferred, UserVerification: protocol.VerificationPreferred},
		ExtensionsUnsolicitedOutputPolicy: protocol.UnsolicitedOutputPolicyIgnore, // some password managers say more than they were asked
	})
	if err != nil {
		return nil, fmt.Errorf("setting up passkeys: %w", err)
	}
	return w, nil
}

// Passkeys reports whether agents can use passkeys at the server's address.
func (s *Service) Passkeys() bool { return s.passkeys != nil }

// holder is an agent as the library sees it.
type holder struct {
	agent deskhand.Agent
	keys  []webauthn.Credential
}

func holderOf(agent deskhand.Agent, passkeys []deskhand.Passkey) (holder, error) {
	h := holder{agent: agent}
	for _, p := range passkeys {
		var c webauthn.Credential
		if err := json.Unmarshal(p.Credential, &c); err != nil {
			return h, fmt.Errorf("reading the passkey %s: %w", p.ID, err)
		}
		h.keys = append(h.keys, c)
	}
	return h, nil
}

func (h holder) WebAuthnID() []byte                         { return []byte(h.agent.ID) }
func (h holder) WebAuthnName() string                       { return h.agent.UserName }
func (h holder) WebAuthnDisplayName() string                { return h.agent.Name }
func (h holder) WebAuthnCredentials() []webauthn.Credential { return h.keys }

// askPasskey asks for one of an agent's passkeys, as the second factor: that it is there is enough.
func (s *Service) askPasskey(agent deskhand.Agent, passkeys []deskhand.Passkey) (options json.RawMessage, challenge []byte, err error) {
	h, err := holderOf(agent, passkeys)
	if err != nil {
		return nil, nil, err
	}
	assertion, session, err := s.passkeys.BeginLogin(h, webauthn.WithUserVerification(protocol.VerificationPreferred))
	if err != nil {
		return nil, nil, fmt.Errorf("asking for a passkey: %w", err)
	}
	return both(assertion.Response, session)
}

// askAnyPasskey asks for anybody's passkey in place of a password: its holder must unlock it.
func (s *Service) askAnyPasskey() (options json.RawMessage, challenge []byte, err error) {
	if s.passkeys == nil {
		return nil, nil, noPasskeys()
	}
	assertion, session, err := s.passkeys.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, nil, fmt.Errorf("asking for a passkey: %w", err)
	}
	return both(assertion.Response, session)
}

// both is what goes to the browser and what is kept meanwhile.
func both(options any, session *webauthn.SessionData) (json.RawMessage, []byte, error) {
	o, err := json.Marshal(options)
	if err != nil {
		return nil, nil, err
	}
	kept, err := json.Marshal(session)
	return o, kept, err
}

func (s *Service) checkPasskey(ctx context.Context, agent deskhand.Agent, challenge, answer []byte) error {
	session, parsed, err := s.readAssertion(challenge, answer)
	if err != nil {
		return err
	}
	f, err := s.store.SecondFactor(ctx, agent.ID)
	if err != nil {
		return err
	}
	h, err := holderOf(agent, f.Passkeys)
	if err != nil {
		return err
	}
	c, err := s.passkeys.ValidateLogin(h, session, parsed)
	return s.usePasskey(ctx, c, err)
}

func (s *Service) checkAnyPasskey(ctx context.Context, challenge, answer []byte) (agent deskhand.Agent, err error) {
	session, parsed, err := s.readAssertion(challenge, answer)
	if err != nil {
		return agent, err
	}
	var found holder
	c, err := s.passkeys.ValidateDiscoverableLogin(func(_, userHandle []byte) (webauthn.User, error) {
		agent, err := s.store.AgentByID(ctx, string(userHandle))
		if err != nil {
			return nil, err
		}
		f, err := s.store.SecondFactor(ctx, agent.ID)
		if err != nil {
			return nil, err
		}
		found, err = holderOf(agent, f.Passkeys)
		return found, err
	}, session, parsed)
	return found.agent, s.usePasskey(ctx, c, err)
}

func (s *Service) readAssertion(challenge, answer []byte) (session webauthn.SessionData, parsed *protocol.ParsedCredentialAssertionData, err error) {
	if s.passkeys == nil || len(challenge) == 0 {
		return session, nil, noPasskeys()
	}
	if parsed, err = protocol.ParseCredentialRequestResponseBytes(answer); err != nil {
		return session, nil, wrongPasskey(err)
	}
	if err := json.Unmarshal(challenge, &session); err != nil {
		return session, nil, fmt.Errorf("reading what a passkey was asked: %w", err)
	}
	return session, parsed, nil
}

// usePasskey keeps what the check says of the passkey. One that counts backwards has been copied and is refused.
func (s *Service) usePasskey(ctx context.Context, c *webauthn.Credential, err error) error {
	if err != nil {
		return wrongPasskey(err)
	}
	if c.Authenticator.CloneWarning {
		s.log.WarnContext(ctx, "a passkey that seems to have been copied was refused")
		return wrongPasskey(nil)
	}
	b, err := json.Marshal(c)
	if err != nil {
		return err
	}
	return s.store.UsePasskey(ctx, c.ID, b)
}

// BeginPasskey begins to add a passkey: what the browser needs, and a token for FinishPasskey. It wants the password, so that a console that was
// left open is no way to stay.
func (s *Service) BeginPasskey(ctx context.Context, agent deskhand.Agent, password, address string) (token string, options json.RawMessage, err error) {
	if s.passkeys == nil {
		return "", nil, noPasskeys()
	}
	if err := s.confirm(ctx, agent, password, "password", address); err != nil {
		return "", nil, err
	}
	f, err := s.store.SecondFactor(ctx, agent.ID)
	if err != nil {
		return "", nil, err
	}
	h, err := holderOf(agent, f.Passkeys)
	if err != nil {
		return "", nil, err
	}
	var known []protocol.CredentialDescriptor
	for _, c := range h.keys {
		known = append(known, c.Descriptor())
	}
	creation, session, err := s.passkeys.BeginRegistration(h, webauthn.WithExclusions(known))
	if err != nil {
		return "", nil, fmt.Errorf("asking for a new passkey: %w", err)
	}
	options, challenge, err := both(creation.Response, session)
	if err != nil {
		return "", nil, err
	}
	token, _, err = s.keepStep(ctx, deskhand.LoginStep{Kind: deskhand.StepRegister, AgentID: agent.ID, Challenge: challenge}, address)
	return token, options, err
}

// FinishPasskey keeps a new passkey under a name. recovery are the recovery codes when it is the first second factor; they are shown once.
func (s *Service) FinishPasskey(ctx context.Context, by deskhand.Actor, agent deskhand.Agent, token, name string, answer json.RawMessage) (recovery []string, err error) {
	hash := tokenHash(token)
	step, err := s.store.TryStep(ctx, []deskhand.StepKind{deskhand.StepRegister}, hash)
	if err != nil || step.AgentID != agent.ID || s.passkeys == nil {
		return nil, stale(err)
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return nil, badPasskey(err)
	}
	var session webauthn.SessionData
	if err := json.Unmarshal(step.Challenge, &session); err != nil {
		return nil, fmt.Errorf("reading what a passkey was asked: %w", err)
	}
	c, err := s.passkeys.CreateCredential(holder{agent: agent}, session, parsed)
	if err != nil {
		return nil, badPasskey(err)
	}
	credential, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	codes, hashes, err := s.drawRecoveryCodes()
	if err != nil {
		return nil, err
	}
	if err := s.store.EndStep(ctx, hash); err != nil {
		return nil, stale(err)
	}
	_, kept, err := s.store.AddPasskey(ctx, by, deskhand.Passkey{AgentID: agent.ID, Name: name, CredentialID: c.ID, Credential: credential}, hashes)
	if !kept {
		codes = nil
	}
	return codes, err
}

func noPasskeys() error {
	return &deskhand.Error{
		Code: deskhand.CodeUnavailable, Fault: "Passkeys do not work at this address.", Hint: "Open the console by a host name in place of an IP address.",
	}
}

func wrongPasskey(err error) error {
	return &deskhand.Error{Code: deskhand.CodeUnauthorized, Field: "passkey", Fault: "This passkey is not known here.", Hint: "Try another one, or another way to log in.", Err: err}
}

func badPasskey(err error) error {
	return &deskhand.Error{Code: deskhand.CodeInvalid, Field: "passkey", Fault: "The passkey could not be added.", Hint: "Try again, or with another device.", Err: err}
}

// stale is that adding a passkey took too long. It is no CodeUnauthorized: the login goes on.
func stale(err error) error {
	if err != nil && deskhand.CodeOf(err) != deskhand.CodeUnauthorized {
		return err
	}
	return &deskhand.Error{Code: deskhand.CodeConflict, Fault: "Adding the passkey took too long.", Hint: "Begin again."}
}
