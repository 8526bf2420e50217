// Package seat finds the graphical session that somebody sits at, so that an unattended computer shows that one: a user's desktop, or the login screen
// of a display manager. Sessions come, go and are switched; Find says how it is now.
package seat

import "errors"

// Session is one graphical session.
type Session struct {
	Display string `json:"display"`           // X display, such as ":0"
	Cookie  []byte `json:"cookie,omitempty"`  // MIT-MAGIC-COOKIE-1 that it asks for; empty: it asks for none
	User    string `json:"user,omitempty"`    // who is logged in; empty: nobody, or nobody knows
	Greeter bool   `json:"greeter,omitempty"` // it is a login screen
}

// Same tells whether both are the same session of the same user.
func (s Session) Same(other Session) bool {
	return s.Display == other.Display && s.User == other.User && s.Greeter == other.Greeter && string(s.Cookie) == string(other.Cookie)
}

// Errors of Find.
var (
	// ErrNone says that there is no graphical session.
	ErrNone = errors.New("there is no graphical session")
	// ErrWayland says that the session that somebody sits at cannot be shown.
	ErrWayland = errors.New("the graphical session is one of Wayland, which cannot be shown")
)
