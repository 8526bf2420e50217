package deskhand

import (
	"regexp"
	"strings"
	"time"
)

// UnattendedKind is the way in which an unattended invite adds a computer.
type UnattendedKind string

// The kinds of unattended invite.
const (
	UnattendedEndUser UnattendedKind = "end-user" // a link for an end-user, who allows it on a page and in the client
	UnattendedOwn     UnattendedKind = "own"      // the agent's own computer, by the client downloaded there and then
	UnattendedKeep    UnattendedKind = "keep"     // an end-user allowed it in a running session
)

// UnattendedInvite adds one computer to those of an agent. Of its code only the hash is kept.
type UnattendedInvite struct {
	ID         string
	Kind       UnattendedKind
	AgentID    string
	Name       string // what the agent calls it; may be empty
	SessionID  string // UnattendedKeep: in which the end-user was asked
	CreatedAt  time.Time
	ExpiresAt  time.Time
	UsedAt     time.Time
	RevokedAt  time.Time
	ComputerID string // that used it
}

// How long each kind is valid.
var unattendedLifetimes = map[UnattendedKind]time.Duration{
	UnattendedEndUser: 48 * time.Hour, UnattendedOwn: 15 * time.Minute, UnattendedKeep: 5 * time.Minute,
}

// Lifetime is how long an invite of the kind is valid; 0 when there is no such kind.
func (k UnattendedKind) Lifetime() time.Duration { return unattendedLifetimes[k] }

// MaxUnattendedInvites is how many open ones an agent can have.
const MaxUnattendedInvites = 50

// Open says why the invite adds no computer any more; nil: it does.
func (i UnattendedInvite) Open(now time.Time) error {
	switch {
	case !i.UsedAt.IsZero():
		return &Error{Code: CodeUsed, Field: "token", Fault: "This link was used already.", Hint: "Ask for a new one."}
	case !i.RevokedAt.IsZero():
		return &Error{Code: CodeRevoked, Field: "token", Fault: "This link was taken back.", Hint: "Ask for a new one."}
	case !i.ExpiresAt.After(now):
		return &Error{Code: CodeExpired, Field: "token", Fault: "This link has expired.", Hint: "Ask for a new one."}
	}
	return nil
}

// UnattendedCodePrefix begins the code of every unattended invite. The letter stands in no other code that a client's name carries, so that the
// client knows what it is for.
const UnattendedCodePrefix = "u"

var unattendedCode = regexp.MustCompile(`^u[0-9a-hjkmnp-tv-z]{26}$`)

// IsUnattendedCode reports whether a code is one of an unattended invite, in letters of any case.
func IsUnattendedCode(code string) bool { return unattendedCode.MatchString(strings.ToLower(code)) }
