package service

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync/atomic"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/svc"
	"golang.org/x/sys/windows/svc/mgr"
)

// Times of the service manager.
const (
	patience  = 20 * time.Second // for a start or an end
	lookAgain = 50 * time.Millisecond
	// recoveryReset is after how long without a failure the first delay counts again.
	recoveryReset = 24 * time.Hour
)

// description is what the list of services says of it.
const description = "Lets support agents who were permitted to do so reach this computer."

// recovery is how soon Windows starts a service anew that has failed: once, twice, and from then on.
var recovery = []mgr.RecoveryAction{
	{Type: mgr.ServiceRestart, Delay: 5 * time.Second}, {Type: mgr.ServiceRestart, Delay: 5 * time.Second}, {Type: mgr.ServiceRestart, Delay: time.Minute},
}

// scm is the service manager.
type scm struct{}

// with opens the service; ErrNotInstalled.
func (scm) with(act func(*mgr.Service) error) error {
	m, err := mgr.Connect()
	if err != nil {
		return fmt.Errorf("connecting to the service manager: %w", err)
	}
	defer m.Disconnect()
	s, err := m.OpenService(Name)
	if errors.Is(err, windows.ERROR_SERVICE_DOES_NOT_EXIST) {
		return ErrNotInstalled
	}
	if err != nil {
		return fmt.Errorf("opening the service: %w", err)
	}
	return errors.Join(act(s), s.Close())
}

// state asks with no more rights than everybody has.
func (scm) state() (svc.State, error) {
	m, err := windows.OpenSCManager(nil, nil, windows.SC_MANAGER_CONNECT)
	if err != nil {
		return 0, fmt.Errorf("connecting to the service manager: %w", err)
	}
	defer windows.CloseServiceHandle(m)
	name, err := windows.UTF16PtrFromString(Name)
	if err != nil {
		return 0, err
	}
	h, err := windows.OpenService(m, name, windows.SERVICE_QUERY_STATUS)
	if errors.Is(err, windows.ERROR_SERVICE_DOES_NOT_EXIST) {
		return 0, ErrNotInstalled
	}
	if err != nil {
		return 0, fmt.Errorf("opening the service: %w", err)
	}
	defer windows.CloseServiceHandle(h)
	st, err := (&mgr.Service{Name: Name, Handle: h}).Query()
	if err != nil {
		return 0, fmt.Errorf("asking how the service stands: %w", err)
	}
	return st.State, nil
}

func (m scm) installed() bool {
	_, err := m.state()
	return err == nil || errors.Is(err, windows.ERROR_ACCESS_DENIED)
}

func (m scm) running() bool {
	st, err := m.state()
	return err == nil && st == svc.Running
}

func (m scm) install(line []string) error {
	if err := m.register(line); err != nil {
		return err
	}
	if err := allowAttention(); err != nil { // all else works without it
		slog.Warn("agents will not be able to press Ctrl+Alt+Del", "err", err)
	}
	return nil
}

// register makes the service, or changes the one that is there.
func (m scm) register(line []string) error {
	err := m.with(func(s *mgr.Service) error {
		path, err := windows.UTF16PtrFromString(commandLine(line))
		if err == nil {
			err = windows.ChangeServiceConfig(s.Handle, windows.SERVICE_NO_CHANGE, mgr.StartAutomatic, windows.SERVICE_NO_CHANGE, path, nil, nil, nil, nil, nil, nil)
		}
		return errors.Join(err, details(s))
	})
	if !errors.Is(err, ErrNotInstalled) {
		return err
	}
	manager, err := mgr.Connect()
	if err != nil {
		return fmt.Errorf("connecting to the service manager: %w", err)
	}
	defer manager.Disconnect()
	c := mgr.Config{StartType: mgr.StartAutomatic, ErrorControl: mgr.ErrorNormal, DisplayName: "Deskhand", Description: description}
	var s *mgr.Service
	err = within(func() (bool, error) { // one that is being deleted is gone when the last who looked at it is
		var err error
		s, err = manager.CreateService(Name, line[0], c, line[1:]...)
		return !errors.Is(err, windows.ERROR_SERVICE_MARKED_FOR_DELETE), err
	})
	if err != nil {
		return err
	}
	return errors.Join(details(s), s.Close())
}

// details have the service start soon after the computer has, and start anew after failures.
func details(s *mgr.Service) error {
	delayed := windows.SERVICE_DELAYED_AUTO_START_INFO{IsDelayedAutoStartUp: 1}
	if err := known(windows.ChangeServiceConfig2(s.Handle, windows.SERVICE_CONFIG_DELAYED_AUTO_START_INFO, (*byte)(unsafe.Pointer(&delayed)))); err != nil {
		return fmt.Errorf("having it started with the computer: %w", err)
	}
	if err := known(s.SetRecoveryActions(recovery, uint32(recoveryReset/time.Second))); err != nil {
		return fmt.Errorf("having it started anew after a crash: %w", err)
	}
	if err := known(s.SetRecoveryActionsOnNonCrashFailures(true)); err != nil {
		return fmt.Errorf("having it started anew after a failure: %w", err)
	}
	return nil
}

