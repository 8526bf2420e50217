package mac

import "errors"

// What the person who uses the computer has to allow in System Settings, Privacy & Security, before a program may do it. macOS itself asks them, in their
// language; a program that is allowed to see the screen has to be started anew.
var (
	// ErrScreen says that this program may not see the screen yet.
	ErrScreen = errors.New("macOS does not let this program record the screen; allow it in System Settings, Privacy & Security, Screen Recording, and start it again")
	// ErrControl says that this program may not move the pointer or press keys yet.
	ErrControl = errors.New("macOS does not let this program control the computer; allow it in System Settings, Privacy & Security, Accessibility")
)

// Permission is one thing that has to be allowed.
type Permission struct {
	granted func() bool // without asking anybody
	request func() bool // has macOS ask, which it does once
	missing error
	asked   bool
}

// Check returns the error that says what is missing. When that is so for the first time, macOS asks the person.
func (p *Permission) Check() error {
	if p.granted() {
		return nil
	}
	if !p.asked {
		p.asked = true
		if p.request() {
			return nil
		}
	}
	return p.missing
}
