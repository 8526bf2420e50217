package tether

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Holder is the holder's terminal. Read is for one goroutine, Write for another; the other methods may be called by any.
type Holder struct {
	line
	shown   *io.PipeReader
	taken   chan struct{} // has a place for each message that may still be typed
	gone    chan struct{} // closed when the host has
	code    int
	closing sync.Once
	front   atomic.Pointer[string] // what was in front when it was last asked
	told    chan struct{}          // capacity 1: front is new

	asking  sync.Mutex
	asked   uint64        // guarded by asking: how often
	answers atomic.Uint64 // how often it was answered
}

// answerWait is how long an answer may take. Behind output that nobody reads it comes later.
const answerWait = 200 * time.Millisecond

// Begin has the host at the other end of conn begin a shell, "" for the first that it offers, and returns it with its program's name. Errors: *MissingError.
func Begin(conn io.ReadWriteCloser, program string, columns, rows int) (*Holder, string, error) {
	h := &Holder{line: line{conn: conn}, taken: make(chan struct{}, window), gone: make(chan struct{}), told: make(chan struct{}, 1), code: -1}
	b := make([]byte, maxData)
	err := h.send('n', append(size(columns, rows), program[:min(len(program), 4096)]...))
	var kind byte
	var data []byte
	if err == nil {
		kind, data, err = h.receive(b)
	}
	switch {
	case err != nil:
		err = fmt.Errorf("beginning a shell: %w", err)
	case kind == 'e':
		err = errors.New(string(data))
	case kind == 'm':
		err = &MissingError{string(data)}
	case kind != 'b':
		err = errors.New("beginning a shell: its process says something else")
	}
	if err != nil {
		conn.Close()
		return nil, "", err
	}
	program = string(data)
	for range window {
		h.taken <- struct{}{}
	}
	var write *io.PipeWriter
	h.shown, write = io.Pipe()
	go h.listen(write, b)
	return h, program, nil
}

// listen takes what the host says, until it goes.
func (h *Holder) listen(shown *io.PipeWriter, b []byte) {
	defer close(h.gone)
	defer h.conn.Close()
	defer shown.Close()
	for {
		kind, data, err := h.receive(b)
		if err != nil {
			return
		}
		switch kind {
		case 'o':
			_, _ = shown.Write(data) // of a closed reader: for nobody
		case 'a':
			select {
			case h.taken <- struct{}{}:
			default:
			}
		case 'f':
			name := strings.ToValidUTF8(string(data[:min(len(data), 64)]), "?")
			h.front.Store(&name)
			h.answers.Add(1)
			select {
			case h.told <- struct{}{}:
			default:
			}
		case 'x':
			if len(data) == 4 {
				h.code = int(int32(binary.BigEndian.Uint32(data)))
			}
			return
		}
	}
}

// Read gives what the terminal shows, and io.EOF after the shell's end.
func (h *Holder) Read(b []byte) (int, error) { return h.shown.Read(b) }

// Write types.
func (h *Holder) Write(b []byte) (int, error) {
	n := 0
	for n < len(b) {
		select {
		case <-h.taken:
		case <-h.gone:
			return n, errLost
		}
		part := b[n:min(len(b), n+maxData)]
		if err := h.send('i', part); err != nil {
			return n, errLost
		}
		n += len(part)
	}
	return n, nil
}

// Resize tells the programs a new size.
func (h *Holder) Resize(columns, rows int) error { return h.send('s', size(columns, rows)) }

// Redraw makes the program in front draw itself anew.
func (h *Holder) Redraw() error { return h.send('d', nil) }

// Foreground is the name of the program in front; empty: the shell itself. When the answer is late, it is what the last one was.
func (h *Holder) Foreground() string {
	h.asking.Lock()
	defer h.asking.Unlock()
	if h.send('f', nil) == nil {
		h.asked++
		h.awaitAnswer()
	}
	if name := h.front.Load(); name != nil {
		return *name
	}
	return ""
}

// awaitAnswer waits for the answer to what was asked last. asking is held.
func (h *Holder) awaitAnswer() {
	late := time.NewTimer(answerWait)
	defer late.Stop()
	for h.answers.Load() < h.asked {
		select {
		case <-h.told:
		case <-h.gone:
			return
		case <-late.C:
			return
		}
	}
}

// Hangup ends the shell and what it runs. It does not wait.
func (h *Holder) Hangup() { _ = h.send('h', nil) }

// Close waits for the shell's end after a Hangup, and returns its exit code; -1 when its process went without one.
func (h *Holder) Close() (int, error) {
	h.closing.Do(func() {
		h.Hangup()
		h.shown.Close()
	})
	<-h.gone
	if h.code < 0 {
		return h.code, errLost
	}
	return h.code, nil
}
