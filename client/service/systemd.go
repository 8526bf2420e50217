//go:build !windows

package service

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	manager "github.com/kardianos/service"
)

// Program is the name of the copy that the service runs.
const Program = "RemoteSupport"

// asAdmin says how to get the rights.
const asAdmin = "Run the same line with sudo"

// New prepares a service; nothing is touched before Install.
func New(o Options) (*Service, error) {
	state, err := filepath.Abs(o.State)
	if err != nil {
		return nil, fmt.Errorf("finding the state directory: %w", err)
	}
	if strings.ContainsFunc(state, unicode.IsControl) || strings.Contains(state, "{{") {
		return nil, fmt.Errorf("the state directory %q cannot stand in a unit; choose one without control characters and {{", state)
	}
	o.State = state
	p, err := placesOf(o.User)
	if err != nil {
		return nil, err
	}
	return &Service{o: o, places: p}, nil
}

// Installed tells whether the unit is there.
func (s *Service) Installed() bool {
	_, err := os.Lstat(s.places.unit)
	return err == nil
}

// Install copies the program, writes the unit and has it started with the computer. A service that is there is replaced; it runs on with the old
// program until it is restarted.
func (s *Service) Install() error {
	if err := s.allowed("install"); err != nil {
		return err
	}
	m, err := s.manager()
	if err != nil {
		return err
	}
	if err := s.copyProgram(); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(s.places.unit), 0o755); err != nil {
		return fmt.Errorf("making the directory of the unit: %w", err)
	}
	if err := os.Remove(s.places.unit); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("replacing the unit: %w", err)
	}
	if err := m.Install(); err != nil {
		return fmt.Errorf("installing the service: %w", err)
	}
	return nil
}

// Uninstall stops the service and takes the unit and the program away. What is not there is no error, so that half an installation can be
// taken away, too.
func (s *Service) Uninstall() error {
	if err := s.allowed("uninstall"); err != nil {
		return err
	}
	var failed error
	if m, err := s.manager(); err == nil && s.Installed() {
		_ = m.Stop() // it may not run
		failed = m.Uninstall()
	}
	if failed != nil || s.Installed() {
		if err := os.Remove(s.places.unit); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("taking the unit away: %w", errors.Join(failed, err))
		}
	}
	return s.removeProgram()
}

// Start starts the service, or starts it anew with the program that is installed now.
func (s *Service) Start() error {
	return s.do("start", startAnew)
}

// Stop stops the service until Start or until the computer starts again.
func (s *Service) Stop() error {
	return s.do("stop", manager.Service.Stop)
}

// Status tells how it stands; ErrNotInstalled, ErrNoManager.
func (s *Service) Status() (State, error) {
	if !s.Installed() {
		return Stopped, ErrNotInstalled
	}
	m, err := s.manager()
	if err != nil {
		return Stopped, err
	}
	if st, err := m.Status(); err == nil && st == manager.StatusRunning {
		return Running, nil
	}
	return Stopped, nil // a failed one among them: it does not run
}

func (s *Service) do(what string, act func(manager.Service) error) error {
	if !s.Installed() {
		return ErrNotInstalled
	}
	if err := s.allowed(what); err != nil {
		return err
	}
	m, err := s.manager()
	if err != nil {
		return err
	}
	if err := act(m); err != nil {
		return fmt.Errorf("asking %s to %s the service: %w", managerName, what, err)
	}
	return nil
}

func (s *Service) allowed(what string) error {
	if !s.o.User && os.Geteuid() != 0 {
		return &AdminError{What: what}
	}
	return nil
}

// manager is the service manager's view of the service.
func (s *Service) manager() (manager.Service, error) {
	if !managed(s.o.User) {
		return nil, ErrNoManager
	}
	return manager.New(nothing{}, s.config())
}

// nothing is what the library would run; the program runs by itself.
type nothing struct{}

func (nothing) Start(manager.Service) error { return nil }
func (nothing) Stop(manager.Service) error  { return nil }
