package client

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"

	"deskhand/wire"
)

// Leave tells the server that the computer in dir is no longer to be reached. A server that has removed it already is content; one that does not answer
// before ctx ends is an *UnreachableError. What dir holds stays.
func Leave(ctx context.Context, dir, version string, log *slog.Logger) error {
	e, err := LoadEnrolment(dir)
	if err != nil {
		return err
	}
	u, err := url.Parse(e.Server)
	if err != nil {
		return fmt.Errorf("the enrolment in %s is damaged: %w", dir, err)
	}
	srv, err := newServer(u, e.Fingerprint)
	if err != nil {
		return err
	}
	l := unattended{core: &core{
		server: srv, status: status(), version: version, log: log, enrolment: e, signer: e.Key(), computerID: e.ComputerID, viewers: map[string]*viewer{},
	}, machine: installation(e.Server, dir)}
	defer l.close("")
	l.connect(l.prove)
	var last error
	for {
		select {
		case <-ctx.Done():
			return &UnreachableError{Server: u.Host, Err: cmp.Or(last, context.Cause(ctx))}
		case e := <-l.signals():
			if e.lost != nil {
				last = e.lost
			}
			if e.message.GetComputerAccepted() != nil {
				l.tell(&wire.ClientSignal{Message: &wire.ClientSignal_RemoveComputer{RemoveComputer: &wire.RemoveComputer{}}})
				continue
			}
			if e.end == nil && e.message.GetRefused() == nil {
				continue // nobody is let in any more
			}
			var removed *RemovedError
			if err := l.signalled(e); errors.As(err, &removed) {
				return nil
			} else if err != nil {
				return err
			}
		}
	}
}
