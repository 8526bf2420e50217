package deskhand

import "time"

// Group holds unattended computers and other groups: an agent's own under My computers, or everybody's under Team computers.
type Group struct {
	ID        string
	ParentID  string // empty at the root
	OwnerID   string // empty: the team's
	Name      string
	CreatedAt time.Time
}

// Visibility is that of the computers in the group.
func (g Group) Visibility() Visibility {
	if g.OwnerID == "" {
		return VisibleToEveryone
	}
	return VisibleToOwner
}

// Limits of the groups.
const (
	MaxGroupNameLength = 80
	MaxGroupDepth      = 12   // the group at the root counts
	MaxGroups          = 2000 // of one agent, or of the team
)

// ComputerPlace is where a computer stands: in a group, or with an empty one at the root.
type ComputerPlace struct {
	Visibility Visibility
	GroupID    string
}

// ComputerChange is what an agent sets of a computer; what is nil stays.
type ComputerChange struct {
	Name    *string
	Note    *string
	Tags    *[]string
	OwnerID *string
}

// Limits of what agents write about a computer.
const (
	MaxComputerNoteLength = 2000
	MaxTags               = 20
	MaxTagLength          = 40
)
