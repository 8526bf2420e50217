package client

import (
	"context"
	"log/slog"
	"os"
	"time"

	"deskhand/client/keeper"
	"deskhand/client/seat"
)

// lookAgain is how long a session is believed when nothing told of a change: somebody may have logged in where no logind says so.
const lookAgain = 20 * time.Second

// runWorker runs a worker until it ends.
func runWorker(ctx context.Context, k *keep, log *slog.Logger, worker ...string) error {
	return keeper.Run(ctx, k, log, worker...)
}

// seatFinder finds the screen that somebody sits at.
type seatFinder struct {
	display string // the only one that is shown; empty: whichever somebody sits at
	finder  *seat.Finder
	now     func() time.Time
	session keeper.Session
	looked  time.Time
}

func newSeatFinder(display string) seatFinder {
	return seatFinder{display: display, finder: seat.New(), now: time.Now}
}

// Session is where the screen is now.
func (k *seatFinder) Session() keeper.Session {
	if k.display != "" {
		return told(seat.Named(k.display), nil)
	}
	if !k.finder.Changed() && k.now().Sub(k.looked) < lookAgain {
		return k.session
	}
	k.looked = k.now()
	k.session = told(k.finder.Find())
	return k.session
}

// told is what a worker is told of a session, or of there being none.
func told(s seat.Session, err error) keeper.Session {
	if err != nil {
		return keeper.Session{Fault: err.Error()}
	}
	return keeper.Session{Display: s.Display, Cookie: s.Cookie, User: s.User, Greeter: s.Greeter}
}

// keepsKey tells whether this process keeps the key from who listens to the network.
func keepsKey() bool { return os.Geteuid() == 0 }

// askParent has a worker ask its parent for what it may not do: start shells, and find the screen.
func (cfg *UnattendedConfig) askParent(parent *keeper.Parent, id keeper.Identity) {
	cfg.system = here()
	cfg.system.parentsShells(parent, id.Shells)
	cfg.where = func() (place, error) {
		s, err := parent.Session()
		if err != nil {
			return place{}, err
		}
		return placeOf(s), nil
	}
}

// placeOf takes up what the display asks for.
func placeOf(s keeper.Session) place {
	if s.Display == "" {
		return place{fault: s.Fault}
	}
	if err := (seat.Session{Display: s.Display, Cookie: s.Cookie}).Enter(); err != nil {
		return place{fault: err.Error()}
	}
	return place{display: s.Display, user: s.User, greeter: s.Greeter}
}

// ownPlace finds the sessions of the user that this process runs as.
func ownPlace() func() (place, error) {
	k := newSeatFinder(os.Getenv("DISPLAY"))
	return func() (place, error) { return placeOf(k.Session()), nil }
}
