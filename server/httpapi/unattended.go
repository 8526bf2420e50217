package httpapi

import (
	"context"
	"net/http"
	"path"
	"time"

	"deskhand"
)

// Unattended makes the links that add a computer.
type Unattended interface {
	// CreateUnattendedInvite tells the code, this once. CodeAgentUnavailable, CodeConflict when there are too many.
	CreateUnattendedInvite(ctx context.Context, by deskhand.Actor, i deskhand.UnattendedInvite) (code string, out deskhand.UnattendedInvite, err error)
	// UnattendedInvites are an agent's open links for end-users, the newest first.
	UnattendedInvites(ctx context.Context, agentID string) ([]deskhand.UnattendedInvite, error)
	// UnattendedInvite finds an open one by its code. CodeNotFound, CodeUsed, CodeRevoked, CodeExpired.
	UnattendedInvite(ctx context.Context, code string) (deskhand.UnattendedInvite, error)
	// RevokeUnattendedInvite: CodeNotFound when the agent has no such open one.
	RevokeUnattendedInvite(ctx context.Context, by deskhand.Actor, id string) error
	// Inviter is whom an open invite's end-user is asked for. CodeAgentUnavailable.
	Inviter(ctx context.Context, i deskhand.UnattendedInvite) (UnattendedAgent, error)
}

// UnattendedLink is a link that adds a computer, without its address, which is shown once.
type UnattendedLink struct {
	ID        string    `json:"id"`
	Name      string    `json:"name" doc:"What the agent calls it; may be empty."`
	CreatedAt time.Time `json:"createdAt"`
	ExpiresAt time.Time `json:"expiresAt"`
}

// UnattendedLinkRequest is for whose computer a link is.
type UnattendedLinkRequest struct {
	Kind deskhand.UnattendedKind `json:"kind" enum:"end-user,own" doc:"own: the computer that the agent sits at; it expires soon."`
	Name string                  `json:"name,omitempty" maxLength:"512" doc:"What I call it, to know it again."`
}

// NewUnattendedLink is a link with its address, which is shown this once.
type NewUnattendedLink struct {
	UnattendedLink
	URL  string `json:"url" doc:"The page. With /download behind it, it is the client."`
	Code string `json:"code" doc:"What the page's address ends with, for /token on a command line."`
}

// UnattendedMailRequest says which link goes to whom.
type UnattendedMailRequest struct {
	To       string `json:"to" minLength:"1" maxLength:"254" doc:"The end-user's e-mail address."`
	Language string `json:"language" maxLength:"35" doc:"Of the message, BCP 47."`
	URL      string `json:"url" minLength:"1" maxLength:"512" doc:"A link of mine that adds a computer, or its code."`
}

// UnattendedCode is a code that a client has.
type UnattendedCode struct {
	Code string `json:"code" minLength:"1" maxLength:"64"`
}

// UnattendedAgent is for whom a client asks.
type UnattendedAgent struct {
	Kind         deskhand.UnattendedKind `json:"kind" enum:"end-user,own,keep"`
	Name         string                  `json:"name"`
	Title        string                  `json:"title"`
	Company      string                  `json:"company"`
	ConsentWords string                  `json:"consentWords"`
}

func unattendedOf(i deskhand.UnattendedInvite) UnattendedLink {
	return UnattendedLink{ID: i.ID, Name: i.Name, CreatedAt: i.CreatedAt.UTC(), ExpiresAt: i.ExpiresAt.UTC()}
}

