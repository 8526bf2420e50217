package main

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"deskhand"
	"deskhand/client/service"
	"deskhand/internal/systemd"
	"deskhand/server/httpapi"
	"deskhand/server/servertest"
)

// installedProgram is the copy that the service runs.
const installedProgram = "/usr/local/lib/deskhand/RemoteSupport"

// build makes the program as it is shipped, in a directory that everybody may read.
func build(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/var/tmp", "remotesupport") // which that machine has, too
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(dir, "RemoteSupport")
	cmd := exec.Command("go", "build", "-o", program, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0") // as it is shipped
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("building the program: %v: %s", err, out)
	}
	return program
}

// A computer's life under systemd, for real: set up, in reach, killed and back, started anew, removed by whoever administers it.
func TestServiceUnderSystemd(t *testing.T) {
	m, err := systemd.Start(t)
	if errors.Is(err, systemd.ErrCannot) {
		withoutManager(t)
		return
	}
	s, program := servertest.New(t), build(t)
	rodney := s.Login(s.Admin)

	out := m.Must(program, "/createcomputer", "/username", s.Admin.UserName, "/password", s.Admin.Password, "/relayurl", s.URL.String())
	if !strings.Contains(out, "running and starts with the computer") {
		t.Errorf("setting up says %q", out)
	}
	awaitOnline(t, rodney, true)
	if out := m.Must(program, "service", "status"); !strings.Contains(out, "installed and running") {
		t.Errorf("the status is %q", out)
	}
	if out := m.Must("systemctl", "is-enabled", service.Name); strings.TrimSpace(out) != "enabled" {
		t.Errorf("it would not start with the computer: %q", out)
	}
	if out, code := m.Try("systemd-analyze", "verify", service.Name+".service"); code != 0 || out != "" {
		t.Errorf("systemd-analyze verify: %d %s", code, out)
	}

	// The download may go, and the service may crash.
	if err := os.Rename(program, program+".moved"); err != nil {
		t.Fatal(err)
	}
	before := m.Pid(service.Name)
	m.Must("systemctl", "kill", "--signal=KILL", service.Name)
	servertest.Eventually(t, "it is started again", func() bool { pid := m.Pid(service.Name); return pid != 0 && pid != before })
	awaitOnline(t, rodney, true)

	m.Must(installedProgram, "service", "stop")
	awaitOnline(t, rodney, false)
	m.Must(installedProgram, "service", "start")
	awaitOnline(t, rodney, true)

	if out, code := m.As("sh", "-c", installedProgram+" service stop"); code != exitAdmin || !strings.Contains(out, "--user") {
		t.Errorf("somebody else stops it: %d %q", code, out)
	}

	m.Must(program+".moved", "removecomputer")
	if l := computers(t, rodney); len(l) != 0 {
		t.Errorf("the server still has it: %+v", l)
	}
	nothingLeft(t, m)
}

// Removed at the server, the service takes itself away.
func TestRemovedAtTheServer(t *testing.T) {
	m, err := systemd.Start(t)
	if errors.Is(err, systemd.ErrCannot) {
		withoutManager(t)
		return
	}
	s, program := servertest.New(t), build(t)
	rodney := s.Login(s.Admin)
	m.Must(program, "/createcomputer", "/username", s.Admin.UserName, "/password", s.Admin.Password, "/relayurl", s.URL.String())
	awaitOnline(t, rodney, true)
	rodney.Must(http.MethodDelete, "/api/computers/"+computers(t, rodney)[0].ID, nil, nil)
	servertest.Eventually(t, "nothing is left of it", func() bool {
		out, _ := m.Try("find", "/etc/systemd/system", "/usr/local/lib", "/var/lib/deskhand", "-type", "f")
		return !strings.Contains(out, "deskhand-client") && !strings.Contains(out, "RemoteSupport") && !strings.Contains(out, "computer.json")
	})
	servertest.Eventually(t, "it has ended", func() bool { _, code := m.Try("systemctl", "is-active", service.Name); return code != 0 })
	nothingLeft(t, m)
}

// The way of a link: the end-user runs its line, allows it, and the service is there. Removed while it is off, the computer hears so when it comes back,
// and takes everything away; by another link it comes back as a new one.
func TestServiceByALink(t *testing.T) {
	m, err := systemd.Start(t)
	if errors.Is(err, systemd.ErrCannot) {
		withoutManager(t)
		return
	}
	s, program := servertest.New(t), build(t)
	rodney, offered := s.Login(s.Admin), filepath.Join(s.Clients(), runtime.GOOS+"-"+runtime.GOARCH)
	b, err := os.ReadFile(program)
	if err := errors.Join(err, os.MkdirAll(offered, 0o755), os.WriteFile(filepath.Join(offered, "RemoteSupport"), b, 0o755)); err != nil {
		t.Fatal(err)
	}
	display := ":" + systemd.Display()
	m.Must("systemd-run", "--quiet", "--unit=screen", "Xvfb", display, "-screen", "0", "800x600x24", "-nolisten", "tcp", "-noreset") // a reset, when xdotool goes, would end who comes just then
	servertest.Eventually(t, "the screen", func() bool { _, code := m.Try("xdpyinfo", "-display", display); return code == 0 })

	allowed(t, m, rodney, display)
	awaitOnline(t, rodney, true)
	first := computers(t, rodney)[0].ID
	if out := m.Must(installedProgram, "service", "status"); !strings.Contains(out, "installed and running") {
		t.Errorf("the status is %q", out)
	}
	m.Must(installedProgram, "service", "stop")
	awaitOnline(t, rodney, false)
	rodney.Must(http.MethodDelete, "/api/computers/"+first, nil, nil)
	m.Must(installedProgram, "service", "start")
	servertest.Eventually(t, "its unit is gone", func() bool { _, code := m.Try("systemctl", "cat", service.Name); return code != 0 })
	nothingLeft(t, m)
	if l := computers(t, rodney); len(l) != 0 {
		t.Errorf("the row is back: %+v", l)
	}

	allowed(t, m, rodney, display)
	awaitOnline(t, rodney, true)
	if again := computers(t, rodney)[0].ID; again == first {
		t.Error("it has come back as what was removed")
	}
}

