package server

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"

	"deskhand"
	"deskhand/server/auth"
	"deskhand/server/httpapi"
	"deskhand/server/signon"
	"deskhand/server/store"
)

// callbackPath is the console's page that a provider sends browsers back to.
const callbackPath = "/login/oidc/callback"

// signOns lets agents log in by an OpenID provider.
type signOns struct {
	*store.Store
	auth     *auth.Service
	provider *signon.Service
}

// signOnStep is what is kept while somebody is at the provider.
type signOnStep struct {
	signon.Attempt
	Return string `json:"return"`
}

func (o signOns) SignOnCallback() string { return o.provider.Callback }

func (o signOns) BeginSignOn(ctx context.Context, back string, from deskhand.Actor) (begun httpapi.SignOnBegun, err error) {
	p, err := o.enabled(ctx)
	if err != nil {
		return begun, err
	}
	step := signOnStep{Return: ownPath(back)}
	if begun.URL, step.Attempt, err = o.provider.Begin(ctx, p); err != nil {
		return begun, err
	}
	kept, err := json.Marshal(step)
	if err != nil {
		return begun, err
	}
	begun.Secret, begun.ExpiresAt, err = o.auth.KeepSignOn(ctx, kept, from.Address)
	return begun, err
}

func (o signOns) FinishSignOn(ctx context.Context, secret string, answer httpapi.SignOnAnswer, from deskhand.Actor, userAgent string) (r deskhand.LoginResult, back string, err error) {
	kept, err := o.auth.TakeSignOn(ctx, secret) // first, so that nothing is tried twice
	if err != nil {
		return r, "", err
	}
	var step signOnStep
	if err := json.Unmarshal(kept, &step); err != nil {
		return r, "", err
	}
	p, err := o.enabled(ctx)
	if err != nil {
		return r, "", err
	}
	id, err := o.provider.Finish(ctx, p, step.Attempt, signon.Answer(answer))
	if err != nil {
		return r, "", err
	}
	agent, err := o.AgentBySignOn(ctx, from, id)
	if err != nil {
		return r, "", err
	}
	r, err = o.auth.LoginBySignOn(ctx, agent, p.SecondFactor, from, userAgent)
	return r, step.Return, err
}

// enabled are the settings while sign-on is on.
func (o signOns) enabled(ctx context.Context) (deskhand.SignOn, error) {
	p, err := o.SignOn(ctx)
	if err == nil && !p.Enabled {
		err = &deskhand.Error{
			Code: deskhand.CodeConflict, Field: deskhand.SignOnOff, Fault: "Logging in by another service is switched off.", Hint: "Log in by your password.",
		}
	}
	return p, err
}

func (o signOns) TrySignOn(ctx context.Context, by deskhand.Actor, p deskhand.SignOn) (httpapi.SignOnTrial, error) {
	if err := o.CheckSignOn(ctx, by, &p); err != nil {
		return httpapi.SignOnTrial{}, err
	}
	t, err := o.provider.Try(ctx, p)
	return httpapi.SignOnTrial(t), err
}

func (o signOns) UnlinkOwn(ctx context.Context, by deskhand.Actor, agent deskhand.Agent, password string) error {
	if err := o.auth.ConfirmUnlink(ctx, agent, password, by.Address); err != nil {
		return err
	}
	return o.Unlink(ctx, by, agent.ID)
}

// ownPath is a path of the console; anything that a browser could take for another site is none.
func ownPath(path string) string {
	u, err := url.Parse(path)
	if err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\t\r\n") {
		return ""
	}
	return path
}
