package client

import (
	"fmt"
	"path/filepath"

	"deskhand/client/elevate"
	"deskhand/internal/win32"
)

// DefaultStateDir is where the system keeps such state: in ProgramData with an administrator's rights, else in the user's own local data.
func DefaultStateDir() (string, error) {
	dir, err := win32.DataDir(elevate.Is())
	if err != nil {
		return "", fmt.Errorf("finding the directory for the state: %w", err)
	}
	return filepath.Join(dir, "Deskhand"), nil
}

func makePrivate(dir string) error { return win32.MakePrivate(dir) }

func protect(file string) error { return win32.Protect(file) }

// trusted keeps a privileged process from what somebody else has laid into its place: everybody may make directories in ProgramData.
func trusted(dir string) error {
	if !elevate.Is() {
		return nil
	}
	return win32.Trusted(dir)
}
