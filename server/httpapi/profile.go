package httpapi

import (
	"context"
	"net/http"

	"deskhand"
)

// ProfileChange is what an agent changes about themselves; nil leaves a field as it is.
type ProfileChange struct {
	Name     *string `json:"name,omitempty" minLength:"1" maxLength:"100"`
	Title    *string `json:"title,omitempty" maxLength:"100"`
	Email    *string `json:"email,omitempty" maxLength:"254"`
	Language *string `json:"language,omitempty" maxLength:"35" pattern:"^([A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*)?$" patternDescription:"a language code"`
	Theme    *string `json:"theme,omitempty" enum:",light,dark"`
}

// Profiles keeps what agents say about themselves.
type Profiles interface {
	// UpdateProfile changes an agent and returns it as it is then.
	UpdateProfile(ctx context.Context, by deskhand.Actor, agentID string, change ProfileChange) (deskhand.Agent, error)
}

func (a *API) profileRoutes() {
	add(a, route{AccessAgent, http.MethodGet, "/api/me", "get-me", "Settings", "Who is logged in", 0, nil},
		func(ctx context.Context, _ *struct{}) (*meOutput, error) {
			return a.meOutput(ctx, callerOf(ctx))
		})

	type input struct{ Body ProfileChange }
	add(a, route{AccessAgent, http.MethodPatch, "/api/me", "update-me", "Settings", "Change my profile", 0, nil},
		func(ctx context.Context, in *input) (*meOutput, error) {
			c, b := callerOf(ctx), in.Body
			if b.Email != nil && c.Token != "" {
				return nil, errEmailByToken()
			}
			clean(b.Name, 100)
			clean(b.Title, 100)
			clean(b.Email, 254)
			if b.Name != nil && *b.Name == "" {
				return nil, &deskhand.Error{
					Code: deskhand.CodeInvalid, Field: "name", Fault: "The name is empty.", Hint: "Enter the name that end-users know you by.",
				}
			}
			agent, err := a.Profiles.UpdateProfile(ctx, c.Actor, c.Agent.ID, b)
			if err != nil {
				return nil, err
			}
			c.Agent = agent
			return a.meOutput(ctx, c)
		})
}

func clean(s *string, max int) {
	if s != nil {
		*s = deskhand.CleanText(*s, max)
	}
}

func (a *API) meOutput(ctx context.Context, c caller) (*meOutput, error) {
	me, err := a.me(ctx, c.Agent)
	me.NeedsSecondFactor = c.Incomplete
	if err != nil {
		return nil, err
	}
	return &meOutput{Body: me}, nil
}

// errEmailByToken refuses a token an e-mail address to which links for a new password go.
func errEmailByToken() error {
	return &deskhand.Error{
		Code: deskhand.CodeForbidden, Field: "email", Fault: "An API token cannot change the e-mail address of an agent who logs in.", Hint: "Change it in the console.",
	}
}
