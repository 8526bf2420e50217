//go:build !linux && !windows && !darwin

package capture

import (
	"fmt"
	"runtime"
)

// Open returns ErrUnsupported: capture for this system is not built yet.
func Open(string) (Source, error) {
	return nil, fmt.Errorf("capture the screen of %s: %w", runtime.GOOS, ErrUnsupported)
}
