package httpapi

import (
	"context"
	"net/http"
	"time"

	"deskhand"
)

// Invites makes what lets end-users in.
type Invites interface {
	// ConnectionIDs are an agent's open connection IDs, the newest first.
	ConnectionIDs(ctx context.Context, agentID string) ([]deskhand.Invite, error)
	// CreateConnectionID draws a fresh one; CodeConflict when the agent has too many open.
	CreateConnectionID(ctx context.Context, by deskhand.Actor) (deskhand.Invite, error)
	// RemoveConnectionID takes back one of the agent's own; CodeNotFound when it is not.
	RemoveConnectionID(ctx context.Context, by deskhand.Actor, id string) error
	CreateShortLink(ctx context.Context, by deskhand.Actor, ticket, endUserName string) (deskhand.Invite, error)
	// InviteByCode: CodeNotFound when it is wrong or has expired.
	InviteByCode(ctx context.Context, code string) (deskhand.Invite, error)
	// CountLinkMail allows the agent one more mail; CodeThrottled.
	CountLinkMail(ctx context.Context, by deskhand.Actor, ticket string) error
}

// ConnectionID is six digits that an end-user types.
type ConnectionID struct {
	ID        string    `json:"id"`
	Code      string    `json:"code" pattern:"^[0-9]{6}$"`
	CreatedAt time.Time `json:"createdAt"`
	ExpiresAt time.Time `json:"expiresAt"`
}

// ShortLinkRequest is what the link carries.
type ShortLinkRequest struct {
	Ticket      string `json:"ticket,omitempty" maxLength:"256"`
	EndUserName string `json:"endUserName,omitempty" maxLength:"320"`
}

// ShortLink is a link that cannot be guessed and expires.
type ShortLink struct {
	ID        string    `json:"id"`
	URL       string    `json:"url"`
	ExpiresAt time.Time `json:"expiresAt"`
}

func connectionIDOf(i deskhand.Invite) ConnectionID {
	return ConnectionID{ID: i.ID, Code: i.Code, CreatedAt: i.CreatedAt.UTC(), ExpiresAt: i.ExpiresAt.UTC()}
}

func (a *API) inviteRoutes() {
	add(a, route{AccessAgent, http.MethodGet, "/api/invites/ids", "list-connection-ids", "Invites", "My open connection IDs", 0, nil},
		func(ctx context.Context, _ *struct{}) (*listOutput[ConnectionID], error) {
			invites, err := a.Invites.ConnectionIDs(ctx, callerOf(ctx).Agent.ID)
			if err != nil {
				return nil, err
			}
			out := &listOutput[ConnectionID]{}
			out.Body.Items = make([]ConnectionID, 0, len(invites))
			for _, i := range invites {
				out.Body.Items = append(out.Body.Items, connectionIDOf(i))
			}
			return out, nil
		})

	type idOutput struct{ Body ConnectionID }
	add(a, route{AccessMay(deskhand.MayMakeConnectionIDs), http.MethodPost, "/api/invites/ids", "create-connection-id", "Invites", "Share a connection ID", 0, []int{409}},
		func(ctx context.Context, _ *struct{}) (*idOutput, error) {
			i, err := a.Invites.CreateConnectionID(ctx, callerOf(ctx).Actor)
			if err != nil {
				return nil, err
			}
			return &idOutput{Body: connectionIDOf(i)}, nil
		})

	type removeInput struct {
		ID string `path:"id" minLength:"1" maxLength:"64"`
	}
	add(a, route{AccessAgent, http.MethodDelete, "/api/invites/ids/{id}", "remove-connection-id", "Invites", "Take back a connection ID", 0, []int{404}},
		func(ctx context.Context, in *removeInput) (*struct{}, error) {
			return nil, a.Invites.RemoveConnectionID(ctx, callerOf(ctx).Actor, in.ID)
		})

	type shortInput struct{ Body ShortLinkRequest }
	type shortOutput struct{ Body ShortLink }
	add(a, route{AccessMay(deskhand.MayMakeLinks), http.MethodPost, "/api/invites/short", "shorten-link", "Invites", "Shorten a link", 0, nil},
		func(ctx context.Context, in *shortInput) (*shortOutput, error) {
			i, err := a.Invites.CreateShortLink(ctx, callerOf(ctx).Actor,
				deskhand.CleanText(in.Body.Ticket, deskhand.MaxTicketLength), deskhand.CleanText(in.Body.EndUserName, deskhand.MaxEndUserNameLength))
			if err != nil {
				return nil, err
			}
			url := a.PublicURL.JoinPath("s", i.Code).String()
			return &shortOutput{Body: ShortLink{ID: i.ID, URL: url, ExpiresAt: i.ExpiresAt.UTC()}}, nil
		})
	a.linkMailRoute()
}
