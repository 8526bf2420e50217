package elevate

import (
	"context"
	"errors"

	"deskhand/internal/win32"
)

// Is tells whether this process has an administrator's rights.
func Is() bool { return win32.Elevated() }

// Run runs this program once more with these arguments and an administrator's rights, and returns its exit code. Errors: ErrDeclined.
func Run(ctx context.Context, args ...string) (code int, err error) {
	code, err = win32.RunElevated(ctx, args...)
	if errors.Is(err, win32.ErrDeclined) {
		return 0, ErrDeclined
	}
	return code, err
}
