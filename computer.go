package deskhand

import "time"

// Visibility says who sees a computer.
type Visibility string

// The visibilities.
const (
	VisibleToOwner    Visibility = "me"
	VisibleToEveryone Visibility = "everyone"
)

// Computer is an unattended computer: it can be reached at any time.
type Computer struct {
	ID         string
	OwnerID    string
	OwnerName  string
	OwnerGone  bool // disabled
	Name       string
	UserName   string
	System     string
	Address    string
	PublicKey  []byte // Ed25519; the private half never leaves the computer
	Visibility Visibility
	GroupID    string   // empty at the root
	Note       string   // what agents wrote about it
	Tags       []string // by which agents find it
	Sites      []string // see Inventory.Sites
	Online     bool
	Prompts    bool // its client can open command prompts
	InUse      bool
	Epoch      int64 // counts its connections: the end of an older one means nothing
	CreatedAt  time.Time
	LastSeenAt time.Time
	Program    Program // what a connecting computer says; not read back
	RemovedAt  time.Time
	Machine    string    // names the installation of the client that the key belongs to; empty: it did not say
	Run        string    // of the client's program, that connected last
	ClonedAt   time.Time // when two clients were seen to use its key; zero: never, or it is settled
}
