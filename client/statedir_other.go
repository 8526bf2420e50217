//go:build !windows

package client

import (
	"fmt"
	"os"
	"path/filepath"
)

// DefaultStateDir is where the system keeps such state: below /var/lib for root, else in the user's own state directory.
func DefaultStateDir() (string, error) {
	if os.Geteuid() == 0 {
		return "/var/lib/deskhand", nil
	}
	if dir := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "deskhand"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("finding the home directory: %w", err)
	}
	return filepath.Join(home, ".local", "state", "deskhand"), nil
}

func makePrivate(dir string) error { return os.MkdirAll(dir, 0o700) }

// protect does nothing where a file's mode says who may read it.
func protect(string) error { return nil }

// trusted does nothing where only root makes directories beside the state's.
func trusted(string) error { return nil }
