package mac

import "sync"

// Guarded by mu.
var (
	mu      sync.Mutex
	screens = Permission{granted: func() bool { return preflightScreenAccess() }, request: func() bool { return requestScreenAccess() }, missing: ErrScreen}
	control = Permission{granted: func() bool { return preflightPostAccess() }, request: func() bool { return requestPostAccess() }, missing: ErrControl}
)

// CheckScreen returns ErrScreen when this program may not see the screen.
func CheckScreen() error { return check(&screens) }

// CheckControl returns ErrControl when this program may make no input.
func CheckControl() error { return check(&control) }

func check(p *Permission) error {
	if err := graphics(); err != nil {
		return err
	}
	mu.Lock()
	defer mu.Unlock()
	return p.Check()
}
