package httpapi

import (
	"context"
	"net/http"
	"slices"
	"time"

	"deskhand"
)

// Sessions reads sessions. What is not there is a deskhand.Error with CodeNotFound.
type Sessions interface {
	// LiveSessions are the sessions that have not ended and that a client has redeemed, the newest last: one agent's own, or of everyone
	// when ownerID is empty.
	LiveSessions(ctx context.Context, ownerID string) ([]deskhand.LiveSession, error)
	Session(ctx context.Context, id string) (deskhand.LiveSession, error)
	SetNote(ctx context.Context, by deskhand.Actor, id, note string) error
}

// Session is a session as the console shows it.
type Session struct {
	ID          string           `json:"id"`
	Type        deskhand.Type    `json:"type" enum:"attended,unattended,command-prompt"`
	State       deskhand.State   `json:"state" enum:"invited,waiting,ready,asking,connected,reconnecting,ended"`
	Reason      deskhand.Reason  `json:"reason,omitempty" doc:"Why it ended."`
	Owner       Person           `json:"owner"`
	Mine        bool             `json:"mine"`
	Ticket      string           `json:"ticket"`
	EndUserName string           `json:"endUserName" doc:"As the link claims it."`
	Computer    string           `json:"computer"`
	UserName    string           `json:"userName" doc:"Account on the computer."`
	System      string           `json:"system"`
	Address     string           `json:"address" doc:"Where the client comes from."`
	Elevated    bool             `json:"elevated"`
	Displays    int              `json:"displays"`
	Since       time.Time        `json:"since" doc:"When it reached this state."`
	CreatedAt   time.Time        `json:"createdAt"`
	Consent     deskhand.Consent `json:"consent" enum:"not-asked,not-needed,view,control,denied,unanswered"`
	Quality     deskhand.Quality `json:"quality,omitempty" enum:"good,fair,poor" doc:"Of the client's connection; absent: not known yet."`
	Note        string           `json:"note"`
	NoteBy      string           `json:"noteBy,omitempty" doc:"Who wrote the note last."`
	NoteAt      *time.Time       `json:"noteAt,omitempty"`
	Viewers     []SessionViewer  `json:"viewers"`
	Prompts     bool             `json:"prompts" doc:"Command prompts can be opened."`
	Line        []Participant    `json:"line" doc:"The clients of this session; more than one when others wait."`
}

// Person names an agent.
type Person struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	UserName string `json:"userName"`
}

// SessionViewer is one agent's open view.
type SessionViewer struct {
	ID        string               `json:"id"`
	AgentID   string               `json:"agentId"`
	AgentName string               `json:"agentName"`
	Kind      deskhand.ViewerKind  `json:"kind" enum:"screen,prompt"`
	Level     deskhand.Level       `json:"level" enum:"view,control"`
	State     deskhand.ViewerState `json:"state" enum:"asking,watching,paused"`
	Since     time.Time            `json:"since"`
}

// Participant is one client of a session.
type Participant struct {
	ID       string    `json:"participantId"`
	Computer string    `json:"computer"`
	UserName string    `json:"userName"`
	System   string    `json:"system"`
	Address  string    `json:"address"`
	Place    int       `json:"place" doc:"0: it is this one's turn."`
	Sharing  bool      `json:"sharing" doc:"It is this one's turn."`
	Online   bool      `json:"online"`
	JoinedAt time.Time `json:"joinedAt"`

	Quality deskhand.Quality `json:"quality,omitempty" enum:"good,fair,poor" doc:"Of the connection; absent: not known yet."`
}

func sessionOf(d deskhand.LiveSession, agentID string) Session {
	s := Session{
		ID: d.ID, Type: d.Type, State: d.State, Reason: d.EndReason,
		Owner: Person{ID: d.OwnerID, Name: d.OwnerName, UserName: d.OwnerUserName}, Mine: d.OwnerID == agentID,
		Ticket: d.Ticket, EndUserName: d.EndUserName, Computer: d.Computer, UserName: d.UserName, System: d.System, Address: d.Address,
		Elevated: d.Elevated, Displays: d.Displays, Since: d.Since.UTC(), CreatedAt: d.CreatedAt.UTC(), Consent: d.Consent, Note: d.Note, NoteBy: d.NoteBy, Prompts: d.Prompts,
		Viewers: make([]SessionViewer, 0, len(d.Viewers)), Line: make([]Participant, 0, len(d.Line)),
	}
	if !d.NoteAt.IsZero() {
		at := d.NoteAt.UTC()
		s.NoteAt = &at
	}
	if p, ok := d.Sharing(); ok {
		s.Quality = p.Quality
	}
	for _, v := range d.Viewers {
		s.Viewers = append(s.Viewers, SessionViewer{
			ID: v.ID, AgentID: v.AgentID, AgentName: v.AgentName, Kind: v.Kind, Level: v.Level, State: v.State, Since: v.OpenedAt.UTC(),
		})
	}
	for _, p := range d.Line {
		s.Line = append(s.Line, Participant{
			ID: p.ID, Computer: p.Computer, UserName: p.UserName, System: p.System, Address: p.Address, Place: p.Place,
			Sharing: p.Sharing, Online: p.Online, JoinedAt: p.JoinedAt.UTC(), Quality: p.Quality,
		})
	}
	return s
}

// SessionChange is what an agent changes about a session.
type SessionChange struct {
	Note *string `json:"note,omitempty" maxLength:"10000"`
}

// ShareRequest names the client whose turn it is.
type ShareRequest struct {
	ParticipantID string `json:"participantId" minLength:"1" maxLength:"64"`
}

