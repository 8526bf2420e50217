package httpapi

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"deskhand"
)

// Factors sets up what agents show besides the password. What outlasts the login wants the password again: CodeInvalid with the field
// "password" when it is wrong, CodeThrottled.
type Factors interface {
	SecondFactor(ctx context.Context, agentID string) (deskhand.SecondFactor, error)
	// Passkeys reports whether browsers know passkeys at this address.
	Passkeys() bool
	// BeginAuthenticator: CodeConflict when there is one.
	BeginAuthenticator(ctx context.Context, agent deskhand.Agent, password, address string) (key, uri string, err error)
	// ConfirmAuthenticator: CodeInvalid with the field "code".
	ConfirmAuthenticator(ctx context.Context, by deskhand.Actor, agent deskhand.Agent, code string) (recovery []string, err error)
	RemoveAuthenticator(ctx context.Context, by deskhand.Actor, agent deskhand.Agent, password string) error
	BeginPasskey(ctx context.Context, agent deskhand.Agent, password, address string) (token string, options json.RawMessage, err error)
	// FinishPasskey: CodeInvalid with the field "passkey" or "name".
	FinishPasskey(ctx context.Context, by deskhand.Actor, agent deskhand.Agent, token, name string, answer json.RawMessage) (recovery []string, err error)
	// RenamePasskey and RemovePasskey: CodeNotFound.
	RenamePasskey(ctx context.Context, by deskhand.Actor, agentID, id, name string) error
	RemovePasskey(ctx context.Context, by deskhand.Actor, agent deskhand.Agent, id, password string) error
	// RenewRecoveryCodes: CodeConflict when there is no second factor.
	RenewRecoveryCodes(ctx context.Context, by deskhand.Actor, agent deskhand.Agent, password string) ([]string, error)
}

// Security is what an agent logs in with besides the password.
type Security struct {
	Authenticator    bool      `json:"authenticator" doc:"An authenticator app is set up."`
	Passkeys         []Passkey `json:"passkeys"`
	RecoveryCodes    int       `json:"recoveryCodes" doc:"How many are left."`
	PasskeysPossible bool      `json:"passkeysPossible" doc:"Browsers know passkeys at this server's address."`

	SignOn *LinkedSignOn `json:"signOn,omitempty" doc:"The account that logs me in, too; absent: none."`
}

// Passkey is a key on a device or in a password manager.
type Passkey struct {
	ID         string     `json:"id"`
	Name       string     `json:"name"`
	CreatedAt  time.Time  `json:"createdAt"`
	LastUsedAt *time.Time `json:"lastUsedAt,omitempty"`
}

// Confirmation is the password again.
type Confirmation struct {
	Password string `json:"password" minLength:"1" maxLength:"1024"`
}

// AuthenticatorSetup is what an authenticator app is set up with. It counts once it was confirmed.
type AuthenticatorSetup struct {
	Key string `json:"key" doc:"For typing, in base32."`
	URI string `json:"uri" doc:"For a QR code: otpauth://totp/…"`
}

// RecoveryCodes are shown once.
type RecoveryCodes struct {
	RecoveryCodes []string `json:"recoveryCodes" doc:"Empty: the ones that there are stay."`
}

// PasskeySetup is what the browser makes a passkey with.
type PasskeySetup struct {
	Token   string         `json:"token"`
	Options map[string]any `json:"options" doc:"PublicKeyCredentialCreationOptions as JSON."`
}

// PasskeyAnswer is the passkey that the browser made.
type PasskeyAnswer struct {
	Token   string         `json:"token" minLength:"1" maxLength:"128"`
	Name    string         `json:"name" minLength:"1" maxLength:"80"`
	Passkey map[string]any `json:"passkey" doc:"PublicKeyCredential as JSON."`
}

type recoveryOutput struct{ Body RecoveryCodes }

func recovery(codes []string, err error) (*recoveryOutput, error) {
	if codes == nil {
		codes = []string{}
	}
	return &recoveryOutput{RecoveryCodes{codes}}, err
}

type confirmInput struct{ Body Confirmation }

func (a *API) securityRoutes() {
	type output struct{ Body Security }
	add(a, route{AccessAgent, http.MethodGet, "/api/security", "get-security", "Security", "My second factors", 0, nil},
		func(ctx context.Context, _ *struct{}) (*output, error) {
			f, err := a.Factors.SecondFactor(ctx, callerOf(ctx).Agent.ID)
			if err != nil {
				return nil, err
			}
			s := Security{Authenticator: f.Authenticator, Passkeys: []Passkey{}, RecoveryCodes: f.RecoveryCodes, PasskeysPossible: a.Factors.Passkeys()}
			for _, p := range f.Passkeys {
				s.Passkeys = append(s.Passkeys, Passkey{ID: p.ID, Name: p.Name, CreatedAt: p.CreatedAt.UTC(), LastUsedAt: timeOrNil(p.LastUsedAt)})
			}
			s.SignOn, err = a.linkedSignOn(ctx, callerOf(ctx).Agent.ID)
			return &output{s}, err
		})
	add(a, route{AccessAgent, http.MethodPost, "/api/security/recovery-codes", "renew-recovery-codes", "Security", "New recovery codes", 0, []int{http.StatusConflict, http.StatusTooManyRequests}},
		func(ctx context.Context, in *confirmInput) (*recoveryOutput, error) {
			c := callerOf(ctx)
			return recovery(a.Factors.RenewRecoveryCodes(ctx, c.Actor, c.Agent, in.Body.Password))
		})
	a.authenticatorRoutes()
	a.passkeyRoutes()
}

