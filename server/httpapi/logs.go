package httpapi

import (
	"context"
	"net/http"
	"time"

	"deskhand"
)

// Logs reads the session log.
type Logs interface {
	// Logs are ended sessions, the newest first: those that the agent owned or viewed, or everyone's when agentID is empty. cursor is empty
	// or what an earlier call returned; next is empty at the end.
	Logs(ctx context.Context, agentID, cursor string, limit int) (rows []deskhand.LogRow, next string, err error)
}

// LogRow is one ended session.
type LogRow struct {
	ID              string           `json:"id"`
	Type            deskhand.Type    `json:"type" enum:"attended,unattended,command-prompt"`
	Start           time.Time        `json:"start"`
	End             time.Time        `json:"end"`
	DurationSeconds int64            `json:"durationSeconds"`
	Agents          []string         `json:"agents" doc:"Names of all who viewed it."`
	Owner           string           `json:"owner"`
	EndUserName     string           `json:"endUserName"`
	Computer        string           `json:"computer"`
	Ticket          string           `json:"ticket"`
	AgentAddress    string           `json:"agentAddress"`
	ComputerAddress string           `json:"computerAddress"`
	Consent         deskhand.Consent `json:"consent" enum:"not-asked,not-needed,view,control,denied,unanswered"`
	EndReason       deskhand.Reason  `json:"endReason"`
	EndedBy         string           `json:"endedBy"`
	Note            string           `json:"note"`
}

func logRowOf(r deskhand.LogRow) LogRow {
	row := LogRow{
		ID: r.ID, Type: r.Type, End: r.EndedAt.UTC(), DurationSeconds: int64(r.Duration / time.Second), Agents: r.Agents, Owner: r.OwnerName,
		EndUserName: r.EndUserName, Computer: r.Computer, Ticket: r.Ticket, AgentAddress: r.AgentAddress, ComputerAddress: r.ComputerAddress,
		Consent: r.Consent, EndReason: r.EndReason, EndedBy: r.EndedBy, Note: r.Note,
	}
	if row.Agents == nil {
		row.Agents = []string{}
	}
	for _, start := range []time.Time{r.ConnectedAt, r.ReadyAt, r.CreatedAt} {
		if !start.IsZero() {
			row.Start = start.UTC()
			break
		}
	}
	return row
}

func (a *API) logRoutes() {
	type input struct {
		Cursor string `query:"cursor" maxLength:"128"`
		Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
		All    bool   `query:"all" doc:"Everyone's; administrators only."`
	}
	add(a, route{AccessAgent, http.MethodGet, "/api/logs", "list-logs", "Logs", "Ended sessions, the newest first", 0, []int{403}},
		func(ctx context.Context, in *input) (*listOutput[LogRow], error) {
			c := callerOf(ctx)
			agentID := c.Agent.ID
			if in.All {
				if err := c.require(deskhand.MaySeeAllLogs); err != nil {
					return nil, err
				}
				agentID = ""
			}
			rows, next, err := a.Logs.Logs(ctx, agentID, in.Cursor, in.Limit)
			if err != nil {
				return nil, err
			}
			out := &listOutput[LogRow]{}
			out.Body.Items, out.Body.NextCursor = make([]LogRow, 0, len(rows)), next
			for _, r := range rows {
				out.Body.Items = append(out.Body.Items, logRowOf(r))
			}
			return out, nil
		})
}
