package httpapi

import (
	"context"
	"net/http"
	"time"

	"deskhand"
)

// LogDetails is all that is kept of one ended session.
type LogDetails struct {
	LogRow
	System       string           `json:"system"`
	UserName     string           `json:"userName" doc:"Account on the computer."`
	Participants []LogParticipant `json:"participants" doc:"The clients of this session, first come first; none for an unattended computer."`
	Viewers      []LogViewer      `json:"viewers"`
	Prompts      []LogPrompt      `json:"prompts" doc:"Command prompts, first opened first."`
	Events       []LogEvent       `json:"events" doc:"The audit events of the session, oldest first."`
}

// LogParticipant is one client that was in a session.
type LogParticipant struct {
	ID       string    `json:"participantId"`
	Computer string    `json:"computer"`
	UserName string    `json:"userName"`
	System   string    `json:"system"`
	Address  string    `json:"address"`
	JoinedAt time.Time `json:"joinedAt"`
	LeftAt   time.Time `json:"leftAt"`
}

// LogViewer is one agent's view of a session, closed by now.
type LogViewer struct {
	ID        string              `json:"viewerId"`
	AgentID   string              `json:"agentId"`
	AgentName string              `json:"agentName"`
	Address   string              `json:"address"`
	Kind      deskhand.ViewerKind `json:"kind" enum:"screen,prompt"`
	Level     deskhand.Level      `json:"level" enum:"view,control"`
	OpenedAt  time.Time           `json:"openedAt"`
	ClosedAt  time.Time           `json:"closedAt"`
	Reason    deskhand.Reason     `json:"reason"`
	BytesDown int64               `json:"bytesDown" doc:"From the computer to the agent."`
	BytesUp   int64               `json:"bytesUp"`
}

// LogEvent is one audit event of a session.
type LogEvent struct {
	Sequence int64             `json:"sequence"`
	At       time.Time         `json:"at"`
	Actor    string            `json:"actor"`
	Address  string            `json:"address"`
	Verb     string            `json:"verb"`
	Subject  string            `json:"subject" doc:"The session's or a viewer's id."`
	Detail   map[string]string `json:"detail"`
}

func logDetailsOf(d deskhand.LogDetails) LogDetails {
	out := LogDetails{
		LogRow: logRowOf(d.LogRow), System: d.System, UserName: d.UserName, Participants: make([]LogParticipant, 0, len(d.Participants)),
		Viewers: make([]LogViewer, 0, len(d.Viewers)), Prompts: make([]LogPrompt, 0, len(d.Prompts)), Events: make([]LogEvent, 0, len(d.Events)),
	}
	for _, p := range d.Participants {
		out.Participants = append(out.Participants, LogParticipant{
			ID: p.ID, Computer: p.Computer, UserName: p.UserName, System: p.System, Address: p.Address, JoinedAt: p.JoinedAt.UTC(), LeftAt: p.LeftAt.UTC(),
		})
	}
	for _, p := range d.Prompts {
		out.Prompts = append(out.Prompts, logPromptOf(p))
	}
	for _, v := range d.Viewers {
		out.Viewers = append(out.Viewers, LogViewer{
			ID: v.ID, AgentID: v.AgentID, AgentName: v.AgentName, Address: v.Address, Kind: v.Kind, Level: v.Level, OpenedAt: v.OpenedAt.UTC(),
			ClosedAt: v.ClosedAt.UTC(), Reason: v.Reason, BytesDown: v.BytesDown, BytesUp: v.BytesUp,
		})
	}
	for _, e := range d.Events {
		if e.Detail == nil { // retention took it
			e.Detail = map[string]string{}
		}
		out.Events = append(out.Events, LogEvent{
			Sequence: e.Sequence, At: e.At.UTC(), Actor: e.Actor.Name, Address: e.Actor.Address, Verb: e.Verb, Subject: e.Subject, Detail: e.Detail,
		})
	}
	return out
}

type logDetailsOutput struct{ Body LogDetails }

func (a *API) logDetailsRoutes() {
	add(a, route{AccessAgent, http.MethodGet, "/api/logs/{id}", "get-log", "Logs", "One ended session with all that is kept of it", 0, []int{404}},
		func(ctx context.Context, in *SessionPath) (*logDetailsOutput, error) { return a.logDetails(ctx, in.ID) })

	type noteInput struct {
		SessionPath
		Body SessionChange
	}
	add(a, route{AccessAgent, http.MethodPatch, "/api/logs/{id}", "update-log", "Logs", "Change the note of an ended session", 0, []int{404}},
		func(ctx context.Context, in *noteInput) (*logDetailsOutput, error) {
			c := callerOf(ctx)
			if _, err := a.Logs.Log(ctx, whoseLogs(c), in.ID); err != nil {
				return nil, err
			}
			if in.Body.Note != nil {
				if err := a.Sessions.SetNote(ctx, c.Actor, in.ID, *in.Body.Note); err != nil {
					return nil, err
				}
			}
			return a.logDetails(ctx, in.ID)
		})
}

func (a *API) logDetails(ctx context.Context, id string) (*logDetailsOutput, error) {
	d, err := a.Logs.Log(ctx, whoseLogs(callerOf(ctx)), id)
	if err != nil {
		return nil, err
	}
	return &logDetailsOutput{Body: logDetailsOf(d)}, nil
}
