//go:build !linux && !windows && !darwin

package ui

import "errors"

// errSystem is returned where windows are not built yet.
var errSystem = errors.New("windows are shown on Linux with X11 and on Windows only")

func openDesk(string, Options, chan<- Event) (desk, error) { return nil, errSystem }

func environment() []string { return nil }
