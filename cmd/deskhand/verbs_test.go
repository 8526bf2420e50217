package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"deskhand/server/auth"
	"deskhand/server/store"
	"deskhand/server/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// command runs a verb and returns its exit code and what it wrote.
func command(t testing.TB, in string, args ...string) (code int, out, fault string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(t.Context(), args, &Terminal{In: strings.NewReader(in), Out: &o, Err: &e})
	return code, o.String(), e.String()
}

// places are the flags of a fresh place of each kind.
func places(t *testing.T) map[string]string {
	return map[string]string{"sqlite": "--data=" + filepath.Join(t.TempDir(), "fresh"), "postgres": "--database=" + storetest.EmptyDatabase(t)}
}

func TestAgentVerbs(t *testing.T) {
	for name, place := range places(t) {
		t.Run(name, func(t *testing.T) {
			is := func(want int, words string, in string, args ...string) string {
				t.Helper()
				code, out, fault := command(t, in, append(args, place)...)
				if code != want || !strings.Contains(out+fault, words) {
					t.Fatalf("%q: code %d, %q, %q; want %d, %q", args, code, out, fault, want, words)
				}
				return out
			}
			is(1, "There are no data of Deskhand", "", "agent", "list")
			is(0, "Added administrator rodney (Rodney M.).", "correct horse battery\n", "agent", "add", "Rodney", "--name=Rodney M.", "--email=r@example.com",
				"--role=administrator", "--password-stdin")
			is(1, "The user name rodney is taken.", "correct horse battery", "agent", "add", "rodney", "--password-stdin")
			is(1, "The password is too short.", "short\n", "agent", "add", "anna", "--password-stdin")
			is(1, "There is no password on standard input.", "", "agent", "add", "anna", "--password-stdin")
			is(1, "This user name cannot be used.", "", "agent", "add", "a b")
			is(1, "This is not an e-mail address.", "", "agent", "add", "anna", "--email=anna")
			is(2, "--role", "", "agent", "add", "anna", "--role=king")
			is(2, "expected", "", "agent", "add")

			out := is(0, "Added agent anna", "", "agent", "add", "anna")
			made := regexp.MustCompile(`(?m)^password: (\S+)$`).FindStringSubmatch(out)
			if made == nil {
				t.Fatalf("no password in %q", out)
			}
			logsIn(t, place, "anna", made[1], true)
			logsIn(t, place, "rodney", "correct horse battery", true)

			is(0, "anna has a new password", "another horse battery\r\n", "agent", "passwd", "anna", "--password-stdin")
			logsIn(t, place, "anna", made[1], false)
			logsIn(t, place, "anna", "another horse battery", true)
			is(1, `There is no agent "nobody".`, "", "agent", "passwd", "nobody")

			is(0, "anna has no second factor any more", "", "agent", "reset-second-factor", "anna")
			is(1, `There is no agent "nobody".`, "", "agent", "reset-second-factor", "nobody")

			is(0, "anna is disabled", "", "agent", "disable", "anna")
			logsIn(t, place, "anna", "another horse battery", false)
			if out := is(0, "rodney", "", "agent", "list"); !regexp.MustCompile(`(?m)^anna +anna +agent +disabled$`).MatchString(out) {
				t.Fatalf("list:\n%s", out)
			}
			is(0, "anna is enabled", "", "agent", "enable", "anna")
			logsIn(t, place, "anna", "another horse battery", true)
			is(1, "rodney is the last administrator.", "", "agent", "disable", "rodney")
		})
	}
}

func options(place string) store.Options {
	if dir, ok := strings.CutPrefix(place, "--data="); ok {
		return store.Options{Data: dir}
	}
	return store.Options{Database: strings.TrimPrefix(place, "--database=")}
}

