package seat

import (
	"bufio"
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// login is the session of logind that is active on the first seat. The files are those that sd-login(3) reads; a daemon to ask would be one more
// thing that may not run.
type login struct {
	kind    string // "x11", "wayland", "tty", "mir"; empty: logind knows none
	display string // as X names it; empty: unknown
	vt      int    // 0: unknown
	uid     int
	user    string
	greeter bool
}

// visibleUser is who is logged in; a display manager's own user is nobody.
func (l login) visibleUser() string {
	if l.greeter {
		return ""
	}
	return l.user
}

func (f *Finder) active() login {
	seat := properties(f.root + "/run/systemd/seats/seat0")
	l := login{vt: f.foreground()}
	id := seat["ACTIVE"]
	if id == "" || filepath.Base(id) != id {
		return l
	}
	s := properties(f.root + "/run/systemd/sessions/" + id)
	l.kind, l.display, l.user, l.greeter = s["TYPE"], s["DISPLAY"], s["USER"], s["CLASS"] == "greeter"
	l.uid, _ = strconv.Atoi(s["UID"])
	if vt, err := strconv.Atoi(s["VTNR"]); err == nil {
		l.vt = vt
	}
	return l
}

// foreground is the number of the virtual terminal that is on the screen; 0: there is none.
func (f *Finder) foreground() int {
	b, err := os.ReadFile(f.root + "/sys/class/tty/tty0/active")
	if err != nil {
		return 0
	}
	n, _ := strconv.Atoi(strings.TrimPrefix(strings.TrimSpace(string(b)), "tty"))
	return n
}

// maxFile bounds what is read of a small file, in bytes.
const maxFile = 64 << 10

// properties reads NAME=value lines.
func properties(path string) map[string]string {
	all := map[string]string{}
	file, err := os.Open(path)
	if err != nil {
		return all
	}
	defer file.Close()
	b := make([]byte, maxFile)
	n, _ := file.Read(b)
	for s := bufio.NewScanner(bytes.NewReader(b[:n])); s.Scan(); {
		if name, value, ok := strings.Cut(s.Text(), "="); ok {
			all[name] = strings.Trim(value, `"`)
		}
	}
	return all
}
