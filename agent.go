// Package deskhand is the glossary: the words of the product as types, each documented, and the errors that people
// read. It imports nothing of ours; every other package may import it.
package deskhand

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Role says what an agent may do: one of the built-in ones, or the id of one that an administrator made.
type Role string

// The built-in roles.
const (
	RoleAgent         Role = "agent"
	RoleAdministrator Role = "administrator"
)

// Agent is a human who gives support and logs in to the console. Never a program.
type Agent struct {
	ID        string
	UserName  string // lower case; part of the personal link
	Name      string
	Email     string
	Title     string
	Language  string // BCP 47; empty: the browser's
	Theme     string // "light", "dark" or empty: the system's
	Role      Role
	RoleName  string // of an own role
	Disabled  bool
	CreatedAt time.Time

	Permissions Permissions // of the role; see May
}

// StaffMember is an agent as administrators see it.
type StaffMember struct {
	Agent
	LastSeenAt   time.Time // zero: never
	Logins       int       // places where the agent is logged in
	SecondFactor bool      // an authenticator app or a passkey is set up
	SignOn       bool      // has an account at a provider
	InvitedUntil time.Time // invited, and has not chosen a password yet; zero: not invited
}

// OnlineFor is how long an agent counts as there after the console was last used or seen open.
const OnlineFor = 2 * time.Minute

// Online reports whether the agent is there: uses the console or has it open.
func (m StaffMember) Online(now time.Time) bool {
	return !m.LastSeenAt.IsZero() && now.Sub(m.LastSeenAt) < OnlineFor
}

// InvitationLifetime is how long an invited agent has to choose a password.
const InvitationLifetime = 72 * time.Hour

// Login is one place where an agent is logged in. The cookie's secret is kept as its SHA-256 only.
type Login struct {
	ID         string
	AgentID    string
	CreatedAt  time.Time
	LastSeenAt time.Time
	ExpiresAt  time.Time // absolute end
	Address    string
	UserAgent  string
	SignOn     bool // a provider vouched for the agent
}

// Actor is who does something: written to the audit with each act.
type Actor struct {
	AgentID string // empty: an end-user, a computer or the server itself
	Name    string // for people: "rodney", "computer RECEPTION", "server"
	Address string // where it came from; empty for the server itself
}

// Server is the actor of what the server does by itself.
var Server = Actor{Name: "server"}

// CheckUserName normalises a user name and says what is wrong with it: 2 to 32 of a-z, 0-9, dot, dash and underscore,
// a letter or digit first.
func CheckUserName(s string) (string, error) {
	s = strings.ToLower(norm.NFC.String(strings.TrimSpace(s)))
	bad := &Error{
		Code: CodeInvalid, Field: "userName", Fault: "This user name cannot be used.",
		Hint: "Use 2 to 32 letters (a-z), digits, dots, dashes or underscores, beginning with a letter or digit.",
	}
	if len(s) < 2 || len(s) > 32 {
		return "", bad
	}
	for i, r := range s {
		alnum := r >= 'a' && r <= 'z' || r >= '0' && r <= '9'
		if !alnum && (i == 0 || !strings.ContainsRune(".-_", r)) {
			return "", bad
		}
	}
	return s, nil
}

// CleanText is the form in which a line of text from outside is kept: NFC, trimmed, without control characters and cut to max
// characters. Invalid UTF-8 becomes U+FFFD.
func CleanText(s string, max int) string {
	s = norm.NFC.String(strings.ToValidUTF8(s, "\uFFFD"))
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control) {
			return -1
		}
		return r
	}, s))
	if utf8.RuneCountInString(s) <= max {
		return s
	}
	return strings.TrimSpace(string([]rune(s)[:max]))
}
