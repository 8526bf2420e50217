package signon

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"deskhand"
)

// Trial is what trying a provider has found.
type Trial struct {
	Refused bool // it refuses the client's ID or secret; many say so only when somebody logs in
	PKCE    bool // it says that it knows PKCE; it is used either way
}

// Try asks a provider about itself anew, and whether it refuses the client: by a code that it cannot have given. CodeUnavailable says what is wrong with
// the provider.
func (s *Service) Try(ctx context.Context, p deskhand.SignOn) (Trial, error) {
	found, err := s.discover(ctx, p.Issuer)
	if err != nil {
		var e *deskhand.Error
		if errors.As(err, &e) {
			e.Field, e.Hint = "issuer", "Check the address; enter it exactly as the provider writes it, a slash at its end included."
		}
		return Trial{}, err
	}
	_, err = s.oauth(found, p).Exchange(oidc.ClientContext(ctx, s.client), "none", oauth2.VerifierOption(oauth2.GenerateVerifier()))
	var answer *oauth2.RetrieveError
	refused := errors.As(err, &answer) &&
		(answer.ErrorCode == "invalid_client" || answer.ErrorCode == "unauthorized_client" || answer.Response.StatusCode == http.StatusUnauthorized)
	return Trial{Refused: refused, PKCE: slices.Contains(found.words.ChallengeMethods, "S256")}, nil
}
