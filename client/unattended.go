package client

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"deskhand/client/ui"
	"deskhand/secure"
	"deskhand/wire"
)

// UnattendedConfig is how an enrolled computer is served.
type UnattendedConfig struct {
	StateDir string
	Display  string // X display; empty: the environment's
	Version  string
	Log      *slog.Logger

	system *system // nil: this computer
}

// displayRetry is how long a lost display is waited for before it is looked for again.
const displayRetry = 5 * time.Second

// Unattended keeps this computer reachable until ctx ends. It returns a *RefusedError when the server no longer knows the computer, and
// ErrNotEnrolled when nothing was set up.
func Unattended(ctx context.Context, cfg UnattendedConfig) error {
	e, err := LoadEnrolment(cfg.StateDir)
	if err != nil {
		return err
	}
	u, err := url.Parse(e.Server)
	if err != nil {
		return fmt.Errorf("the enrolment in %s is damaged: %w", cfg.StateDir, err)
	}
	srv, err := newServer(u, e.Fingerprint)
	if err != nil {
		return err
	}
	for {
		c := newCore(srv, cfg.system, cfg.Display, cfg.Version, cfg.Log)
		c.enrolment, c.signer, c.computerID = e, e.Key(), e.ComputerID
		err := unattended{core: c}.run(ctx)
		if !errors.Is(err, errDisplayGone) && !errors.Is(err, errDisplayBack) {
			return err
		}
		cfg.Log.Warn("connecting anew", "because", err)
	}
}

// RemovedError says that this computer was removed at the server, which said so itself: exit code 3.
type RemovedError struct{ Server string }

func (e *RemovedError) Error() string {
	return "This computer was removed at " + e.Server + " and cannot be reached from there any more. Set it up again by RemoteSupport /createcomputer."
}

// errDisplayBack ends a run without a display when there is one again.
var errDisplayBack = errors.New("there is a display again")

type unattended struct {
	*core
	census *census
}

// run serves until the end, or with errDisplayGone or errDisplayBack until the display is to be looked for again.
func (u unattended) run(ctx context.Context) error {
	reason := wire.ReasonClientLost
	defer func() { u.close(reason) }()
	running, stop := context.WithCancel(ctx)
	defer stop()
	u.census = u.begin(running)
	u.connect(u.prove)
	var retry <-chan time.Time
	if u.ui == nil {
		t := time.NewTicker(displayRetry)
		defer t.Stop()
		retry = t.C
	}
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-retry:
			if u.displayIsBack() {
				return errDisplayBack
			}
		case e := <-u.signals():
			if err := u.signalled(e); err != nil {
				return err
			}
		case e, ok := <-u.events():
			if _, closed := e.(ui.Closed); closed || !ok {
				reason = wire.ReasonDisplayGone
				return errDisplayGone
			}
			if u.window(e) {
				u.endViewers(wire.ReasonEndedByEndUser)
			}
		}
	}
}

// prove answers the server's challenge. It runs in the signalling's goroutine.
func (u unattended) prove(h *wire.ServerHello) *wire.ClientSignal {
	proof, err := secure.SignComputerProof(u.signer, h.GetChallenge(), u.computerID)
	if err != nil { // who keeps the key is gone, and this process ends with it
		u.log.Error("no proof for the server", "err", err)
		return nil
	}
	return &wire.ClientSignal{Message: &wire.ClientSignal_ComputerProof{ComputerProof: proof}}
}

func (u unattended) signalled(e signalEvent) error {
	switch {
	case e.end != nil:
		return e.end
	case e.hello != nil:
		u.brand(e.hello)
	case e.message.GetRefused() != nil:
		return u.refused(e.message.GetRefused())
	case e.message.GetComputerAccepted() != nil:
		u.census.welcome()
	case e.message.GetWake() != nil:
		u.census.wish(e.message.GetWake())
	case e.message != nil:
		u.message(e.message)
	}
	return nil
}

// displayIsBack looks for a display, and only while nobody watches the empty place.
func (u unattended) displayIsBack() bool {
	u.forgetEnded()
	if len(u.viewers) > 0 {
		return false
	}
	w, err := u.system.windows(u.desk.display, ui.Options{})
	if err != nil {
		return false
	}
	w.Close()
	return true
}

// refused ends the client when the server does not know this computer any more; what passes is tried again.
func (u unattended) refused(r *wire.Refused) error {
	switch code := wire.RefusalCode(r.GetCode()); code {
	case wire.RefusedKeyRevoked:
		return &RemovedError{Server: u.server.url.Host}
	case wire.RefusedNotEnrolled: // no reason to forget the key: it may be a backup of the server that knows us no more
		return &RefusedError{Fault: "The server does not know this computer.", Hint: "Set it up again by RemoteSupport /createcomputer."}
	case wire.RefusedTooOld, wire.RefusedTooNew:
		return &OutdatedError{Err: fmt.Errorf("refused: %s", code)}
	default:
		u.log.Warn("refused", "code", code)
		u.signal.again(time.Duration(r.GetRetryAfterSeconds()) * time.Second)
		return nil
	}
}
