package tether

import (
	"encoding/binary"
	"errors"
	"io"
	"sync"
)

// Host runs the shell that the holder at the other end of conn asks for, until it has ended, and closes conn.
func Host(conn io.ReadWriteCloser, start func(program string, columns, rows int) (Terminal, string, error)) error {
	h := &host{line: line{conn: conn}, typed: make(chan []byte, window)}
	defer conn.Close()
	b := make([]byte, maxData)
	kind, data, err := h.receive(b)
	if err != nil {
		return err
	}
	columns, rows, ok := parseSize(data)
	if kind != 'n' || !ok {
		return errors.New("the holder does not say what to begin")
	}
	term, program, err := start(string(data[4:]), columns, rows)
	if err != nil {
		kind := byte('e')
		if missing := new(MissingError); errors.As(err, &missing) {
			kind = 'm'
		}
		return errors.Join(err, h.send(kind, []byte(err.Error())))
	}
	h.term = term
	if err := h.send('b', []byte(program)); err != nil {
		term.Hangup()
	}
	return h.run(b)
}

type host struct {
	line
	term  Terminal
	typed chan []byte
}

func (h *host) run(b []byte) error {
	var wg sync.WaitGroup
	wg.Go(func() { h.listen(b) })
	wg.Go(h.write)
	h.show()
	code, err := h.term.Close()
	_ = h.send('x', binary.BigEndian.AppendUint32(nil, uint32(int32(code))))
	_ = h.conn.Close()
	wg.Wait()
	return err
}

// show sends what the terminal shows, until its end.
func (h *host) show() {
	b, heard := make([]byte, maxData), true
	for {
		n, err := h.term.Read(b)
		if n > 0 && heard && h.send('o', b[:n]) != nil {
			heard = false // what is still shown is for nobody
			h.term.Hangup()
		}
		if err != nil {
			return
		}
	}
}

// listen does what the holder wants, until it goes.
func (h *host) listen(b []byte) {
	defer close(h.typed)
	defer h.term.Hangup()
	for {
		kind, data, err := h.receive(b)
		if err != nil {
			return
		}
		switch kind {
		case 'i':
			select {
			case h.typed <- append([]byte(nil), data...):
			default: // more than the window: this is no holder
				return
			}
		case 's':
			if columns, rows, ok := parseSize(data); ok {
				_ = h.term.Resize(columns, rows)
			}
		case 'd':
			_ = h.term.Redraw()
		case 'f':
			_ = h.send('f', []byte(h.term.Foreground()))
		case 'h':
			h.term.Hangup()
		}
	}
}

// write types, and says each time that it has. What cannot be typed any more is lost with the shell.
func (h *host) write() {
	for data := range h.typed {
		_, _ = h.term.Write(data)
		_ = h.send('a', nil)
	}
}
