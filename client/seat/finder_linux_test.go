package seat

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// tree is a computer in a directory: its processes, sockets and what logind knows.
type tree struct {
	t *testing.T
	f *Finder
}

func newTree(t *testing.T) tree {
	return tree{t, &Finder{root: t.TempDir()}}
}

func (c tree) write(path, text string, uid int) {
	c.t.Helper()
	full := filepath.Join(c.f.root, path)
	if err := errors.Join(os.MkdirAll(filepath.Dir(full), 0o755), os.WriteFile(full, []byte(text), 0o600), os.Chown(full, uid, uid)); err != nil {
		c.t.Fatal(err)
	}
}

func (c tree) remove(path string) {
	c.t.Helper()
	if err := os.RemoveAll(filepath.Join(c.f.root, path)); err != nil {
		c.t.Fatal(err)
	}
}

// process is one that runs, with its command line and environment.
func (c tree) process(pid, uid int, args string, env ...string) {
	c.t.Helper()
	dir := "/proc/" + strconv.Itoa(pid)
	c.write(dir+"/cmdline", strings.ReplaceAll(args, " ", "\x00")+"\x00", uid)
	c.write(dir+"/environ", strings.Join(env, "\x00")+"\x00", uid)
	if err := os.Chown(filepath.Join(c.f.root, dir), uid, uid); err != nil {
		c.t.Fatal(err)
	}
}

// server is an X server that runs.
func (c tree) server(display, pid, uid int, args string) {
	c.t.Helper()
	n := strconv.Itoa(display)
	c.write("/tmp/.X11-unix/X"+n, "", uid)
	c.write("/tmp/.X"+n+"-lock", "     "+strconv.Itoa(pid)+"\n", uid)
	c.process(pid, uid, args)
}

// authority writes an authority file with a cookie that is 16 times letter.
func (c tree) authority(path string, uid, display int, letter string) {
	c.t.Helper()
	var b bytes.Buffer
	put := func(s string) {
		_ = binary.Write(&b, binary.BigEndian, uint16(len(s)))
		b.WriteString(s)
	}
	_ = binary.Write(&b, binary.BigEndian, uint16(65535)) // for every host
	put("")
	put(strconv.Itoa(display))
	put("MIT-MAGIC-COOKIE-1")
	put(strings.Repeat(letter, 16))
	c.write(path, b.String(), uid)
}

func (c tree) login(id, text string) {
	c.t.Helper()
	c.write("/run/systemd/seats/seat0", "IS_SEAT0=1\nACTIVE="+id+"\n", 0)
	c.write("/run/systemd/sessions/"+id, text, 0)
}

func (c tree) expect(want Session) {
	c.t.Helper()
	got, err := c.f.Find()
	if err != nil || !got.Same(want) {
		c.t.Errorf("found %+v, %v; want %+v", got, err, want)
	}
}

func cookie(letter string) []byte { return []byte(strings.Repeat(letter, 16)) }

// From the login screen to a session, to another user's, and back: what logind says is active is what is found.
func TestFollowsLogind(t *testing.T) {
	c := newTree(t)
	c.server(0, 100, 0, "/usr/lib/xorg/Xorg :0 -seat seat0 -auth /var/run/lightdm/root/:0 -nolisten tcp vt7")
	c.authority("/var/run/lightdm/root/:0", 0, 0, "g")
	c.login("c1", "UID=110\nUSER=lightdm\nTYPE=x11\nCLASS=greeter\nDISPLAY=:0\nVTNR=7\n")
	c.expect(Session{Display: ":0", Cookie: cookie("g"), Greeter: true})
	if !c.f.Changed() || c.f.Changed() {
		t.Error("a change is not told once")
	}

	c.login("2", "UID=1000\nUSER=ada\nTYPE=x11\nCLASS=user\nDISPLAY=:0\nVTNR=7\n")
	if !c.f.Changed() {
		t.Error("the login is no change")
	}
	c.expect(Session{Display: ":0", Cookie: cookie("g"), User: "ada"})

	c.server(1, 200, 0, "/usr/lib/xorg/Xorg :1 -auth /var/run/lightdm/root/:1 vt8")
	c.authority("/var/run/lightdm/root/:1", 0, 1, "b")
	c.login("5", "UID=1001\nUSER=grace\nTYPE=x11\nCLASS=user\nVTNR=8\n") // a display manager that does not tell the display
	c.expect(Session{Display: ":1", Cookie: cookie("b"), User: "grace"})
	if !c.f.Changed() {
		t.Error("the second session is no change")
	}

	c.remove("/tmp/.X11-unix/X1")
	c.login("2", "UID=1000\nUSER=ada\nTYPE=x11\nCLASS=user\nDISPLAY=:0\nVTNR=7\n")
	if !c.f.Changed() {
		t.Error("the switch back is no change")
	}
	c.expect(Session{Display: ":0", Cookie: cookie("g"), User: "ada"})

	c.login("9", "UID=1000\nUSER=ada\nTYPE=wayland\nCLASS=user\nVTNR=2\n")
	if _, err := c.f.Find(); !errors.Is(err, ErrWayland) {
		t.Errorf("Wayland: %v", err)
	}
	c.login("9", "UID=1000\nUSER=ada\nTYPE=tty\nCLASS=user\nVTNR=2\n")
	if s, err := c.f.Find(); !errors.Is(err, ErrNone) {
		t.Errorf("on a text console, with X in the background: %+v, %v", s, err)
	}
}