func (a *API) unattendedRoutes() {
	const tag = "Computers"
	add(a, route{AccessAgent, http.MethodGet, "/api/computers/links", "list-unattended-links", tag, "My open links that add a computer", 0, nil},
		func(ctx context.Context, _ *struct{}) (*listOutput[UnattendedLink], error) {
			invites, err := a.Unattended.UnattendedInvites(ctx, callerOf(ctx).Agent.ID)
			out := &listOutput[UnattendedLink]{}
			out.Body.Items = make([]UnattendedLink, 0, len(invites))
			for _, i := range invites {
				out.Body.Items = append(out.Body.Items, unattendedOf(i))
			}
			return out, err
		})

	type createInput struct{ Body UnattendedLinkRequest }
	type createOutput struct{ Body NewUnattendedLink }
	add(a, route{AccessMay(deskhand.MayAddComputers), http.MethodPost, "/api/computers/links", "create-unattended-link", tag, "Make a link that adds a computer", 0, []int{409}},
		func(ctx context.Context, in *createInput) (*createOutput, error) {
			c := callerOf(ctx)
			code, i, err := a.Unattended.CreateUnattendedInvite(ctx, c.Actor, deskhand.UnattendedInvite{
				Kind: in.Body.Kind, AgentID: c.Agent.ID, Name: deskhand.CleanText(in.Body.Name, deskhand.MaxComputerNameLength),
			})
			return &createOutput{NewUnattendedLink{UnattendedLink: unattendedOf(i), URL: a.PublicURL.JoinPath("unattended", code).String(), Code: code}}, err
		})

	type removeInput struct {
		ID string `path:"id" minLength:"1" maxLength:"64"`
	}
	add(a, route{AccessAgent, http.MethodDelete, "/api/computers/links/{id}", "revoke-unattended-link", tag, "Take back a link that adds a computer", 0, []int{404}},
		func(ctx context.Context, in *removeInput) (*struct{}, error) {
			return nil, a.Unattended.RevokeUnattendedInvite(ctx, callerOf(ctx).Actor, in.ID)
		})

	type mailInput struct{ Body UnattendedMailRequest }
	add(a, route{AccessMay(deskhand.MayAddComputers), http.MethodPost, "/api/computers/links/mail", "mail-unattended-link", tag, "Send a link that adds a computer by mail", 0, []int{404, 409, 429, 503}},
		func(ctx context.Context, in *mailInput) (*struct{}, error) {
			return nil, a.mailUnattended(ctx, in.Body)
		})

	type lookInput struct{ Body UnattendedCode }
	type lookOutput struct{ Body UnattendedAgent }
	add(a, route{AccessClient, http.MethodPost, "/client/unattended", "look-at-unattended-code", "Clients", "For whom a computer is added by a code", 0, []int{403, 404, 409}},
		func(ctx context.Context, in *lookInput) (*lookOutput, error) {
			i, err := a.Unattended.UnattendedInvite(ctx, in.Body.Code)
			if err != nil {
				return nil, err
			}
			who, err := a.Unattended.Inviter(ctx, i)
			return &lookOutput{who}, err
		})
}

// mailUnattended sends the end-user a link of the caller's. A page of a link for their own computer is not for others.
func (a *API) mailUnattended(ctx context.Context, r UnattendedMailRequest) error {
	c := callerOf(ctx)
	if !a.Mail.Enabled() {
		return &deskhand.Error{Code: deskhand.CodeConflict, Fault: "This server sends no mails.", Hint: "Copy the link, or use your own mail program."}
	}
	code := path.Base(r.URL)
	i, err := a.Unattended.UnattendedInvite(ctx, code)
	if err != nil {
		return err
	}
	if i.AgentID != c.Agent.ID || i.Kind != deskhand.UnattendedEndUser {
		return deskhand.Errorf(deskhand.CodeNotFound, "This link is not yours.")
	}
	company, err := a.Settings.Company(ctx)
	if err != nil {
		return err
	}
	subject, text, err := a.Mail.Compose("unattended", r.Language, map[string]string{
		"agent": c.Agent.Name, "company": company, "link": a.PublicURL.JoinPath("unattended", code).String(),
	})
	if err != nil {
		return err
	}
	if err := a.Invites.CountLinkMail(ctx, c.Actor, ""); err != nil {
		return err
	}
	return a.Mail.Send(ctx, MailMessage{To: r.To, ReplyTo: c.Agent.Email, Subject: subject, Text: text})
}
