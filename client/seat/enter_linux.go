package seat

import (
	"os/user"

	"deskhand/internal/x11"
)

// Named is the session of a display that somebody named, with the cookie that this user's authority file has for it.
func Named(display string) Session {
	s := Session{Display: display, Cookie: x11.LocalCookie(display)}
	if u, err := user.Current(); err == nil {
		s.User = u.Username
	}
	return s
}

// Enter has this process show its cookie when it connects to the display.
func (s Session) Enter() error { return x11.Grant(s.Display, s.Cookie) }
