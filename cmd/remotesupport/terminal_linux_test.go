package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"

	"deskhand"
	"deskhand/client"
	"deskhand/server/servertest"
)

// person sits at a terminal in which the program runs.
type person struct {
	t    *testing.T
	cmd  *exec.Cmd
	tty  *os.File
	done chan struct{} // closed when the program shows nothing more

	mu   sync.Mutex
	seen strings.Builder
}

// atTerminal starts the program on a terminal of its own.
func atTerminal(t *testing.T, args ...string) *person {
	t.Helper()
	p := &person{t: t, cmd: exec.Command("/proc/self/exe", args...), done: make(chan struct{})}
	var err error
	if p.tty, err = pty.Start(p.cmd); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.tty.Close() })
	go p.read()
	return p
}

func (p *person) read() {
	defer close(p.done)
	for b := make([]byte, 4096); ; {
		n, err := p.tty.Read(b)
		p.mu.Lock()
		p.seen.Write(b[:n])
		p.mu.Unlock()
		if err != nil { // the last program has closed it
			return
		}
	}
}

func (p *person) text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.seen.String()
}

// echoes tells whether what is typed is shown.
func (p *person) echoes() bool {
	st, err := unix.IoctlGetTermios(int(p.tty.Fd()), unix.TCGETS)
	if err != nil {
		p.t.Fatal(err)
	}
	return st.Lflag&unix.ECHO != 0
}

// asked waits for a question, which shows what is typed or not, and answers it.
func (p *person) asked(question string, echo bool, answer string) *person {
	p.t.Helper()
	for end := time.Now().Add(servertest.Within); !strings.HasSuffix(p.text(), question) || p.echoes() != echo; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			p.t.Fatalf("it never asked %q, but said %q", question, p.text())
		}
	}
	if _, err := p.tty.WriteString(answer); err != nil {
		p.t.Fatal(err)
	}
	return p
}

// ends waits for the program's end.
func (p *person) ends(code int, says string) {
	p.t.Helper()
	late := time.AfterFunc(servertest.Within, func() { _ = p.cmd.Process.Kill() })
	defer late.Stop()
	_ = p.cmd.Wait() // the code says it
	if !p.echoes() {
		p.t.Error("the terminal shows nothing of what is typed any more")
	}
	<-p.done
	if got := p.cmd.ProcessState.ExitCode(); got != code || !strings.Contains(p.text(), says) {
		p.t.Errorf("exit code %d, want %d; it said %q", got, code, p.text())
	}
}

func TestQuestionsAtATerminal(t *testing.T) {
	s := servertest.New(t)
	ada := s.AddAgent("ada", deskhand.RoleAgent)
	s.SecondFactor(ada, []byte("12345678901234567890"), "23456789abcdefgh", "abcdefgh23456789", "23456789hgfedcba", "3456789abcdefghj", "456789abcdefghjk")
	state := filepath.Join(t.TempDir(), "state")
	start := func(more ...string) *person {
		line := []string{"/createcomputer", "/username", ada.UserName, "/relayurl", s.URL.String(), "/state", state, "/noservice"}
		return atTerminal(t, append(line, more...)...)
	}
	const replace = "Replace it? [y/N] "

	first := start().asked("Password: ", false, ada.Password+"\n").asked("Code: ", true, "2345-6789-abcd-efgh\n")
	first.ends(exitDone, "is set up")
	if strings.Contains(first.text(), ada.Password) {
		t.Error("the password is shown")
	}
	key := read(t, state)
	for name, no := range map[string]string{"no": "n\n", "nothing": "\n", "end of input": "\x04"} {
		t.Run("replace: "+name, func(t *testing.T) {
			codes := map[string]string{"no": "abcdefgh23456789", "nothing": "23456789hgfedcba", "end of input": "3456789abcdefghj"}
			p := start("/password", ada.Password, "/code", codes[name])
			p.t = t
			p.asked(replace, true, no).ends(exitRefused, "Nothing was changed.")
			if read(t, state) != key {
				t.Error("the enrolment was changed")
			}
		})
	}
	start().asked("Password: ", false, "\n").ends(exitUsage, "no password was typed")
	start().asked("Password: ", false, "wrong\n").ends(exitRefused, "password")
	start().asked("Password: ", false, "half a pass\x03").ends(exitFailed, "interrupted; nothing was changed")

	start().asked("Password: ", false, ada.Password+"\n").asked(replace, true, "y\n").asked("Code: ", true, "456789abcdefghjk\n").ends(exitDone, "is set up")
	if read(t, state) == key {
		t.Error("what was replaced has the old key")
	}

	state = filepath.Join(t.TempDir(), "another")
	start().asked("Password: ", false, ada.Password+"\n").asked("Code: ", true, "\n").ends(exitRefused, "code")
	start().asked("Password: ", false, ada.Password+"\n").asked("Code: ", true, "2345\x03").ends(exitFailed, "interrupted; nothing was changed")
	own := []string{"/createcomputer", "/username", s.Admin.UserName, "/relayurl", s.URL.String(), "/state", state, "/noservice"}
	atTerminal(t, own...).asked("Password: ", false, s.Admin.Password+"\n").ends(exitDone, "is set up")
	key = read(t, state)
	atTerminal(t, own...).asked("Password: ", false, s.Admin.Password+"\n").asked(replace, true, "Yes\n").ends(exitDone, "is set up")
	if read(t, state) == key {
		t.Error("what was replaced has the old key")
	}
	atTerminal(t, own...).asked("Password: ", false, s.Admin.Password+"\n").asked(replace, true, "\x03").ends(exitFailed, "interrupted; nothing was changed")
}

// Also with root's rights, where a worker speaks to the server, a computer that the server does not know ends with a sentence.
func TestUnknownComputerEnds(t *testing.T) {
	s, another := servertest.New(t), servertest.New(t)
	state := filepath.Join(t.TempDir(), "state")
	code, _, says := runProgram(t.Context(), s.Admin.Password+"\n", "RemoteSupport",
		"/createcomputer", "/username", s.Admin.UserName, "/relayurl", s.URL.String(), "/state", state, "/noservice")
	if code != exitDone {
		t.Fatal(says)
	}
	e, err := client.LoadEnrolment(state)
	if err != nil {
		t.Fatal(err)
	}
	e.Server = another.URL.String()
	if err := client.SaveEnrolment(state, e); err != nil {
		t.Fatal(err)
	}
	const fault = "The server does not know this computer."
	p := atTerminal(t, "unattended", "/state", state)
	p.ends(exitRefused, fault)
	if strings.Count(p.text(), fault) != 1 {
		t.Errorf("it said %q", p.text())
	}
}

// read is what is kept of an enrolment.
func read(t *testing.T, state string) (all string) {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(state, "*"))
	if err != nil || len(list) == 0 {
		t.Fatalf("nothing is in %s: %v", state, err)
	}
	for _, name := range list {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all += string(b)
	}
	return all
}
