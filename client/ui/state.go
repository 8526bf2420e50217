package ui

import (
	"time"
)

// Person is an agent as the server's grant names them. Texts are shortened and cleaned of control characters.
type Person struct {
	Name, Title, Company string
}

// Stage is where the end-user is on the way to help.
type Stage int

// AskID shows the field for the connection ID, the other stages show what is waited for.
const (
	AskID Stage = iota
	Connecting
	Waiting
	Connected
	Reconnecting
)

// Problem is why the connection ID was not taken.
type Problem int

// Each has its own sentence.
const (
	NoProblem Problem = iota
	IDEmpty
	IDShort
	IDUnknown // or expired: the server does not tell which
	IDUsed
	TooManyTries
	Unreachable
)

// Main is the main window.
type Main struct {
	Company string // whose support this is; empty: the product's name
	Server  string // host that is spoken to; always shown
	Stage   Stage
	Problem Problem   // with AskID; with Connecting TooManyTries and Unreachable, which are tried again
	RetryAt time.Time // with Connecting and TooManyTries
	Agent   Person    // who invites; empty: not known yet
	Ticket  string
	Place   int // place in line, 1 is next; 0: not in a line
}

// Ask is what an agent wants.
type Ask int

// AskControl includes seeing.
const (
	AskView Ask = iota
	AskControl
	AskFiles
	AskClipboard
	AskPrompt
	AskReboot
	AskKeep     // unattended access
	AskSetUp    // the same, by a link
	AskSetUpOwn // the same, of the agent's own computer
)

// Choice is a button of the consent.
type Choice int

// ViewOnly and AllowControl answer AskView and AskControl; Allow answers the other questions.
const (
	Deny Choice = iota
	ViewOnly
	AllowControl
	Allow
	MoreTime
)

// Consent is a question to the end-user.
type Consent struct {
	ID       uint64 // another ID is another question: focus returns to Deny
	Agent    Person
	Line     string   // of the operator's; empty: none
	Others   []string // names of agents who are connected already
	Ticket   string
	Server   string
	Words    [2]string // matching words; empty: not shown
	Ask      Ask
	Recorded bool
	Deadline time.Time // denied by then; shown as a countdown
	// InputFrom is when keys and clicks begin to count, so that who was typing does not answer by accident.
	InputFrom time.Time
	CanExtend bool // whether More time is offered
}

// Level is what viewers can do at this moment.
type Level int

// BarPaused and BarReconnecting: nothing is shown to anybody.
const (
	BarViewing Level = iota
	BarControlling
	BarPaused
	BarReconnecting
	BarPrompt // there are command prompts, and nobody sees the screen
)

// Bar is what stands at the top of the screen while somebody watches.
type Bar struct {
	Viewers  []string
	Level    Level
	Prompts  []string // who has a command prompt open
	Control  string   // with BarControlling: who of several controls; empty: not told
	Recorded bool
	Since    time.Time
}

// Reason is why a notice is shown.
type Reason int

// Each has a title, a sentence and advice in the catalogue. Custom takes them from the [Notice].
const (
	Custom Reason = iota
	EndedByAgent
	EndedByYou
	EndedIdle
	EndedLost
	Denied
	Unanswered
	LinkInvalid
	LineFull
	ServerUnreachable
	CertificateChanged
	Outdated
	Connects // an agent, to an unattended computer
	LinkUsed
	SetUpAlways  // the computer can be reached as long as it runs
	SetUpUser    // while this user is logged in
	SetUpProgram // while this program runs
	SetUpDenied
	SetUpTaken // the computer is another agent's
	SetUpFailed
)

// Notice is a message with one button.
type Notice struct {
	Reason Reason
	Agent  string // name, for EndedByAgent and Connects
	Server string // host, for the reasons about the server

	Bad               bool   // Custom: a fault, not news
	Title, Text, Hint string // Custom: what happened, and apart from it what to do
}

func (Main) slot() slot    { return slotMain }
func (Consent) slot() slot { return slotConsent }
func (Bar) slot() slot     { return slotBar }
func (Notice) slot() slot  { return slotNotice }
