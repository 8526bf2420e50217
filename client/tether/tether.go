// Package tether holds a shell's terminal from another process: the shell runs where it has its rights, and who serves the network has one end of a
// socket. Each message is a kind, a length and data:
//
//	holder → host  'n' begin: columns u16, rows u16, program    'i' typed    's' size: columns u16, rows u16    'd' draw anew    'f' what is in front?    'h' hang up
//	host → holder  'b' begun: the program    'e' not begun: why    'm' not begun, since the shell is missing: why    'o' shown    'a' one 'i' was taken    'f' in front: its name    'x' ended: exit code i32
//
// What is typed is taken one after the other, and the holder waits with more than window of them, so that a program that does not read keeps
// nothing else from passing. A holder that goes hangs up.
package tether

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"
)

// Terminal is a shell on its terminal, as client/pty has it.
type Terminal interface {
	io.ReadWriter
	Resize(columns, rows int) error
	Redraw() error
	Foreground() string
	Hangup()
	Close() (exitCode int, err error)
}

const (
	maxData = 16 << 10 // bytes of a message
	window  = 32       // typed messages on their way
)

// errLost says that the other end has gone without a word.
var errLost = errors.New("the shell's process is gone")

// MissingError says that there is no such shell, or no longer: another one may begin.
type MissingError struct{ Fault string }

func (e *MissingError) Error() string { return e.Fault }

// line writes whole messages, and reads them.
type line struct {
	conn io.ReadWriteCloser
	mu   sync.Mutex // held while writing
}

func (l *line) send(kind byte, data []byte) error {
	b := make([]byte, 3, 3+len(data))
	b[0] = kind
	binary.BigEndian.PutUint16(b[1:], uint16(len(data)))
	l.mu.Lock()
	defer l.mu.Unlock()
	_, err := l.conn.Write(append(b, data...))
	return err
}

// receive reads a message into b, which has room for maxData.
func (l *line) receive(b []byte) (kind byte, data []byte, err error) {
	var head [3]byte
	if _, err := io.ReadFull(l.conn, head[:]); err != nil {
		return 0, nil, err
	}
	n := int(binary.BigEndian.Uint16(head[1:]))
	if n > maxData {
		return 0, nil, fmt.Errorf("a message of %d bytes", n)
	}
	if _, err := io.ReadFull(l.conn, b[:n]); err != nil {
		return 0, nil, err
	}
	return head[0], b[:n], nil
}

func size(columns, rows int) []byte {
	b := binary.BigEndian.AppendUint16(nil, uint16(max(0, min(columns, 1<<16-1))))
	return binary.BigEndian.AppendUint16(b, uint16(max(0, min(rows, 1<<16-1))))
}

func parseSize(b []byte) (columns, rows int, ok bool) {
	if len(b) < 4 {
		return 0, 0, false
	}
	return int(binary.BigEndian.Uint16(b)), int(binary.BigEndian.Uint16(b[2:])), true
}
