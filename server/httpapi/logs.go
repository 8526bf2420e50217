package httpapi

import (
	"context"
	"iter"
	"net/http"
	"time"

	"deskhand"
)

// Logs reads the session log. A filter's Of keeps it to the sessions that an agent owned or viewed.
type Logs interface {
	// Logs are a page of ended sessions. cursor is empty or what an earlier call with the same filter returned; next is empty at the end.
	Logs(ctx context.Context, f deskhand.LogFilter, cursor string, limit int) (rows []deskhand.LogRow, next string, err error)
	// AllLogs gives every row that a filter finds, in its order, in pieces; the first error is the last piece.
	AllLogs(ctx context.Context, f deskhand.LogFilter) iter.Seq2[[]deskhand.LogRow, error]
	// CountLogs counts what a filter finds; more when that is more than deskhand.MaxLogTotal.
	CountLogs(ctx context.Context, f deskhand.LogFilter) (n int, more bool, err error)
	// Log is one row with all that is kept of its session; CodeNotFound when agentID is not empty and that agent had no part in it.
	Log(ctx context.Context, agentID, sessionID string) (deskhand.LogDetails, error)
	// Transcript is what a command prompt of a session showed, as plain text; CodeNotFound likewise.
	Transcript(ctx context.Context, agentID, sessionID, promptID string) ([]byte, error)
	// LogAgents are all agents by name, also those who are disabled.
	LogAgents(ctx context.Context) ([]deskhand.Agent, error)
}

// LogRow is one ended session.
type LogRow struct {
	ID              string           `json:"id"`
	Type            deskhand.Type    `json:"type" enum:"attended,unattended,command-prompt"`
	Start           time.Time        `json:"start" doc:"When the first agent was let in, else when the client was ready."`
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
		ID: r.ID, Type: r.Type, Start: r.StartedAt.UTC(), End: r.EndedAt.UTC(), DurationSeconds: int64(r.Duration / time.Second), Agents: r.Agents,
		Owner: r.OwnerName, EndUserName: r.EndUserName, Computer: r.Computer, Ticket: r.Ticket, AgentAddress: r.AgentAddress,
		ComputerAddress: r.ComputerAddress, Consent: r.Consent, EndReason: r.EndReason, EndedBy: r.EndedBy, Note: r.Note,
	}
	if row.Agents == nil {
		row.Agents = []string{}
	}
	return row
}

// LogTotal is how many rows a filter finds.
type LogTotal struct {
	Total int  `json:"total" doc:"Exact up to 10 000."`
	More  bool `json:"more" doc:"There are more than total says."`
}

// LogFilterQuery is the filter of the session log in an address. It is exported so that huma finds it where it is embedded.
type LogFilterQuery struct {
	From     time.Time     `query:"from" doc:"Sessions that started from then on."`
	To       time.Time     `query:"to" doc:"Sessions that started before."`
	Agent    string        `query:"agent" maxLength:"64" doc:"Id of an agent who owned or viewed the session."`
	Type     deskhand.Type `query:"type" enum:"attended,unattended,command-prompt"`
	EndUser  string        `query:"endUser" maxLength:"200" doc:"A part of the end-user's name."`
	Computer string        `query:"computer" maxLength:"200" doc:"A part of the computer's name."`
	Ticket   string        `query:"ticket" maxLength:"200" doc:"A part of the ticket number."`
	Search   string        `query:"q" maxLength:"200" doc:"Words; each must stand in end-user, computer, ticket, agents, note or addresses. One or two letters must begin a word."`
	All      bool          `query:"all" doc:"Everyone's; for agents who may see them."`
}

// LogOrderQuery is the order of the session log in an address.
type LogOrderQuery struct {
	Sort  string `query:"sort" enum:"start,end,duration,agents,owner,endUser,computer,type,ticket" default:"start"`
	Order string `query:"order" enum:"asc,desc" default:"desc"`
}

// filter is what the caller may see of what is asked for.
func (q LogFilterQuery) filter(c caller, order LogOrderQuery) (deskhand.LogFilter, error) {
	f := deskhand.LogFilter{
		AgentID: q.Agent, From: q.From, To: q.To, Type: q.Type, EndUser: q.EndUser, Computer: q.Computer, Ticket: q.Ticket, Search: q.Search,
		Sort: deskhand.LogSort(order.Sort), Ascending: order.Order == "asc",
	}
	if !q.All {
		f.Of = c.Agent.ID
		return f, nil
	}
	return f, c.require(deskhand.MaySeeAllLogs)
}

// whoseLogs is whose sessions the caller may see: their own, or everyone's, which is empty.
func whoseLogs(c caller) string {
	if c.Can(deskhand.MaySeeAllLogs) {
		return ""
	}
	return c.Agent.ID
}

func (a *API) logRoutes() {
	a.logListRoutes()
	a.logExportRoute()
	a.logDetailsRoutes()
}

func (a *API) logListRoutes() {
	type listInput struct {
		LogFilterQuery
		LogOrderQuery
		Cursor string `query:"cursor" maxLength:"1024"`
		Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}
	add(a, route{AccessAgent, http.MethodGet, "/api/logs", "list-logs", "Logs", "Ended sessions", 0, []int{403}},
		func(ctx context.Context, in *listInput) (*listOutput[LogRow], error) {
			f, err := in.filter(callerOf(ctx), in.LogOrderQuery)
			if err != nil {
				return nil, err
			}
			rows, next, err := a.Logs.Logs(ctx, f, in.Cursor, in.Limit)
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

	type totalOutput struct{ Body LogTotal }
	add(a, route{AccessAgent, http.MethodGet, "/api/logs/total", "count-logs", "Logs", "How many sessions a filter finds", 0, []int{403}},
		func(ctx context.Context, in *LogFilterQuery) (*totalOutput, error) {
			f, err := in.filter(callerOf(ctx), LogOrderQuery{})
			if err != nil {
				return nil, err
			}
			n, more, err := a.Logs.CountLogs(ctx, f)
			if err != nil {
				return nil, err
			}
			return &totalOutput{LogTotal{Total: n, More: more}}, nil
		})

	add(a, route{AccessMay(deskhand.MaySeeAllLogs), http.MethodGet, "/api/logs/agents", "list-log-agents", "Logs", "Agents whose sessions one can ask for", 0, nil}, a.everyAgent)
}

// everyAgent names all agents, also those who are disabled, for the choice of whose rows one wants to see.
func (a *API) everyAgent(ctx context.Context, _ *struct{}) (*listOutput[Person], error) {
	agents, err := a.Logs.LogAgents(ctx)
	if err != nil {
		return nil, err
	}
	out := &listOutput[Person]{}
	out.Body.Items = make([]Person, 0, len(agents))
	for _, one := range agents {
		out.Body.Items = append(out.Body.Items, Person{ID: one.ID, Name: one.Name, UserName: one.UserName})
	}
	return out, nil
}