// known is nil also for a setting that this system does not know (Wine): the service works without.
func known(err error) error {
	if errors.Is(err, windows.ERROR_INVALID_LEVEL) || errors.Is(err, windows.ERROR_CALL_NOT_IMPLEMENTED) {
		return nil
	}
	return err
}

func (m scm) remove() error {
	restored := restoreAttention() // what it was is written in the service's own entry, which goes with it
	err := m.with(func(s *mgr.Service) error { return s.Delete() })
	if errors.Is(err, ErrNotInstalled) || errors.Is(err, windows.ERROR_SERVICE_MARKED_FOR_DELETE) {
		err = nil
	}
	return errors.Join(err, restored)
}

func (m scm) start() error {
	return m.with(func(s *mgr.Service) error {
		if err := s.Start(); err != nil && !errors.Is(err, windows.ERROR_SERVICE_ALREADY_RUNNING) {
			return err
		}
		return awaitState(s, svc.Running)
	})
}

func (m scm) stop() error {
	return m.with(func(s *mgr.Service) error {
		_, err := s.Control(svc.Stop)
		switch {
		case errors.Is(err, windows.ERROR_SERVICE_NOT_ACTIVE):
			return nil
		case err != nil && !errors.Is(err, windows.ERROR_SERVICE_CANNOT_ACCEPT_CTRL): // it starts or stops just now
			return err
		}
		return awaitState(s, svc.Stopped)
	})
}

func awaitState(s *mgr.Service, want svc.State) error {
	return within(func() (bool, error) {
		st, err := s.Query()
		switch {
		case err != nil:
			return true, err
		case st.State == want:
			return true, nil
		case st.State == svc.Stopped:
			return true, fmt.Errorf("it has ended at once, with code %d", max(st.Win32ExitCode, st.ServiceSpecificExitCode))
		}
		return false, errors.New("it takes too long")
	})
}

// within tries until it is done, or for patience; then the last error counts.
func within(try func() (done bool, err error)) error {
	for end := time.Now().Add(patience); ; time.Sleep(lookAgain) {
		if done, err := try(); done || time.Now().After(end) {
			return err
		}
	}
}

// sessionChanges tells that somebody has logged in or out, or that the console was switched. Capacity 1.
var sessionChanges = make(chan struct{}, 1)

// SessionChanges tells the service that somebody has logged in or out, or that the console was switched.
func SessionChanges() <-chan struct{} { return sessionChanges }

// Run runs the unattended client as what started it expects: the service manager, or whoever may tell this user's to stop. final tells of an error after
// which starting anew is of no use.
func Run(ctx context.Context, o Options, run func(context.Context) error, final func(error) bool) error {
	if o.Managed {
		h := &handler{ctx: ctx, run: run, final: final}
		if err := svc.Run(Name, h); err != nil {
			return fmt.Errorf("being a service: %w", err)
		}
		return h.err
	}
	state, err := filepath.Abs(o.State)
	if err != nil {
		return fmt.Errorf("finding the state directory: %w", err)
	}
	return alone(ctx, state, run)
}

// managed is set once.
var managed atomic.Bool

// Managed tells whether the service manager has started this process, and starts it anew when it fails.
func Managed() bool { return managed.Load() }

// handler is the program as a service.
type handler struct {
	ctx   context.Context
	run   func(context.Context) error
	final func(error) bool
	err   error
}

// failed is the exit code of a service that is to be started anew.
const failed = 1

func (h *handler) Execute(_ []string, orders <-chan svc.ChangeRequest, says chan<- svc.Status) (specific bool, code uint32) {
	managed.Store(true)
	ctx, stop := context.WithCancel(h.ctx)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- h.run(ctx) }()
	says <- svc.Status{State: svc.Running, Accepts: svc.AcceptStop | svc.AcceptShutdown | svc.AcceptSessionChange}
	for stopping := false; ; {
		select {
		case h.err = <-ended:
			if h.err == nil || stopping || h.final(h.err) {
				return false, 0
			}
			return true, failed
		case o := <-orders:
			switch o.Cmd {
			case svc.Interrogate:
				says <- o.CurrentStatus
			case svc.SessionChange:
				select {
				case sessionChanges <- struct{}{}:
				default:
				}
			case svc.Stop, svc.Shutdown:
				stopping = true
				says <- svc.Status{State: svc.StopPending, WaitHint: uint32(patience / time.Millisecond)}
				stop()
			}
		}
	}
}
