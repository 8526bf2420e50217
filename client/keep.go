//go:build linux || windows

package client

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"errors"
	"io"
	"log/slog"
	"sync/atomic"
	"time"

	"deskhand/client/keeper"
	"deskhand/client/pty"
	"deskhand/client/update"
	"deskhand/secure"
	"deskhand/transport"
)

// How soon a worker that ended is started anew: full jitter between nothing and these.
const (
	workerBase = time.Second
	workerMax  = time.Minute
)

// workerRefused is the exit code of a worker that the server does not let in, which starting it anew would not change.
const workerRefused = 3

// Keep is Unattended for a process with the system's rights: it keeps the computer's key and finds the screen, and a worker, which is this
// program with the arguments worker, does the rest (Work). A worker that ends is started anew.
func Keep(ctx context.Context, cfg UnattendedConfig, worker ...string) error {
	e, err := LoadEnrolment(cfg.StateDir)
	if err != nil {
		return err
	}
	k := &keep{enrolment: e, dir: cfg.StateDir, seatFinder: newSeatFinder(cfg.Display), updates: cfg.Updates, log: cfg.Log}
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
		err := runWorker(running, k, cfg.Log, worker...)
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

// Work is what the worker of a privileged parent does: it gives up what rights it does not need, then it keeps the computer reachable.
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
	cfg := workerConfig(parent, id, version, log)
	cfg.askParent(parent, id)
	err = Unattended(ctx, cfg)
	var removed *RemovedError
	if errors.As(err, &removed) {
		return errors.Join(err, parent.Removed())
	}
	return err
}

// exitCode is that of a worker that has ended; 0: in another way.
func exitCode(err error) int {
	var ended interface {
		error
		ExitCode() int
	}
	if errors.As(err, &ended) {
		return ended.ExitCode()
	}
	return 0
}

// keep does what the worker's verbs ask for. Its methods are called one at a time.
type keep struct {
	enrolment  *Enrolment
	dir        string
	seatFinder // where the screen is
	log        *slog.Logger
	removed    bool

	updates *Updates // nil: none
	placed  bool     // another release waits for the start
	good    atomic.Bool
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

// workerConfig is how a worker serves the computer that its parent keeps the key of.
func workerConfig(parent *keeper.Parent, id keeper.Identity, version string, log *slog.Logger) UnattendedConfig {
	cfg := UnattendedConfig{
		Version: version, Log: log, signer: parent.Signer(id.PublicKey), machine: id.Machine,
		enrolment: &Enrolment{Server: id.Server, Fingerprint: id.Fingerprint, ComputerID: id.ComputerID, Name: id.Name, GrantKey: id.GrantKey},
	}
	if id.Release != nil {
		cfg.Updates = &Updates{Program: &parentsProgram{parent, *id.Release}, Trial: id.Release.Trial, Spread: id.Release.Spread}
	}
	return cfg
}
