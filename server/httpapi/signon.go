package httpapi

import (
	"context"
	"net/http"
	"time"

	"deskhand"
)

// SignOns lets agents log in by an OpenID provider. What goes wrong at a login has one of the deskhand.SignOn… words as its field.
type SignOns interface {
	SignOn(ctx context.Context) (deskhand.SignOn, error)
	// UpdateSignOn: CodeInvalid with the field; CodeForbidden; CodeConflict when nobody could log in any more.
	UpdateSignOn(ctx context.Context, by deskhand.Actor, change func(*deskhand.SignOn)) (deskhand.SignOn, error)
	// TrySignOn asks a provider whether it is one, and refuses the client; nothing is kept. CodeUnavailable with the field "issuer".
	TrySignOn(ctx context.Context, by deskhand.Actor, p deskhand.SignOn) (SignOnTrial, error)
	// SignOnCallback is the address that a provider sends browsers back to.
	SignOnCallback() string

	// BeginSignOn is where a browser goes, and what it keeps meanwhile. back is the page that it came for.
	BeginSignOn(ctx context.Context, back string, from deskhand.Actor) (SignOnBegun, error)
	// FinishSignOn takes what the browser came back with, once.
	FinishSignOn(ctx context.Context, secret string, answer SignOnAnswer, from deskhand.Actor, userAgent string) (r deskhand.LoginResult, back string, err error)
	// LinkOf: CodeNotFound.
	LinkOf(ctx context.Context, agentID, issuer string) (deskhand.Link, error)
	// HasPassword reports whether an agent can log in by one.
	HasPassword(ctx context.Context, agentID string) (bool, error)
	// UnlinkOwn wants the password: CodeInvalid with the field "password", CodeConflict without one.
	UnlinkOwn(ctx context.Context, by deskhand.Actor, agent deskhand.Agent, password string) error
	// Unlink: CodeNotFound, CodeForbidden.
	Unlink(ctx context.Context, by deskhand.Actor, agentID string) error
}

// SignOn is how agents log in by another service.
type SignOn struct {
	SignOnRequest
	HasSecret   bool   `json:"hasSecret" doc:"A client secret is kept."`
	RedirectURL string `json:"redirectUrl" doc:"To be entered at the provider."`
}

// SignOnRequest is how agents are to log in by another service.
type SignOnRequest struct {
	Enabled      bool          `json:"enabled"`
	Issuer       string        `json:"issuer" maxLength:"500" doc:"As the provider writes it."`
	ClientID     string        `json:"clientId" maxLength:"200"`
	ClientSecret *string       `json:"clientSecret,omitempty" maxLength:"1000" doc:"Never in an answer. Absent: stays, while the issuer does."`
	Label        string        `json:"label" maxLength:"40" doc:"What the login page calls it."`
	FindByEmail  bool          `json:"findByEmail" doc:"Agents are found by a verified e-mail address."`
	Create       bool          `json:"create" doc:"Who is not found becomes an agent."`
	Role         deskhand.Role `json:"role" maxLength:"64" doc:"Of who becomes one."`
	SecondFactor bool          `json:"secondFactor" doc:"Ours is asked for, too."`
}

// SignOnTrial is what trying a provider has found.
type SignOnTrial struct {
	Refused bool `json:"refused" doc:"It refuses the client ID or the secret; many say so at a login only."`
	PKCE    bool `json:"pkce" doc:"It says that it knows PKCE."`
}

// SignOnBegun is a login that goes on at the provider.
type SignOnBegun struct {
	URL       string
	Secret    string // for the browser's cookie
	ExpiresAt time.Time
}

// SignOnStart says what to show after the login.
type SignOnStart struct {
	Return string `json:"return" maxLength:"2000" doc:"A path of the console; empty: its first page."`
}

// SignOnAnswer is what the provider sent the browser back with.
type SignOnAnswer struct {
	State  string `json:"state" maxLength:"500"`
	Code   string `json:"code" maxLength:"8000"`
	Issuer string `json:"iss" maxLength:"500"`
	Error  string `json:"error" maxLength:"200"`
}

// SignOnLogin is a login, or half of one, by a provider.
type SignOnLogin struct {
	LoginAnswer
	Return string `json:"return" doc:"The path to show."`
}

// LinkedSignOn is an agent's account at the provider.
type LinkedSignOn struct {
	Label      string    `json:"label"`
	Email      string    `json:"email"`
	LinkedAt   time.Time `json:"linkedAt"`
	LastUsedAt time.Time `json:"lastUsedAt"`
	Removable  bool      `json:"removable" doc:"I have a password, too."`
}

func (a *API) signOnOf(p deskhand.SignOn) SignOn {
	return SignOn{
		SignOnRequest: SignOnRequest{
			Enabled: p.Enabled, Issuer: p.Issuer, ClientID: p.ClientID, Label: p.Label, FindByEmail: p.FindByEmail, Create: p.Create, Role: p.Role,
			SecondFactor: p.SecondFactor,
		},
		HasSecret: p.Secret != "", RedirectURL: a.SignOns.SignOnCallback(),
	}
}

// apply changes the settings. A secret that is not sent stays.
func (r SignOnRequest) apply(p *deskhand.SignOn) {
	p.Enabled, p.Issuer, p.ClientID, p.Label = r.Enabled, r.Issuer, r.ClientID, r.Label
	p.FindByEmail, p.Create, p.Role, p.SecondFactor = r.FindByEmail, r.Create, r.Role, r.SecondFactor
	set(&p.Secret, r.ClientSecret)
}

