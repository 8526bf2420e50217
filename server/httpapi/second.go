package httpapi

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"deskhand"
)

// LoginStep is half a login: the password was right, and one of what it names is wanted by POST /api/login/finish.
type LoginStep struct {
	Token        string         `json:"token"`
	ExpiresAt    time.Time      `json:"expiresAt"`
	Code         bool           `json:"code" doc:"A code of the authenticator app may be shown."`
	RecoveryCode bool           `json:"recoveryCode" doc:"A recovery code may be shown."`
	Passkey      map[string]any `json:"passkey,omitempty" doc:"PublicKeyCredentialRequestOptions as JSON; absent: no passkey may be shown."`
}

// LoginAnswer is one of the two: a login that has begun, or what is wanted for it.
type LoginAnswer struct {
	Me   *Me        `json:"me,omitempty" doc:"Who is logged in now; the cookie came with it."`
	Step *LoginStep `json:"step,omitempty" doc:"What is wanted, too."`
}

// LoginFinish shows one of the three for half a login.
type LoginFinish struct {
	Token        string         `json:"token" minLength:"1" maxLength:"128"`
	Code         string         `json:"code,omitempty" maxLength:"32"`
	RecoveryCode string         `json:"recoveryCode,omitempty" maxLength:"64"`
	Passkey      map[string]any `json:"passkey,omitempty" doc:"PublicKeyCredential as JSON."`
}

func stepOf(h deskhand.HalfLogin) (*LoginStep, error) {
	s := &LoginStep{Token: h.Token, ExpiresAt: h.ExpiresAt.UTC(), Code: h.Code, RecoveryCode: h.RecoveryCode}
	if h.Passkey == nil {
		return s, nil
	}
	return s, json.Unmarshal(h.Passkey, &s.Passkey)
}

// rawJSON is a value as the library for passkeys reads it; nil for none.
func rawJSON(v map[string]any) (json.RawMessage, error) {
	if v == nil {
		return nil, nil
	}
	return json.Marshal(v)
}

func (a *API) secondFactorRoutes() {
	type stepOutput struct{ Body *LoginStep }
	add(a, route{
		AccessAnyone, http.MethodPost, "/api/login/passkey", "begin-passkey-login", "Login", "Begin to log in by a passkey alone", 0,
		[]int{http.StatusServiceUnavailable},
	}, func(ctx context.Context, _ *struct{}) (*stepOutput, error) {
		half, err := a.Auth.BeginPasskeyLogin(ctx, callerOf(ctx).Actor)
		if err != nil {
			return nil, err
		}
		step, err := stepOf(half)
		return &stepOutput{step}, err
	})

	type finishInput struct{ Body LoginFinish }
	add(a, route{
		AccessAnyone, http.MethodPost, "/api/login/finish", "finish-login", "Login", "Show the second factor, or a passkey", 0,
		[]int{http.StatusUnauthorized, http.StatusTooManyRequests},
	}, func(ctx context.Context, in *finishInput) (*loginOutput, error) {
		passkey, err := rawJSON(in.Body.Passkey)
		if err != nil {
			return nil, err
		}
		c := callerOf(ctx)
		result, err := a.Auth.FinishLogin(ctx, in.Body.Token, deskhand.LoginAnswer{
			Code: in.Body.Code, RecoveryCode: in.Body.RecoveryCode, Passkey: passkey,
		}, c.Actor, c.userAgent)
		if err != nil {
			return nil, err
		}
		return a.loginOutput(ctx, result)
	})
}
