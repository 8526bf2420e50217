package deskhand

import "time"

// SignOn is how agents log in by another service, which is an OpenID provider.
type SignOn struct {
	Enabled  bool   `json:"enabled"`
	Issuer   string `json:"issuer"` // address that the provider calls itself by
	ClientID string `json:"clientId"`
	Secret   string `json:"secret"` // goes to the provider only; empty: it wants none
	Label    string `json:"label"`  // what the login page calls the provider

	FindByEmail  bool `json:"findByEmail"`  // who was never here by it is found by an e-mail address that it has verified
	Create       bool `json:"create"`       // who is not found becomes an agent
	Role         Role `json:"role"`         // of who becomes one
	SecondFactor bool `json:"secondFactor"` // ours is asked for, too
}

// Limits of the settings of sign-on, in characters.
const (
	MaxIssuer       = 500
	MaxClientID     = 200
	MaxClientSecret = 1000
	MaxSignOnLabel  = 40
)

// Identity is who somebody is to a provider, which has just vouched for it.
type Identity struct {
	Issuer, Subject string // together they name one person for ever
	Email           string
	EmailVerified   bool
	Name            string
	UserName        string // that they have there; it may change
}

// Link is an identity at a provider that belongs to an agent.
type Link struct {
	AgentID    string
	Issuer     string
	Subject    string
	Email      string // as the provider said last
	LinkedAt   time.Time
	LastUsedAt time.Time
}

// Why somebody whom the provider vouches for is not let in: the fields of the errors, which pages translate.
const (
	SignOnOff      = "off"      // it is switched off, or was changed meanwhile
	SignOnState    = "state"    // took too long, was used already, or began in another browser
	SignOnProvider = "provider" // cannot be reached, or is none
	SignOnDenied   = "denied"   // the provider said no
	SignOnAnswer   = "answer"   // the provider's answer cannot be believed
	SignOnUnknown  = "unknown"  // no agent has this identity
	SignOnDisabled = "disabled" // the agent is disabled
	SignOnSeveral  = "several"  // several agents have this e-mail address
	SignOnTaken    = "taken"    // the agent with this e-mail address is somebody else there
)
