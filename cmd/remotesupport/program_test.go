package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"deskhand"
	"deskhand/server/servertest"
)

// TestMain is the program itself when it is started as that: a test has its own copy installed as the service.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && !strings.HasPrefix(os.Args[1], "-test.") {
		main()
	}
	goleak.VerifyTestMain(m)
}

// runProgram runs the command line and returns its exit code and what it says.
func runProgram(ctx context.Context, stdin, executable string, args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	p := program{stdin: strings.NewReader(stdin), stdout: &out, stderr: &errs, executable: executable}
	return p.run(ctx, args), out.String(), errs.String()
}

func TestExitCodes(t *testing.T) {
	s := servertest.New(t)
	t.Setenv("DISPLAY", "")
	state := filepath.Join(t.TempDir(), "state")
	enrolAs := func(userName string) []string {
		return []string{"/createcomputer", "/username", userName, "/relayurl", s.URL.String(), "/state", state + userName, "/noservice"}
	}
	enrol := enrolAs(s.Admin.UserName)
	ada := s.AddAgent("ada", deskhand.RoleAgent)
	s.SecondFactor(ada, []byte("12345678901234567890"), "23456789abcdefgh")
	ended, end := context.WithCancel(t.Context())
	end()
	for _, tt := range []struct {
		name       string
		ctx        context.Context
		stdin      string
		executable string
		args       []string
		want       int
		says       string // on standard error, or on standard output when all is well
	}{
		{"help", t.Context(), "", "RemoteSupport", []string{"--help"}, exitDone, "Exit codes"},
		{"version", t.Context(), "", "RemoteSupport", []string{"version"}, exitDone, "RemoteSupport"},
		{"unknown switch", t.Context(), "", "RemoteSupport", []string{"/nonsense"}, exitUsage, "not a switch"},
		{"no server", t.Context(), "", "RemoteSupport", nil, exitUsage, "/relayurl"},
		{"plain http to elsewhere", t.Context(), "", "RemoteSupport", []string{"/relayurl", "http://support.example.com"}, exitUsage, "https://"},
		{"short ID", t.Context(), "", "RemoteSupport", []string{"/relayurl", s.URL.String(), "/id", "12345"}, exitUsage, "six digits"},
		{"no name", t.Context(), "", "RemoteSupport", []string{"/createcomputer", "/relayurl", s.URL.String()}, exitUsage, "/username"},
		{"no password", t.Context(), "", "RemoteSupport", enrol, exitUsage, "no password"},
		{"wrong password", t.Context(), "wrong\n", "RemoteSupport", enrol, exitRefused, "password"},
		{"not set up", t.Context(), "", "RemoteSupport", []string{"unattended", "/state", state + s.Admin.UserName}, exitFailed, "not set up"},
		{"no server there", t.Context(), "x\n", "RemoteSupport", []string{"/createcomputer", "/username", "x", "/relayurl", "127.0.0.1", "/relayport", "1", "/state", state + "x"}, exitUnreachable, "cannot be reached"},
		{"bad fingerprint", t.Context(), "x\n", "RemoteSupport", append(enrol, "/fingerprint", "xyz"), exitFailed, "fingerprint"},
		{"set up", t.Context(), s.Admin.Password + "\n", "RemoteSupport", enrol, exitDone, "is set up"},
		{"second factor wanted", t.Context(), ada.Password + "\n", "RemoteSupport", enrolAs(ada.UserName), exitRefused, "Give its code by /code."},
		{"second factor wrong", t.Context(), ada.Password + "\n", "RemoteSupport", append(enrolAs(ada.UserName), "/code", "abcdef"), exitRefused, "code is wrong"},
		{"second factor", t.Context(), ada.Password + "\n", "RemoteSupport", append(enrolAs(ada.UserName), "--code", "2345-6789-abcd-efgh"), exitDone, "is set up"},
		{"set up already", t.Context(), s.Admin.Password + "\n", "RemoteSupport", enrol, exitRefused, "Add /replace to replace it."},
		{"replaced", t.Context(), s.Admin.Password + "\n", "RemoteSupport", append(enrol, "/replace"), exitDone, "is set up"},
		{"interrupted set-up", ended, "x\n", "RemoteSupport", enrol, exitUnreachable, "cannot be reached"},
		{"terminated", ended, "", "RemoteSupport", []string{"unattended", "/state", state + s.Admin.UserName}, exitDone, ""},
		{"no display", t.Context(), "", "RemoteSupport_127.0.0.1_h" + s.URL.Port() + "_somecode", nil, exitFailed, "no display"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.says == "no display" && runtime.GOOS == "windows" {
				return // where there is a display whatever the environment says
			}
			code, stdout, stderr := runProgram(tt.ctx, tt.stdin, tt.executable, tt.args...)
			said, other := stderr, stdout
			if tt.want == exitDone {
				said, other = stdout, stderr
			}
			if code != tt.want || !strings.Contains(said, tt.says) || other != "" {
				t.Errorf("exit code %d, want %d; standard output %q, standard error %q", code, tt.want, stdout, stderr)
			}
			if strings.Contains(stdout+stderr, s.Admin.Password) {
				t.Error("it says the password")
			}
		})
	}
}

// Whoever asks for help reads of every switch that is theirs to use.
func TestUsageNamesEverySwitch(t *testing.T) {
	for _, s := range switches {
		if s.name == "worker" || s.name == "shell" || s.name == "managed" { // the program's own
			continue
		}
		if !regexp.MustCompile(`/`+s.name+`\b`).MatchString(usage) && !(s.verb && strings.Contains(usage, s.name)) {
			t.Errorf("usage does not name /%s", s.name)
		}
	}
}
