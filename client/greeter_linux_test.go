package client

import (
	"errors"
	"fmt"
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

// lightdm is a display manager whose X servers draw into memory, with the D-Bus and logind of a computer that people sit at.
const lightdm = `
units=/lib/systemd/system
for unit in dbus systemd-logind; do printf '[Unit]\nDefaultDependencies=no\n[Service]\n' >$units/$unit.service; done
printf 'ExecStart=/usr/bin/dbus-daemon --system --address=systemd: --nofork --nopidfile --systemd-activation\n' >>$units/dbus.service
printf 'BusName=org.freedesktop.login1\nExecStart=/lib/systemd/systemd-logind\n' >>$units/systemd-logind.service
printf '[Socket]\nListenStream=/run/dbus/system_bus_socket\n' >$units/dbus.socket
printf '[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/lib/systemd/systemd-user-runtime-dir start %%i\n' >$units/user-runtime-dir@.service
mkdir -p /etc/systemd/system/deskhand-client.service.d
printf '[Service]\nStandardOutput=append:/run/client.log\nStandardError=append:/run/client.log\n' >/etc/systemd/system/deskhand-client.service.d/log.conf
systemctl daemon-reload
systemctl start dbus.socket systemd-logind
mkdir -p /run/lightdm /run/dbus /var/lib/lightdm /var/lib/lightdm-data /var/log/lightdm
chown lightdm /var/lib/lightdm /var/lib/lightdm-data
cat >/run/xserver <<'X'
#!/bin/sh
vt=vt0
while [ $# -gt 0 ]; do case $1 in :*) display=$1 ;; -auth) auth=$2 ;; vt*) vt=$1 ;; esac; shift; done
echo $display >/run/screen-$vt
exec Xvfb $display -auth $auth -screen 0 800x600x24 -nolisten tcp -noreset
X
chmod 755 /run/xserver
printf '%s\n' '[LightDM]' run-directory=/run/lightdm minimum-display-number=$1 '[Seat:*]' xserver-command=/run/xserver greeter-session=lightdm-gtk-greeter \
  greeter-hide-users=true xserver-share=false user-session=openbox >/run/lightdm.conf
systemd-run --quiet --unit=display-manager lightdm --debug --config /run/lightdm.conf
`

// The service of a computer that stands at the login screen of a real display manager: an agent sees it, and watches on when somebody has logged in,
// when the next one is let to the screen, and when the first comes back.
func TestServiceAtTheLoginScreen(t *testing.T) {
	m, err := systemd.Start(t)
	if errors.Is(err, systemd.ErrCannot) {
		return // TestFollowsWhoSitsThere tells as much as can be told here
	}
	s := servertest.New(t)
	rodney := s.Login(s.Admin)
	display := systemd.Display()
	m.Must("sh", "-c", lightdm, "lightdm", display)
	defer func() {
		if t.Failed() {
			out, _ := m.Try("sh", "-c", "loginctl; cat /run/systemd/seats/seat0 /sys/class/tty/tty0/active; tail -n 40 /var/log/lightdm/lightdm.log; cat /run/client.log")
			t.Log(out)
		}
	}()
	m.Must(shipped(t), "/createcomputer", "/username", s.Admin.UserName, "/password", s.Admin.Password, "/relayurl", s.URL.String())
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
	pointerMoves(t, m, v, "greeter", 450, 260)

	// The session's X server comes in the login screen's place, and the same viewer goes along.
	logIn(t, m, v, 0)
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
	if _, code := m.Try("test", "-e", "/dev/tty0"); code == 0 { // without virtual terminals nobody can change places
		aSecondLoginScreen(t, m, v)
	}
	v.say(&wire.Control{Message: &wire.Control_Bye{Bye: &wire.Bye{}}})
	servertest.Eventually(t, "the row tells who is logged in", func() bool { return computer().UserName == systemd.UserName })
}

// aSecondLoginScreen lets the next one to the screen while tess stays logged in, and tess back to her session.
func aSecondLoginScreen(t *testing.T, m *systemd.Machine, v *view) {
	t.Helper()
	from := len(lightdmLog(m))
	m.Must("env", "XDG_SEAT_PATH=/org/freedesktop/DisplayManager/Seat0", "dm-tool", "switch-to-greeter")
	pointerMoves(t, m, v, "greeter", 333, 222)
	logIn(t, m, v, from)
	pointerMoves(t, m, v, "user", 111, 444)
}

// shipped builds the client as it is shipped, in a directory that the machine has, too.
func shipped(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/var/tmp", "remotesupport")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	program := filepath.Join(dir, "RemoteSupport")
	build := exec.Command("go", "build", "-o", program, "deskhand/cmd/remotesupport")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building the program: %v: %s", err, out)
	}
	return program
}

