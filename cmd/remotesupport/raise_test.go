package main

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"testing"

	"deskhand/client"
	"deskhand/client/elevate"
)

// What came of asking for an administrator's rights is told by its kind, and the line that is run with them says all that is known.
func TestRaise(t *testing.T) {
	broken := errors.New("no such program")
	refused, unreachable := new(client.RefusedError), new(client.UnreachableError)
	is := func(want error) func(error) bool { return func(err error) bool { return errors.Is(err, want) } }
	for _, c := range []struct {
		said string
		code int
		err  error
		want func(error) bool
	}{
		{"declined", 0, elevate.ErrDeclined, is(client.ErrNotRaised)},
		{"nobody can be asked", 0, elevate.ErrUnsupported, is(client.ErrNotRaised)},
		{"not started", 0, broken, is(broken)},
		{"done", exitDone, nil, func(err error) bool { return err == nil }},
		{"refused by the server", exitRefused, nil, func(err error) bool { return errors.As(err, &refused) }},
		{"no server", exitUnreachable, nil, func(err error) bool { return errors.As(err, &unreachable) && unreachable.Server == "help.example.com" }},
		{"another end", 77, nil, func(err error) bool { return err != nil && !errors.Is(err, client.ErrNotRaised) }},
	} {
		var line []string
		raise := raiseBy(func(_ context.Context, args ...string) (int, error) {
			line = args
			return c.code, c.err
		})
		r := client.EnrolRequest{Server: &url.URL{Scheme: "https", Host: "help.example.com"}, Fingerprint: "00ff", Token: "u123"}
		if err := raise(t.Context(), r); !c.want(err) {
			t.Errorf("%s: %v", c.said, err)
		}
		want := []string{"/createcomputer", "/replace", "/token", "u123", "/relayurl", "https://help.example.com", "/fingerprint", "00ff"}
		if !slices.Equal(line, want) {
			t.Errorf("%s: the line is %q", c.said, line)
		}
	}
}
