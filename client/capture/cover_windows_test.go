package capture

import (
	"context"
	"errors"
	"sync"
	"testing"

	"deskhand/internal/win32"
	"deskhand/screen"
)

// station is a place of tests.
type station struct {
	mu      sync.Mutex
	secure  bool
	session win32.Session
	fault   error
}

func (s *station) set(secure bool, session win32.Session, fault error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.secure, s.session, s.fault = secure, session, fault
}

func (s *station) Follow() (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.secure {
		return false, win32.ErrSecure
	}
	return false, nil
}

func (s *station) Session() (win32.Session, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.session, s.fault
}

// All of what Windows shows in place of the desktop is told by its name, and the desktop again.
func TestCovers(t *testing.T) {
	s := &station{}
	d, err := openDesktop(openGDI)
	must(t, err)
	defer d.Close()
	d.place = s
	must(t, d.Watch(true))
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	someone := func(l win32.Lock) win32.Session { return win32.Session{User: "rodney", Lock: l} }
	for _, c := range []struct {
		said    string
		secure  bool
		session win32.Session
		fault   error
		want    Cover
	}{
		{"a question of Windows", true, someone(win32.Unlocked), nil, ElevationQuestion},
		{"the lock screen", true, someone(win32.Locked), nil, LockScreen},
		{"the login screen", true, win32.Session{Lock: win32.Locked}, nil, LoginScreen},
		{"locked, or so it seems", true, someone(win32.LockUnknown), nil, LockScreen},
		{"the desktop", false, someone(win32.Unlocked), nil, NoCover},
		{"nobody knows what", true, win32.Session{}, errors.New("no such call"), LockScreen},
		{"a locked session whose desktop can be seen", false, someone(win32.Locked), nil, NoCover},
	} {
		s.set(c.secure, c.session, c.fault)
		for d.Concealed() != c.want {
			e, err := d.Next(ctx)
			if err != nil {
				t.Fatalf("%s: %v, %v", c.said, d.Concealed(), err)
			}
			if e&Damaged != 0 {
				must(t, d.Damage(&screen.Region{}))
			}
		}
	}
}

// Windows says how the session of this process stands, or that it does not (Wine).
func TestOwnSession(t *testing.T) {
	s, err := here{}.Session()
	if err == nil && s.User == "" {
		t.Errorf("session %+v", s)
	}
	if got := coverOf(s, err); got == NoCover {
		t.Errorf("cover %v", got)
	}
}
