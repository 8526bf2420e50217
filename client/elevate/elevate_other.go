//go:build !windows

package elevate

import (
	"context"
	"os"
)

// Is tells whether this process has root's rights.
func Is() bool { return os.Geteuid() == 0 }

// Run returns ErrUnsupported.
func Run(context.Context, ...string) (code int, err error) { return 0, ErrUnsupported }
