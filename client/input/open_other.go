//go:build !linux && !windows && !darwin

package input

// Open connects to the desktop. On this system it returns ErrUnsupported.
func Open(display string) (Injector, error) { return nil, ErrUnsupported }
