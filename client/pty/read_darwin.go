package pty

import (
	"bytes"
	"errors"
	"io"
	"os"

	creack "github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// terminalsHint says what to do when there is none.
const terminalsHint = "close other terminals"

// plainLocale is that of a shell whose environment names none.
const plainLocale = "en_US.UTF-8"

// openPair opens a pseudo-terminal: our end and the programs'. Ours blocks, since kqueue, by which Go waits for files, does not know it.
func openPair() (master, tty *os.File, err error) { return creack.Open() }

// wake does nothing: Read looks by itself whether the shell is still there.
func (t *Terminal) wake() {}

// Read gives what the terminal shows. After the shell's end it gives what is left, and then io.EOF.
func (t *Terminal) Read(b []byte) (int, error) {
	for {
		t.mu.Lock()
		over := t.over
		t.mu.Unlock()
		ready, err := t.readable()
		switch {
		case errors.Is(err, unix.EINTR), err == nil && !ready && !over:
			continue
		case err != nil, !ready:
			return 0, io.EOF
		}
		if n, err := t.master.Read(b); n > 0 || err != nil {
			if n > 0 {
				return n, nil
			}
			return 0, io.EOF // nothing has the terminal open any more
		}
	}
}

// readable waits for something to read, at most as long as the drain. poll(2) does not know terminals there, select does.
func (t *Terminal) readable() (ready bool, err error) {
	wait := unix.NsecToTimeval(int64(drain))
	err = t.control(func(fd int) error {
		if fd >= unix.FD_SETSIZE {
			return unix.EMFILE
		}
		var set unix.FdSet
		set.Set(fd)
		n, err := unix.Select(fd+1, &set, nil, nil, &wait)
		ready = n > 0
		return err
	})
	return ready, err
}

// processName is what a program calls itself; empty: it is gone.
func processName(pid int) string {
	p, err := unix.SysctlKinfoProc("kern.proc.pid", pid)
	if err != nil {
		return ""
	}
	name, _, _ := bytes.Cut(p.Proc.P_comm[:], []byte{0})
	return string(name)
}

// signal sends signals to every process of a session: a shell puts what it runs into groups of their own.
func signal(session int, signals ...unix.Signal) {
	for _, pid := range members(session) {
		for _, s := range signals {
			_ = unix.Kill(pid, s)
		}
	}
}

// members are the processes of a session.
func members(session int) (pids []int) {
	all, err := unix.SysctlKinfoProcSlice("kern.proc.all")
	if err != nil {
		return []int{session}
	}
	const zombie = 5 // SZOMB
	for _, p := range all {
		pid := int(p.Proc.P_pid)
		if sid, err := unix.Getsid(pid); err == nil && sid == session && p.Proc.P_stat != zombie {
			pids = append(pids, pid)
		}
	}
	return pids
}
