package client

import (
	"cmp"
	"context"
	"crypto"
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
	Updates  *Updates // nil: the program is never replaced

	system    *system               // nil: this computer
	enrolment *Enrolment            // nil: that in StateDir; else without the key
	signer    crypto.Signer         // with the enrolment's key
	machine   string                // names this installation at the server
	where     func() (place, error) // tells where the screen is now; nil: at Display
	every     time.Duration         // how often it is asked; 0: lookEvery
}

// place is where the screen is: a display, and who sits there.
type place struct {
	display string // empty: nowhere, and fault says why
	user    string // empty: nobody
	greeter bool
	fault   string
}

// displayRetry is how often a lost display is looked for, and lookEvery how often whether somebody sits elsewhere now.
const (
	displayRetry = 5 * time.Second
	lookEvery    = 2 * time.Second
)

// Reach keeps this computer reachable: with the rights of the system by Keep, whose workers are this program with these arguments; else by this process, which
// shows the sessions of its user.
func Reach(ctx context.Context, cfg UnattendedConfig, worker ...string) error {
	if keepsKey() {
		return Keep(ctx, cfg, worker...)
	}
	if cfg.Display == "" {
		cfg.where = ownPlace()
	}
	return Unattended(ctx, cfg)
}

// Unattended keeps this computer reachable until ctx ends. It returns a *RefusedError when the server no longer knows the computer, ErrNotEnrolled when
// nothing was set up, and ErrRestart when another release of the program is to run.
func Unattended(ctx context.Context, cfg UnattendedConfig) error {
	e := cfg.enrolment
	if e == nil {
		var err error
		if e, err = LoadEnrolment(cfg.StateDir); err != nil {
			return err
		}
		cfg.signer, cfg.machine = e.Key(), installation(e.Server, cfg.StateDir)
	}
	u, err := url.Parse(e.Server)
	if err != nil {
		return fmt.Errorf("the enrolment in %s is damaged: %w", cfg.StateDir, err)
	}
	srv, err := newServer(u, e.Fingerprint)
	if err != nil {
		return err
	}
	if cfg.system == nil {
		cfg.system = here()
	}
	shells, runID := cfg.system.openShells(), newRun()
	defer closeShells(shells, wire.ReasonClientLost)
	updating, stop := context.WithCancel(ctx)
	defer stop()
	updates := cfg.Updates.begin(updating, srv, cfg.Log)
	for {
		at := place{display: cfg.Display}
		if cfg.where != nil {
			if at, err = cfg.where(); err != nil {
				return err
			}
		}
		c := newCore(srv, cfg.system, shells, at.display, cfg.where != nil, cfg.Version, cfg.Log)
		c.enrolment, c.signer, c.computerID = e, cfg.signer, e.ComputerID
		if cfg.where != nil {
			c.status.UserName = at.user
		}
		if updates != nil {
			c.status.Release = &wire.ClientRelease{Number: updates.Program.Number(), Bad: updates.Program.Bad()}
		}
		u := &unattended{core: c, machine: cfg.machine, runID: runID, at: at, lost: c.blind != nil, where: cfg.where, every: cmp.Or(cfg.every, lookEvery), updates: updates}
		err := u.run(ctx)
		if !errors.Is(err, errDisplayGone) && !errors.Is(err, errDisplayBack) && !errors.Is(err, errDisplayMoved) {
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

// errDisplayMoved ends a run when somebody sits at another display.
var errDisplayMoved = errors.New("somebody sits at another display")

type unattended struct {
	*core
	at      place
	lost    bool                  // the windows are not there
	moved   bool                  // with viewers, so that the server has not heard who sits there now
	where   func() (place, error) // nil: it does not follow
	every   time.Duration
	census  *census
	updates *updating

	machine, runID string // what the server knows this installation, and this run of it, by
}

// run serves until the end, or with errDisplayGone or errDisplayBack until the display is to be looked for again.
func (u *unattended) run(ctx context.Context) error {
	reason := wire.ReasonClientLost
	defer func() { u.close(reason) }()
	running, stop := context.WithCancel(ctx)
	defer stop()
	u.census = u.begin(running)
	u.connect(u.prove)
	var retry, look <-chan time.Time
	if u.where != nil {
		t := time.NewTicker(u.every)
		defer t.Stop()
		look = t.C
	}
	if u.ui == nil {
		t := time.NewTicker(displayRetry)
		defer t.Stop()
		retry = t.C
	}
	var idle <-chan time.Time
	placed := u.updates.ready()
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-placed:
			if u.idle() {
				return ErrRestart
			}
			t := time.NewTicker(u.updates.idle)
			defer t.Stop()
			placed, idle = nil, t.C
		case <-idle:
			if u.idle() {
				return ErrRestart
			}
		case <-u.updates.failed():
			u.log.Error("this release was not accepted in time and is taken back", "release", u.updates.Program.Number())
			return ErrRestart
		case <-retry:
			if u.displayIsBack() {
				return errDisplayBack
			}
		case <-look:
			if err := u.look(); err != nil {
				return err
			}
		case e := <-u.signals():
			if err := u.signalled(e); err != nil {
				return err
			}
		case e, ok := <-u.events():
			if _, closed := e.(ui.Closed); closed || !ok {
				if u.where != nil && !u.nobodyWatches() {
					u.vacate(wire.NoPictureDisplayGone)
					continue
				}
				reason = wire.ReasonDisplayGone
				return errDisplayGone
			}
			if u.window(e) {
				u.endViewers(wire.ReasonEndedByEndUser)
				u.endShells(wire.ReasonEndedByEndUser)
			}
		}
	}
}

// look follows whoever sits at the computer. With viewers it takes them along; without it ends the run, so that the server hears how it is now.
func (u *unattended) look() error {
	now, err := u.where()
	switch {
	case err != nil:
		return err
	case (now != u.at || u.moved) && u.nobodyWatches():
		return errDisplayMoved
	case now == u.at && (!u.lost || now.display == ""):
		return nil
	}
	if now != u.at {
		u.log.Info("following to another display", "display", now.display, "fault", now.fault)
	}
	u.at, u.moved = now, u.moved || now != u.at
	if u.settle(); !u.lost && u.nobodyWatches() {
		return errDisplayBack
	}
	return nil
}

// vacate leaves the display that is gone, or will be.
func (u *unattended) vacate(why wire.NoPictureReason) {
	u.lost = true
	u.desk.move("", why)
	u.ui.(*front).leave()
}

// settle goes to the display where somebody sits now.
func (u *unattended) settle() {
	if u.at.display == "" {
		u.vacate(wire.NoPictureNoDisplay)
		return
	}
	u.vacate(wire.NoPictureDisplayGone)
	if err := u.ui.(*front).enter(u.at.display); err != nil {
		u.log.Debug("no windows can be shown", "display", u.at.display, "err", err)
		return
	}
	u.lost = false
	u.desk.move(u.at.display, "")
}

// prove answers the server's challenge. It runs in the signalling's goroutine.
func (u unattended) prove(h *wire.ServerHello) *wire.ClientSignal {
	proof, err := secure.SignComputerProof(u.signer, h.GetChallenge(), u.computerID)
	if err != nil { // who keeps the key is gone, and this process ends with it
		u.log.Error("no proof for the server", "err", err)
		return nil
	}
	proof.Machine, proof.Run = u.machine, u.runID
	return &wire.ClientSignal{Message: &wire.ClientSignal_ComputerProof{ComputerProof: proof}}
}

func (u unattended) signalled(e signalEvent) error {
	switch {
	case e.end != nil:
		return e.end
	case e.hello != nil:
		u.brand(e.hello)
		u.updates.offered(e.hello.GetRelease())
	case e.message.GetRefused() != nil:
		return u.refused(e.message.GetRefused())
	case e.message.GetComputerAccepted() != nil:
		u.census.welcome()
		u.updates.accepted()
		u.known()
	case e.message.GetWake() != nil:
		u.census.wish(e.message.GetWake())
	case e.message != nil:
		u.message(e.message)
	}
	return nil
}

func (u unattended) nobodyWatches() bool {
	u.forgetEnded()
	return len(u.viewers) == 0
}

// idle tells whether nobody is cut off when the program is started anew: a shell waits for who opened it also without a view.
func (u unattended) idle() bool {
	return u.nobodyWatches() && (u.shells == nil || len(u.shells.List()) == 0)
}

// displayIsBack looks for a display, and only while nobody watches the empty place.
func (u unattended) displayIsBack() bool {
	if !u.nobodyWatches() {
		return false
	}
	w, err := u.system.windows(u.desk.display, ui.Options{})
	if err != nil {
		return false
	}
	w.Close()
	return true
}

func unknownComputer() error {
	return &RefusedError{Fault: "The server does not know this computer.", Hint: "Set it up again by RemoteSupport /createcomputer."}
}

// refused ends the client when the server does not know this computer any more; what passes is tried again.
func (u unattended) refused(r *wire.Refused) error {
	switch code := wire.RefusalCode(r.GetCode()); code {
	case wire.RefusedKeyRevoked:
		return &RemovedError{Server: u.server.url.Host}
	case wire.RefusedNotEnrolled:
		return unknownComputer()
	case wire.RefusedTooOld, wire.RefusedTooNew:
		return &OutdatedError{Err: fmt.Errorf("refused: %s", code)}
	default:
		u.log.Warn("refused", "code", code)
		u.signal.again(time.Duration(r.GetRetryAfterSeconds()) * time.Second)
		return nil
	}
}
