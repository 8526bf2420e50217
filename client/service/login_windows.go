package service

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// runKey lists what Windows starts when this user logs in.
const runKey = `Software\Microsoft\Windows\CurrentVersion\Run`

// atLogin starts the program when this user logs in.
type atLogin struct{ s *Service }

func (l *atLogin) installed() bool {
	k, err := registry.OpenKey(registry.CURRENT_USER, runKey, registry.QUERY_VALUE)
	if err != nil {
		return false
	}
	defer k.Close()
	_, _, err = k.GetStringValue(Name)
	return err == nil
}

func (l *atLogin) install(line []string) error {
	k, _, err := registry.CreateKey(registry.CURRENT_USER, runKey, registry.SET_VALUE)
	if err != nil {
		return fmt.Errorf("opening the list of programs that start with a login: %w", err)
	}
	return errors.Join(k.SetStringValue(Name, commandLine(line)), k.Close())
}

func (l *atLogin) remove() error {
	k, err := registry.OpenKey(registry.CURRENT_USER, runKey, registry.SET_VALUE)
	if errors.Is(err, registry.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("opening the list of programs that start with a login: %w", err)
	}
	defer k.Close()
	if err := k.DeleteValue(Name); err != nil && !errors.Is(err, registry.ErrNotExist) {
		return err
	}
	return nil
}

func (l *atLogin) start() error {
	line := l.s.line()
	cmd := exec.Command(line[0], line[1:]...)
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: windows.DETACHED_PROCESS | windows.CREATE_NEW_PROCESS_GROUP}
	if err := cmd.Start(); err != nil {
		return err
	}
	if err := cmd.Process.Release(); err != nil {
		return err
	}
	return within(func() (bool, error) {
		if l.running() {
			return true, nil
		}
		return false, errors.New("it has not started")
	})
}

func (l *atLogin) running() bool {
	h, err := openInstance(l.s.o.State)
	if err != nil {
		return false
	}
	windows.CloseHandle(h)
	return true
}

func (l *atLogin) stop() error {
	h, err := openInstance(l.s.o.State)
	if err != nil {
		return nil // it does not run
	}
	err = errors.Join(windows.SetEvent(h), windows.CloseHandle(h))
	if err != nil {
		return fmt.Errorf("telling it to end: %w", err)
	}
	return within(func() (bool, error) {
		if !l.running() {
			return true, nil
		}
		return false, errors.New("it takes too long")
	})
}

// instance names the event that a program has which serves a state directory, and by which it is told to end. It is gone with the program.
func instance(state string) (*uint16, error) {
	sum := sha256.Sum256([]byte(strings.ToLower(state)))
	return windows.UTF16PtrFromString(`Global\` + Name + "-" + hex.EncodeToString(sum[:8]))
}

func openInstance(state string) (windows.Handle, error) {
	name, err := instance(state)
	if err != nil {
		return 0, err
	}
	return windows.OpenEvent(windows.EVENT_MODIFY_STATE|windows.SYNCHRONIZE, false, name)
}

// errTwice says that the state directory is served by another program of this computer.
var errTwice = errors.New("this computer is kept in reach by another RemoteSupport already; RemoteSupport service stop --user ends that")

// alone runs as the only program that serves a state directory, until its event is set. One that is about to end, as after an update, is waited for.
func alone(ctx context.Context, state string, run func(context.Context) error) error {
	name, err := instance(state)
	if err != nil {
		return err
	}
	var event windows.Handle
	err = within(func() (bool, error) {
		h, err := windows.CreateEvent(nil, 1, 0, name)
		switch {
		case errors.Is(err, windows.ERROR_ALREADY_EXISTS):
			return ctx.Err() != nil, errors.Join(errTwice, windows.CloseHandle(h))
		case err != nil:
			return true, fmt.Errorf("making the event by which this program is told to end: %w", err)
		}
		event = h
		return true, nil
	})
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		for ctx.Err() == nil {
			if e, err := windows.WaitForSingleObject(event, uint32(200*time.Millisecond/time.Millisecond)); err != nil || e == windows.WAIT_OBJECT_0 {
				stop()
			}
		}
	}()
	err = run(ctx)
	stop()
	<-watched
	return errors.Join(err, windows.CloseHandle(event))
}
