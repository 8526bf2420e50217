package client

import (
	"context"
	"errors"
	"log/slog"
	"os"

	"deskhand/client/keeper"
	"deskhand/client/service"
)

// keepsKey tells whether this process keeps the key from who listens to the network: where it has no screen of its own.
func keepsKey() bool { return keeper.InService() }

// runWorker runs a worker in the session at the console until it ends.
func runWorker(ctx context.Context, k *keep, log *slog.Logger, worker ...string) error {
	return keeper.Run(ctx, k, log, service.SessionChanges(), worker...)
}

// seatFinder has nothing to find: a worker shows the session that it runs in.
type seatFinder struct{}

func newSeatFinder(string) seatFinder { return seatFinder{} }

// Session is that of the worker itself.
func (seatFinder) Session() keeper.Session { return keeper.Session{} }

// Shell is for workers that have lost their rights. Here they have the system's, and start their shells themselves.
func (seatFinder) Shell() (*os.File, error) {
	return nil, errors.New("workers start their shells themselves")
}

// askParent has nothing to ask for: a worker starts its shells and finds its screen itself.
func (cfg *UnattendedConfig) askParent(*keeper.Parent, keeper.Identity) {}

// HostShell runs one shell for a worker.
func HostShell(string) error { return errors.New("workers start their shells themselves") }

// ownPlace is nil: a process shows the session that it runs in.
func ownPlace() func() (place, error) { return nil }
