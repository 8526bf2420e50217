package deskhand

import "time"

// MaxPrompts is how many command prompts may be open on one computer.
const MaxPrompts = 64

// What is kept of a prompt's output, in bytes.
const (
	PromptHead = 256 << 10 // of its beginning
	PromptTail = 768 << 10 // of its end
)

// Prompt is one command prompt: a shell on a computer, which outlives its viewer for a while.
type Prompt struct {
	ID        string
	SessionID string
	AgentID   string // whose it is
	AgentName string
	ClientID  string // the participant's or the computer's
	Shell     string // its program's path
	OpenedAt  time.Time
	StartedAt time.Time // zero: its shell has not begun
	EndedAt   time.Time
	ExitCode  int // with ReasonShellEnded
	Reason    Reason
	Bytes     int64 // of its output
	Kept      int64 // bytes of its transcript
}

// PromptOutput is a piece of a prompt's output.
type PromptOutput struct {
	PromptID string
	Position int64 // of the first byte, from the prompt's beginning
	Columns  int   // of the terminal, when it showed this; 0: not known
	Data     []byte
}

// The reasons why a prompt ends, besides those of its session.
const (
	ReasonShellEnded Reason = "shell-ended"
	ReasonViewerLost Reason = "viewer-lost" // nobody came back to it
)
