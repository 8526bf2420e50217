package capture

import "deskhand/internal/win32"

// place is where the user's input is. Its calls are made on the thread.
type place interface {
	// Follow puts the thread there; it wraps win32.ErrSecure where this program may not.
	Follow() (moved bool, err error)
	// Session is how the session stands that this is all about.
	Session() (win32.Session, error)
}

// here is this process's own session.
type here struct{ *win32.Thread }

// Session implements place.
func (here) Session() (win32.Session, error) { return win32.OwnSession() }

// coverOf is what Windows shows on the desktop that this program may not see, of which all have the same name. Where nobody says how the session stands,
// it is taken to be locked, which is what happens most.
func coverOf(s win32.Session, err error) Cover {
	switch {
	case err != nil:
		return LockScreen
	case s.User == "":
		return LoginScreen
	case s.Lock == win32.Unlocked:
		return ElevationQuestion
	}
	return LockScreen
}
