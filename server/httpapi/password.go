package httpapi

import (
	"context"
	"net/http"
	"time"

	"deskhand"
)

// Passwords changes passwords. Whoever forgot theirs gets a link with a token, which is used up by the new password and by nothing else.
type Passwords interface {
	// ChangePassword ends all other logins. CodeInvalid with the field "current" or "password".
	ChangePassword(ctx context.Context, by deskhand.Actor, agent deskhand.Agent, login deskhand.Login, current, password string) error
	// Forgot answers alike and at once, whoever asks. CodeUnavailable without mail, CodeThrottled.
	Forgot(ctx context.Context, who, language string, from deskhand.Actor) error
	// ResetLink: CodeNotFound, CodeForbidden for an agent who may do more than the one who acts.
	ResetLink(ctx context.Context, by deskhand.Actor, agentID string) (token string, expires time.Time, err error)
	// ResetFor and Reset: CodeNotFound when the link is used or over; CodeInvalid with the field "password".
	ResetFor(ctx context.Context, token string) (deskhand.Agent, error)
	Reset(ctx context.Context, token, password, address string) error
	// ResetSecondFactor: as ResetLink.
	ResetSecondFactor(ctx context.Context, by deskhand.Actor, agentID string) error
}

// PasswordChange is a new password and the one that it replaces.
type PasswordChange struct {
	Current  string `json:"current" minLength:"1" maxLength:"1024"`
	Password string `json:"password" minLength:"1" maxLength:"1024"`
}

// Forgotten says who forgot a password.
type Forgotten struct {
	Who string `json:"who" minLength:"1" maxLength:"254" doc:"User name or e-mail address."`
}

// ResetToken is the part of a link for a new password after the #.
type ResetToken struct {
	Token string `json:"token" minLength:"1" maxLength:"128"`
}

// ResetRequest is a new password by a link.
type ResetRequest struct {
	ResetToken
	Password string `json:"password" minLength:"1" maxLength:"1024"`
}

// ResetAgent is whom a link for a new password is for.
type ResetAgent struct {
	UserName string `json:"userName"`
	Name     string `json:"name"`
}

// ResetLink is a link for a new password, to be handed to the agent.
type ResetLink struct {
	URL       string    `json:"url" doc:"Works once. What is after the # never reaches a server's log."`
	ExpiresAt time.Time `json:"expiresAt"`
}

// ResetURL is the console's page for a link's token. The token stands in the fragment, which browsers send nowhere.
func (a *API) ResetURL(token string) string {
	return a.PublicURL.JoinPath("reset").String() + "#" + token
}

func (a *API) passwordRoutes() {
	type changeInput struct{ Body PasswordChange }
	add(a, route{
		AccessAgent, http.MethodPost, "/api/password", "change-password", "Security", "Change my password; ends my other logins", 0,
		[]int{http.StatusTooManyRequests},
	}, func(ctx context.Context, in *changeInput) (*struct{}, error) {
		c := callerOf(ctx)
		return nil, a.Passwords.ChangePassword(ctx, c.Actor, c.Agent, c.Login, in.Body.Current, in.Body.Password)
	})

	type forgotInput struct {
		Language string `header:"Accept-Language" maxLength:"200"`
		Body     Forgotten
	}
	add(a, route{
		AccessAnyone, http.MethodPost, "/api/password/forgot", "forgot-password", "Login", "Ask for a link for a new password by mail", 0,
		[]int{http.StatusTooManyRequests, http.StatusServiceUnavailable},
	}, func(ctx context.Context, in *forgotInput) (*struct{}, error) {
		return nil, a.Passwords.Forgot(ctx, in.Body.Who, in.Language, callerOf(ctx).Actor)
	})

	type tokenInput struct{ Body ResetToken }
	type agentOutput struct{ Body ResetAgent }
	add(a, route{
		AccessAnyone, http.MethodPost, "/api/password/reset/check", "check-reset", "Login", "Whom a link for a new password is for", 0,
		[]int{http.StatusNotFound},
	}, func(ctx context.Context, in *tokenInput) (*agentOutput, error) {
		agent, err := a.Passwords.ResetFor(ctx, in.Body.Token)
		return &agentOutput{ResetAgent{UserName: agent.UserName, Name: agent.Name}}, err
	})

	type resetInput struct{ Body ResetRequest }
	add(a, route{
		AccessAnyone, http.MethodPost, "/api/password/reset", "reset-password", "Login", "Choose a new password by a link", 0,
		[]int{http.StatusNotFound},
	}, func(ctx context.Context, in *resetInput) (*struct{}, error) {
		return nil, a.Passwords.Reset(ctx, in.Body.Token, in.Body.Password, callerOf(ctx).Actor.Address)
	})

	type idInput struct {
		ID string `path:"id" maxLength:"64"`
	}
	type linkOutput struct{ Body ResetLink }
	add(a, route{
		AccessMay(deskhand.MayManageAgents), http.MethodPost, "/api/agents/{id}/reset-link", "make-reset-link", "Security", "A link for an agent's new password", 0,
		[]int{http.StatusForbidden, http.StatusNotFound},
	}, func(ctx context.Context, in *idInput) (*linkOutput, error) {
		token, expires, err := a.Passwords.ResetLink(ctx, callerOf(ctx).Actor, in.ID)
		if err != nil {
			return nil, err
		}
		return &linkOutput{ResetLink{URL: a.ResetURL(token), ExpiresAt: expires.UTC()}}, nil
	})
	add(a, route{
		AccessMay(deskhand.MayManageAgents), http.MethodPost, "/api/agents/{id}/reset-second-factor", "reset-second-factor", "Security", "Remove an agent's second factor", 0,
		[]int{http.StatusForbidden, http.StatusNotFound},
	}, func(ctx context.Context, in *idInput) (*struct{}, error) {
		return nil, a.Passwords.ResetSecondFactor(ctx, callerOf(ctx).Actor, in.ID)
	})
}
