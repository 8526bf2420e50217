package service

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
)

// Vanish takes everything away from within the service: its own stop would end whoever asks for it, and it may not write where the unit stands. So
// systemd runs removecomputer outside. Elsewhere than in the service nothing is done.
func (s *Service) Vanish() error {
	if inside(s.o.User) {
		return runOutside(s.o.User, "Deskhand: takes the service away", s.places.program, "removecomputer", "--state", s.o.State)
	}
	return nil
}

// Inside tells whether this process is one of the service of the whole computer, which is shut in.
func Inside() bool { return inside(false) }

// RunOutside has systemd start this program with these arguments in a unit of its own, where nothing shuts it in.
func RunOutside(description string, args ...string) error {
	exe, err := os.Executable()
	if err != nil {
		return fmt.Errorf("finding this program: %w", err)
	}
	return runOutside(false, description, exe, args...)
}

func runOutside(user bool, description, program string, args ...string) error {
	line := []string{"--quiet", "--collect", "--description=" + description}
	if user {
		line = append(line, "--user")
		args = append(args, "--user")
	}
	line = append(line, "--", program)
	if out, err := exec.Command("systemd-run", append(line, args...)...).CombinedOutput(); err != nil {
		return fmt.Errorf("asking systemd to start %s: %w: %s", args[0], err, bytes.TrimSpace(out))
	}
	return nil
}

// inside tells whether this process is one of the service's, the whole computer's or a user's.
func inside(user bool) bool {
	b, err := os.ReadFile("/proc/self/cgroup")
	return err == nil && bytes.Contains(b, []byte("/"+Name+".service")) && bytes.Contains(b, []byte("user@")) == user
}
