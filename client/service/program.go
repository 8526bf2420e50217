package service

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Program is the path of the copy that the service runs.
func (s *Service) Program() string { return s.places.program }

// copyProgram copies the running program, whole or not at all, so that a running service never sees half of it.
func (s *Service) copyProgram() error {
	from, err := os.Executable()
	if err != nil {
		return fmt.Errorf("finding this program: %w", err)
	}
	to := s.places.program
	if same(from, to) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return fmt.Errorf("making the program's directory: %w", err)
	}
	if err := copyFile(from, to); err != nil {
		return fmt.Errorf("copying the program to %s: %w", to, err)
	}
	return nil
}

func same(a, b string) bool {
	x, err := os.Stat(a)
	if err != nil {
		return false
	}
	y, err := os.Stat(b)
	return err == nil && os.SameFile(x, y)
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	tmp := to + ".new"
	out, err := os.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o755)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	err = errors.Join(err, out.Chmod(0o755), out.Sync(), out.Close())
	if err == nil {
		err = moveOver(tmp, to)
	}
	if err != nil {
		_ = os.Remove(tmp)
	}
	return err
}
