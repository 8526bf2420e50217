package client

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sys/unix"

	"deskhand/client/keeper"
	"deskhand/client/pty"
	"deskhand/client/service"
	"deskhand/client/shell"
	"deskhand/client/tether"
)

// hostWait is how long a shell's process may take to come.
const hostWait = 10 * time.Second

// Shell starts a process that runs a shell for the worker. Within a service that is shut in, systemd starts it outside, in a unit of its own: what an
// agent's prompt may do is what root may do, and not what the service needs.
func (k *keep) Shell() (*os.File, error) {
	if service.Inside() {
		return k.shellOutside()
	}
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("making a socket pair: %w", err)
	}
	ours, theirs := os.NewFile(uintptr(fds[0]), "worker"), os.NewFile(uintptr(fds[1]), "shell")
	defer theirs.Close()
	cmd := exec.Command("/proc/self/exe", "shell", "fd")
	cmd.ExtraFiles = []*os.File{theirs}
	if err := cmd.Start(); err != nil {
		ours.Close()
		return nil, fmt.Errorf("starting the shell's process: %w", err)
	}
	go func() { _ = cmd.Wait() }()
	return ours, nil
}

func (k *keep) shellOutside() (*os.File, error) {
	path := filepath.Join(k.dir, "shell-"+rand.Text())
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		return nil, fmt.Errorf("waiting for a shell's process: %w", err)
	}
	defer l.Close() // and with it the file
	if err := service.RunOutside("Deskhand: a command prompt", "shell", path); err != nil {
		return nil, err
	}
	if err := l.SetDeadline(k.now().Add(hostWait)); err != nil {
		return nil, err
	}
	for {
		conn, err := l.AcceptUnix()
		if err != nil {
			return nil, fmt.Errorf("waiting for a shell's process: %w", err)
		}
		if ours, err := privileged(conn); ours != nil || err != nil {
			return ours, err
		}
	}
}

// privileged is a connection's file when root is at its other end; nil: somebody else came by.
func privileged(conn *net.UnixConn) (*os.File, error) {
	defer conn.Close()
	raw, err := conn.SyscallConn()
	if err != nil {
		return nil, err
	}
	var peer *unix.Ucred
	if cannot := raw.Control(func(fd uintptr) { peer, err = unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED) }); cannot != nil || err != nil {
		return nil, errors.Join(cannot, err)
	}
	if peer.Uid != 0 {
		return nil, nil
	}
	return conn.File()
}

// HostShell is the process that Shell starts: it runs one shell for the worker that holds the other end, at descriptor 3 or of that socket.
func HostShell(at string) error {
	var conn net.Conn
	var err error
	if at == "fd" {
		f := os.NewFile(3, "worker")
		conn, err = net.FileConn(f)
		f.Close()
	} else {
		conn, err = net.DialTimeout("unix", at, hostWait)
	}
	if err != nil {
		return fmt.Errorf("coming to the service: %w", err)
	}
	return tether.Host(conn, func(program string, columns, rows int) (tether.Terminal, string, error) {
		t, program, err := startShell(program, columns, rows)
		if missing := new(pty.MissingError); errors.As(err, &missing) {
			err = &tether.MissingError{Fault: err.Error()}
		}
		return t, program, err
	})
}

// parentsShells has prompts open their shells with the parent's rights.
func (s *system) parentsShells(p *keeper.Parent, offered []string) {
	s.shells = func() []string { return offered }
	s.shell = func(program string, columns, rows int) (shell.Terminal, string, error) {
		if program != "" && !slices.Contains(offered, program) {
			return nil, "", &pty.MissingError{Shell: program}
		}
		conn, err := p.Shell()
		if err != nil {
			return nil, "", err
		}
		return tether.Begin(conn, program, columns, rows)
	}
}
