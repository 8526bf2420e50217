//go:build unix

package update

import (
	"errors"
	"os"
	"path/filepath"
)

// syncDir makes a file's name last, as its content does by fsync.
func syncDir(file string) error {
	d, err := os.Open(filepath.Dir(file))
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
