package systemd

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// startTimeout is how long systemd may take; the machine may be busy.
const startTimeout = time.Minute

//go:embed boot.sh
var boot string

// UserName is the one ordinary user; UserID is theirs.
const (
	UserName = "tess"
	UserID   = 12345
)

// probe makes and takes away a control group in a directory, as a systemd has to.
const probe = `mount --make-rprivate / && mount -t cgroup2 none "$1" && mkdir "$1/deskhand-probe" && rmdir "$1/deskhand-probe"`

// ErrCannot says that no namespace or control group can be made here.
var ErrCannot = errors.New("this machine lets nobody make namespaces and control groups for a systemd of their own")

// Display is the number of an X display that no other test is likely to have: X servers are found by names of the network's namespace, too, which is the
// machine's.
func Display() string { return strconv.Itoa(1000 + os.Getpid()%50_000) }

// Machine is a running systemd.
type Machine struct {
	t   testing.TB
	pid string
}

// Start starts a systemd for as long as the test runs; ErrCannot where that cannot be.
func Start(t testing.TB) (*Machine, error) {
	t.Helper()
	dir := t.TempDir()
	if os.Geteuid() != 0 || exec.Command("unshare", "--mount", "--pid", "--cgroup", "--fork", "sh", "-c", probe, "probe", dir).Run() != nil {
		return nil, ErrCannot
	}
	script, group := filepath.Join(dir, "boot.sh"), "deskhand-test-"+strconv.Itoa(os.Getpid())+"-"+filepath.Base(filepath.Dir(dir))
	if err := os.WriteFile(script, []byte(boot), 0o700); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	cmd := exec.Command("unshare", "--mount", "sh", script, "join", group, dir)
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // unshare --kill-child ends process 1 with it, and the kernel all the others
		_ = cmd.Wait()
		if b, err := exec.Command("unshare", "--mount", "sh", script, "leave", group, dir).CombinedOutput(); err != nil {
			t.Logf("taking the control groups away: %v: %s", err, b)
		}
	})
	m := &Machine{t: t}
	for end := time.Now().Add(startTimeout); ; time.Sleep(50 * time.Millisecond) {
		if b, err := os.ReadFile("/proc/" + strconv.Itoa(cmd.Process.Pid) + "/task/" + strconv.Itoa(cmd.Process.Pid) + "/children"); err == nil && len(strings.Fields(string(b))) == 1 {
			m.pid = strings.Fields(string(b))[0]
			if state, _ := m.Try("systemctl", "is-system-running"); strings.TrimSpace(state) == "running" {
				return m, nil
			}
		}
		if time.Now().After(end) {
			t.Fatalf("systemd does not start: %s", out.String())
		}
	}
}

// command runs in the machine.
func (m *Machine) command(ctx context.Context, args []string) *exec.Cmd {
	return exec.CommandContext(ctx, "nsenter", append([]string{"-t", m.pid, "-m", "-p", "-C", "--"}, args...)...)
}

// Try runs a program in the machine and returns what it says, on both outputs, and its exit code.
func (m *Machine) Try(args ...string) (string, int) {
	m.t.Helper()
	return m.run(m.command(m.t.Context(), args))
}

// As is Try as the ordinary user, who is logged in.
func (m *Machine) As(args ...string) (string, int) {
	m.t.Helper()
	env := []string{"setpriv", "--reuid", strconv.Itoa(UserID), "--regid", strconv.Itoa(UserID), "--clear-groups", "env", "HOME=/home/" + UserName, "USER=" + UserName}
	return m.run(m.command(m.t.Context(), append(env, args...)))
}

func (m *Machine) run(cmd *exec.Cmd) (string, int) {
	m.t.Helper()
	b, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		m.t.Fatal(err)
	}
	return string(b), cmd.ProcessState.ExitCode()
}

// Must is Try for what has to succeed.
func (m *Machine) Must(args ...string) string {
	m.t.Helper()
	out, code := m.Try(args...)
	if code != 0 {
		m.t.Fatalf("%q: exit code %d: %s", args, code, out)
	}
	return out
}

// Pid is the main process of a unit, as the test sees it; 0: none.
func (m *Machine) Pid(unit string) int {
	m.t.Helper()
	inside := strings.TrimSpace(m.Must("systemctl", "show", "--property=MainPID", "--value", unit))
	pid, _ := strconv.Atoi(inside)
	return pid
}

// Logs are what a unit wrote. There is no journal: units write to the machine's console.
func (m *Machine) Logs(unit string) string {
	m.t.Helper()
	out, _ := m.Try("systemctl", "status", "--no-pager", "--full", unit)
	return out
}
