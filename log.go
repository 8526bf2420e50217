package deskhand

import "time"

// LogRow is one ended session in the session log, with the names as they were then.
type LogRow struct {
	ID              string // the session's
	Type            Type
	StartedAt       time.Time // the first allowed viewer, else when the client was ready
	EndedAt         time.Time
	Duration        time.Duration // from StartedAt to EndedAt
	Agents          []string      // names of all who opened a viewer, first comes first
	OwnerID         string
	OwnerName       string
	EndUserName     string
	Computer        string
	Ticket          string
	AgentAddress    string // of the first viewer
	ComputerAddress string
	Consent         Consent
	EndReason       Reason
	EndedBy         string
	Note            string
}

// LogFilter says which rows of the session log are wanted. Empty fields want all.
type LogFilter struct {
	Of        string // an agent: only sessions that they owned or viewed
	AgentID   string // likewise; both may be given, and both hold then
	From      time.Time
	To        time.Time // sessions that started from From on, before To
	Type      Type
	EndUser   string // a part of the end-user's name, in any case, with or without accents
	Computer  string // likewise
	Ticket    string // likewise
	Search    string // words, each of which stands in one of the row's texts; one or two letters must begin a word
	Sort      LogSort
	Ascending bool
}

// LogSort is what the session log is sorted by.
type LogSort string

// What the session log sorts by.
const (
	LogByStart    LogSort = "start"
	LogByEnd      LogSort = "end"
	LogByDuration LogSort = "duration"
	LogByAgents   LogSort = "agents"
	LogByOwner    LogSort = "owner"
	LogByEndUser  LogSort = "endUser"
	LogByComputer LogSort = "computer"
	LogByType     LogSort = "type"
	LogByTicket   LogSort = "ticket"
)

// MaxLogTotal is up to where the number of a filter's rows is counted.
const MaxLogTotal = 10_000

// LogDetails is all that is kept of one ended session.
type LogDetails struct {
	LogRow
	System       string
	UserName     string // account on the computer
	Participants []Participant
	Viewers      []Viewer
	Prompts      []Prompt     // in the order in which they were opened
	Events       []AuditEvent // of the session and its viewers, oldest first
}