func logsIn(t *testing.T, place, userName, password string, want bool) {
	t.Helper()
	s, err := store.Open(t.Context(), options(place))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	service, err := auth.New(s, auth.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := service.Authenticate(t.Context(), userName, password, "192.0.2.1"); (err == nil) != want {
		t.Fatalf("%s logs in: %v, want %v", userName, err, want)
	}
}

// The verbs work while a server has the data open.
func TestVerbsBesideAServer(t *testing.T) {
	s := storetest.SQLite(t)
	place := "--data=" + s.Options.Data
	if code, _, fault := command(t, "correct horse battery", "agent", "add", "rodney", "--password-stdin", place); code != 0 {
		t.Fatal(fault)
	}
	if _, err := s.AgentByUserName(t.Context(), "rodney"); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "backup.db")
	if code, _, fault := command(t, "", "backup", file, place); code != 0 {
		t.Fatal(fault)
	}
	if code, _, fault := command(t, "", "restore", file, place); code != 1 || !strings.Contains(fault, "in use") || !strings.Contains(fault, "Stop the server") {
		t.Fatalf("%d %q", code, fault)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if code, out, fault := command(t, "", "restore", file, place); code != 0 || !strings.Contains(out, "are kept as") {
		t.Fatal(out, fault)
	}
	if code, out, fault := command(t, "", "agent", "list", place); code != 0 || !strings.Contains(out, "rodney") {
		t.Fatal(out, fault)
	}
}

func TestAuditVerify(t *testing.T) {
	for name, place := range places(t) {
		t.Run(name, func(t *testing.T) {
			if code, _, fault := command(t, "", "agent", "add", "rodney", place); code != 0 {
				t.Fatal(fault)
			}
			code, out, fault := command(t, "", "audit", "verify", place)
			end := regexp.MustCompile(`(?m)^end: (\d+:[0-9a-f]{64})$`).FindStringSubmatch(out)
			if code != 0 || !strings.Contains(out, "The audit is whole: 2 events.") || end == nil {
				t.Fatal(code, out, fault)
			}
			if code, out, fault := command(t, "", "audit", "verify", place, "--expect", end[1]); code != 0 {
				t.Fatal(out, fault)
			}
			if code, out, fault := command(t, "", "audit", "verify", place, "--expect", "9:"+strings.Repeat("00", 32)); code != 1 ||
				!strings.Contains(out, "events 3 to 9: deleted from the end") || !strings.Contains(fault, "The audit was changed.") {
				t.Fatal(code, out, fault)
			}
			for _, bad := range []string{"x", "1:", "1:00", ":" + strings.Repeat("00", 32), "-1:" + strings.Repeat("00", 32)} {
				if code, _, fault := command(t, "", "audit", "verify", place, "--expect="+bad); code != 1 || !strings.Contains(fault, "is no end of an audit") {
					t.Fatal(bad, code, fault)
				}
			}
		})
	}
}

func TestConfig(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "from file")
	file := filepath.Join(dir, "deskhand.conf")
	write := func(s string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(s), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("# a comment\n\ndata = " + data + "\n")
	add := func(args ...string) {
		t.Helper()
		if code, _, fault := command(t, "", append([]string{"agent", "add", "rodney", "--config", file}, args...)...); code != 0 {
			t.Fatal(fault)
		}
	}
	is := func(path string) {
		t.Helper()
		if _, err := os.Stat(filepath.Join(path, "deskhand.db")); err != nil {
			t.Fatal(err)
		}
	}
	add()
	is(data)
	// The environment wins over the file, the command line over both.
	t.Setenv("DESKHAND_DATA", filepath.Join(dir, "from environment"))
	add()
	is(filepath.Join(dir, "from environment"))
	add("--data", filepath.Join(dir, "from command line"))
	is(filepath.Join(dir, "from command line"))
	for _, bad := range []string{"data", "dat = x"} {
		write(bad)
		if code, _, fault := command(t, "", "agent", "list", "--config", file); code != 2 || !strings.Contains(fault, "configuration") {
			t.Fatalf("%q: %d %q", bad, code, fault)
		}
	}
}

func TestHelpAndVersion(t *testing.T) {
	for _, args := range [][]string{{"--help"}, {"agent", "--help"}, {"agent", "add", "--help"}, {"--version"}} {
		if code, out, fault := command(t, "", args...); code != 0 || out == "" || fault != "" {
			t.Errorf("%q: %d %q %q", args, code, out, fault)
		}
	}
	if code, _, fault := command(t, "", "nonsense"); code != 2 || !strings.Contains(fault, "--help") {
		t.Errorf("%d %q", code, fault)
	}
}
