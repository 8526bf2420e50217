package deskhand

import (
	"slices"
	"time"
)

// State is where a session stands:
//
//	Invited → Waiting → Ready ⇄ Asking → Connected ⇄ Reconnecting → Ended
//
// Closing the last viewer returns a session to Ready; Ended is reached from every state, with a reason, and never left.
type State string

// The states of a session.
const (
	StateInvited      State = "invited"      // an invite exists, no client has redeemed it
	StateWaiting      State = "waiting"      // a client has redeemed it and is not ready yet, or stands in line
	StateReady        State = "ready"        // a client is there and can be connected to
	StateAsking       State = "asking"       // the end-user is asked for consent
	StateConnected    State = "connected"    // at least one viewer watches
	StateReconnecting State = "reconnecting" // the client is lost and may come back
	StateEnded        State = "ended"
)

// moves are the legal steps between states, besides those to StateEnded.
var moves = map[State][]State{
	StateInvited:      {StateWaiting, StateReady},
	StateWaiting:      {StateReady, StateReconnecting},
	StateReady:        {StateAsking, StateConnected, StateReconnecting}, // without asking: unattended, or consent was given before
	StateAsking:       {StateReady, StateConnected, StateReconnecting},
	StateConnected:    {StateReady, StateAsking, StateReconnecting},
	StateReconnecting: {StateReady, StateConnected},
}

// CanBecome reports whether a session may go from s to another state.
func (s State) CanBecome(to State) bool {
	return s != StateEnded && (to == StateEnded || slices.Contains(moves[s], to))
}

// Type is what a session is for.
type Type string

// The types of a session.
const (
	TypeAttended      Type = "attended"
	TypeUnattended    Type = "unattended"
	TypeCommandPrompt Type = "command-prompt"
)

// Consent is the end-user's answer as the session log shows it.
type Consent string

// The answers.
const (
	ConsentNotAsked   Consent = "not-asked"  // nobody connected
	ConsentNotNeeded  Consent = "not-needed" // unattended
	ConsentView       Consent = "view"
	ConsentControl    Consent = "control"
	ConsentDenied     Consent = "denied"
	ConsentUnanswered Consent = "unanswered"
)

// Reason is why a session or a viewer ended; docs/protocol.md lists them.
type Reason string

// The reasons why a session ends.
const (
	ReasonEndedByAgent    Reason = "ended-by-agent"
	ReasonEndedByEndUser  Reason = "ended-by-end-user"
	ReasonDenied          Reason = "denied"
	ReasonUnanswered      Reason = "unanswered"
	ReasonNeverConnected  Reason = "never-connected"
	ReasonClientLost      Reason = "client-lost"
	ReasonDisplayGone     Reason = "display-gone"
	ReasonViewerClosed    Reason = "viewer-closed"
	ReasonServerStopped   Reason = "server-stopped"
	ReasonComputerRemoved Reason = "computer-removed"
	ReasonComputerHidden  Reason = "computer-hidden" // the agent does not see it any more
)

// ReasonReplaced is why a viewer or a participant ends when the same person comes back, or another computer's turn came.
const ReasonReplaced Reason = "replaced"

// Session is one support case with one end-user's computer.
type Session struct {
	ID          string
	Type        Type
	State       State
	Since       time.Time // when it reached this state
	OwnerID     string    // agent whose invite began it, or who opened it on an unattended computer
	InviteID    string    // attended
	ComputerID  string    // unattended
	Ticket      string
	EndUserName string // as the link claims it, or the user that is logged in
	Computer    string // its name
	UserName    string // account on the computer
	System      string
	Address     string // of the client
	Elevated    bool
	Displays    int
	CreatedAt   time.Time
	ReadyAt     time.Time
	ConnectedAt time.Time // first viewer that was allowed in
	EndedAt     time.Time
	Consent     Consent
	EndReason   Reason
	EndedBy     string // for people: "rodney", "end-user", "server"
	Note        string
	NoteBy      string    // name of the agent who wrote it last
	NoteAt      time.Time // when
}

