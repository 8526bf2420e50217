package pty

import (
	"bytes"
	"errors"
	"io"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// terminalsHint says what to do when there is none.
const terminalsHint = "close other terminals"

// plainLocale is that of a shell whose environment names none.
const plainLocale = "en_US.UTF-8"

// openPair opens a pseudo-terminal: our end and the programs'. Ours blocks, since kqueue, by which Go waits for files, does not know it.
func openPair() (master, tty *os.File, err error) {
	master, err = os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		return nil, nil, err
	}
	var name [128]byte // the size that TIOCPTYGNAME has in it
	_, _, failed := unix.Syscall(unix.SYS_IOCTL, master.Fd(), unix.TIOCPTYGNAME, uintptr(unsafe.Pointer(&name[0])))
	for _, request := range []uintptr{unix.TIOCPTYGRANT, unix.TIOCPTYUNLK} {
		if failed == 0 {
			_, _, failed = unix.Syscall(unix.SYS_IOCTL, master.Fd(), request, 0)
		}
	}
	if failed != 0 {
		_ = master.Close()
		return nil, nil, os.NewSyscallError("unlocking a terminal", failed)
	}
	at, _, _ := bytes.Cut(name[:], []byte{0})
	tty, err = os.OpenFile(string(at), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		_ = master.Close()
		return nil, nil, err
	}
	return master, tty, nil
}

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