func (a *API) authenticatorRoutes() {
	const path = "/api/security/authenticator"
	type setupOutput struct{ Body AuthenticatorSetup }
	add(a, route{AccessAgent, http.MethodPost, path, "begin-authenticator", "Security", "Begin to set up an authenticator app", 0, []int{http.StatusConflict, http.StatusTooManyRequests}},
		func(ctx context.Context, in *confirmInput) (*setupOutput, error) {
			c := callerOf(ctx)
			key, uri, err := a.Factors.BeginAuthenticator(ctx, c.Agent, in.Body.Password, c.Actor.Address)
			return &setupOutput{AuthenticatorSetup{key, uri}}, err
		})
	type codeInput struct {
		Body struct {
			Code string `json:"code" minLength:"1" maxLength:"32"`
		}
	}
	add(a, route{AccessAgent, http.MethodPost, path + "/confirm", "confirm-authenticator", "Security", "Confirm an authenticator app by a code", 0, []int{http.StatusConflict}},
		func(ctx context.Context, in *codeInput) (*recoveryOutput, error) {
			c := callerOf(ctx)
			return recovery(a.Factors.ConfirmAuthenticator(ctx, c.Actor, c.Agent, in.Body.Code))
		})
	add(a, route{AccessAgent, http.MethodPost, path + "/remove", "remove-authenticator", "Security", "Remove the authenticator app", 0, []int{http.StatusTooManyRequests}},
		func(ctx context.Context, in *confirmInput) (*struct{}, error) {
			c := callerOf(ctx)
			return nil, a.Factors.RemoveAuthenticator(ctx, c.Actor, c.Agent, in.Body.Password)
		})
}

func (a *API) passkeyRoutes() {
	const path = "/api/security/passkeys"
	type setupOutput struct{ Body PasskeySetup }
	add(a, route{AccessAgent, http.MethodPost, path, "begin-passkey", "Security", "Begin to add a passkey", 0, []int{http.StatusServiceUnavailable, http.StatusTooManyRequests}},
		func(ctx context.Context, in *confirmInput) (*setupOutput, error) {
			c := callerOf(ctx)
			token, options, err := a.Factors.BeginPasskey(ctx, c.Agent, in.Body.Password, c.Actor.Address)
			if err != nil {
				return nil, err
			}
			out := &setupOutput{PasskeySetup{Token: token}}
			return out, json.Unmarshal(options, &out.Body.Options)
		})
	type answerInput struct{ Body PasskeyAnswer }
	add(a, route{AccessAgent, http.MethodPost, path + "/finish", "finish-passkey", "Security", "Add the passkey that the browser made", 0, []int{http.StatusConflict}},
		func(ctx context.Context, in *answerInput) (*recoveryOutput, error) {
			passkey, err := rawJSON(in.Body.Passkey)
			if err != nil {
				return nil, err
			}
			c := callerOf(ctx)
			return recovery(a.Factors.FinishPasskey(ctx, c.Actor, c.Agent, in.Body.Token, in.Body.Name, passkey))
		})
	type renameInput struct {
		ID   string `path:"id" maxLength:"64"`
		Body struct {
			Name string `json:"name" minLength:"1" maxLength:"80"`
		}
	}
	add(a, route{AccessAgent, http.MethodPatch, path + "/{id}", "rename-passkey", "Security", "Rename a passkey", 0, []int{http.StatusNotFound}},
		func(ctx context.Context, in *renameInput) (*struct{}, error) {
			c := callerOf(ctx)
			return nil, a.Factors.RenamePasskey(ctx, c.Actor, c.Agent.ID, in.ID, in.Body.Name)
		})
	type removeInput struct {
		ID   string `path:"id" maxLength:"64"`
		Body Confirmation
	}
	add(a, route{AccessAgent, http.MethodPost, path + "/{id}/remove", "remove-passkey", "Security", "Remove a passkey", 0, []int{http.StatusNotFound, http.StatusTooManyRequests}},
		func(ctx context.Context, in *removeInput) (*struct{}, error) {
			c := callerOf(ctx)
			return nil, a.Factors.RemovePasskey(ctx, c.Actor, c.Agent, in.ID, in.Body.Password)
		})
}

// timeOrNil is nil for never.
func timeOrNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
