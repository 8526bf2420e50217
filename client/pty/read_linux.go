package pty

import (
	"errors"
	"io"
	"os"
	"strconv"
	"strings"
	"time"
)

// terminalsHint says what to do when there is none.
const terminalsHint = "check that /dev/pts is mounted and close other terminals"

// plainLocale is that of a shell whose environment names none.
const plainLocale = "C.UTF-8"

// wake has Read look whether the shell is still there. mu is held.
func (t *Terminal) wake() { _ = t.master.SetReadDeadline(time.Unix(1, 0)) }

// Read gives what the terminal shows. After the shell's end it gives what is left, and then io.EOF.
func (t *Terminal) Read(b []byte) (int, error) {
	for {
		t.mu.Lock()
		over := t.over
		if over {
			_ = t.master.SetReadDeadline(time.Now().Add(drain))
		}
		t.mu.Unlock()
		n, err := t.master.Read(b)
		switch {
		case n > 0:
			return n, nil
		case err == nil, !over && errors.Is(err, os.ErrDeadlineExceeded):
			continue
		default: // EIO when nothing has the terminal open any more
			return 0, io.EOF
		}
	}
}

// processName is what a program calls itself; empty: it is gone.
func processName(pid int) string {
	name, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/comm")
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(string(name), "\n")
}