// allowed runs the line of a new link's page on the machine's screen, and answers its question with the mouse.
func allowed(t *testing.T, m *systemd.Machine, a *servertest.Agent, display string) {
	t.Helper()
	var link httpapi.NewUnattendedLink
	a.Must(http.MethodPost, "/api/computers/links", httpapi.UnattendedLinkRequest{Kind: deskhand.UnattendedEndUser}, &link)
	line := fmt.Sprintf(`cd $(mktemp -d) && f=$(curl -fsSL "%s/download?platform=%s-%s" | tar xzv) && exec ./"$f"`, link.URL, runtime.GOOS, runtime.GOARCH)
	m.Must("systemd-run", "--quiet", "--collect", "--unit=end-user", "--setenv=DISPLAY="+display, "--setenv=HOME=/root", "sh", "-c", strings.ReplaceAll(line, "$", "$$")) // systemd reads $, too
	button := regexp.MustCompile(`\ballow (\d+) (\d+) (\d+) (\d+)`)
	pressed := false
	servertest.Eventually(t, "Allow is pressed, and the client has said what came of it", func() bool {
		id, code := m.Try("env", "DISPLAY="+display, "xdotool", "search", "--onlyvisible", "--classname", "^remote-support-consent$")
		if id = strings.TrimSpace(id); code != 0 || id == "" {
			out, code := m.Try("env", "DISPLAY="+display, "xdotool", "search", "--onlyvisible", "--classname", "^remote-support-notice$")
			if code == 0 && strings.TrimSpace(out) != "" {
				return true
			}
			_, code = m.Try("systemctl", "is-active", "end-user")
			return pressed && code != 0 // the last click has closed the window that says so
		}
		controls, _ := m.Try("env", "DISPLAY="+display, "xprop", "-id", id, "-notype", "_DESKHAND_CONTROLS")
		if at := button.FindStringSubmatch(controls); at != nil {
			var box [4]int
			for i := range box {
				box[i], _ = strconv.Atoi(at[i+1])
			}
			pressed = true
			m.Try("env", "DISPLAY="+display, "xdotool", "mousemove", "--window", id, strconv.Itoa(box[0]+box[2]/2), strconv.Itoa(box[1]+box[3]/2), "click", "1")
		}
		return false
	})
	m.Try("systemctl", "stop", "end-user") // the window that says so stays until somebody closes it
}

func nothingLeft(t *testing.T, m *systemd.Machine) {
	t.Helper()
	servertest.Eventually(t, "nothing is left of it", func() bool {
		return m.Must("find", "/etc/systemd/system", "/usr/local/lib", "/var/lib", "-mindepth", "1", "-not", "-path", "/var/lib/systemd*") == ""
	})
	if out, code := m.Try("pgrep", "-f", "RemoteSupport unattended"); code == 0 {
		t.Errorf("it still runs: %s", out)
	}
}

// Without rights a user has a service of their own.
func TestServiceOfOneUser(t *testing.T) {
	m, err := systemd.Start(t)
	if errors.Is(err, systemd.ErrCannot) {
		withoutManager(t)
		return
	}
	s, program := servertest.New(t), build(t)
	rodney := s.Login(s.Admin)
	m.Must("systemctl", "start", "user@12345.service")
	createcomputer := []string{program, "/createcomputer", "/username", s.Admin.UserName, "/password", s.Admin.Password, "/relayurl", s.URL.String()}
	out, code := m.As(createcomputer...)
	if code != exitDone || !strings.Contains(out, "loginctl enable-linger tess") {
		t.Errorf("setting up: %d %s", code, out)
	}
	awaitOnline(t, rodney, true)
	if out, code := m.As(program, "service", "status"); code != exitDone || !strings.Contains(out, "installed and running") {
		t.Errorf("the status: %d %s", code, out)
	}
	if out, code := m.As(program, "removecomputer"); code != exitDone {
		t.Errorf("removing: %d %s", code, out)
	}
	if l := computers(t, rodney); len(l) != 0 {
		t.Errorf("the server still has it: %+v", l)
	}
	if out, _ := m.Try("find", "/home/tess", "-type", "f"); out != "" {
		t.Errorf("it leaves %s", out)
	}
}

// withoutManager is what holds where no systemd can be had: a computer is set up all the same, with a warning.
func withoutManager(t *testing.T) {
	t.Helper()
	s := servertest.New(t)
	state := filepath.Join(t.TempDir(), "state")
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	if syscall.Access("/run/systemd/system", 0) == nil {
		return // this machine's own systemd is not for tests
	}
	code, out, _ := runProgram(t.Context(), s.Admin.Password, "RemoteSupport", "/createcomputer", "/username", s.Admin.UserName, "/relayurl", s.URL.String(), "/state", state)
	if code != exitDone || !strings.Contains(out, "Warning: there is no service manager") {
		t.Errorf("exit code %d, %q", code, out)
	}
}
