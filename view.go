package deskhand

// ViewRequest is an agent's wish to see a session or a computer.
type ViewRequest struct {
	Agent         Agent
	By            Actor
	LoginID       string // or the API token's; the view ends with it
	SessionID     string // or
	ComputerID    string // an unattended session begins
	ParticipantID string // picks one of those in line; empty: who shares now
	Commitment    []byte // 32 bytes
	Level         Level
	Kind          ViewerKind // empty: KindScreen
	PromptID      string     // KindPrompt: the one to come back to; empty: a new one
}

// OpenedView is a view that the client has been asked for.
type OpenedView struct {
	ViewerID       string
	SessionID      string
	RelayTicket    string
	Unattended     bool
	ComputerKey    []byte // unattended: Ed25519
	ConsentSeconds int
	ComputerName   string
	PromptID       string
}
