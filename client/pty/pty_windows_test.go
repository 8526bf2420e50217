package pty

import (
	"bytes"
	"errors"
	"io"
	"path/filepath"
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
	t    *testing.T
	out  chan []byte
	all  bytes.Buffer
	done bool
}

// begin starts the command interpreter as it works in Wine's consoles, too: what is in front reads the console by its name.
func begin(t *testing.T) *open {
	t.Helper()
	shells := Shells()
	if len(shells) == 0 || !strings.EqualFold(filepath.Base(shells[0]), "cmd.exe") {
		t.Fatalf("the shells are %q", shells)
	}
	term, err := start(shells[0], `cmd.exe /c cmd.exe <CON >CON`, Size{80, 24})
	if err != nil {
		t.Fatal(err)
	}
	o := &open{Terminal: term, t: t, out: make(chan []byte, 1024)}
	go func() {
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
	return o
}

// await waits until the terminal has shown a text; the end counts as one.
func (o *open) await(text string) {
	o.t.Helper()
	late := time.After(within)
	for !strings.Contains(o.all.String(), text) {
		select {
		case b, ok := <-o.out:
			if !ok {
				o.t.Fatalf("it has ended; shown was %q", o.all.String())
			}
			o.all.Write(b)
		case <-late:
			o.t.Fatalf("%q was never shown, but %q", text, o.all.String())
		}
	}
	o.all.Reset()
}

func (o *open) types(text string) {
	o.t.Helper()
	if _, err := o.Write([]byte(text)); err != nil {
		o.t.Fatal(err)
	}
}

func (o *open) end(want int) {
	o.t.Helper()
	for range o.out {
	}
	if code, err := o.Close(); code != want || err != nil {
		o.t.Errorf("it ends with %d, %v; want %d", code, err, want)
	}
}

func TestConsole(t *testing.T) {
	o := begin(t)
	o.await(">")
	o.types("set /a 6*7\r")
	o.await("42")
	o.types("exit 3\r")
	o.end(3)
	if o.Foreground() != "" || o.Resize(100, 30) != nil {
		t.Error("a shell that has ended has something in front, or cannot be given a size")
	}
}

func TestHangup(t *testing.T) {
	o := begin(t)
	o.await(">")
	o.Hangup()
	for range o.out {
	}
	if _, err := o.Close(); err != nil {
		t.Error(err)
	}
}

func TestForeground(t *testing.T) {
	o := begin(t)
	o.await(">")
	if front := o.Foreground(); front != "cmd" { // the one that reads CON
		t.Errorf("in front is %q", front)
	}
	o.types("exit\r")
	o.end(0)
}

func TestMissing(t *testing.T) {
	var missing *MissingError
	if _, err := Start(`C:\windows\system32\notepad.exe`, Size{}); !errors.As(err, &missing) {
		t.Errorf("%v", err)
	}
}

func TestNames(t *testing.T) {
	for file, want := range map[string]string{"vim.exe": "vim", "PING.EXE": "PING", "a.com": "a.com", "": ""} {
		if got := plain(file); got != want {
			t.Errorf("%q is %q", file, got)
		}
	}
	if !isConsoleHost("conhost.exe") || isConsoleHost("cmd.exe") {
		t.Error("the console's host")
	}
}
