package pty

import (
	"errors"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// begin starts a shell without what the user's own files do, which reads its prompt from us.
func begin(t *testing.T, size Size) *open {
	t.Helper()
	t.Setenv("HOME", t.TempDir())
	term, err := start("/bin/sh", size)
	if err != nil {
		t.Fatal(err)
	}
	o := listen(t, term)
	o.write("PS1=; PS2=; stty -echo; echo rea'dy'\n")
	o.until("ready")
	o.all.Reset()
	return o
}

func TestAShellHasATerminalOfItsSize(t *testing.T) {
	o := begin(t, Size{Columns: 101, Rows: 33})
	o.write("stty size; tty; echo $TERM $COLORTERM; echo e'nd'\n")
	out := o.until("end")
	if !strings.Contains(out, "33 101") || !strings.Contains(out, "/dev/pts/") || !strings.Contains(out, "xterm-256color truecolor") {
		t.Fatalf("the shell says %q", out)
	}
	o.write("trap 'echo resi''zed; stty size' WINCH; PS1='pro''mpt> '; echo tra'pped'\n")
	o.until("trapped")
	if err := o.Resize(70, 20); err != nil {
		t.Fatal(err)
	}
	o.write("\n")
	o.until("resized\r\n20 70\r\nprompt> ")
	o.all.Reset()
	if err := o.Redraw(); err != nil { // the same size again
		t.Fatal(err)
	}
	o.write("\n")
	o.until("resized\r\n20 70")
}

func TestSizes(t *testing.T) {
	for in, want := range map[Size]Size{
		{}: {80, 24}, {0, 5}: {80, 24}, {-1, -1}: {80, 24}, {1, 1}: {1, 1}, {1 << 20, 7}: {MaxSize, 7},
	} {
		if got := in.within(); got != want {
			t.Errorf("%v becomes %v, want %v", in, got, want)
		}
	}
}

func TestEnds(t *testing.T) {
	for name, c := range map[string]struct {
		typed, shown string
		code         int
	}{
		"exit":               {"exit 7\n", "", 7},
		"end of input":       {"\x04", "", 0},
		"killed":             {"kill -KILL $$\n", "", 128 + int(syscall.SIGKILL)},
		"with a last word":   {"printf %70000d 1; exit 3\n", strings.Repeat(" ", 69_999) + "1", 3},
		"a program goes on":  {"trap '' HUP; sleep 600 & exit 0\n", "", 0},
		"a program, and out": {"trap '' HUP; sleep 600 & echo la'st'; exit 4\n", "last", 4},
	} {
		t.Run(name, func(t *testing.T) {
			o := begin(t, Size{})
			session := o.cmd.Process.Pid
			t.Cleanup(func() { signal(session, syscall.SIGKILL) }) // what was left behind
			o.write(c.typed)
			out := o.rest()
			code, err := o.Close()
			if code != c.code || err != nil {
				t.Errorf("code %d, err %v, want %d", code, err, c.code)
			}
			if c.shown != "" && !strings.Contains(out, c.shown) {
				t.Errorf("%d bytes came, the last word is not among them", len(out))
			}
		})
	}
}

func TestAHangupEndsWhatTheShellRuns(t *testing.T) {
	o := begin(t, Size{})
	o.write("set -m; sleep 601 & sleep 602 & echo $$ st'arted'\n")
	line := o.until("started")
	session, err := strconv.Atoi(strings.Fields(line[strings.LastIndex(line[:strings.Index(line, " started")], "\n")+1:])[0])
	if err != nil {
		t.Fatal(err)
	}
	if pids := members(session); len(pids) < 3 {
		t.Fatalf("the session has processes %v", pids)
	}
	o.write("cat\n")
	o.Hangup()
	o.rest()
	if code, _ := o.Close(); code == 0 {
		t.Error("the shell ended as if nothing had happened")
	}
	if pids := members(session); len(pids) > 0 {
		t.Errorf("processes %v are still there", pids)
	}
}

func TestCtrlCInterrupts(t *testing.T) {
	o := begin(t, Size{})
	o.write("PS1='pro''mpt> '; cat\n")
	o.write("hello\n")
	o.until("hello")
	o.write("\x03")
	o.until("prompt> ")
	o.write("echo af'ter'\n")
	o.until("after")
}

func TestMissingShells(t *testing.T) {
	var missing *MissingError
	if _, err := Start("/bin/evil; rm -rf /", Size{}); !errors.As(err, &missing) {
		t.Errorf("a shell that is not offered: %v", err)
	}
	if _, err := start(filepath.Join(t.TempDir(), "gone"), Size{}); !errors.As(err, &missing) || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a shell that went: %v", err)
	}
	if !strings.Contains(missing.Error(), "choose another one") {
		t.Errorf("%q says not what to do", missing)
	}
}

