package transport

import (
	"net"
	"testing"

	"golang.org/x/sys/unix"
)

func TestSocketControlReachesBothEnds(t *testing.T) {
	l, err := Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	dialled, err := (&net.Dialer{Control: socketControl}).DialContext(t.Context(), "tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = dialled.Close() }()
	accepted, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = accepted.Close() }()
	for name, c := range map[string]net.Conn{"dialled": dialled, "accepted": accepted} {
		raw, err := c.(*net.TCPConn).SyscallConn()
		if err != nil {
			t.Fatal(err)
		}
		if err := raw.Control(func(fd uintptr) {
			lowat, err := unix.GetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_NOTSENT_LOWAT)
			if err != nil || lowat != notSentLowat {
				t.Errorf("%s: TCP_NOTSENT_LOWAT is %d, %v", name, lowat, err)
			}
			noDelay, err := unix.GetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_NODELAY)
			if err != nil || noDelay == 0 {
				t.Errorf("%s: TCP_NODELAY is %d, %v", name, noDelay, err)
			}
		}); err != nil {
			t.Fatal(err)
		}
	}
}
