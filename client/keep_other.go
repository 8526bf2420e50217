//go:build !linux && !windows

package client

import (
	"context"
	"errors"
	"log/slog"
)

func keepsKey() bool { return false }

// Keep is Unattended: here nothing parts what is privileged from what listens to the network.
func Keep(ctx context.Context, cfg UnattendedConfig, _ ...string) error { return Unattended(ctx, cfg) }

// Work is what the worker of a privileged parent does.
func Work(context.Context, string, *slog.Logger) error {
	return errors.New("there are no workers on this system")
}

// HostShell runs one shell for a worker.
func HostShell(string) error { return errors.New("there are no workers on this system") }

func ownPlace() func() (place, error) { return nil }
