package pty

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
)

// begin starts the command interpreter as it works in Wine's consoles, too: what is in front reads the console by its name. It waits for what is typed.
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
	o := listen(t, term)
	o.until(">")
	o.all.Reset()
	return o
}

func (o *open) end(want int) {
	o.t.Helper()
	o.rest()
	if code, err := o.Close(); code != want || err != nil {
		o.t.Errorf("it ends with %d, %v; want %d", code, err, want)
	}
}

func TestConsole(t *testing.T) {
	o := begin(t)
	o.write("set /a 6*7\r")
	o.until("42")
	o.write("exit 3\r")
	o.end(3)
	if o.Foreground() != "" || o.Resize(100, 30) != nil {
		t.Error("a shell that has ended has something in front, or cannot be given a size")
	}
}

func TestHangup(t *testing.T) {
	o := begin(t)
	o.Hangup()
	o.rest()
	if _, err := o.Close(); err != nil {
		t.Error(err)
	}
}

func TestForeground(t *testing.T) {
	o := begin(t)
	if front := o.Foreground(); front != "cmd" { // the one that reads CON
		t.Errorf("in front is %q", front)
	}
	o.write("exit\r")
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
