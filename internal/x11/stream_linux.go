package x11

import (
	"encoding/binary"
	"fmt"
	"net"
	"sync"

	"golang.org/x/sys/unix"
)

// stream is the connection as xgb sees it. It puts our authority data in place of xgb's, which knows no display
// name here, and sends descriptors along with the requests that bear them.
type stream struct {
	net.Conn
	cookie []byte

	setUp bool // the first write has been made; only xgb's one writing goroutine uses it

	mu  sync.Mutex
	fds map[[2]byte]int // descriptor for the next request with this major and minor opcode
}

func (s *stream) Write(p []byte) (int, error) {
	if !s.setUp {
		s.setUp = true
		if _, err := s.Conn.Write(setupRequest(s.cookie)); err != nil {
			return 0, err
		}
		return len(p), nil
	}
	if fd, ok := s.takeFD(p); ok {
		return s.writeFD(p, fd)
	}
	return s.Conn.Write(p)
}

// passFD sends fd along with the next request that has these opcodes. The caller keeps and closes fd,
// after the request has been answered.
func (s *stream) passFD(major, minor byte, fd int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fds[[2]byte{major, minor}] = fd
}

func (s *stream) takeFD(p []byte) (int, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.fds) == 0 || len(p) < 4 {
		return 0, false
	}
	key := [2]byte{p[0], p[1]}
	fd, ok := s.fds[key]
	delete(s.fds, key)
	return fd, ok
}

func (s *stream) writeFD(p []byte, fd int) (int, error) {
	u, ok := s.Conn.(*net.UnixConn)
	if !ok {
		return 0, fmt.Errorf("a descriptor cannot be passed over %T", s.Conn)
	}
	n, _, err := u.WriteMsgUnix(p, unix.UnixRights(fd), nil)
	if err == nil && n < len(p) { // the descriptor went with the first byte
		var rest int
		rest, err = s.Conn.Write(p[n:])
		n += rest
	}
	return n, err
}

// setupRequest opens the protocol, little endian (X Window System Protocol, chapter 8).
func setupRequest(cookie []byte) []byte {
	name := ""
	if len(cookie) > 0 {
		name = magicCookie
	}
	b := []byte{'l', 0, 11, 0, 0, 0}
	b = binary.LittleEndian.AppendUint16(b, uint16(len(name)))
	b = binary.LittleEndian.AppendUint16(b, uint16(len(cookie)))
	b = append(b, 0, 0)
	for _, field := range []string{name, string(cookie)} {
		b = append(b, field...)
		for len(b)%4 != 0 {
			b = append(b, 0)
		}
	}
	return b
}
