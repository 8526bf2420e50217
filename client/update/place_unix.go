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

// nextOf is where the new program stands until it is the program.
func nextOf(program string) string { return program + ".next" }

// swap makes another file the program.
func (p *Place) swap(from string) error { return p.rename(from, p.Program) }

// sweep has nothing to do where a program may be written over while it runs.
func (p *Place) sweep() error { return nil }

// double makes the program stand under a second name.
func double(from, to string) error {
	if err := os.Link(from, to); err != nil {
		return copyFile(from, to) // some file systems have no links
	}
	return nil
}
