package wine

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// endTimeout is how long the programs of a machine may take to end.
const endTimeout = 20 * time.Second

// Machine is one Windows: its programs share a registry, a drive C: and services, and nothing with other machines.
type Machine struct {
	Dir     string // its WINEPREFIX
	Display string // its X display; empty: none
}

// New makes a machine below dir, an empty or missing directory, on an X display. End it.
func New(dir, display string) (*Machine, error) {
	from, err := template()
	if err != nil {
		return nil, err
	}
	if err := clone(from, dir); err != nil {
		return nil, fmt.Errorf("copy the prefix: %w", err)
	}
	return &Machine{Dir: dir, Display: display}, nil
}

// End ends all programs of the machine, its services too, and removes its files.
func (m *Machine) End() error {
	kill := exec.Command("wineserver", "--kill")
	kill.Env = environ(m.Dir, m.Display)
	_ = kill.Run() // fails when nothing runs any more
	wait := exec.Command("wineserver", "--wait")
	wait.Env = kill.Env
	if err := wait.Start(); err != nil {
		return err
	}
	stuck := time.AfterFunc(endTimeout, func() { _ = wait.Process.Kill() })
	defer stuck.Stop()
	return errors.Join(wait.Wait(), os.RemoveAll(m.Dir))
}

// Command is a Windows program, by its path here or there, to be run on the machine.
func (m *Machine) Command(program string, args ...string) *exec.Cmd {
	cmd := exec.Command("wine", append([]string{program}, args...)...)
	cmd.Env = environ(m.Dir, m.Display)
	return cmd
}

// Path is where a file of the machine's drive C: is here: Path("users", "root").
func (m *Machine) Path(elem ...string) string {
	return filepath.Join(append([]string{m.Dir, "drive_c"}, elem...)...)
}

// environ is this process's environment as Wine needs it: without questions for Mono and Gecko, without menus in the user's own desktop.
func environ(dir, display string) []string {
	var env []string
	for _, v := range os.Environ() {
		name, _, _ := strings.Cut(v, "=")
		switch name {
		case "WINEPREFIX", "WINEDEBUG", "WINEARCH", "WINEDLLOVERRIDES", "DISPLAY", "WAYLAND_DISPLAY":
			continue
		}
		env = append(env, v)
	}
	return append(env, "WINEPREFIX="+dir, "WINEARCH=win64", "WINEDEBUG=-all", "WINEDLLOVERRIDES=mscoree=;mshtml=;winemenubuilder.exe=", "DISPLAY="+display)
}

// clone copies a prefix: what programs change (the registry, links to drives) for real, all other files as links.
func clone(from, to string) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, rel)
		switch {
		case d.IsDir():
			return os.MkdirAll(target, 0o755)
		case d.Type()&fs.ModeSymlink != 0:
			where, err := os.Readlink(path)
			if err != nil {
				return err
			}
			return os.Symlink(where, target)
		case filepath.Dir(rel) == ".":
			return copyFile(path, target)
		default:
			return os.Symlink(path, target)
		}
	})
}

func copyFile(from, to string) error {
	r, err := os.Open(from)
	if err != nil {
		return err
	}
	defer r.Close()
	w, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, r)
	return errors.Join(err, w.Close())
}
