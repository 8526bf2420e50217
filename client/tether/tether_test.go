package tether

import (
	"bytes"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fake is a terminal that shows what is typed, until "exit".
type fake struct {
	out  *io.PipeReader
	in   *io.PipeWriter
	hung sync.Once
	mu   sync.Mutex
	log  []string
	stop chan struct{}
}

func newFake() *fake {
	f := &fake{stop: make(chan struct{})}
	f.out, f.in = io.Pipe()
	return f
}

func (f *fake) note(s string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.log = append(f.log, s)
}

func (f *fake) Read(b []byte) (int, error) { return f.out.Read(b) }

func (f *fake) Write(b []byte) (int, error) {
	if string(b) == "exit" {
		f.in.Close()
		return len(b), nil
	}
	return f.in.Write(b)
}

func (f *fake) Resize(c, r int) error {
	f.note("resize " + string(rune('0'+c)) + string(rune('0'+r)))
	return nil
}
func (f *fake) Redraw() error      { f.note("redraw"); return nil }
func (f *fake) Foreground() string { return "vim" }

func (f *fake) Hangup() {
	f.hung.Do(func() {
		f.note("hangup")
		f.in.Close()
		close(f.stop)
	})
}

func (f *fake) Close() (int, error) {
	f.Hangup()
	return 7, nil
}

// began is a shell that has begun, and what its host returns.
func began(t *testing.T, f *fake) (*Holder, chan error) {
	t.Helper()
	a, b := net.Pipe()
	done := make(chan error, 1)
	go func() {
		done <- Host(b, func(program string, columns, rows int) (Terminal, string, error) {
			if program == "missing" {
				return nil, "", errors.New("the shell is missing; choose another one")
			}
			f.note("begin " + program)
			return f, "/bin/" + program, nil
		})
	}()
	h, program, err := Begin(a, "sh", 80, 24)
	if err != nil || program != "/bin/sh" {
		t.Fatalf("began %q, %v", program, err)
	}
	return h, done
}

func TestAShellFromAfar(t *testing.T) {
	f := newFake()
	h, done := began(t, f)
	want := bytes.Repeat([]byte("é漢😀\x00"), 30_000) // more than a message and than the window of them
	go func() {
		if n, err := h.Write(want); err != nil || n != len(want) {
			t.Errorf("typed %d of %d, %v", n, len(want), err)
		}
		_ = h.Resize(1, 2)
		_ = h.Redraw()
		for h.Foreground() != "vim" && t.Context().Err() == nil { // on a busy machine the answer is late, and the one before is given
		}
		_, _ = h.Write([]byte("exit"))
	}()
	got, err := io.ReadAll(h)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("shown %d bytes, %v, want the %d that were typed", len(got), err, len(want))
	}
	if code, err := h.Close(); code != 7 || err != nil {
		t.Errorf("ended with %d, %v", code, err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	if got := strings.Join(f.log, ", "); got != "begin sh, resize 12, redraw, hangup" {
		t.Errorf("the terminal was told %q", got)
	}
}

// A holder that goes hangs up, and a host that goes ends what is waited for.
func TestEitherEndGoes(t *testing.T) {
	f := newFake()
	h, done := began(t, f)
	h.conn.Close()
	<-f.stop
	<-done
	if _, err := io.ReadAll(h); err != nil {
		t.Error(err)
	}
	if _, err := h.Write([]byte("x")); !errors.Is(err, errLost) {
		t.Errorf("typing says %v", err)
	}
	if _, err := h.Close(); !errors.Is(err, errLost) {
		t.Errorf("closing says %v", err)
	}
}

// Closed while it shows much and nobody reads.
func TestCloseWhileItShows(t *testing.T) {
	f := newFake()
	h, done := began(t, f)
	go func() {
		for {
			if _, err := f.in.Write(make([]byte, 4096)); err != nil {
				return
			}
		}
	}()
	if code, err := h.Close(); code != 7 || err != nil {
		t.Errorf("ended with %d, %v", code, err)
	}
	<-done
}

func TestAShellThatCannotBegin(t *testing.T) {
	for _, why := range []error{errors.New("the system gave no terminal"), &MissingError{"the shell is missing"}} {
		a, b := net.Pipe()
		done := make(chan error, 1)
		go func() {
			done <- Host(b, func(string, int, int) (Terminal, string, error) { return nil, "", why })
		}()
		_, _, err := Begin(a, "missing", 80, 24)
		if err == nil || err.Error() != why.Error() {
			t.Errorf("got %v", err)
		}
		var got, want *MissingError
		if errors.As(err, &got) != errors.As(why, &want) {
			t.Errorf("%v came over as %T", why, err)
		}
		if err := <-done; err == nil {
			t.Error("the host ends without a word")
		}
	}
}

func FuzzHost(f *testing.F) {
	f.Add([]byte("n\x00\x04\x00\x50\x00\x18i\x00\x02lss\x00\x04\x00\x50\x00\x18dh"))
	f.Add([]byte("n\x00\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		here, there := net.Pipe()
		done := make(chan struct{})
		go func() {
			defer close(done)
			_ = Host(there, func(string, int, int) (Terminal, string, error) { return newFake(), "", nil })
		}()
		go func() { _, _ = io.Copy(io.Discard, here) }()
		_, _ = here.Write(b)
		here.Close()
		<-done
	})
}
