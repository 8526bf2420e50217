package pty

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/windows"
)

// terminalsHint says what to do when there is none.
const terminalsHint = "it takes Windows 10, version 1809, or later; close other terminals"

// patience is how long the programs of a console may take to end once it is closed. Windows itself gives each 5 s.
const patience = 6 * time.Second

// Terminal is a shell on its pseudo-console. Read is for one goroutine, Write for another; the other methods may be called by any.
//
//	running ── exits, or Hangup ──→ ended: Read gives what is left, then io.EOF ──→ Close
type Terminal struct {
	console console
	process process
	ended   chan struct{}  // closed when the shell's process is gone
	closing sync.WaitGroup // what closes the console
	silent  atomic.Bool    // the console is closed
	last    bool           // Read has seen the end; its own

	mu   sync.Mutex // guards all below, and the console's handle
	size Size
	over bool // the shell's process is gone
	hung bool
	shut bool // the console is closed, or is being closed
}

// Start starts a shell, one of Shells or "" for the first of them, in the user's home directory. Errors: ErrUnsupported, *MissingError, *RefusedError.
func Start(shell string, size Size) (*Terminal, error) {
	offered := Shells()
	if shell == "" && len(offered) > 0 {
		shell = offered[0]
	}
	switch {
	case !consoles():
		return nil, ErrUnsupported
	case !slices.Contains(offered, shell):
		return nil, &MissingError{Shell: shell}
	}
	return start(shell, line(shell), size)
}

func start(shell, line string, size Size) (*Terminal, error) {
	size = size.within()
	c, err := openConsole(size)
	if err != nil {
		return nil, &RefusedError{err}
	}
	t := &Terminal{console: c, size: size, ended: make(chan struct{})}
	env, home := environment()
	if t.process, err = c.run(shell, line, home, env); err != nil {
		windows.ClosePseudoConsole(c.handle)
		return nil, errors.Join(&MissingError{Shell: shell, Err: err}, c.close())
	}
	go t.wait()
	return t, nil
}

// environment is ours as CreateProcess takes it, and the user's home directory.
func environment() (block []uint16, home string) {
	for _, v := range os.Environ() {
		if w, err := windows.UTF16FromString(v); err == nil {
			block = append(block, w...) // with the NUL
		}
	}
	home, err := os.UserHomeDir()
	if st, statErr := os.Stat(home); err != nil || statErr != nil || !st.IsDir() {
		home = filepath.VolumeName(os.Getenv("SystemRoot")) + `\`
	}
	return append(block, 0), home
}

// wait notes the shell's end, and closes the console: then Read has its end.
func (t *Terminal) wait() {
	defer close(t.ended)
	_, _ = windows.WaitForSingleObject(t.process.handle, windows.INFINITE)
	t.mu.Lock()
	t.over = true
	if !t.hung {
		_ = limit(t.process.job, 0) // what a shell that ended by itself has left running goes on
	}
	t.mu.Unlock()
	t.shutConsole()
}

// shutConsole closes the console once. It may wait until what it shows is read.
func (t *Terminal) shutConsole() {
	t.mu.Lock()
	first := !t.shut
	t.shut = true
	t.mu.Unlock()
	if first {
		t.closing.Go(func() {
			windows.ClosePseudoConsole(t.console.handle)
			<-t.ended
			t.silent.Store(true)
			t.console.wake()
		})
	}
}

// Read gives what the terminal shows. After the shell's end it gives what is left, and then io.EOF.
func (t *Terminal) Read(b []byte) (int, error) {
	if t.last {
		return 0, io.EOF
	}
	n, err := t.console.out.Read(b)
	if n > 0 && t.console.waker != nil && t.silent.Load() && b[n-1] == wakeByte {
		t.last = true
		n, err = n-1, io.EOF
	}
	if n == 0 && err != nil {
		return 0, io.EOF // the pipe is broken when the console is gone
	}
	return n, nil
}

// Write types. It waits while the program does not read, until the end.
func (t *Terminal) Write(b []byte) (int, error) { return t.console.in.Write(b) }

// Resize tells the programs a new size.
func (t *Terminal) Resize(columns, rows int) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.size = Size{columns, rows}.within()
	return t.resize(t.size)
}

// resize is called with mu held.
func (t *Terminal) resize(s Size) error {
	if t.shut {
		return nil
	}
	return windows.ResizePseudoConsole(t.console.handle, s.coord())
}

// Redraw has the console show everything anew, as it does for another size.
func (t *Terminal) Redraw() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	other := t.size
	if other.Columns++; other.Columns > MaxSize {
		other.Columns = MaxSize - 1
	}
	return errors.Join(t.resize(other), t.resize(t.size))
}

// Foreground is the name of the program that the shell has started and that still runs; empty: the shell itself.
func (t *Terminal) Foreground() string {
	t.mu.Lock()
	over := t.over
	t.mu.Unlock()
	if over {
		return ""
	}
	return plain(child(t.process.pid))
}

// plain is a program's name without what every program's has.
func plain(file string) string {
	if ext := filepath.Ext(file); strings.EqualFold(ext, ".exe") {
		return file[:len(file)-len(ext)]
	}
	return file
}

// isConsoleHost tells of the program that shows a console, which Windows itself starts beside each.
func isConsoleHost(file string) bool {
	return strings.EqualFold(file, "conhost.exe") || strings.EqualFold(file, "OpenConsole.exe")
}

// Hangup ends the shell and what it runs: as closing a console window does, and after a while by force. It does not wait. What a shell that ended by
// itself has left running goes on.
func (t *Terminal) Hangup() {
	t.mu.Lock()
	again := t.over || t.hung
	t.hung = true
	t.mu.Unlock()
	if again {
		return
	}
	t.shutConsole()
	t.closing.Go(func() {
		late := time.NewTimer(patience)
		defer late.Stop()
		select {
		case <-t.ended:
		case <-late.C:
		}
		_ = windows.TerminateJobObject(t.process.job, hungUp)
	})
}

// hungUp is the exit code of what is ended by force: STATUS_CONTROL_C_EXIT.
const hungUp = 0xC000013A

// Close waits for the shell's end after a Hangup, gives the terminal back, and returns the shell's exit code.
func (t *Terminal) Close() (int, error) {
	t.Hangup()
	<-t.ended
	t.closing.Wait()
	var code uint32
	err := windows.GetExitCodeProcess(t.process.handle, &code)
	return int(int32(code)), errors.Join(err, t.console.close(), windows.CloseHandle(t.process.handle), windows.CloseHandle(t.process.job))
}
