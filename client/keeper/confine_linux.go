package keeper

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// What confine takes away, by the version of Landlock that knows it.
const (
	changes = unix.LANDLOCK_ACCESS_FS_WRITE_FILE | unix.LANDLOCK_ACCESS_FS_REMOVE_DIR | unix.LANDLOCK_ACCESS_FS_REMOVE_FILE |
		unix.LANDLOCK_ACCESS_FS_MAKE_CHAR | unix.LANDLOCK_ACCESS_FS_MAKE_DIR | unix.LANDLOCK_ACCESS_FS_MAKE_REG | unix.LANDLOCK_ACCESS_FS_MAKE_SOCK |
		unix.LANDLOCK_ACCESS_FS_MAKE_FIFO | unix.LANDLOCK_ACCESS_FS_MAKE_BLOCK | unix.LANDLOCK_ACCESS_FS_MAKE_SYM
	running = unix.LANDLOCK_ACCESS_FS_EXECUTE

	withRefer, withTruncate, withNet = 2, 3, 4
)

// confine takes from this process, and from what it starts, by Landlock: changing anything on the disk, running any program that lies there, and
// listening for TCP. What is open stays so, files in memory are none of the disk's (the box, the video encoder), and /dev/null takes what it is given. It
// comes on top of what the worker's number cannot do; a kernel that has no Landlock, or a filter that forbids it, leaves it at that.
func confine() error {
	abi, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	switch errno {
	case 0:
	case unix.ENOSYS, unix.EOPNOTSUPP, unix.EPERM:
		return nil
	default:
		return fmt.Errorf("asking for Landlock: %w", errno)
	}
	attr := unix.LandlockRulesetAttr{Handled_access_fs: changes | running}
	if abi >= withRefer {
		attr.Handled_access_fs |= unix.LANDLOCK_ACCESS_FS_REFER
	}
	if abi >= withTruncate {
		attr.Handled_access_fs |= unix.LANDLOCK_ACCESS_FS_TRUNCATE
	}
	if abi >= withNet {
		attr.Handled_access_net = unix.LANDLOCK_ACCESS_NET_BIND_TCP
	}
	fd, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&attr)), unsafe.Sizeof(attr), 0)
	if errno != 0 {
		return fmt.Errorf("making a ruleset: %w", errno)
	}
	rules := os.NewFile(fd, "ruleset")
	defer rules.Close()
	if err := allowNull(int(fd), attr.Handled_access_fs&(unix.LANDLOCK_ACCESS_FS_WRITE_FILE|unix.LANDLOCK_ACCESS_FS_TRUNCATE)); err != nil {
		return err
	}
	return onAllThreads(unix.SYS_LANDLOCK_RESTRICT_SELF, fd)
}

// allowNull lets /dev/null be written to: it is what a program gets that is started without input and output.
func allowNull(rules int, access uint64) error {
	null, err := unix.Open(os.DevNull, unix.O_PATH|unix.O_CLOEXEC, 0)
	if errors.Is(err, unix.ENOENT) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("opening %s: %w", os.DevNull, err)
	}
	defer unix.Close(null)
	rule := unix.LandlockPathBeneathAttr{Allowed_access: access, Parent_fd: int32(null)}
	if _, _, errno := unix.Syscall6(unix.SYS_LANDLOCK_ADD_RULE, uintptr(rules), unix.LANDLOCK_RULE_PATH_BENEATH, uintptr(unsafe.Pointer(&rule)), 0, 0, 0); errno != 0 {
		return fmt.Errorf("allowing %s: %w", os.DevNull, errno)
	}
	return nil
}

// onAllThreads makes a system call that changes a thread, for all of them. A test's program, which has cgo, cannot do so; there it is made for this thread.
func onAllThreads(trap, a1 uintptr, more ...uintptr) error {
	var rest [5]uintptr
	copy(rest[:], more)
	_, _, errno := syscall.AllThreadsSyscall6(trap, a1, rest[0], rest[1], rest[2], rest[3], rest[4])
	if errno == syscall.ENOTSUP {
		_, _, errno = syscall.Syscall6(trap, a1, rest[0], rest[1], rest[2], rest[3], rest[4])
	}
	if errno != 0 {
		return errno
	}
	return nil
}
