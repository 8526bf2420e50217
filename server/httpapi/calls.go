package httpapi

import (
	"context"
	"net/http"
	"slices"
	"time"

	"deskhand"
)

// Calls asks agents to come to sessions.
type Calls interface {
	// Staff are all agents.
	Staff(ctx context.Context) ([]deskhand.StaffMember, error)
	// CallAgent: CodeNotFound, CodeSessionOver, CodeInvalid.
	CallAgent(ctx context.Context, by deskhand.Actor, sessionID, agentID string) error
	// Calls are an agent's own, the newest first.
	Calls(ctx context.Context, agentID string) ([]deskhand.Call, error)
	DismissCall(ctx context.Context, by deskhand.Actor, sessionID string) error
}

// Colleague is another agent.
type Colleague struct {
	Person
	Title  string `json:"title"`
	Online bool   `json:"online" doc:"Uses the console, or has it open."`
}

// Call asks me to come to a session.
type Call struct {
	SessionID   string            `json:"sessionId"`
	By          string            `json:"by" doc:"Name of the agent who asks."`
	Kind        deskhand.CallKind `json:"kind" enum:"invited,transferred" doc:"transferred: the session is mine now."`
	At          time.Time         `json:"at"`
	EndUserName string            `json:"endUserName"`
	Computer    string            `json:"computer"`
	Ticket      string            `json:"ticket"`
}

// CallRequest names an agent.
type CallRequest struct {
	AgentID string `json:"agentId" minLength:"1" maxLength:"64"`
}

func (a *API) callRoutes() {
	add(a, route{AccessAgent, http.MethodGet, "/api/colleagues", "list-colleagues", "Sessions", "The other agents", 0, nil},
		func(ctx context.Context, _ *struct{}) (*listOutput[Colleague], error) {
			agents, err := a.Calls.Staff(ctx)
			if err != nil {
				return nil, err
			}
			out := &listOutput[Colleague]{Body: List[Colleague]{Items: []Colleague{}}}
			for _, c := range agents {
				if c.ID != callerOf(ctx).Agent.ID && !c.Disabled {
					out.Body.Items = append(out.Body.Items, Colleague{Person{ID: c.ID, Name: c.Name, UserName: c.UserName}, c.Title, c.Online(time.Now())})
				}
			}
			return out, nil
		})

	type callInput struct {
		SessionPath
		Body CallRequest
	}
	add(a, route{AccessMay(deskhand.MayInviteAgents), http.MethodPost, "/api/sessions/{id}/calls", "call-agent", "Sessions", "Invite an agent to join", 0, []int{404, 409}},
		func(ctx context.Context, in *callInput) (*struct{}, error) {
			if _, err := a.takingPart(ctx, in.ID); err != nil {
				return nil, err
			}
			return nil, a.Calls.CallAgent(ctx, callerOf(ctx).Actor, in.ID, in.Body.AgentID)
		})

	add(a, route{AccessMay(deskhand.MayTransfer), http.MethodPost, "/api/sessions/{id}/transfer", "transfer-session", "Sessions", "Give a session to another agent", 0, []int{404, 409}},
		func(ctx context.Context, in *callInput) (*sessionOutput, error) {
			if _, err := a.takingPart(ctx, in.ID); err != nil {
				return nil, err
			}
			if err := a.Desk.Transfer(ctx, callerOf(ctx).Actor, in.ID, in.Body.AgentID); err != nil {
				return nil, err
			}
			return a.sessionOutput(ctx, in.ID)
		})

	add(a, route{AccessAgent, http.MethodGet, "/api/calls", "list-calls", "Sessions", "Sessions that I am called to", 0, nil},
		func(ctx context.Context, _ *struct{}) (*listOutput[Call], error) {
			calls, err := a.Calls.Calls(ctx, callerOf(ctx).Agent.ID)
			if err != nil {
				return nil, err
			}
			out := &listOutput[Call]{Body: List[Call]{Items: make([]Call, 0, len(calls))}}
			for _, c := range calls {
				out.Body.Items = append(out.Body.Items, Call{
					SessionID: c.SessionID, By: c.ByName, Kind: c.Kind, At: c.At.UTC(), EndUserName: c.EndUserName, Computer: c.Computer, Ticket: c.Ticket,
				})
			}
			return out, nil
		})

	add(a, route{AccessAgent, http.MethodDelete, "/api/calls/{id}", "dismiss-call", "Sessions", "Do not come to a session", 0, nil},
		func(ctx context.Context, in *SessionPath) (*struct{}, error) {
			return nil, a.Calls.DismissCall(ctx, callerOf(ctx).Actor, in.ID)
		})
}

// called reports whether the caller is asked to come to a session: then they may see it.
func (a *API) called(ctx context.Context, sessionID string) bool {
	calls, err := a.Calls.Calls(ctx, callerOf(ctx).Agent.ID)
	return err == nil && slices.ContainsFunc(calls, func(c deskhand.Call) bool { return c.SessionID == sessionID })
}