// Quality is how a client's connection to the server is.
type Quality string

// The qualities; empty: not known yet.
const (
	QualityGood Quality = "good"
	QualityFair Quality = "fair"
	QualityPoor Quality = "poor"
)

// QualityOf judges a round trip; 0: not known.
func QualityOf(roundTrip time.Duration) Quality {
	switch {
	case roundTrip <= 0:
		return ""
	case roundTrip < 120*time.Millisecond:
		return QualityGood
	case roundTrip < 350*time.Millisecond:
		return QualityFair
	}
	return QualityPoor
}

// CallKind is why an agent is called to a session.
type CallKind string

// The kinds of call.
const (
	CallInvited     CallKind = "invited"     // to join
	CallTransferred CallKind = "transferred" // it is theirs now
)

// Call asks an agent to come to a session.
type Call struct {
	SessionID string
	AgentID   string // who is called
	ByName    string // who calls
	Kind      CallKind
	At        time.Time

	// Of the session, for people.
	EndUserName string
	Computer    string
	Ticket      string
}

// CallLifetime is how long a call is shown.
const CallLifetime = 30 * time.Minute

// Participant is one client that has redeemed an invite. One of a session shares the screen at a time, the others stand in line.
type Participant struct {
	ID         string
	SessionID  string
	SecretHash []byte // SHA-256 of what Resume proves
	Sharing    bool   // it is this one's turn
	Place      int    // in line: 0 shares, 1 is next
	Online     bool
	Epoch      int64 // counts its connections: the end of an older one means nothing
	Computer   string
	UserName   string
	System     string
	Address    string
	Language   string
	Elevated   bool
	Displays   int
	Quality    Quality
	Prompts    bool // its client can open command prompts
	JoinedAt   time.Time
	LeftAt     time.Time
}

// Viewer is one agent's open view of a session.
type Viewer struct {
	ID        string
	SessionID string
	AgentID   string
	AgentName string
	Address   string
	Kind      ViewerKind
	PromptID  string // of KindPrompt
	Level     Level  // what is asked for, then what was allowed
	State     ViewerState
	Since     time.Time // when it reached this state
	OpenedAt  time.Time
	ClosedAt  time.Time
	Reason    Reason
	BytesDown int64 // client to viewer, as the relay counted
	BytesUp   int64
}

// ViewerKind is what a viewer shows.
type ViewerKind string

// The kinds of viewer.
const (
	KindScreen ViewerKind = "screen"
	KindPrompt ViewerKind = "prompt"
)

// Needs is the permission that an agent needs to have the viewer.
func (v Viewer) Needs() Permission {
	if v.Kind == KindPrompt {
		return MayPrompt
	}
	return v.Level.Needs()
}

// ViewerState is where a viewer stands.
type ViewerState string

// The states of a viewer.
const (
	ViewerAsking   ViewerState = "asking" // the end-user is asked, or an unattended computer is about to answer
	ViewerWatching ViewerState = "watching"
	ViewerPaused   ViewerState = "paused" // by the end-user
	ViewerClosed   ViewerState = "closed"
)

// LiveSession is a session with all who take part in it now.
type LiveSession struct {
	Session
	OwnerName     string
	OwnerUserName string
	Viewers       []Viewer      // open ones, oldest first
	Line          []Participant // who shares first, then those in line; empty for an unattended session
	Prompts       bool          // command prompts can be opened on the computer
}

// Sharing is the participant whose turn it is.
func (s *LiveSession) Sharing() (Participant, bool) {
	if len(s.Line) == 0 || !s.Line[0].Sharing {
		return Participant{}, false
	}
	return s.Line[0], true
}

// Outcome is what a change left behind, so that those concerned can be told: the session as it is now, and who is no longer part of it.
type Outcome struct {
	Session LiveSession
	Closed  []Viewer
	Left    []Participant
}

// Level is how much a viewer may do.
type Level string

// The levels.
const (
	LevelView    Level = "view"
	LevelControl Level = "control"
)
