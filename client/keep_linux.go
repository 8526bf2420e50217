package client

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"errors"
	"log/slog"
	"os"
	"time"

	"deskhand/client/keeper"
	"deskhand/client/seat"
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

// Keep is Unattended for a process with root's rights: it keeps the computer's key and finds the screen, and a worker without rights, which is this
// program with the arguments worker, does the rest (Work). A worker that ends is started anew.
func Keep(ctx context.Context, cfg UnattendedConfig, worker ...string) error {
	e, err := LoadEnrolment(cfg.StateDir)
	if err != nil {
		return err
	}
	k := &keep{enrolment: e, dir: cfg.StateDir, display: cfg.Display, finder: seat.New(), log: cfg.Log, now: time.Now}
	backoff := transport.Backoff{Base: workerBase, Max: workerMax}
	for ctx.Err() == nil {
		began := time.Now()
		err := keeper.Run(ctx, k, cfg.Log, worker...)
		switch {
		case k.removed:
			return &RemovedError{Server: e.Server}
		case ctx.Err() != nil:
			return context.Cause(ctx)
		}
		cfg.Log.Error("the worker has ended", "err", err)
		if time.Since(began) > workerMax {
			backoff.Reset()
		}
		if err := backoff.Wait(ctx, 0); err != nil {
			return context.Cause(ctx)
		}
	}
	return context.Cause(ctx)
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

	session keeper.Session
	looked  time.Time
}

func (k *keep) Identity() keeper.Identity {
	e := k.enrolment
	return keeper.Identity{
		Server: e.Server, Fingerprint: e.Fingerprint, ComputerID: e.ComputerID, Name: e.Name, GrantKey: e.GrantKey, PublicKey: e.Key().Public().(ed25519.PublicKey),
	}
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
	err = Unattended(ctx, UnattendedConfig{
		Version: version, Log: log, signer: parent.Signer(id.PublicKey),
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
