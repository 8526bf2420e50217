package transport

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// notSentLowat is the most unsent bytes that the kernel holds for a connection: what waits there can no longer be
// overtaken by a key press.
const notSentLowat = 32 << 10

// socketControl is the Control function of the dialer and the listener. Go itself sets TCP_NODELAY.
func socketControl(network, address string, c syscall.RawConn) error {
	return c.Control(func(fd uintptr) {
		// A kernel or socket without the option only queues more.
		_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_NOTSENT_LOWAT, notSentLowat)
	})
}
