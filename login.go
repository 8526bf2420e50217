package deskhand

import (
	"encoding/json"
	"time"
)

// StepKind is what half a login waits for.
type StepKind string

// The kinds of steps.
const (
	StepSecondFactor StepKind = "second-factor"  // the password was right
	StepPasskey      StepKind = "passkey"        // a passkey says who it is
	StepRegister     StepKind = "register"       // an agent who is logged in adds a passkey
	StepSignOn       StepKind = "sign-on"        // a provider says who it is
	StepSignOnFactor StepKind = "sign-on-factor" // a provider has said who it is; our second factor is wanted, too
)

// LoginStep is half a login. Its secret is no login: one route takes it, and a few times only.
type LoginStep struct {
	Kind      StepKind
	AgentID   string // empty for StepPasskey and StepSignOn
	Challenge []byte // what the passkey signs, as the library keeps it; what the provider's answer is checked against
	ExpiresAt time.Time
}

// LoginResult is what a step of logging in led to: a login with its cookie's secret, or Half.
type LoginResult struct {
	Agent  Agent
	Login  Login
	Secret string
	Half   *HalfLogin
}

// HalfLogin is a login that wants to see more: one of what it names.
type HalfLogin struct {
	Token        string
	ExpiresAt    time.Time
	Code         bool            // a code of the authenticator app
	RecoveryCode bool            // one of the recovery codes
	Passkey      json.RawMessage // what the browser asks a passkey (PublicKeyCredentialRequestOptions); nil: none
}

// LoginAnswer is what is shown for half a login: one of them.
type LoginAnswer struct {
	Code         string
	RecoveryCode string
	Passkey      json.RawMessage // the browser's PublicKeyCredential
}

// SecondFactor is what an agent shows besides the password.
type SecondFactor struct {
	Authenticator bool // an app that makes codes (TOTP), confirmed
	Passkeys      []Passkey
	RecoveryCodes int // that are left
}

// Set reports whether there is one: recovery codes alone are none.
func (f SecondFactor) Set() bool { return f.Authenticator || len(f.Passkeys) > 0 }

// Passkey is a key on an agent's device or in their password manager.
type Passkey struct {
	ID           string
	AgentID      string
	Name         string
	CredentialID []byte
	Credential   []byte // as the library keeps it
	CreatedAt    time.Time
	LastUsedAt   time.Time // zero: never
}

// AllScopes is the scope of a token that may do everything a token may.
const AllScopes = "*"

// ScopeEnrol is the scope of a token that may add computers and nothing else, so that it can stand on a command line.
const ScopeEnrol = "computers:enrol"

// Token lets a program act for an agent. It never may more than its agent; of its secret the SHA-256 is kept only.
type Token struct {
	ID         string
	AgentID    string
	Name       string
	Scopes     []string // like "sessions:read"; AllScopes: all
	CreatedAt  time.Time
	ExpiresAt  time.Time // zero: never
	LastUsedAt time.Time // zero: never
}
