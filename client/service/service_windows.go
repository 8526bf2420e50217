package service

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"unicode"

	"golang.org/x/sys/windows"

	"deskhand/internal/win32"
)

// Program is the name of the copy that the service runs.
const Program = "RemoteSupport.exe"

// asAdmin says how to get the rights.
const asAdmin = "Run the same line in a Command Prompt that was opened by \"Run as administrator\""

// backend is what keeps the program running: the service manager, or the list of programs that start when this user logs in.
type backend interface {
	installed() bool
	install(line []string) error
	remove() error
	start() error
	stop() error // also when it does not run
	running() bool
}

// New prepares a service; nothing is touched before Install.
func New(o Options) (*Service, error) {
	state, err := filepath.Abs(o.State)
	if err != nil {
		return nil, fmt.Errorf("finding the state directory: %w", err)
	}
	if strings.ContainsFunc(state, unicode.IsControl) || strings.Contains(state, `"`) {
		return nil, fmt.Errorf("the state directory %q cannot stand in a command line; choose one without control characters and quotation marks", state)
	}
	o.State = state
	folder, below := windows.FOLDERID_ProgramFiles, "Deskhand"
	if o.User {
		folder, below = windows.FOLDERID_LocalAppData, filepath.Join("Programs", "Deskhand")
	}
	dir, err := windows.KnownFolderPath(folder, windows.KF_FLAG_DEFAULT)
	if err != nil {
		return nil, fmt.Errorf("finding the directory for programs: %w", err)
	}
	return &Service{o: o, places: places{program: filepath.Join(dir, below, Program)}}, nil
}

func (s *Service) backend() backend {
	if s.o.User {
		return &atLogin{s}
	}
	return scm{}
}

// line is how the program is started.
func (s *Service) line() []string {
	line := []string{s.places.program, "unattended", "--state", s.o.State}
	if !s.o.User {
		line = append(line, "--managed")
	}
	return line
}

// Installed tells whether the service is there.
func (s *Service) Installed() bool { return s.backend().installed() }

// Install copies the program and has it started with the computer, or when this user logs in. A service that is there is replaced; it runs on with the
// old program until it is restarted.
func (s *Service) Install() error {
	if err := s.allowed("install"); err != nil {
		return err
	}
	if err := s.copyProgram(); err != nil {
		return err
	}
	if err := s.backend().install(s.line()); err != nil {
		return fmt.Errorf("installing the service: %w", err)
	}
	return nil
}

// Uninstall stops the service and takes it and the program away. What is not there is no error, so that half an installation can be taken away, too.
func (s *Service) Uninstall() error {
	if err := s.allowed("uninstall"); err != nil {
		return err
	}
	b := s.backend()
	if err := b.stop(); err != nil && !errors.Is(err, ErrNotInstalled) {
		return fmt.Errorf("stopping the service: %w", err)
	}
	if err := b.remove(); err != nil {
		return fmt.Errorf("taking the service away: %w", err)
	}
	return s.removeProgram()
}

// Start starts the service, or starts it anew with the program that is installed now.
func (s *Service) Start() error {
	return s.do("start", func(b backend) error {
		if err := b.stop(); err != nil {
			return err
		}
		return b.start()
	})
}

// Stop stops the service until Start, or until the computer starts or the user logs in again.
func (s *Service) Stop() error { return s.do("stop", backend.stop) }

// Status tells how it stands; ErrNotInstalled.
func (s *Service) Status() (State, error) {
	b := s.backend()
	switch {
	case !b.installed():
		return Stopped, ErrNotInstalled
	case b.running():
		return Running, nil
	}
	return Stopped, nil
}

func (s *Service) do(what string, act func(backend) error) error {
	b := s.backend()
	if !b.installed() {
		return ErrNotInstalled
	}
	if err := s.allowed(what); err != nil {
		return err
	}
	if err := act(b); err != nil {
		return fmt.Errorf("asking Windows to %s the service: %w", what, err)
	}
	return nil
}

func (s *Service) allowed(what string) error {
	if !s.o.User && !win32.Elevated() {
		return &AdminError{What: what}
	}
	return nil
}

// Vanish takes everything away from within the service, which ends afterwards. Elsewhere than in the service nothing is done.
func (s *Service) Vanish() error {
	exe, err := os.Executable()
	if err != nil || !same(exe, s.places.program) {
		return nil
	}
	if err := s.backend().remove(); err != nil {
		return fmt.Errorf("taking the service away: %w", err)
	}
	return s.removeProgram()
}

// Lingers tells whether this user's service also runs while the user is not logged in.
func Lingers(string) bool { return false }

// LingerHint says what a user's service lacks, and what to do about it.
func LingerHint(string) string {
	return "It runs while you are logged in. To have it start with the computer, run the same line in a Command Prompt that was opened by \"Run as administrator\"."
}

// commandLine joins words as Windows programs take them apart.
func commandLine(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = syscall.EscapeArg(w)
	}
	return strings.Join(quoted, " ")
}
