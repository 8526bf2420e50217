//go:build linux || darwin

package pty

import (
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Times of a shell's end.
const (
	patience = 5 * time.Second        // from the hang-up to the kill
	drain    = 150 * time.Millisecond // without a byte after the shell's end: what else has the terminal open says nothing
)

// Terminal is a shell on its pseudo-terminal. Read is for one goroutine, Write for another; the other methods may be called by any.
//
//	running ── exits, or Hangup ──→ ended: Read gives what is left, then io.EOF ──→ Close
type Terminal struct {
	master *os.File
	cmd    *exec.Cmd
	ended  chan struct{} // closed when the shell's process is gone

	hanging sync.WaitGroup // what Hangup began

	mu   sync.Mutex // guards all below, and the master's read deadline
	over bool       // the shell's process is gone
	hung bool
}

// Start starts a shell, one of Shells or "" for the first of them, in the user's home directory. Errors: *MissingError, *RefusedError.
func Start(shell string, size Size) (*Terminal, error) {
	offered := Shells()
	if shell == "" && len(offered) > 0 {
		shell = offered[0]
	}
	if !slices.Contains(offered, shell) {
		return nil, &MissingError{Shell: shell}
	}
	return start(shell, size)
}

func start(shell string, size Size) (*Terminal, error) {
	master, tty, err := openPair()
	if err != nil {
		return nil, &RefusedError{err}
	}
	defer tty.Close()
	t := &Terminal{master: master, ended: make(chan struct{})}
	size = size.within()
	if err := t.Resize(size.Columns, size.Rows); err != nil {
		_ = master.Close()
		return nil, &RefusedError{err}
	}
	t.cmd = exec.Command(shell)
	t.cmd.Args = []string{"-" + filepath.Base(shell)} // a login shell
	t.cmd.Env, t.cmd.Dir = environment(os.Environ(), shell)
	t.cmd.Stdin, t.cmd.Stdout, t.cmd.Stderr = tty, tty, tty
	t.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := t.cmd.Start(); err != nil {
		_ = master.Close()
		return nil, &MissingError{Shell: shell, Err: err}
	}
	go t.wait()
	return t, nil
}

// environment is what a login would have: ours, but for what belongs to this program and its terminal.
func environment(ours []string, shell string) (env []string, home string) {
	set := map[string]string{"SHELL": shell, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
	if u, err := user.Current(); err == nil {
		set["USER"], set["LOGNAME"], set["HOME"] = u.Username, u.Username, u.HomeDir
	}
	drop := []string{"PWD", "OLDPWD", "LINES", "COLUMNS", "SHLVL", "_", "INVOCATION_ID", "JOURNAL_STREAM", "NOTIFY_SOCKET", "TERMCAP", "TMUX", "STY"}
	utf8 := false
	for _, v := range ours {
		name, value, _ := strings.Cut(v, "=")
		if _, ok := set[name]; ok || slices.Contains(drop, name) {
			continue
		}
		if name == "LANG" || name == "LC_ALL" || name == "LC_CTYPE" {
			form := strings.ToLower(strings.ReplaceAll(value, "-", ""))
			if !strings.Contains(form, "utf8") {
				continue // the terminal speaks nothing else
			}
			utf8 = true
		}
		env = append(env, v)
	}
	if !utf8 {
		set["LANG"] = plainLocale
	}
	for name, value := range set {
		env = append(env, name+"="+value)
	}
	slices.Sort(env)
	home = set["HOME"]
	if st, err := os.Stat(home); err != nil || !st.IsDir() {
		home = "/"
	}
	return env, home
}

// wait notes the shell's end, and wakes Read.
func (t *Terminal) wait() {
	_ = t.cmd.Wait() // the state says it, too
	defer close(t.ended)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.over = true
	t.wake()
}

// Write types. It waits while the program does not read, until the end.
func (t *Terminal) Write(b []byte) (int, error) { return t.master.Write(b) }

// Resize tells the programs a new size.
func (t *Terminal) Resize(columns, rows int) error {
	s := Size{columns, rows}.within()
	return t.control(func(fd int) error {
		return unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Col: uint16(s.Columns), Row: uint16(s.Rows)})
	})
}

// Redraw makes the program in front draw itself anew.
func (t *Terminal) Redraw() error {
	group, err := t.group()
	if err != nil || group <= 0 {
		return err
	}
	return unix.Kill(-group, unix.SIGWINCH)
}

// Foreground is the name of the program in front; empty: the shell itself.
func (t *Terminal) Foreground() string {
	group, err := t.group()
	if err != nil || group <= 0 || group == t.cmd.Process.Pid {
		return ""
	}
	return strings.ToValidUTF8(processName(group), "?")
}

// group is the process group in front.
func (t *Terminal) group() (group int, err error) {
	err = t.control(func(fd int) (err error) {
		group, err = unix.IoctlGetInt(fd, unix.TIOCGPGRP)
		return err
	})
	return group, err
}

func (t *Terminal) control(f func(fd int) error) error {
	raw, err := t.master.SyscallConn()
	if err != nil {
		return err
	}
	var inner error
	if err := raw.Control(func(fd uintptr) { inner = f(int(fd)) }); err != nil {
		return err
	}
	return inner
}

// Hangup ends the shell and what it runs: as a line that is cut does, and after a while by force. It does not wait. What a shell that ended by
// itself has left running goes on.
func (t *Terminal) Hangup() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.over || t.hung {
		return
	}
	t.hung = true
	t.hanging.Go(func() { hangUp(t.cmd.Process.Pid) })
}

// hangUp ends all processes of a session.
func hangUp(session int) {
	signal(session, unix.SIGHUP, unix.SIGCONT)
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for end := time.Now().Add(patience); len(members(session)) > 0; <-look.C {
		if time.Now().After(end) {
			signal(session, unix.SIGKILL)
		}
	}
}

// Close waits for the shell's end after a Hangup, gives the terminal back, and returns the exit code: the program's, or 128 and the number of the
// signal that ended it.
func (t *Terminal) Close() (int, error) {
	t.Hangup()
	<-t.ended
	t.hanging.Wait()
	err := t.master.Close()
	st, ok := t.cmd.ProcessState.Sys().(syscall.WaitStatus)
	if ok && st.Signaled() {
		return 128 + int(st.Signal()), err
	}
	return t.cmd.ProcessState.ExitCode(), err
}
