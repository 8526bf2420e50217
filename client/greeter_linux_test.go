package client

import (
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"deskhand/internal/systemd"
	"deskhand/server/httpapi"
	"deskhand/server/servertest"
	"deskhand/wire"
)

// lightdm is a display manager whose X servers draw into memory.
const lightdm = `
mkdir -p /run/lightdm /run/dbus /var/lib/lightdm /var/lib/lightdm-data /var/log/lightdm
chown lightdm /var/lib/lightdm /var/lib/lightdm-data
cat >/run/xserver <<'X'
#!/bin/sh
while [ $# -gt 0 ]; do case $1 in :*) display=$1 ;; -auth) auth=$2 ;; esac; shift; done
exec Xvfb $display -auth $auth -screen 0 800x600x24 -nolisten tcp
X
chmod 755 /run/xserver
printf '%s\n' '[LightDM]' run-directory=/run/lightdm minimum-display-number=$1 '[Seat:*]' xserver-command=/run/xserver greeter-session=lightdm-gtk-greeter \
  greeter-hide-users=true xserver-share=false user-session=openbox >/run/lightdm.conf
dbus-daemon --system --fork
systemd-run --quiet --unit=display-manager lightdm --debug --config /run/lightdm.conf
`

// The service of a computer that stands at the login screen of a real display manager: an agent sees it, and watches on when somebody has logged in.
func TestServiceAtTheLoginScreen(t *testing.T) {
	m, err := systemd.Start(t)
	if errors.Is(err, systemd.ErrCannot) {
		return // TestFollowsWhoSitsThere tells as much as can be told here
	}
	dir, err := os.MkdirTemp("/var/tmp", "remotesupport")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	program := filepath.Join(dir, "RemoteSupport")
	build := exec.Command("go", "build", "-o", program, "deskhand/cmd/remotesupport")
	build.Env = append(os.Environ(), "CGO_ENABLED=0") // as it is shipped
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building the program: %v: %s", err, out)
	}
	s := servertest.New(t)
	rodney := s.Login(s.Admin)
	display := systemd.Display()
	m.Must("sh", "-c", lightdm, "lightdm", display)
	m.Must(program, "/createcomputer", "/username", s.Admin.UserName, "/password", s.Admin.Password, "/relayurl", s.URL.String())
	online(t, rodney)
	theWorkerHasNoRights(t, m)

	computer := func() httpapi.Computer {
		var l httpapi.List[httpapi.Computer]
		rodney.Must(http.MethodGet, "/api/computers", nil, &l)
		return l.Items[0]
	}
	v := connect(t, s, rodney, "/api/computers/"+computer().ID) // perhaps before there is a login screen: then it comes
	v.allowed(wire.Level_LEVEL_CONTROL)
	servertest.Eventually(t, "the login screen's picture", func() bool { return len(v.screens) > 0 })
	servertest.Eventually(t, "the pointer moves at the login screen", func() bool {
		v.input(wire.PointerEvent{X: 450, Y: 260})
		out, _ := m.Try("env", "DISPLAY=:"+display, "XAUTHORITY=/run/lightdm/root/:"+display, "xdotool", "getmouselocation")
		return strings.HasPrefix(out, "x:450 y:260 ")
	})

	// Somebody types a name and a password through the view: the session's X server comes in the login screen's place, and the same viewer goes along.
	asked := func() int {
		out, _ := m.Try("sh", "-c", "cat /var/log/lightdm/lightdm.log")
		return strings.Count(out, "Prompt greeter with 1 message(s)")
	}
	servertest.Eventually(t, "the login screen asks for a name", func() bool { return asked() == 1 })
	again := time.Time{}
	servertest.Eventually(t, "the login screen asks for the password", func() bool {
		if time.Now().After(again) { // its window may not be there yet
			v.input(
				wire.KeyEvent{Down: true, Modifiers: wire.ModControl, Code: "ControlLeft", Key: "Control"}, wire.KeyEvent{Down: true, Modifiers: wire.ModControl, Code: "KeyA", Key: "a"},
				wire.KeyEvent{Modifiers: wire.ModControl, Code: "KeyA", Key: "a"}, wire.KeyEvent{Code: "ControlLeft", Key: "Control"},
			)
			v.writes("tess")
			v.presses("Enter", "Enter")
			again = time.Now().Add(5 * time.Second)
		}
		return asked() == 2
	})
	v.writes("open sesame")
	v.presses("Enter", "Enter")
	v.await("that the login screen is gone", func(m *wire.Control) bool { return m.GetNoPicture().GetReason() != "" })
	v.await("that there is a picture again", func(m *wire.Control) bool { return m.GetNoPicture() != nil && m.GetNoPicture().GetReason() == "" })
	servertest.Eventually(t, "the session's window manager runs", func() bool {
		_, code := m.Try("pgrep", "-u", systemd.UserName, "openbox")
		return code == 0
	})
	for len(v.screens) > 0 {
		<-v.screens
	}
	v.say(&wire.Control{Message: &wire.Control_Refresh{Refresh: &wire.RefreshRequest{}}})
	servertest.Eventually(t, "the session's picture", func() bool { return len(v.screens) > 0 })
	rootsPrompt(t, s, rodney, "/api/computers/"+computer().ID)
	v.say(&wire.Control{Message: &wire.Control_Bye{Bye: &wire.Bye{}}})
	servertest.Eventually(t, "the row tells who is logged in", func() bool { return computer().UserName == systemd.UserName })
}

// theWorkerHasNoRights looks at the processes of the service: the parent is root and listens to nobody, the worker is nobody.
func theWorkerHasNoRights(t *testing.T, m *systemd.Machine) {
	t.Helper()
	status := m.Must("sh", "-c", "cat /proc/$(pgrep -x -f '/proc/self/exe worker')/status")
	field := func(name string) string {
		for line := range strings.Lines(status) {
			if rest, ok := strings.CutPrefix(line, name+":"); ok {
				return strings.TrimSpace(rest)
			}
		}
		return ""
	}
	uid, _ := strconv.Atoi(strings.Fields(field("Uid") + " 0")[0])
	if uid < 61184 || field("NoNewPrivs") != "1" || strings.Trim(field("CapEff"), "0") != "" || strings.Trim(field("CapPrm"), "0") != "" {
		t.Errorf("the worker has rights: %s", status)
	}
}

// rootsPrompt opens a prompt: its shell is root's, and nothing of what shuts the service in is around it.
func rootsPrompt(t *testing.T, s *servertest.Server, rodney *servertest.Agent, path string) {
	t.Helper()
	p := openPrompt(t, s, rodney, path, "", 0).begin()
	p.typed("id -u; touch /etc/systemd/system/probe && rm /etc/systemd/system/probe && echo wri''tten; grep -c deskhand-client /proc/self/cgroup\n")
	p.shows("written\r\n0\r\n")
	p.typed("echo uid=$(id -u)\n")
	p.shows("uid=0\r\n")
	p.typed("exit 3\n")
	p.until("the shell has ended", func() bool { return p.ended.GetExitCode() == 3 })
}
