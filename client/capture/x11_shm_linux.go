package capture

import (
	"fmt"
	"net"
	"os"
	"strconv"

	"github.com/jezek/xgb/shm"
	"golang.org/x/sys/unix"

	"deskhand/internal/x11"
)

// segment is memory that the X server writes to and we read.
type segment struct {
	id    shm.Seg
	data  []byte
	unmap func()
}

// sharing is a way to share memory with the X server.
type sharing struct {
	usable func(*x11.Conn, *shm.QueryVersionReply) bool
	make   func(c *x11.Conn, size int) (*segment, error)
}

// shareSysV uses a System V segment. It fails when the server runs as another user.
var shareSysV = sharing{
	usable: func(c *x11.Conn, _ *shm.QueryVersionReply) bool { return sameIPC(c) },
	make: func(c *x11.Conn, size int) (*segment, error) {
		key, err := unix.SysvShmGet(unix.IPC_PRIVATE, size, unix.IPC_CREAT|0o600)
		if err != nil {
			return nil, fmt.Errorf("make a shared segment: %w", err)
		}
		data, err := unix.SysvShmAttach(key, 0, 0)
		// Removed at once: Linux lets the server attach it still, and it goes with the last who has it attached, however
		// that one ends.
		_, rmErr := unix.SysvShmCtl(key, unix.IPC_RMID, nil)
		if err != nil {
			return nil, fmt.Errorf("attach a shared segment: %w", err)
		}
		if rmErr != nil {
			_ = unix.SysvShmDetach(data)
			return nil, fmt.Errorf("remove a shared segment: %w", rmErr)
		}
		unmap := func() { _ = unix.SysvShmDetach(data) }
		id, err := shm.NewSegId(c.Conn)
		if err == nil {
			err = shm.AttachChecked(c.Conn, id, uint32(key), false).Check()
		}
		if err != nil {
			unmap()
			return nil, fmt.Errorf("share a segment with the X server: %w", err)
		}
		return &segment{id, data[:size], unmap}, nil
	},
}

// attachFD is MIT-SHM's minor opcode for AttachFd, which came with version 1.2.
const attachFD = 6

// shareMemfd uses anonymous memory whose descriptor is passed to the server, whoever it runs as.
var shareMemfd = sharing{
	usable: func(_ *x11.Conn, v *shm.QueryVersionReply) bool {
		return v.MajorVersion > 1 || v.MajorVersion == 1 && v.MinorVersion >= 2
	},
	make: func(c *x11.Conn, size int) (*segment, error) {
		fd, err := unix.MemfdCreate("screen", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
		if err != nil {
			return nil, fmt.Errorf("make shared memory: %w", err)
		}
		defer unix.Close(fd)
		if err := unix.Ftruncate(fd, int64(size)); err != nil {
			return nil, fmt.Errorf("size shared memory: %w", err)
		}
		// Neither side can shrink it under the other's feet.
		if _, err := unix.FcntlInt(uintptr(fd), unix.F_ADD_SEALS, unix.F_SEAL_SHRINK|unix.F_SEAL_GROW|unix.F_SEAL_SEAL); err != nil {
			return nil, fmt.Errorf("seal shared memory: %w", err)
		}
		data, err := unix.Mmap(fd, 0, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
		if err != nil {
			return nil, fmt.Errorf("map shared memory: %w", err)
		}
		unmap := func() { _ = unix.Munmap(data) }
		id, err := shm.NewSegId(c.Conn)
		if err == nil {
			err = c.PassFD("MIT-SHM", attachFD, fd)
		}
		if err == nil {
			err = shm.AttachFdChecked(c.Conn, id, false).Check()
		}
		if err != nil {
			unmap()
			return nil, fmt.Errorf("share memory with the X server: %w", err)
		}
		return &segment{id, data, unmap}, nil
	},
}

// sameIPC tells whether the server knows our System V segments. In another IPC namespace (a container's display) the same
// number may be somebody else's segment, which the server would then write to.
func sameIPC(c *x11.Conn) bool {
	u, ok := c.Socket().(*net.UnixConn)
	if !ok {
		return false
	}
	raw, err := u.SyscallConn()
	if err != nil {
		return false
	}
	var peer *unix.Ucred
	if raw.Control(func(fd uintptr) { peer, err = unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED) }) != nil || err != nil {
		return false
	}
	if peer.Pid == 0 { // of a process that is not in our namespace
		return false
	}
	ours, err := os.Readlink("/proc/self/ns/ipc")
	if err != nil {
		return false
	}
	theirs, err := os.Readlink("/proc/" + strconv.Itoa(int(peer.Pid)) + "/ns/ipc")
	// A server of another user hides its namespace; attaching then fails by permission.
	return err != nil || theirs == ours
}
