//go:build linux || windows

package pty

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// within is how long anything may take.
const within = 20 * time.Second

// open is a shell whose output is read all the time.
type open struct {
	*Terminal
	t      *testing.T
	out    chan []byte
	all    bytes.Buffer
	closed bool
}

// listen reads what a terminal shows, and closes it with the test.
func listen(t *testing.T, term *Terminal) *open {
	o := &open{Terminal: term, t: t, out: make(chan []byte)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer close(o.out)
		for {
			b := make([]byte, 4096)
			n, err := term.Read(b)
			if n > 0 {
				o.out <- b[:n]
			}
			if err != nil {
				if !errors.Is(err, io.EOF) {
					t.Errorf("the terminal ends with %v", err)
				}
				return
			}
		}
	}()
	t.Cleanup(func() {
		if !o.closed {
			o.Hangup()
		}
		o.rest()
		<-done
		if !o.closed {
			_, _ = o.Close()
		}
	})
	return o
}

// Close is the terminal's, which is closed once.
func (o *open) Close() (int, error) {
	o.closed = true
	return o.Terminal.Close()
}

func (o *open) write(s string) {
	o.t.Helper()
	if _, err := o.Write([]byte(s)); err != nil {
		o.t.Fatalf("typing %q: %v", s, err)
	}
}

// until reads until a text has come, and returns all output.
func (o *open) until(text string) string {
	o.t.Helper()
	late := time.After(within)
	for !strings.Contains(o.all.String(), text) {
		select {
		case b, ok := <-o.out:
			if !ok {
				o.t.Fatalf("the shell ended before %q: %q", text, o.all.String())
			}
			o.all.Write(b)
		case <-late:
			o.t.Fatalf("%q never comes: %q", text, o.all.String())
		}
	}
	return o.all.String()
}

// rest reads to the end.
func (o *open) rest() string {
	for b := range o.out {
		o.all.Write(b)
	}
	return o.all.String()
}
