package client

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"deskhand/client/session"
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
		c, err := newCore(srv, cfg.Display, cfg.Version, cfg.Log)
		if err != nil {
			return err
		}
		c.enrolment, c.computerID = e, e.ComputerID
		again, err := unattended{c}.run(ctx)
		if !again {
			return err
		}
		cfg.Log.Warn("the display was lost, looking for it again", "err", err)
	}
}

type unattended struct{ *core }

// run serves until the end or until the display is to be looked for again.
func (u unattended) run(ctx context.Context) (again bool, err error) {
	ctx, cancel := context.WithCancel(ctx)
	reason := wire.ReasonClientLost
	defer func() {
		u.endViewers(reason)
		cancel()
		u.close(reason)
	}()
	u.signal.authenticate = func(h *wire.ServerHello) *wire.ClientSignal {
		proof := secure.SignComputerProof(u.enrolment.Key(), h.GetChallenge(), u.computerID)
		return &wire.ClientSignal{Message: &wire.ClientSignal_ComputerProof{ComputerProof: proof}}
	}
	ended := make(chan error, 1)
	u.running.Add(1)
	go func() {
		defer u.running.Done()
		ended <- u.signal.run(ctx)
	}()
	var retry <-chan time.Time
	if u.ui == nil {
		t := time.NewTicker(displayRetry)
		defer t.Stop()
		retry = t.C
	}
	for {
		select {
		case <-ctx.Done():
			return false, context.Cause(ctx)
		case err := <-ended:
			return false, err
		case <-retry:
			if u.displayIsBack() {
				return true, ui.ErrNoDisplay
			}
		case e := <-u.signal.events:
			if e.message == nil {
				continue
			}
			if r := e.message.GetRefused(); r != nil {
				if err := u.refused(r); err != nil {
					return false, err
				}
				continue
			}
			u.message(ctx, e.message)
		case e, ok := <-u.events():
			if _, closed := e.(ui.Closed); closed || !ok {
				reason = wire.ReasonDisplayGone
				return true, errDisplayGone
			}
			if u.window(e) {
				u.endViewers(wire.ReasonEndedByEndUser)
			}
		}
	}
}

// displayIsBack looks for a display, and only while nobody watches the empty place.
func (u unattended) displayIsBack() bool {
	u.forgetEnded()
	if len(u.viewers) > 0 {
		return false
	}
	w, err := ui.Open(u.desk.display, ui.Options{})
	if err != nil {
		return false
	}
	go func() {
		for range w.Events() { //nolint:revive // only emptied
		}
	}()
	w.Close()
	return true
}

// refused ends the client when the server does not know this computer any more; what passes is tried again by the signalling.
func (u unattended) refused(r *wire.Refused) error {
	switch code := wire.RefusalCode(r.GetCode()); code {
	case wire.RefusedNotEnrolled, wire.RefusedKeyRevoked:
		return &RefusedError{Fault: "This computer is no longer set up at the server.", Hint: "Set it up again by RemoteSupport /createcomputer."}
	case wire.RefusedTooOld, wire.RefusedTooNew:
		return &OutdatedError{Err: fmt.Errorf("refused: %s", code)}
	default:
		u.log.Warn("refused", "code", code)
		return nil
	}
}

var _ session.Host = (*viewer)(nil)
