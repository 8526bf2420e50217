package keeper

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/user"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// The worker's files: its end of the socket pair, and the box.
const (
	parentFD = 3
	boxFD    = 4
)

// Become gives up all rights that the parent has, for good: another user without a name, no groups, no way to more by any program that is
// started, nothing to change on the disk. It is the worker's first act. Outside of a worker it fails.
func Become() error {
	uid, err := strconv.Atoi(os.Getenv(workerUID))
	if err != nil || uid < firstUID || uid > lastUID {
		return errors.New("this is what the service starts by itself; start RemoteSupport unattended")
	}
	if err := errors.Join(syscall.Setgroups([]int{uid}), syscall.Setresgid(uid, uid, uid), syscall.Setresuid(uid, uid, uid)); err != nil {
		return fmt.Errorf("giving up rights: %w", err)
	}
	if err := onAllThreads(unix.SYS_PRCTL, unix.PR_SET_NO_NEW_PRIVS, 1); err != nil {
		return fmt.Errorf("giving up new rights: %w", err)
	}
	if err := confine(); err != nil {
		return fmt.Errorf("giving up the disk: %w", err)
	}
	// Nobody else of this number may look into this process, and it leaves no memory behind.
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		return fmt.Errorf("closing the memory: %w", err)
	}
	return nil
}

// ToParent takes up the connection to the parent. The context ends with it.
func ToParent(ctx context.Context) (*Parent, context.Context, error) {
	conn, err := connOf(os.NewFile(parentFD, "parent"))
	if err != nil {
		return nil, nil, err
	}
	p, ctx := newParent(ctx, conn, os.NewFile(boxFD, "box"))
	return p, ctx, nil
}

func newParent(ctx context.Context, conn *net.UnixConn, box *os.File) (*Parent, context.Context) {
	return parentOver(ctx, unixLink{conn}, box)
}

// unixLink carries packets over a socket of packets.
type unixLink struct{ conn *net.UnixConn }

func (l unixLink) close() error { return l.conn.Close() }

func (l unixLink) send(packet []byte) error {
	_, err := l.conn.Write(packet)
	return err
}

func (l unixLink) receive() (packet []byte, file *os.File, err error) {
	b, control := make([]byte, maxReply), make([]byte, unix.CmsgSpace(4))
	n, cn, _, _, err := l.conn.ReadMsgUnix(b, control)
	if err == nil && n == 0 {
		err = io.EOF
	}
	return b[:max(n, 0)], passed(control[:max(cn, 0)]), err
}

// passed is the file that came with an answer; nil: none did.
func passed(control []byte) *os.File {
	messages, err := unix.ParseSocketControlMessage(control)
	if err != nil || len(messages) != 1 {
		return nil
	}
	fds, err := unix.ParseUnixRights(&messages[0])
	if err != nil || len(fds) != 1 {
		return nil
	}
	unix.CloseOnExec(fds[0])
	return os.NewFile(uintptr(fds[0]), "shell")
}

// Shell is the connection to a process that runs a shell with the parent's rights.
func (p *Parent) Shell() (net.Conn, error) {
	a, err := p.ask(request{Verb: Shell})
	if err != nil || a.file == nil {
		return nil, errors.Join(errors.New("asking for a shell"), err)
	}
	return connOf(a.file)
}

func known(uid int) bool {
	_, err := user.LookupId(strconv.Itoa(uid))
	return err == nil
}