// SessionPath is the session in a path. It is exported so that huma finds it where it is embedded.
type SessionPath struct {
	ID string `path:"id" minLength:"1" maxLength:"64"`
}

type sessionOutput struct{ Body Session }

func (a *API) sessionRoutes() {
	type listInput struct {
		All bool `query:"all" doc:"Everyone's, not only mine."`
	}
	add(a, route{AccessAgent, http.MethodGet, "/api/sessions", "list-sessions", "Sessions", "Live sessions", 0, []int{403}},
		func(ctx context.Context, in *listInput) (*listOutput[Session], error) {
			me := callerOf(ctx).Agent.ID
			owner := me
			if in.All {
				if err := callerOf(ctx).require(deskhand.MaySeeAllSessions); err != nil {
					return nil, err
				}
				owner = ""
			}
			details, err := a.Sessions.LiveSessions(ctx, owner)
			if err != nil {
				return nil, err
			}
			out := &listOutput[Session]{}
			out.Body.Items = make([]Session, 0, len(details))
			for _, d := range details {
				out.Body.Items = append(out.Body.Items, sessionOf(d, me))
			}
			return out, nil
		})

	add(a, route{AccessAgent, http.MethodGet, "/api/sessions/{id}", "get-session", "Sessions", "One session", 0, []int{404}},
		func(ctx context.Context, in *SessionPath) (*sessionOutput, error) {
			if _, err := a.visibleSession(ctx, in.ID); err != nil {
				return nil, err
			}
			return a.sessionOutput(ctx, in.ID)
		})

	type noteInput struct {
		SessionPath
		Body SessionChange
	}
	add(a, route{AccessAgent, http.MethodPatch, "/api/sessions/{id}", "update-session", "Sessions", "Leave a note", 0, []int{403, 404}},
		func(ctx context.Context, in *noteInput) (*sessionOutput, error) {
			if _, err := a.takingPart(ctx, in.ID); err != nil {
				return nil, err
			}
			if in.Body.Note != nil {
				if err := a.Sessions.SetNote(ctx, callerOf(ctx).Actor, in.ID, *in.Body.Note); err != nil {
					return nil, err
				}
			}
			return a.sessionOutput(ctx, in.ID)
		})

	add(a, route{AccessAgent, http.MethodPost, "/api/sessions/{id}/end", "end-session", "Sessions", "End a session for all", 0, []int{403, 404}},
		func(ctx context.Context, in *SessionPath) (*struct{}, error) {
			if _, err := a.takingPart(ctx, in.ID); err != nil {
				return nil, err
			}
			return nil, a.Desk.End(ctx, callerOf(ctx).Actor, in.ID)
		})

	type shareInput struct {
		SessionPath
		Body ShareRequest
	}
	add(a, route{AccessAgent, http.MethodPost, "/api/sessions/{id}/share", "share-session", "Sessions", "Choose who shares", 0, []int{403, 404, 409}},
		func(ctx context.Context, in *shareInput) (*sessionOutput, error) {
			if _, err := a.takingPart(ctx, in.ID); err != nil {
				return nil, err
			}
			if err := a.Desk.Share(ctx, callerOf(ctx).Actor, in.ID, in.Body.ParticipantID); err != nil {
				return nil, err
			}
			return a.sessionOutput(ctx, in.ID)
		})

	add(a, route{
		AccessAgent, http.MethodPost, "/api/sessions/{id}/separate", "separate-session", "Sessions",
		"Give one who waits a session of their own; the answer is that session", 0,
		[]int{403, 404, 409},
	}, func(ctx context.Context, in *shareInput) (*sessionOutput, error) {
		if _, err := a.takingPart(ctx, in.ID); err != nil {
			return nil, err
		}
		own, err := a.Desk.Separate(ctx, callerOf(ctx).Actor, in.ID, in.Body.ParticipantID)
		if err != nil {
			return nil, err
		}
		return a.sessionOutput(ctx, own)
	})
}

func (a *API) sessionOutput(ctx context.Context, id string) (*sessionOutput, error) {
	d, err := a.Sessions.Session(ctx, id)
	if err != nil {
		return nil, err
	}
	return &sessionOutput{Body: sessionOf(d, callerOf(ctx).Agent.ID)}, nil
}

// visibleSession finds a session that the caller may see: their own, one that they have a view of, and everyone's with the permission. Others
// do not exist for them.
func (a *API) visibleSession(ctx context.Context, id string) (deskhand.LiveSession, error) {
	c := callerOf(ctx)
	d, err := a.Sessions.Session(ctx, id)
	if err == nil && !c.partOf(d) && !c.Can(deskhand.MaySeeAllSessions) && !a.called(ctx, id) {
		err = deskhand.Errorf(deskhand.CodeNotFound, "There is no such session.")
	}
	return d, err
}

// partOf reports whether the agent owns a session or has a view of it open.
func (w Who) partOf(d deskhand.LiveSession) bool {
	return d.OwnerID == w.Agent.ID || slices.ContainsFunc(d.Viewers, func(v deskhand.Viewer) bool { return v.AgentID == w.Agent.ID })
}

// takingPart finds a session that the caller may act upon: its owner, who has a view of it open, and administrators.
func (a *API) takingPart(ctx context.Context, id string) (deskhand.LiveSession, error) {
	c := callerOf(ctx)
	d, err := a.visibleSession(ctx, id)
	if err != nil || c.partOf(d) || c.Administrator() {
		return d, err
	}
	return deskhand.LiveSession{}, &deskhand.Error{
		Code: deskhand.CodeForbidden, Fault: "This is another agent's session.", Hint: "Join it first.",
	}
}
