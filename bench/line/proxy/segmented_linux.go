package proxy

import "syscall"

// segmented makes a connection over loopback like one over a line: segments of a line's size, and a small buffer before the line, so that
// what waits does so where it is counted.
func segmented(_, _ string, c syscall.RawConn) error {
	var failed error
	err := c.Control(func(fd uintptr) {
		failed = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_MAXSEG, Segment)
		if failed == nil {
			failed = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, 32<<10)
		}
	})
	if err != nil {
		return err
	}
	return failed
}
