package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

// lockMode says how a file is locked.
type lockMode bool

const (
	lockShared lockMode = false
	lockAlone  lockMode = true
)

// errLocked: somebody else holds the lock.
var errLocked = errors.New("locked by another process")

// waitLock locks a file, which is made when missing, and waits up to wait for others to let go; then the error is errLocked. Closing
// the file unlocks it.
func waitLock(ctx context.Context, path string, how lockMode, wait time.Duration) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	deadline := time.Now().Add(wait)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		err := tryLock(f, how)
		if err == nil {
			return f, nil
		}
		if !errors.Is(err, errLocked) || !time.Now().Before(deadline) {
			f.Close()
			return nil, fmt.Errorf("locking %s: %w", path, err)
		}
		select {
		case <-ctx.Done():
			f.Close()
			return nil, ctx.Err()
		case <-tick.C:
		}
	}
}
