//go:build linux || darwin

package pty

import (
	"bufio"
	"cmp"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// Shells are the programs that Start takes: the user's own shell first, then what /etc/shells lists and is there.
func Shells() []string { return shells("/etc/passwd", "/etc/shells") }

func shells(passwd, list string) []string {
	var out []string
	seen := map[string]bool{}
	add := func(shell string) {
		if !usable(shell) {
			return
		}
		// On many systems /bin is /usr/bin: the same program is listed twice.
		at := shell
		if dir, err := filepath.EvalSymlinks(filepath.Dir(shell)); err == nil {
			at = filepath.Join(dir, filepath.Base(shell))
		}
		if !seen[at] {
			seen[at] = true
			out = append(out, shell)
		}
	}
	add(cmp.Or(loginShell(passwd), os.Getenv("SHELL")))
	for _, line := range lines(list) {
		add(line)
	}
	return out
}

// usable reports whether a shell is a program that this user may run, and lets them work.
func usable(shell string) bool {
	if !filepath.IsAbs(shell) || slices.Contains([]string{"nologin", "false", "true"}, filepath.Base(shell)) {
		return false
	}
	st, err := os.Stat(shell)
	return err == nil && st.Mode().IsRegular() && unix.Access(shell, unix.X_OK) == nil
}

// loginShell is this user's shell as passwd(5) says; empty: it says nothing.
func loginShell(passwd string) string {
	u, err := user.Current()
	if err != nil {
		return ""
	}
	for _, line := range lines(passwd) {
		if f := strings.Split(line, ":"); len(f) == 7 && f[2] == u.Uid && f[0] == u.Username {
			return f[6]
		}
	}
	return ""
}

// lines are those of a file that say something; none when it cannot be read.
func lines(name string) []string {
	f, err := os.Open(name)
	if err != nil {
		return nil
	}
	defer f.Close()
	var out []string
	for s := bufio.NewScanner(f); s.Scan(); {
		if line := strings.TrimSpace(s.Text()); line != "" && line[0] != '#' {
			out = append(out, line)
		}
	}
	return out
}
