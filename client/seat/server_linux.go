package seat

import (
	"bytes"
	"iter"
	"maps"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"deskhand/internal/x11"
)

// server is one X server that runs.
type server struct {
	display int
	pid     int
	uid     int
	vt      int    // 0: none, it draws into memory
	auth    string // its authority file; empty: none was named
}

func (s server) name() string { return ":" + strconv.Itoa(s.display) }

// displays lists the numbers of the sockets of X servers, the lowest first.
func (f *Finder) displays() []int {
	entries, err := os.ReadDir(f.root + "/tmp/.X11-unix")
	if err != nil {
		return nil
	}
	var list []int
	for _, e := range entries {
		if n, err := strconv.Atoi(strings.TrimPrefix(e.Name(), "X")); err == nil && n >= 0 {
			list = append(list, n)
		}
	}
	slices.Sort(list)
	return list
}

// lockedBy is the process of a display's server by its lock file; 0: none.
func (f *Finder) lockedBy(display int) int {
	b, err := os.ReadFile(f.root + "/tmp/.X" + strconv.Itoa(display) + "-lock")
	if err != nil || len(b) > 64 {
		return 0
	}
	pid, _ := strconv.Atoi(strings.TrimSpace(string(b)))
	return pid
}

// servers lists the X servers that can be shown. Anybody may leave a socket and a lock: what counts is the process.
func (f *Finder) servers() []server {
	var list []server
	for _, n := range f.displays() {
		pid := f.lockedBy(n)
		args := f.words(pid, "cmdline")
		if pid <= 0 || len(args) == 0 || !strings.HasPrefix(filepath.Base(args[0]), "X") || slices.Contains(args, "-rootless") {
			continue
		}
		s := server{display: n, pid: pid, uid: f.owner(pid)}
		for i, arg := range args {
			if arg == "-auth" && i+1 < len(args) {
				s.auth = args[i+1]
			}
			if vt, err := strconv.Atoi(strings.TrimPrefix(arg, "vt")); err == nil && strings.HasPrefix(arg, "vt") {
				s.vt = vt
			}
		}
		list = append(list, s)
	}
	return list
}

// words reads a file of /proc whose words end with NUL.
func (f *Finder) words(pid int, name string) []string {
	b, err := os.ReadFile(filepath.Join(f.root, "/proc", strconv.Itoa(pid), name))
	if err != nil || len(b) == 0 {
		return nil
	}
	return strings.Split(strings.TrimSuffix(string(b), "\x00"), "\x00")
}

// owner is whose a process is; -1: it is gone.
func (f *Finder) owner(pid int) int {
	st, err := os.Stat(filepath.Join(f.root, "/proc", strconv.Itoa(pid)))
	if err != nil {
		return -1
	}
	return int(st.Sys().(*syscall.Stat_t).Uid)
}

// cookie is what the server asks for: of its own authority file, else of one that a program on its display has.
func (f *Finder) cookie(s server) []byte {
	if s.auth != "" {
		if c := f.read(s.auth, s.uid, s.display); c != nil {
			return c
		}
	}
	for _, p := range f.clients(s) {
		if c := f.read(p.authority, p.uid, s.display); c != nil {
			return c
		}
	}
	return nil
}

// read reads a cookie from a file of that user's. Another one's is not read for them: a process may name any file in its command line.
func (f *Finder) read(path string, uid, display int) []byte {
	if !filepath.IsAbs(path) {
		return nil
	}
	file, err := os.OpenFile(f.root+path, os.O_RDONLY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil
	}
	defer file.Close()
	st, err := file.Stat()
	if err != nil || !st.Mode().IsRegular() || st.Size() > maxFile || uid != 0 && int(st.Sys().(*syscall.Stat_t).Uid) != uid {
		return nil
	}
	b := make([]byte, st.Size())
	n, _ := file.Read(b)
	return x11.ReadCookie(bytes.NewReader(b[:n]), display)
}

// client is a program that shows something on a display, by its environment.
type client struct {
	uid       int
	authority string
}

func (f *Finder) clients(s server) []client {
	entries, err := os.ReadDir(f.root + "/proc")
	if err != nil {
		return nil
	}
	var list []client
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil || pid == s.pid {
			continue
		}
		on, c := false, client{}
		for _, word := range f.words(pid, "environ") {
			name, value, _ := strings.Cut(word, "=")
			switch name {
			case "DISPLAY":
				on = value == s.name() || value == s.name()+".0"
			case "XAUTHORITY":
				c.authority = value
			case "HOME":
				if c.authority == "" && value != "" {
					c.authority = filepath.Join(value, ".Xauthority")
				}
			}
		}
		if c.uid = f.owner(pid); on && c.uid >= 0 {
			list = append(list, c)
		}
	}
	return list
}

// people are the users who have programs on a display, root left out where there is somebody else.
type people map[int]string

func (f *Finder) people(s server) people {
	p := people{}
	for _, c := range f.clients(s) {
		p[c.uid] = nameOf(c.uid)
	}
	if len(p) == 0 && s.uid > 0 {
		p[s.uid] = nameOf(s.uid)
	}
	if len(p) > 1 {
		delete(p, 0)
	}
	return p
}

func nameOf(uid int) string {
	u, err := user.LookupId(strconv.Itoa(uid))
	if err != nil {
		return ""
	}
	return u.Username
}

func (p people) uids() iter.Seq[int] { return maps.Keys(p) }

// greeters are the users that display managers show their login screen as.
var greeters = []string{"lightdm", "gdm", "Debian-gdm", "gdm-greeter", "sddm", "lxdm", "greetd", "_greetd", "slim", "xdm"}

// greeter tells whether only a display manager's user is there.
func (p people) greeter() bool {
	for _, name := range p {
		if !slices.Contains(greeters, name) {
			return false
		}
	}
	return len(p) > 0
}

// name is the one who is logged in, by the lowest number when there are several.
func (p people) name() string {
	for _, uid := range slices.Sorted(p.uids()) {
		if !slices.Contains(greeters, p[uid]) {
			return p[uid]
		}
	}
	return ""
}