func TestShells(t *testing.T) {
	u, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file := func(name, text string, mode os.FileMode) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	first, second := file("zsh", "", 0o755), file("fish", "", 0o755)
	file("nologin", "", 0o755)
	if err := os.Symlink(dir, filepath.Join(dir, "usr")); err != nil {
		t.Fatal(err)
	}
	list := file("shells", strings.Join([]string{
		"# /etc/shells", "", second, first, filepath.Join(dir, "usr", "fish"), filepath.Join(dir, "missing"), filepath.Join(dir, "nologin"), "relative", dir, " " + file("plain", "", 0o644),
	}, "\n"), 0o644)
	passwd := func(shell string) string {
		return file("passwd", "root0:x:99999:0::/:/bin/false\n"+u.Username+":x:"+u.Uid+":0:me:/root:"+shell+"\n", 0o644)
	}
	t.Setenv("SHELL", "")
	for _, c := range []struct {
		own  string
		want []string
	}{
		{first, []string{first, second}},
		{second, []string{second, first}},
		{filepath.Join(dir, "nologin"), []string{second, first}},
		{"", []string{second, first}},
	} {
		if got := shells(passwd(c.own), list); !slices.Equal(got, c.want) {
			t.Errorf("with %q the shells are %q, want %q", c.own, got, c.want)
		}
	}
	if got := shells(filepath.Join(dir, "none"), filepath.Join(dir, "none")); len(got) != 0 {
		t.Errorf("without files there are %q", got)
	}
}

func TestEnvironment(t *testing.T) {
	env, home := environment([]string{"LANG=de_DE.ISO-8859-1", "LC_ALL=C", "TERM=dumb", "EDITOR=vi", "SHLVL=3", "NOTIFY_SOCKET=/run/x"}, "/bin/bash")
	for _, want := range []string{"LANG=C.UTF-8", "TERM=xterm-256color", "EDITOR=vi", "SHELL=/bin/bash", "COLORTERM=truecolor"} {
		if !slices.Contains(env, want) {
			t.Errorf("%q lacks %s", env, want)
		}
	}
	for _, v := range env {
		if strings.HasPrefix(v, "SHLVL=") || strings.HasPrefix(v, "NOTIFY_SOCKET=") || v == "LC_ALL=C" {
			t.Errorf("%s is passed on", v)
		}
	}
	if st, err := os.Stat(home); err != nil || !st.IsDir() {
		t.Errorf("home is %q", home)
	}
	if env, _ := environment([]string{"LANG=pt_BR.utf8"}, "/bin/sh"); !slices.Contains(env, "LANG=pt_BR.utf8") {
		t.Errorf("%q: a language that is UTF-8 is lost", env)
	}
}

func TestTheProgramInFrontIsKnown(t *testing.T) {
	o := begin(t, Size{})
	o.write("echo wai'ting'\n")
	o.until("waiting")
	if got := o.Foreground(); got != "" {
		t.Errorf("while the shell waits, %q is in front", got)
	}
	o.write("cat\n")
	o.write("it runs\n")
	o.until("it runs")
	if got := o.Foreground(); got != "cat" {
		t.Errorf("%q is in front, want cat", got)
	}
}
