package deskhand

import "time"

// InviteKind is the form of an invite.
type InviteKind string

// The kinds of invite.
const (
	InviteLink         InviteKind = "link"          // an agent's personal link with its ticket and name
	InviteShort        InviteKind = "short"         // a short link that an agent made
	InviteConnectionID InviteKind = "connection-id" // six digits
)

// Invite lets an end-user in.
type Invite struct {
	ID          string
	Kind        InviteKind
	Code        string // in the link, in the client's file name, or the six digits
	AgentID     string
	Ticket      string
	EndUserName string
	CreatedAt   time.Time
	ExpiresAt   time.Time
	UsedAt      time.Time // connection ID: when the agent picked a client
	SessionID   string    // the session that it leads to now; empty before the first client
}

// Limits of invites and of what waits.
const (
	ConnectionIDLifetime  = 15 * time.Minute
	ShortLinkLifetime     = 7 * 24 * time.Hour
	LinkCodeLifetime      = 48 * time.Hour
	ReadyLifetime         = 30 * time.Minute // a client in Ready waits that long
	ReconnectGrace        = 120 * time.Second
	MaxWaitingPerAgent    = 20
	MaxWaitingPerAddress  = 5
	MaxConnectionIDs      = 20 // open ones per agent
	MaxLinkMails          = 30 // that one agent may have sent within an hour
	MaxTicketLength       = 64
	MaxEndUserNameLength  = 80
	MaxComputerNameLength = 128
)
