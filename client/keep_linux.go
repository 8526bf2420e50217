package client

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"errors"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"sync/atomic"
	"time"

	"deskhand/client/keeper"
	"deskhand/client/pty"
	"deskhand/client/seat"
	"deskhand/client/update"
	"deskhand/secure"
	"deskhand/transport"
)

// How soon a worker that ended is started anew: full jitter between nothing and these.
const (
	workerBase = time.Second
	workerMax  = time.Minute
)

// lookAgain is how long a session is believed when nothing told of a change: somebody may have logged in where no logind says so.
const lookAgain = 20 * time.Second

// workerRefused is the exit code of a worker that the server does not let in, which starting it anew would not change.
const workerRefused = 3

// Keep is Unattended for a process with root's rights: it keeps the computer's key and finds the screen, and a worker without rights, which is this
// program with the arguments worker, does the rest (Work). A worker that ends is started anew.
func Keep(ctx context.Context, cfg UnattendedConfig, worker ...string) error {
	e, err := LoadEnrolment(cfg.StateDir)
	if err != nil {
		return err
	}
	k := &keep{enrolment: e, dir: cfg.StateDir, display: cfg.Display, finder: seat.New(), updates: cfg.Updates, log: cfg.Log, now: time.Now}
	running, stop := context.WithCancel(ctx)
	defer stop()
	if k.trial() {
		late := time.AfterFunc(healthyWithin, func() {
			if k.trial() {
				cfg.Log.Error("this release was not accepted in time and is taken back", "release", cfg.Updates.Program.Number())
				stop()
			}
		})
		defer late.Stop()
	}
	backoff := transport.Backoff{Base: workerBase, Max: workerMax}
	for ctx.Err() == nil {
		began := time.Now()
		err := keeper.Run(running, k, cfg.Log, worker...)
		switch {
		case k.removed:
			return &RemovedError{Server: e.Server}
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case k.placed || running.Err() != nil:
			return ErrRestart
		case exitCode(err) == workerRefused:
			return unknownComputer()
		}
		cfg.Log.Error("the worker has ended", "err", err)
		if time.Since(began) > workerMax {
			backoff.Reset()
		}
		if err := backoff.Wait(running, 0); err != nil && ctx.Err() != nil {
			return context.Cause(ctx)
		}
	}
	return context.Cause(ctx)
}

// exitCode is that of a worker that has ended; 0: in another way.
func exitCode(err error) int {
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		return ended.ExitCode()
	}
	return 0
}

// keep does what the worker's verbs ask for. Its methods are called one at a time.
type keep struct {
	enrolment *Enrolment
	dir       string
	display   string // the only one that is shown; empty: whichever somebody sits at
	finder    *seat.Finder
	log       *slog.Logger
	now       func() time.Time
	removed   bool

	updates *Updates // nil: none
	placed  bool     // another release waits for the start
	good    atomic.Bool

	session keeper.Session
	looked  time.Time
}

func (k *keep) Identity() keeper.Identity {
	e := k.enrolment
	return keeper.Identity{
		Server: e.Server, Fingerprint: e.Fingerprint, ComputerID: e.ComputerID, Name: e.Name, GrantKey: e.GrantKey, PublicKey: e.Key().Public().(ed25519.PublicKey),
		Release: k.release(),
		Shells:  pty.Shells(),
		Machine: installation(e.Server, k.dir),
	}
}

func (k *keep) release() *keeper.Release {
	if k.updates == nil {
		return nil
	}
	p := k.updates.Program
	return &keeper.Release{Number: p.Number(), Bad: p.Bad(), Trial: k.trial(), Spread: k.updates.Spread}
}

// trial tells whether the release that runs still has to show that it works.
func (k *keep) trial() bool { return k.updates != nil && k.updates.Trial && !k.good.Load() }

func (k *keep) Good() error {
	if !k.trial() {
		return nil
	}
	k.good.Store(true)
	return k.updates.Program.Good()
}

// Offer puts what a worker found in the program's place. The worker is not believed, as the server is not: the release's signature and hash decide.
func (k *keep) Offer(b io.ReaderAt) (uint64, error) {
	if k.updates == nil {
		return 0, update.ErrNever
	}
	number, err := k.updates.Program.Update(context.Background(), box{b})
	k.placed = k.placed || number > 0
	if err != nil {
		k.log.Warn("no update", "err", err)
	}
	return number, err
}

func (k *keep) Sign(message []byte) ([]byte, error) {
	if !secure.ComputerSigns(message, k.enrolment.ComputerID) {
		return nil, errors.New("this is nothing that a computer signs")
	}
	return k.enrolment.Key().Sign(nil, message, crypto.Hash(0))
}

func (k *keep) Removed() {
	k.removed = true
	if err := ForgetEnrolment(k.dir); err != nil {
		k.log.Error("forgetting the key", "err", err)
	}
}

func (k *keep) Session() keeper.Session {
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

// Work is what the worker of a privileged parent does: it gives up all rights, then it keeps the computer reachable.
func Work(ctx context.Context, version string, log *slog.Logger) error {
	if err := keeper.Become(); err != nil {
		return err
	}
	parent, ctx, err := keeper.ToParent(ctx)
	if err != nil {
		return err
	}
	defer parent.Close()
	id, err := parent.Identity()
	if err != nil {
		return err
	}
	sys := here()
	sys.parentsShells(parent, id.Shells)
	var updates *Updates
	if id.Release != nil {
		updates = &Updates{Program: &parentsProgram{parent, *id.Release}, Trial: id.Release.Trial, Spread: id.Release.Spread}
	}
	err = Unattended(ctx, UnattendedConfig{
		Version: version, Log: log, system: sys, Updates: updates, signer: parent.Signer(id.PublicKey), machine: id.Machine,
		enrolment: &Enrolment{Server: id.Server, Fingerprint: id.Fingerprint, ComputerID: id.ComputerID, Name: id.Name, GrantKey: id.GrantKey},
		where: func() (place, error) {
			s, err := parent.Session()
			if err != nil {
				return place{}, err
			}
			return placeOf(s), nil
		},
	})
	var removed *RemovedError
	if errors.As(err, &removed) {
		return errors.Join(err, parent.Removed())
	}
	return err
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
	k := &keep{display: os.Getenv("DISPLAY"), finder: seat.New(), now: time.Now}
	return func() (place, error) { return placeOf(k.Session()), nil }
}
