package httpapi

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"deskhand"
)

// Tokens lets programs act for agents. A token never reaches what its agent cannot at that moment, nor what its scopes leave out.
type Tokens interface {
	Tokens(ctx context.Context, agentID string) ([]deskhand.Token, error)
	// Recent reports whether ConfirmRecent wants no password of who holds the login.
	Recent(l deskhand.Login) bool
	// ConfirmRecent: CodeInvalid with the field "password", CodeConflict, CodeThrottled.
	ConfirmRecent(ctx context.Context, agent deskhand.Agent, l deskhand.Login, password, address string) error
	// CreateToken: CodeInvalid with the field, CodeConflict when there are too many.
	CreateToken(ctx context.Context, by deskhand.Actor, agentID, name string, scopes []string, expires time.Time) (secret string, k deskhand.Token, err error)
	// RemoveToken: CodeNotFound.
	RemoveToken(ctx context.Context, by deskhand.Actor, agentID, id string) error
}

// Token is an API token without its secret.
type Token struct {
	ID         string     `json:"id"`
	Name       string     `json:"name"`
	Scopes     []string   `json:"scopes" doc:"* is all of them."`
	CreatedAt  time.Time  `json:"createdAt"`
	ExpiresAt  *time.Time `json:"expiresAt,omitempty" doc:"Absent: never."`
	LastUsedAt *time.Time `json:"lastUsedAt,omitempty" doc:"To the minute; absent: never."`
}

// TokenList is an agent's tokens, and what one can choose for another.
type TokenList struct {
	Items  []Token  `json:"items"`
	Scopes []string `json:"scopes" doc:"The scopes that there are."`

	NeedsPassword bool `json:"needsPassword" doc:"A new one wants the password, since the login is older than five minutes."`
}

// TokenRequest is what a new token is for.
type TokenRequest struct {
	Name      string     `json:"name" minLength:"1" maxLength:"80"`
	Scopes    []string   `json:"scopes" minItems:"1" maxItems:"100" doc:"Like sessions:read; * is all of them."`
	ExpiresAt *time.Time `json:"expiresAt,omitempty" doc:"Absent: never."`
	Password  string     `json:"password,omitempty" maxLength:"1024" doc:"Mine; needed when needsPassword says so."`
}

// NewToken is a token with its secret, which is shown this once.
type NewToken struct {
	Secret string `json:"secret"`
	Token  Token  `json:"token"`
}

func tokenOf(k deskhand.Token) Token {
	return Token{ID: k.ID, Name: k.Name, Scopes: k.Scopes, CreatedAt: k.CreatedAt.UTC(), ExpiresAt: timeOrNil(k.ExpiresAt), LastUsedAt: timeOrNil(k.LastUsedAt)}
}

// scope is what a token needs for a route, by the route's tag and whether it changes anything; empty: no token gets there. Logins, passwords,
// second factors and tokens are for people.
func (rt route) scope() string {
	if !rt.access.loggedIn() || rt.tag == "Login" || rt.tag == "Security" {
		return ""
	}
	what := strings.ReplaceAll(strings.ToLower(rt.tag), " ", "-")
	if rt.method == http.MethodGet {
		return what + ":read"
	}
	return what + ":write"
}

// Scopes are those that a token can have.
func (a *API) Scopes() []string {
	list := make([]string, 0, len(a.scopes))
	for s := range a.scopes {
		list = append(list, s)
	}
	slices.Sort(list)
	return list
}

// CheckScopes says which of the scopes is none.
func (a *API) CheckScopes(scopes []string) error {
	for _, s := range scopes {
		if s != deskhand.AllScopes && !a.scopes[s] {
			return &deskhand.Error{
				Code: deskhand.CodeInvalid, Field: "scopes", Fault: fmt.Sprintf("There is no scope %q.", deskhand.CleanText(s, 40)),
				Hint: "Choose from: *, " + strings.Join(a.Scopes(), ", ") + ".",
			}
		}
	}
	return nil
}

// whoByToken finds the agent behind a request's API token, for a route that needs a scope. A browser sends no such request by itself: what
// comes with a cookie or from a page is refused.
func (a *API) whoByToken(r *http.Request, scope string) (Who, error) {
	if r.Header.Get("Cookie") != "" || r.Header.Get("Origin") != "" {
		return Who{}, &deskhand.Error{
			Code: deskhand.CodeForbidden, Fault: "An API token comes without cookies and without an Origin header.", Hint: "Use it from a program, not from a page.",
		}
	}
	secret, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok || len(secret) > 128 {
		return Who{}, errNotLoggedIn()
	}
	agent, token, err := a.Auth.CheckToken(r.Context(), secret)
	if err != nil {
		return Who{}, err
	}
	switch {
	case scope == "":
		return Who{}, &deskhand.Error{Code: deskhand.CodeForbidden, Fault: "An API token cannot do this.", Hint: "Log in to the console."}
	case !slices.Contains(token.Scopes, scope) && !slices.Contains(token.Scopes, deskhand.AllScopes):
		return Who{}, &deskhand.Error{Code: deskhand.CodeForbidden, Fault: "This token may not do this.", Hint: "It needs the scope " + scope + "."}
	}
	actor := deskhand.Actor{AgentID: agent.ID, Name: fmt.Sprintf("%s (token %s)", agent.UserName, token.Name), Address: a.Address(r)}
	return Who{Agent: agent, Actor: actor, Token: token.ID}, nil
}

func (a *API) tokenRoutes() {
	type output struct{ Body TokenList }
	add(a, route{AccessAgent, http.MethodGet, "/api/tokens", "list-tokens", "Security", "My API tokens", 0, nil},
		func(ctx context.Context, _ *struct{}) (*output, error) {
			c := callerOf(ctx)
			tokens, err := a.Tokens.Tokens(ctx, c.Agent.ID)
			out := &output{TokenList{Items: make([]Token, 0, len(tokens)), Scopes: a.Scopes(), NeedsPassword: !a.Tokens.Recent(c.Login)}}
			for _, k := range tokens {
				out.Body.Items = append(out.Body.Items, tokenOf(k))
			}
			return out, err
		})
	type createInput struct{ Body TokenRequest }
	type createOutput struct{ Body NewToken }
	add(a, route{AccessAgent, http.MethodPost, "/api/tokens", "create-token", "Security", "Make an API token", http.StatusCreated, []int{http.StatusConflict, http.StatusTooManyRequests}},
		func(ctx context.Context, in *createInput) (*createOutput, error) {
			if err := a.CheckScopes(in.Body.Scopes); err != nil {
				return nil, err
			}
			var expires time.Time
			if in.Body.ExpiresAt != nil {
				expires = *in.Body.ExpiresAt
			}
			c := callerOf(ctx)
			if err := a.Tokens.ConfirmRecent(ctx, c.Agent, c.Login, in.Body.Password, c.Actor.Address); err != nil {
				return nil, err
			}
			secret, k, err := a.Tokens.CreateToken(ctx, c.Actor, c.Agent.ID, in.Body.Name, in.Body.Scopes, expires)
			return &createOutput{NewToken{Secret: secret, Token: tokenOf(k)}}, err
		})
	type idInput struct {
		ID string `path:"id" maxLength:"64"`
	}
	add(a, route{AccessAgent, http.MethodDelete, "/api/tokens/{id}", "remove-token", "Security", "End an API token", 0, []int{http.StatusNotFound}},
		func(ctx context.Context, in *idInput) (*struct{}, error) {
			c := callerOf(ctx)
			return nil, a.Tokens.RemoveToken(ctx, c.Actor, c.Agent.ID, in.ID)
		})
}
