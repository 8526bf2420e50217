package keeper

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// workerUID names the variable by which a worker learns whom it becomes. It is no secret, and nothing but itself has to heed it.
const workerUID = "DESKHAND_WORKER_UID"

// farewell is how long a worker may take to end in order.
const farewell = 10 * time.Second

// Run starts a worker, this program with args, and answers it until it has ended: by itself, or because ctx did. The worker begins with the
// parent's rights, since it may stand where only they reach, and gives them up before anything else (Become).
func Run(ctx context.Context, k Keeper, log *slog.Logger, args ...string) error {
	uid, err := freeUID()
	if err != nil {
		return err
	}
	ours, theirs, err := pair()
	if err != nil {
		return err
	}
	defer ours.Close()
	box, err := newBox()
	if err != nil {
		theirs.Close()
		return err
	}
	defer box.Close()
	cmd := exec.Command("/proc/self/exe", args...)
	cmd.Env = append(environment(os.Environ()), workerUID+"="+strconv.Itoa(uid))
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.ExtraFiles = []*os.File{theirs, box}
	cmd.Dir = "/"
	err = cmd.Start()
	theirs.Close()
	if err != nil {
		return fmt.Errorf("starting the worker: %w", err)
	}
	stop := context.AfterFunc(ctx, func() { _ = cmd.Process.Signal(unix.SIGTERM) })
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	served := make(chan error, 1)
	go func() { served <- serve(ours, peer{cmd.Process.Pid, uid}, k, box, log) }()
	select {
	case err = <-ended:
	case err = <-served: // it has closed its end, or what it says cannot be read
		err = errors.Join(err, finish(cmd, ended))
	case <-ctx.Done():
		err = finish(cmd, ended)
	}
	ours.Close()
	return err
}

// finish waits for a worker that is to end, and ends it when it does not.
func finish(cmd *exec.Cmd, ended <-chan error) error {
	_ = cmd.Process.Signal(unix.SIGTERM)
	select {
	case err := <-ended:
		return err
	case <-time.After(farewell):
		_ = cmd.Process.Kill()
		return <-ended
	}
}

// pair makes the two ends: packets, with their sender's credentials.
func pair() (ours *net.UnixConn, theirs *os.File, err error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("making a socket pair: %w", err)
	}
	theirs = os.NewFile(uintptr(fds[1]), "parent")
	if err := unix.SetsockoptInt(fds[0], unix.SOL_SOCKET, unix.SO_PASSCRED, 1); err != nil {
		unix.Close(fds[0])
		theirs.Close()
		return nil, nil, fmt.Errorf("asking for the worker's credentials: %w", err)
	}
	ours, err = connOf(os.NewFile(uintptr(fds[0]), "worker"))
	if err != nil {
		theirs.Close()
		return nil, nil, err
	}
	return ours, theirs, nil
}

// newBox makes a file in memory.
func newBox() (*os.File, error) {
	fd, err := unix.MemfdCreate("box", unix.MFD_CLOEXEC|unix.MFD_NOEXEC_SEAL)
	if errors.Is(err, unix.EINVAL) { // a kernel before 6.3
		fd, err = unix.MemfdCreate("box", unix.MFD_CLOEXEC)
	}
	if err != nil {
		return nil, fmt.Errorf("making the box: %w", err)
	}
	return os.NewFile(uintptr(fd), "box"), nil
}

// connOf makes a connection of a file, which it closes.
func connOf(f *os.File) (*net.UnixConn, error) {
	defer f.Close()
	c, err := net.FileConn(f)
	if err != nil {
		return nil, fmt.Errorf("using the socket: %w", err)
	}
	u, ok := c.(*net.UnixConn)
	if !ok {
		c.Close()
		return nil, errors.New("using the socket: it is none between a parent and a worker")
	}
	return u, nil
}

// The numbers from which systemd draws its dynamic users: nobody else is given one of them.
const (
	firstUID = 61184
	lastUID  = 65519
)

// freeUID finds a number that nobody has: no user, no process, no dynamic user of systemd's.
func freeUID() (int, error) {
	taken := map[int]bool{}
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return 0, fmt.Errorf("looking for users: %w", err)
	}
	for _, e := range entries {
		if _, err := strconv.Atoi(e.Name()); err != nil {
			continue
		}
		var st unix.Stat_t
		if unix.Stat("/proc/"+e.Name(), &st) == nil {
			taken[int(st.Uid)] = true
		}
	}
	for uid := firstUID; uid <= lastUID; uid++ {
		if _, err := os.Lstat("/run/systemd/dynamic-uid/" + strconv.Itoa(uid)); err == nil || taken[uid] || known(uid) {
			continue
		}
		return uid, nil
	}
	return 0, errors.New("there is no number left for a user of the worker's")
}
