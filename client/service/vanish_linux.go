package service

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
)

// Vanish takes everything away from within the service: its own stop would end whoever asks for it, and it may not write where the unit stands. So
// systemd runs the copy's removecomputer in a unit of its own. Elsewhere than in the service nothing is done and false comes back.
func (s *Service) Vanish() (bool, error) {
	if !s.inside() {
		return false, nil
	}
	args := []string{"--quiet", "--collect", "--description=Deskhand: takes the service away"}
	if s.o.User {
		args = append(args, "--user")
	}
	args = append(args, "--", s.places.program, "removecomputer", "--state", s.o.State)
	if s.o.User {
		args = append(args, "--user")
	}
	if out, err := exec.Command("systemd-run", args...).CombinedOutput(); err != nil {
		return true, fmt.Errorf("asking systemd to take the service away: %w: %s", err, bytes.TrimSpace(out))
	}
	return true, nil
}

// inside tells whether this process is one of the service's.
func (s *Service) inside() bool {
	b, err := os.ReadFile("/proc/self/cgroup")
	return err == nil && bytes.Contains(b, []byte("/"+Name+".service")) && bytes.Contains(b, []byte("user@")) == s.o.User
}
