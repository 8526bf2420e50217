//go:build !windows

package service

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

func moveOver(from, to string) error { return os.Rename(from, to) }

// removeProgram takes the copy away, what an update keeps beside it, and the directory when nothing else is in it.
func (s *Service) removeProgram() error {
	beside, err := filepath.Glob(s.places.program + "*")
	if err != nil {
		return err
	}
	for _, name := range beside {
		if err := os.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("taking the program away: %w", err)
		}
	}
	_ = os.Remove(filepath.Dir(s.places.program)) // only when it is empty
	return nil
}
