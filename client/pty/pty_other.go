//go:build !linux && !windows && !darwin

package pty

// terminalsHint says what to do when there is none.
const terminalsHint = "close other terminals"

// Terminal is a shell on its pseudo-terminal; there is none here.
type Terminal struct{}

// Shells are the shells that can be started: none here.
func Shells() []string { return nil }

// Start returns ErrUnsupported.
func Start(string, Size) (*Terminal, error) { return nil, ErrUnsupported }

func (*Terminal) Read([]byte) (int, error)  { return 0, ErrUnsupported }
func (*Terminal) Write([]byte) (int, error) { return 0, ErrUnsupported }

// Resize does nothing here.
func (*Terminal) Resize(int, int) error { return ErrUnsupported }

// Redraw does nothing here.
func (*Terminal) Redraw() error { return ErrUnsupported }

// Foreground is nothing here.
func (*Terminal) Foreground() string { return "" }

// Hangup does nothing here.
func (*Terminal) Hangup() {}

// Close does nothing here.
func (*Terminal) Close() (int, error) { return 0, ErrUnsupported }