func (a *API) signOnRoutes() {
	const path, tag = "/api/sign-on", "Sign-on"
	type output struct{ Body SignOn }
	settings := AccessMay(deskhand.MayManageSettings)
	add(a, route{settings, http.MethodGet, path, "get-sign-on", tag, "How agents log in by another service", 0, nil},
		func(ctx context.Context, _ *struct{}) (*output, error) {
			p, err := a.SignOns.SignOn(ctx)
			return &output{Body: a.signOnOf(p)}, err
		})

	type input struct{ Body SignOnRequest }
	add(a, route{settings, http.MethodPut, path, "set-sign-on", tag, "Change it", 0, []int{409}},
		func(ctx context.Context, in *input) (*output, error) {
			p, err := a.SignOns.UpdateSignOn(ctx, callerOf(ctx).Actor, in.Body.apply)
			return &output{Body: a.signOnOf(p)}, err
		})

	type trialOutput struct{ Body SignOnTrial }
	add(a, route{settings, http.MethodPost, path + "/test", "test-sign-on", tag, "Try a provider before it is saved", 0, []int{503}},
		func(ctx context.Context, in *input) (*trialOutput, error) {
			p, err := a.SignOns.SignOn(ctx)
			if err != nil {
				return nil, err
			}
			if in.Body.Issuer != p.Issuer {
				p.Secret = "" // it belongs to the other one
			}
			in.Body.apply(&p)
			t, err := a.SignOns.TrySignOn(ctx, callerOf(ctx).Actor, p)
			return &trialOutput{Body: t}, err
		})

	type idInput struct {
		ID string `path:"id" maxLength:"64"`
	}
	add(a, route{AccessMay(deskhand.MayManageAgents), http.MethodPost, "/api/agents/{id}/unlink", "unlink-agent", "Security", "Unlink an agent’s account at the provider", 0, []int{404}},
		func(ctx context.Context, in *idInput) (*struct{}, error) {
			c := callerOf(ctx)
			if in.ID == c.Agent.ID {
				return nil, &deskhand.Error{Code: deskhand.CodeForbidden, Fault: "This is your own account.", Hint: "Change it in Settings."}
			}
			return nil, a.SignOns.Unlink(ctx, c.Actor, in.ID)
		})
	add(a, route{AccessAgent, http.MethodPost, "/api/security/sign-on/unlink", "unlink-me", "Security", "Unlink my account at the provider", 0, []int{404, 409, 429}},
		func(ctx context.Context, in *confirmInput) (*struct{}, error) {
			c := callerOf(ctx)
			return nil, a.SignOns.UnlinkOwn(ctx, c.Actor, c.Agent, in.Body.Password)
		})
	a.signOnLoginRoutes()
}

// signOnLoginRoutes are both by POST: the provider sends browsers to a page of the console, so that no GET logs anybody in.
func (a *API) signOnLoginRoutes() {
	type beginInput struct{ Body SignOnStart }
	type beginOutput struct {
		SetCookie http.Cookie `header:"Set-Cookie"`
		Body      struct {
			URL string `json:"url" doc:"Where the browser goes."`
		}
	}
	add(a, route{AccessAnyone, http.MethodPost, "/api/login/sign-on", "begin-sign-on", "Login", "Begin to log in by another service", 0, []int{409, 503}},
		func(ctx context.Context, in *beginInput) (*beginOutput, error) {
			begun, err := a.SignOns.BeginSignOn(ctx, in.Body.Return, callerOf(ctx).Actor)
			if err != nil {
				return nil, err
			}
			out := &beginOutput{SetCookie: a.signOnCookie().set(begun.Secret, begun.ExpiresAt)}
			out.Body.URL = begun.URL
			return out, nil
		})

	type finishInput struct{ Body SignOnAnswer }
	type finishOutput struct {
		SetCookie []http.Cookie `header:"Set-Cookie"`
		Body      SignOnLogin
	}
	add(a, route{AccessAnyone, http.MethodPost, "/api/login/sign-on/finish", "finish-sign-on", "Login", "Log in with what the service answered", 0, []int{401, 403, 409, 503}},
		func(ctx context.Context, in *finishInput) (*finishOutput, error) {
			c := callerOf(ctx)
			result, back, err := a.SignOns.FinishSignOn(ctx, c.signOn, in.Body, c.Actor, c.userAgent)
			if err != nil {
				return nil, err
			}
			login, err := a.loginOutput(ctx, result)
			if err != nil {
				return nil, err
			}
			return &finishOutput{SetCookie: append(login.SetCookie, a.signOnCookie().clear()), Body: SignOnLogin{LoginAnswer: login.Body, Return: back}}, nil
		})
}

// signOnCookie binds a login that goes on at the provider to its browser.
func (a *API) signOnCookie() cookie {
	c := a.cookie
	c.name += "-sign-on"
	return c
}

// signOnLabel is what the login page calls the provider; empty: there is none.
func (a *API) signOnLabel(ctx context.Context) (string, error) {
	p, err := a.SignOns.SignOn(ctx)
	if err != nil || !p.Enabled {
		return "", err
	}
	return p.Label, nil
}

// linkedSignOn is an agent's account at the provider that there is now; nil: none.
func (a *API) linkedSignOn(ctx context.Context, agentID string) (*LinkedSignOn, error) {
	p, err := a.SignOns.SignOn(ctx)
	if err != nil {
		return nil, err
	}
	l, err := a.SignOns.LinkOf(ctx, agentID, p.Issuer)
	if deskhand.CodeOf(err) == deskhand.CodeNotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	removable, err := a.SignOns.HasPassword(ctx, agentID)
	return &LinkedSignOn{Label: p.Label, Email: l.Email, LinkedAt: l.LinkedAt.UTC(), LastUsedAt: l.LastUsedAt.UTC(), Removable: removable}, err
}
