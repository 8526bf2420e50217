package httpapi

import (
	"context"
	"net/http"

	"deskhand"
)

// Invitations lets invited agents choose their password. CodeNotFound when a token leads nowhere any more.
type Invitations interface {
	// Invited is whom a token is for; it is not used up.
	Invited(ctx context.Context, from deskhand.Actor, token string) (deskhand.Agent, error)
	// Accept keeps the password and uses up the token; CodeInvalid with the field when the password is too simple.
	Accept(ctx context.Context, from deskhand.Actor, token, password string) error
}

// InvitationToken is what an invitation's link carries in its fragment.
type InvitationToken struct {
	Token string `json:"token" minLength:"1" maxLength:"128"`
}

// InvitedAgent is whom an invitation is for.
type InvitedAgent struct {
	UserName string `json:"userName"`
	Name     string `json:"name"`
	Company  string `json:"company"`
}

// AcceptRequest is an invited agent's choice.
type AcceptRequest struct {
	InvitationToken
	Password string `json:"password" minLength:"1" maxLength:"1024"`
}

func (a *API) invitationRoutes() {
	type lookInput struct{ Body InvitationToken }
	type lookOutput struct{ Body InvitedAgent }
	add(a, route{AccessAnyone, http.MethodPost, "/api/invitation", "look-at-invitation", "Login", "Whom an invitation is for", 0, []int{404}},
		func(ctx context.Context, in *lookInput) (*lookOutput, error) {
			agent, err := a.Invitations.Invited(ctx, callerOf(ctx).Actor, in.Body.Token)
			if err != nil {
				return nil, err
			}
			company, err := a.Settings.Company(ctx)
			return &lookOutput{Body: InvitedAgent{UserName: agent.UserName, Name: agent.Name, Company: company}}, err
		})

	type acceptInput struct{ Body AcceptRequest }
	add(a, route{AccessAnyone, http.MethodPost, "/api/invitation/accept", "accept-invitation", "Login", "Choose the password of an invited agent", 0, []int{404}},
		func(ctx context.Context, in *acceptInput) (*struct{}, error) {
			return nil, a.Invitations.Accept(ctx, callerOf(ctx).Actor, in.Body.Token, in.Body.Password)
		})
}
