package httpapi

import (
	"context"
	"net/http"
	"time"

	"deskhand"
)

// Logins is where agents are logged in. What depends on a login ends with it, on every server.
type Logins interface {
	Logins(ctx context.Context, agentID string) ([]deskhand.Login, error)
	// EndLogin: CodeNotFound when it is none of the agent's.
	EndLogin(ctx context.Context, by deskhand.Actor, agentID, id string) error
	EndOtherLogins(ctx context.Context, by deskhand.Actor, agentID, except string) error
}

// Login is one browser where an agent is logged in.
type Login struct {
	ID         string    `json:"id"`
	UserAgent  string    `json:"userAgent" doc:"The browser's name for itself."`
	Address    string    `json:"address"`
	CreatedAt  time.Time `json:"createdAt"`
	LastSeenAt time.Time `json:"lastSeenAt" doc:"To the minute."`
	ExpiresAt  time.Time `json:"expiresAt"`
	Current    bool      `json:"current" doc:"The one that asks."`
}

func (a *API) loginsRoutes() {
	add(a, route{AccessAgent, http.MethodGet, "/api/logins", "list-logins", "Security", "Where I am logged in", 0, nil},
		func(ctx context.Context, _ *struct{}) (*listOutput[Login], error) {
			c := callerOf(ctx)
			logins, err := a.Logins.Logins(ctx, c.Agent.ID)
			out := &listOutput[Login]{}
			out.Body.Items = make([]Login, 0, len(logins))
			for _, l := range logins {
				out.Body.Items = append(out.Body.Items, Login{
					ID: l.ID, UserAgent: l.UserAgent, Address: l.Address, CreatedAt: l.CreatedAt.UTC(), LastSeenAt: l.LastSeenAt.UTC(),
					ExpiresAt: l.ExpiresAt.UTC(), Current: l.ID == c.Login.ID,
				})
			}
			return out, err
		})
	type idInput struct {
		ID string `path:"id" maxLength:"64"`
	}
	add(a, route{AccessAgent, http.MethodDelete, "/api/logins/{id}", "end-login", "Security", "End one of my logins", 0, []int{http.StatusNotFound}},
		func(ctx context.Context, in *idInput) (*struct{}, error) {
			c := callerOf(ctx)
			return nil, a.Logins.EndLogin(ctx, c.Actor, c.Agent.ID, in.ID)
		})
	add(a, route{AccessAgent, http.MethodPost, "/api/logins/end-others", "end-other-logins", "Security", "End all my other logins", 0, nil},
		func(ctx context.Context, _ *struct{}) (*struct{}, error) {
			c := callerOf(ctx)
			return nil, a.Logins.EndOtherLogins(ctx, c.Actor, c.Agent.ID, c.Login.ID)
		})
}
