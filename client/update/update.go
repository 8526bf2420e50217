// Package update replaces the program of an unattended client by newer releases of itself, and takes it back when the new one does not work
// (docs/design/0012-updates.md).
//
// A release counts when the key signed it that this program was built with, and when its number is higher than this program's own and than that of
// any which was taken back. Beside the program stand
//
//	RemoteSupport.next      the new program, until it is whole and checked; on Windows RemoteSupport.next.exe
//	RemoteSupport.previous  the old one, which stays
//	RemoteSupport.update    what is being tried
//
// and every step between them is a rename: whenever the computer stops, there is a whole program to start, and Begin knows which one it is. (On Windows putting the
// new program in place is two renames, and RemoteSupport.exe.former the one that ran.)
package update

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"deskhand"
)

// Source is where releases come from. Nothing of it is believed.
type Source interface {
	// Release is the signed release.
	Release(ctx context.Context) ([]byte, error)
	// Program is the program for a platform.
	Program(ctx context.Context, platform string) (io.ReadCloser, error)
}

// Place is a program that newer releases of itself may replace. One process uses it at a time.
type Place struct {
	Program  string            // path
	Platform string            // "linux-amd64"
	Own      uint64            // the release that the running program is; 0: none, which never updates itself
	Key      ed25519.PublicKey // of who signs releases

	// Try starts a new program before it takes the old one's place, and reports whether it is that release; nil: `version`.
	Try func(ctx context.Context, program string, number uint64) error

	step func(name string) // what is next; nil outside tests
}

// Number is the release that runs; 0: none.
func (p *Place) Number() uint64 { return p.Own }

// Names of the steps, in their order.
const (
	stepWrite  = "write"
	stepCheck  = "check"
	stepTry    = "try"
	stepKeep   = "keep"
	stepNote   = "note"
	stepSwap   = "swap"
	stepDone   = "done"
	stepBack   = "back"
	stepForget = "forget"
)

func (p *Place) next(step string) {
	if p.step != nil {
		p.step(step)
	}
}

func (p *Place) newProgram() string { return nextOf(p.Program) }
func (p *Place) previous() string   { return p.Program + ".previous" }

// ErrNever says that this program cannot update itself at all.
var ErrNever = errors.New("this program does not update itself")

// Usable reports whether the program can be replaced; ErrNever says why not.
func (p *Place) Usable() error {
	if p.Own == 0 || len(p.Key) != ed25519.PublicKeySize {
		return fmt.Errorf("%w: it was built without a release's number and key", ErrNever)
	}
	f, err := os.CreateTemp(filepath.Dir(p.Program), filepath.Base(p.Program)+".write-*")
	if err != nil {
		return fmt.Errorf("%w: it may not write where it stands: %w", ErrNever, err)
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// Update looks for a newer release and puts it in the program's place. number is the release that counts from the next start on; 0: there is none.
func (p *Place) Update(ctx context.Context, from Source) (number uint64, err error) {
	file, err := from.Release(ctx)
	if err != nil {
		return 0, fmt.Errorf("asking for the release: %w", err)
	}
	r, err := deskhand.OpenRelease(file, p.Key)
	if err != nil {
		return 0, err
	}
	s, err := p.load()
	if err != nil {
		return 0, err
	}
	c, ok := r.For(p.Platform)
	if !ok || r.Number <= max(p.Own, s.Bad) {
		return 0, nil
	}
	if err := p.fetch(ctx, from, c); err != nil {
		return 0, errors.Join(err, p.discard())
	}
	if err := p.put(ctx, r.Number, s); err != nil {
		return 0, errors.Join(err, p.discard())
	}
	return r.Number, nil
}

func (p *Place) discard() error {
	if err := os.Remove(p.newProgram()); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
