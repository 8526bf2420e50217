package service

import (
	"errors"
	"fmt"
)

// Name is the service's name; a unit's has ".service" behind it.
const Name = "deskhand-client"

var (
	// ErrNoManager says that there is no service manager that could keep the client running.
	ErrNoManager = errors.New("there is no service manager that could keep it running")
	// ErrNotInstalled says that there is no such service.
	ErrNotInstalled = errors.New("the service is not installed")
)

// AdminError says that the service of the whole computer is the administrator's: exit code 5.
type AdminError struct{ What string }

func (e *AdminError) Error() string {
	return fmt.Sprintf("To %s the service of the whole computer takes administrator rights. %s, or add --user for a service of this user only.", e.What, asAdmin)
}

// State is how a service stands.
type State int

// The states of a service.
const (
	Stopped State = iota
	Running
)

func (s State) String() string {
	if s == Running {
		return "running"
	}
	return "stopped"
}

// Options choose one service.
type Options struct {
	User  bool   // of this user only
	State string // the state directory that it serves

	Managed bool // Run: Windows' service manager has started this process, and said so
}

// Service is the unattended client as the service manager knows it.
type Service struct {
	o      Options
	places places
}

// places are where its files stand.
type places struct {
	program string // the copy
	unit    string // of systemd
}
