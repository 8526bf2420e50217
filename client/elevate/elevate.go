// Package elevate tells whether this process has an administrator's rights, and asks for them where a program can.
package elevate

import "errors"

// Errors of Run.
var (
	// ErrDeclined says that whoever sits at the computer did not give the rights.
	ErrDeclined = errors.New("administrator rights were not given")
	// ErrUnsupported says that a program of this system cannot ask for rights.
	ErrUnsupported = errors.New("this system does not let a program ask for administrator rights")
)
