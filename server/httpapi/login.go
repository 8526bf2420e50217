package httpapi

import (
	"context"
	"fmt"
	"net/http"

	"deskhand"
)

// Me is the agent that is logged in.
type Me struct {
	ID            string        `json:"id"`
	UserName      string        `json:"userName"`
	Name          string        `json:"name"`
	Email         string        `json:"email"`
	Title         string        `json:"title"`
	Language      string        `json:"language" doc:"BCP 47; empty: the browser's."`
	Theme         string        `json:"theme" enum:",light,dark" doc:"Empty: the system's."`
	Role          deskhand.Role `json:"role" doc:"agent, administrator, or the id of an own role."`
	RoleName      string        `json:"roleName" doc:"Of an own role; empty for a built-in one."`
	Permissions   []Permission  `json:"permissions" doc:"What I may do."`
	PersonalLink  string        `json:"personalLink" doc:"What lets an end-user in to this agent."`
	Company       string        `json:"company"`
	ServerVersion string        `json:"serverVersion"`
	SendsMail     bool          `json:"sendsMail" doc:"The server can send mails."`
	Fingerprint   string        `json:"fingerprint,omitempty" doc:"Of a self-signed certificate: what clients are given by /fingerprint."`

	NeedsSecondFactor bool `json:"needsSecondFactor" doc:"The policy wants one before anything else."`
}

// LoginRequest is what an agent logs in with.
type LoginRequest struct {
	UserName string `json:"userName" minLength:"1" maxLength:"128"`
	Password string `json:"password" minLength:"1" maxLength:"1024"`
}

// Welcome is what everybody may know.
type Welcome struct {
	Company string            `json:"company"`
	Logo    string            `json:"logo" doc:"Path of the picture; empty: there is none."`
	Palette *deskhand.Palette `json:"palette,omitempty" doc:"Absent: the product's own colours."`

	ResetByMail bool   `json:"resetByMail" doc:"A link for a new password can be had by mail."`
	Passkeys    bool   `json:"passkeys" doc:"Browsers know passkeys at this server's address."`
	SignOn      string `json:"signOn" doc:"What to call the service that one can log in by; empty: none."`
}

type meOutput struct{ Body Me }

type loginOutput struct {
	SetCookie []http.Cookie `header:"Set-Cookie"` // none for half a login
	Body      LoginAnswer
}

// loginOutput is what a step of logging in led to.
func (a *API) loginOutput(ctx context.Context, r deskhand.LoginResult) (*loginOutput, error) {
	if r.Half != nil {
		step, err := stepOf(*r.Half)
		return &loginOutput{Body: LoginAnswer{Step: step}}, err
	}
	me, err := a.me(ctx, r.Agent)
	if err != nil {
		return nil, err
	}
	_, _, me.NeedsSecondFactor, err = a.Auth.Check(ctx, r.Secret)
	return &loginOutput{SetCookie: []http.Cookie{a.cookie.set(r.Secret, r.Login.ExpiresAt)}, Body: LoginAnswer{Me: &me}}, err
}

func (a *API) me(ctx context.Context, agent deskhand.Agent) (Me, error) {
	company, err := a.Settings.Company(ctx)
	if err != nil {
		return Me{}, fmt.Errorf("reading the company's name: %w", err)
	}
	return Me{
		ID: agent.ID, UserName: agent.UserName, Name: agent.Name, Email: agent.Email, Title: agent.Title,
		Language: agent.Language, Theme: agent.Theme, Role: agent.Role, RoleName: agent.RoleName, Permissions: permissionsOf(agent.May()),
		PersonalLink: a.PublicURL.JoinPath("join", agent.UserName).String(),
		Company:      company, ServerVersion: a.Version, SendsMail: a.Mail.Enabled(), Fingerprint: a.Fingerprint,
	}, nil
}

func (a *API) loginRoutes() {
	type loginInput struct{ Body LoginRequest }
	add(a, route{
		AccessAnyone, http.MethodPost, "/api/login", "login", "Login", "Log in by a password", 0,
		[]int{http.StatusUnauthorized, http.StatusTooManyRequests},
	}, func(ctx context.Context, in *loginInput) (*loginOutput, error) {
		c := callerOf(ctx)
		result, err := a.Auth.Login(ctx, in.Body.UserName, in.Body.Password, c.Actor, c.userAgent)
		if err != nil {
			return nil, err
		}
		return a.loginOutput(ctx, result)
	})

	type welcomeOutput struct{ Body Welcome }
	add(a, route{AccessAnyone, http.MethodGet, "/api/welcome", "welcome", "Login", "What the login page shows", 0, nil},
		func(ctx context.Context, _ *struct{}) (*welcomeOutput, error) {
			out, err := a.branding(ctx)
			if err != nil {
				return nil, err
			}
			signOn, err := a.signOnLabel(ctx)
			return &welcomeOutput{Body: Welcome{
				Company: out.Body.Company, Logo: out.Body.Logo, Palette: out.Body.Palette, ResetByMail: a.Mail.Enabled(), Passkeys: a.Factors.Passkeys(), SignOn: signOn,
			}}, err
		})

	type logoutOutput struct {
		SetCookie http.Cookie `header:"Set-Cookie"`
	}
	add(a, route{AccessAgent, http.MethodPost, "/api/logout", "logout", "Login", "Log out", 0, nil},
		func(ctx context.Context, _ *struct{}) (*logoutOutput, error) {
			c := callerOf(ctx)
			if err := a.Auth.Logout(ctx, c.Actor, c.Login); err != nil {
				return nil, err
			}
			return &logoutOutput{SetCookie: a.cookie.clear()}, nil
		})
}
