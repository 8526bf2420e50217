//go:build !linux

package seat

// Finder looks for sessions.
type Finder struct{}

// New returns a Finder.
func New() *Finder { return &Finder{} }

// Find returns the session that somebody sits at.
func (f *Finder) Find() (Session, error) { return Session{}, ErrNone }

// Changed tells whether a session may have come, gone or been switched since it was last asked.
func (f *Finder) Changed() bool { return false }