// inFront is the session in front, by its class as logind names it, and its display; empty: there is none.
func inFront(m *systemd.Machine) (class, display string) {
	active, _ := m.Try("loginctl", "show-seat", "seat0", "--property=ActiveSession", "--value")
	session, _ := m.Try("loginctl", "show-session", strings.TrimSpace(active), "--property=Class", "--property=VTNr", "--value")
	if is := strings.Fields(session); len(is) == 2 {
		return is[1], strings.TrimSpace(m.Must("cat", "/run/screen-vt"+is[0])) // what lightdm tells logind may be the next number
	}
	return "", ""
}

// xdotool runs at a display of lightdm's.
func xdotool(m *systemd.Machine, display string, args ...string) string {
	out, _ := m.Try(append([]string{"env", "DISPLAY=" + display, "XAUTHORITY=/run/lightdm/root/" + display, "xdotool"}, args...)...)
	return strings.TrimSpace(out)
}

// pointerMoves waits until the session in front is of that class, and the viewer's pointer is its display's, at a place where it has not been.
func pointerMoves(t *testing.T, m *systemd.Machine, v *view, class string, x, y uint16) {
	t.Helper()
	servertest.Eventually(t, "the pointer moves on the display of a "+class, func() bool {
		front, display := inFront(m)
		if front != class {
			return false
		}
		v.input(wire.PointerEvent{X: x, Y: y})
		return strings.HasPrefix(xdotool(m, display, "getmouselocation"), fmt.Sprintf("x:%d y:%d ", x, y))
	})
}

// lightdmLog is what lightdm has written.
func lightdmLog(m *systemd.Machine) string { return m.Must("cat", "/var/log/lightdm/lightdm.log") }

// logIn types a name and a password through the view into the login screen that comes after the log was so long.
func logIn(t *testing.T, m *systemd.Machine, v *view, from int) {
	t.Helper()
	said := func(what string) int { return strings.Count(lightdmLog(m)[from:], what) }
	const asks, wrong = "Prompt greeter with 1 message(s)", "Authenticate result for user tess: Authentication failure"
	servertest.Eventually(t, "the login screen asks for a name", func() bool {
		_, display := inFront(m)
		return said(asks) == 1 && xdotool(m, display, "search", "--onlyvisible", "--class", "lightdm-gtk-greeter") != ""
	})
	again := time.Time{}
	servertest.Eventually(t, "the login screen asks for the password", func() bool {
		if time.Now().After(again) { // the window that is seen may not listen yet
			v.input(
				wire.KeyEvent{Down: true, Modifiers: wire.ModControl, Code: "ControlLeft", Key: "Control"}, wire.KeyEvent{Down: true, Modifiers: wire.ModControl, Code: "KeyA", Key: "a"},
				wire.KeyEvent{Modifiers: wire.ModControl, Code: "KeyA", Key: "a"}, wire.KeyEvent{Code: "ControlLeft", Key: "Control"},
			)
			v.writes("tess")
			v.presses("Enter", "Enter")
			again = time.Now().Add(12 * time.Second)
		}
		return said(asks) == 2
	})
	for let, refused := false, 0; !let; refused = said(wrong) { // what is typed before the field is there has no beginning: then it is asked for anew
		v.writes("open sesame")
		v.presses("Enter", "Enter")
		servertest.Eventually(t, "the login screen lets tess in", func() bool {
			let = said("Authenticate result for user tess: Success") > 0
			return let || said(wrong) > refused && said(asks) == 2+said(wrong)
		})
	}
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
