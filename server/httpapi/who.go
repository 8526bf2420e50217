package httpapi

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"deskhand"
)

// Auth knows who is logged in. Its faults are deskhand.Errors with CodeUnauthorized or CodeThrottled.
type Auth interface {
	// Login checks a password and begins a login, or half of one when there is a second factor. The secret goes into the cookie.
	Login(ctx context.Context, userName, password string, from deskhand.Actor, userAgent string) (deskhand.LoginResult, error)
	// BeginPasskeyLogin begins a login by a passkey alone; CodeUnavailable where there are none.
	BeginPasskeyLogin(ctx context.Context, from deskhand.Actor) (deskhand.HalfLogin, error)
	// FinishLogin makes a login of half of one. CodeUnauthorized with the field "token" when that is over.
	FinishLogin(ctx context.Context, token string, answer deskhand.LoginAnswer, from deskhand.Actor, userAgent string) (deskhand.LoginResult, error)
	// Check finds the login of a cookie's secret and its agent, who is not disabled. incomplete: the policy wants a second factor that the
	// agent does not have yet.
	Check(ctx context.Context, secret string) (agent deskhand.Agent, login deskhand.Login, incomplete bool, err error)
	// CheckToken finds an API token and its agent, who is not disabled.
	CheckToken(ctx context.Context, secret string) (deskhand.Agent, deskhand.Token, error)
	// Logout ends a login and all that depends on it.
	Logout(ctx context.Context, by deskhand.Actor, login deskhand.Login) error
}

// cookie is the login's cookie. A browser takes a name that begins with __Host- over https only; on a loopback host without TLS, where
// only this machine's programs listen, the plain name is used.
type cookie struct {
	name   string
	secure bool
}

func newCookie(public *url.URL) cookie {
	if public.Scheme == "https" {
		return cookie{name: "__Host-deskhand", secure: true}
	}
	return cookie{name: "deskhand"}
}

func (c cookie) set(secret string, expires time.Time) http.Cookie {
	return http.Cookie{
		Name: c.name, Value: secret, Path: "/", Expires: expires, Secure: c.secure, HttpOnly: true, SameSite: http.SameSiteStrictMode,
	}
}

func (c cookie) clear() http.Cookie {
	return http.Cookie{Name: c.name, Path: "/", MaxAge: -1, Secure: c.secure, HttpOnly: true, SameSite: http.SameSiteStrictMode}
}

// Who is the agent behind a request.
type Who struct {
	Agent deskhand.Agent
	Login deskhand.Login
	Actor deskhand.Actor

	Token      string // id of the API token that the request came with; empty: a login's cookie
	Incomplete bool   // the policy wants a second factor first
}

// Administrator reports whether the agent may do what administrators may.
func (w Who) Administrator() bool { return w.Agent.Role == deskhand.RoleAdministrator }

// Who finds the agent behind a request by its cookie.
func (a *API) Who(r *http.Request) (Who, error) {
	c, err := r.Cookie(a.cookie.name)
	if err != nil || c.Value == "" || len(c.Value) > 128 {
		return Who{}, errNotLoggedIn()
	}
	agent, login, incomplete, err := a.Auth.Check(r.Context(), c.Value)
	if err != nil {
		if deskhand.CodeOf(err) == deskhand.CodeNotFound {
			return Who{}, errNotLoggedIn()
		}
		return Who{}, err
	}
	actor := deskhand.Actor{AgentID: agent.ID, Name: agent.UserName, Address: a.Address(r)}
	return Who{Agent: agent, Login: login, Actor: actor, Incomplete: incomplete}, nil
}

func errNotLoggedIn() error {
	return &deskhand.Error{Code: deskhand.CodeUnauthorized, Fault: "You are not logged in.", Hint: "Log in and try again."}
}

type callerKey struct{}

// caller is what a handler knows about its request.
type caller struct {
	Who
	userAgent string
	signOn    string // the cookie of a login that goes on at a provider
}

// admit lets a request of the right kind through, with its caller in the context. Nothing of the request's input is looked at before: whoever may
// not learns nothing else.
func (a *API) admit(rt route, most int64) func(huma.Context, func(huma.Context)) {
	return func(hc huma.Context, next func(huma.Context)) {
		r, w := humago.Unwrap(hc)
		c, err := a.callerFor(r, rt)
		if err == nil {
			err = a.inPace(rt, c)
		}
		if err == nil && r.ContentLength > most {
			err = TooLarge()
		}
		if err != nil {
			a.problem(r.Context(), err).write(w)
			return
		}
		next(huma.WithValue(hc, callerKey{}, c))
	}
}

// callerFor finds who calls a route, or why they may not.
func (a *API) callerFor(r *http.Request, rt route) (c caller, err error) {
	switch {
	case rt.access.loggedIn():
		if c.Who, err = a.whoFor(r, rt); err == nil && rt.needs() != "" {
			err = c.require(rt.needs())
		}
	case rt.access == AccessClient:
		err = RefuseBrowser(r)
	}
	c.Actor.Address, c.userAgent = a.Address(r), deskhand.CleanText(r.UserAgent(), 200)
	if kept, err := r.Cookie(a.signOnCookie().name); err == nil && len(kept.Value) <= 128 {
		c.signOn = kept.Value
	}
	return c, err
}

// whoFor finds the agent behind a request for a route: by an API token when it has one, else by the cookie. Whoever has to set up a second factor
// first gets to their own Settings only, and to nothing that would outlast the login.
func (a *API) whoFor(r *http.Request, rt route) (Who, error) {
	if r.Header.Get("Authorization") != "" {
		return a.whoByToken(r, rt.scope())
	}
	who, err := a.Who(r)
	if err == nil && who.Incomplete && !rt.beforeSecondFactor() {
		err = &deskhand.Error{
			Code: deskhand.CodeForbidden, Field: "secondFactor", Fault: "You need a second factor first.", Hint: "Set one up in Settings, Security.",
		}
	}
	return who, err
}

func (rt route) beforeSecondFactor() bool {
	return rt.access == AccessAgent && rt.id != "create-token" && (rt.tag == "Login" || rt.tag == "Settings" || rt.tag == "Security")
}

func callerOf(ctx context.Context) caller {
	c, _ := ctx.Value(callerKey{}).(caller)
	return c
}

// RefuseBrowser is the fault of a request to a client's route that bears a cookie or an Origin header, which only browsers send.
func RefuseBrowser(r *http.Request) error {
	if r.Header.Get("Origin") == "" && r.Header.Get("Cookie") == "" {
		return nil
	}
	return &deskhand.Error{
		Code: deskhand.CodeForbidden, Fault: "This address is for the Remote Support client.", Hint: "A browser has no business here.",
	}
}

func remoteAddress(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
