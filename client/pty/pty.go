// Package pty runs a shell on a pseudo-terminal of this computer.
package pty

import (
	"errors"
	"fmt"
)

// ErrUnsupported says that this system has no pseudo-terminals that we know how to use.
var ErrUnsupported = errors.New("command prompts are not available on this system")

// MissingError says that a shell is not one of those that are offered, or not there any more.
type MissingError struct {
	Shell string
	Err   error // nil: it is not offered
}

func (e *MissingError) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("the shell %s cannot be started: %v; choose another one", e.Shell, e.Err)
	}
	return fmt.Sprintf("the shell %q is not one of those that this computer offers; choose another one", e.Shell)
}

func (e *MissingError) Unwrap() error { return e.Err }

// RefusedError says that the system gave no pseudo-terminal.
type RefusedError struct{ Err error }

func (e *RefusedError) Error() string {
	return fmt.Sprintf("the system gave no terminal: %v; %s", e.Err, terminalsHint)
}

func (e *RefusedError) Unwrap() error { return e.Err }

// MaxSize is the most columns and rows of a terminal.
const MaxSize = 1000

// Size is that of a terminal, in characters.
type Size struct{ Columns, Rows int }

// within is the nearest size that a terminal can have; 80 × 24 for one that is not known.
func (s Size) within() Size {
	if s.Columns <= 0 || s.Rows <= 0 {
		return Size{80, 24}
	}
	return Size{min(s.Columns, MaxSize), min(s.Rows, MaxSize)}
}
