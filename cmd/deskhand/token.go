package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"deskhand"
	"deskhand/server/auth"
	"deskhand/server/httpapi"
)

// Token has the verbs about API tokens.
type Token struct {
	Create TokenCreate `cmd:"" help:"Make an API token of an agent and print it, once."`
}

// TokenCreate makes a token.
type TokenCreate struct {
	Agent   string   `help:"User name of the agent that the token acts for; it never may more." required:"" placeholder:"USER"`
	Name    string   `help:"What the token is for." required:""`
	Scope   []string `help:"What it may do, like sessions:read. May be given several times; without it everything that tokens may." placeholder:"SCOPE"`
	Expires string   `help:"How long it lives: days, like 90d, or hours, like 12h. Without it, until it is removed." placeholder:"TIME"`
}

// Run makes it, beside a running server or not.
func (v *TokenCreate) Run(ctx context.Context, g *Globals, t *Terminal) error {
	scopes := v.Scope
	if len(scopes) == 0 {
		scopes = []string{deskhand.AllScopes}
	}
	if err := httpapi.New(httpapi.Config{}).CheckScopes(scopes); err != nil {
		return err
	}
	expires, err := later(time.Now(), v.Expires)
	if err != nil {
		return err
	}
	s, a, err := g.openAgent(ctx, v.Agent)
	if err != nil {
		return err
	}
	defer s.Close()
	service, err := auth.New(s, auth.Options{})
	if err != nil {
		return err
	}
	secret, _, err := service.CreateToken(ctx, commandLine(), a.ID, v.Name, scopes, expires)
	if err != nil {
		return err
	}
	fmt.Fprintf(t.Out, "token: %s\n", secret)
	return nil
}

// later is the time after a span of days or hours; zero for none.
func later(now time.Time, span string) (time.Time, error) {
	if span == "" {
		return time.Time{}, nil
	}
	d, err := time.ParseDuration(span)
	if days, ok := strings.CutSuffix(span, "d"); ok {
		var n int
		n, err = strconv.Atoi(days)
		d = time.Duration(n) * 24 * time.Hour
	}
	if err != nil || d <= 0 || d > 100*366*24*time.Hour {
		return time.Time{}, &deskhand.Error{
			Code: deskhand.CodeInvalid, Field: "expires", Fault: fmt.Sprintf("%q is no span of time.", span), Hint: "Write it like 90d or 12h.",
		}
	}
	return now.Add(d), nil
}
