package service

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	manager "github.com/kardianos/service"
)

const managerName = "launchd"

// placesOf are the places of the service of the whole computer (a launch daemon), or of this user (a launch agent).
func placesOf(user bool) (places, error) {
	base := "/"
	kind := "LaunchDaemons"
	if user {
		home, err := os.UserHomeDir()
		if err != nil {
			return places{}, fmt.Errorf("finding the home directory: %w", err)
		}
		base, kind = home, "LaunchAgents"
	}
	return places{
		program: filepath.Join(base, "Library", "Application Support", "Deskhand", Program),
		unit:    filepath.Join(base, "Library", kind, Name+".plist"),
	}, nil
}

func (s *Service) config() *manager.Config {
	return &manager.Config{
		Name: Name, DisplayName: "Deskhand", Executable: s.places.program, Arguments: []string{"unattended", "--state", s.o.State},
		Option: manager.KeyValue{"UserService": s.o.User, "KeepAlive": true, "RunAtLoad": true, "LogDirectory": s.o.State},
	}
}

// startAnew starts a service that may run already. What does not run cannot be stopped, and launchd says so.
func startAnew(m manager.Service) error {
	_ = m.Stop()
	return m.Start()
}

// managed tells whether launchd is there to ask: it runs every Mac.
func managed(bool) bool { return true }

// Lingers tells whether this user's services also run while the user is not logged in: launch agents do not.
func Lingers(string) bool { return false }

// LingerHint says what a user's service lacks, and what to do about it.
func LingerHint(string) string {
	return "It runs while you are logged in. One that starts with the computer is installed with sudo; it shows no screen, only command prompts."
}

// Vanish takes everything away from within the service: launchd ends this process, too, so that comes last.
func (s *Service) Vanish() error {
	if err := os.Remove(s.places.unit); err != nil && !os.IsNotExist(err) {
		return fmt.Errorf("taking the service away: %w", err)
	}
	if err := s.removeProgram(); err != nil {
		return err
	}
	return exec.Command("launchctl", "remove", Name).Start()
}
