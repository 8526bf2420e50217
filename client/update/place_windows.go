package update

import (
	"errors"
	"os"
	"strings"
)

// syncDir does nothing: NTFS writes a file's name to its journal by itself.
func syncDir(string) error { return nil }

// nextOf is where the new program stands until it is the program. Windows starts what ends in .exe.
func nextOf(program string) string { return strings.TrimSuffix(program, ".exe") + ".next.exe" }

// former is where the program goes that another one takes the place of. Windows does not write over a program that runs, but lets it have another name.
func (p *Place) former() string { return p.Program + ".former" }

// swap makes another file the program. Between the two renames there is none: a computer that stops right there has to be set up anew.
func (p *Place) swap(from string) error {
	if err := p.sweep(); err != nil {
		return err
	}
	if err := os.Rename(p.Program, p.former()); err != nil {
		return err
	}
	if err := os.Rename(from, p.Program); err != nil {
		return errors.Join(err, os.Rename(p.former(), p.Program))
	}
	return nil
}

// sweep removes what swap put away, once it runs no more.
func (p *Place) sweep() error {
	if err := os.Remove(p.former()); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// double makes the program stand under a second name. A link to a program that runs could not be removed, so it is a copy.
func double(from, to string) error { return copyFile(from, to) }