// Without logind: the servers that run, and whose programs they show.
func TestWithoutLogind(t *testing.T) {
	c := newTree(t)
	if s, err := c.f.Find(); !errors.Is(err, ErrNone) {
		t.Errorf("an empty computer: %+v, %v", s, err)
	}
	c.server(5, 300, 65534, "Xvfb :5 -auth /home/n/.serverauth")
	c.authority("/home/n/.serverauth", 65534, 5, "n")
	c.expect(Session{Display: ":5", Cookie: cookie("n"), User: "nobody"})

	// The cookie of a server that names no file is that of its programs.
	c.server(3, 301, 65534, "/usr/bin/Xvfb :3")
	c.authority("/home/n/.Xauthority", 65534, 3, "h")
	c.process(302, 65534, "xterm", "HOME=/home/n", "DISPLAY=:3.0")
	c.expect(Session{Display: ":3", Cookie: cookie("h"), User: "nobody"})

	// What is gone but for its socket, and what only Wayland's programs have, are no sessions.
	c.server(1, 303, 65534, "Xwayland :1 -rootless")
	c.server(2, 304, 0, "Xorg :2")
	c.remove("/proc/304")
	c.expect(Session{Display: ":3", Cookie: cookie("h"), User: "nobody"})
}

// A user cannot make root read other people's files: a cookie comes only from a file of whoever names it.
func TestOtherPeoplesAuthorityFiles(t *testing.T) {
	c := newTree(t)
	c.authority("/var/run/lightdm/root/:0", 0, 4, "g")
	c.server(4, 400, 65534, "Xvfb :4 -auth /var/run/lightdm/root/:0")
	c.process(401, 65534, "xterm", "DISPLAY=:4", "XAUTHORITY=/var/run/lightdm/root/:0")
	c.expect(Session{Display: ":4", User: "nobody"})
}

// A process that is not root's shows only its own user's sessions.
func TestOnlyOwnSessions(t *testing.T) {
	c := newTree(t)
	c.f.uid = 65534
	c.server(0, 100, 0, "Xorg :0 vt7 -auth /a")
	c.login("2", "UID=1000\nUSER=ada\nTYPE=x11\nCLASS=user\nDISPLAY=:0\nVTNR=7\n")
	if s, err := c.f.Find(); !errors.Is(err, ErrNone) {
		t.Errorf("another user's session: %+v, %v", s, err)
	}
	c.server(6, 101, 65534, "Xvfb :6")
	c.expect(Session{Display: ":6", User: "nobody"})
}

// Nothing that stands in those files makes it fall.
func FuzzFind(f *testing.F) {
	f.Add("ACTIVE=1\n", "TYPE=x11\nDISPLAY=:0\nVTNR=7\n", "Xorg\x00:0\x00-auth\x00/a\x00vt7\x00", "100")
	f.Add("ACTIVE=../../etc\n", "UID=x\n", "X\x00-auth\x00", "-1")
	f.Fuzz(func(t *testing.T, seat, session, cmdline, lock string) {
		c := newTree(t)
		c.write("/run/systemd/seats/seat0", seat, 0)
		c.write("/run/systemd/sessions/1", session, 0)
		c.write("/tmp/.X11-unix/X0", "", 0)
		c.write("/tmp/.X0-lock", lock, 0)
		c.write("/proc/100/cmdline", cmdline, 0)
		c.f.Changed()
		if s, err := c.f.Find(); err == nil && s.Display != ":0" {
			t.Errorf("found %+v", s)
		}
	})
}
