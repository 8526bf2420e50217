package seat

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Finder looks for sessions. The zero Finder looks at this computer.
type Finder struct {
	root string // in front of every path; empty but in tests
	uid  int    // whose sessions are looked for, in tests; 0 is everybody's
	last string
}

// New returns a Finder of the sessions that this process may show: root those of everybody, others their own.
func New() *Finder { return &Finder{uid: os.Geteuid()} }

// Find returns the session that somebody sits at: the active one of the seat as logind knows it, else the best of the X servers that run. Errors:
// ErrNone, ErrWayland.
func (f *Finder) Find() (Session, error) {
	servers := f.servers()
	active := f.active()
	if active.kind == "wayland" && (f.uid == 0 || f.uid == active.uid) {
		return Session{}, ErrWayland
	}
	for _, s := range servers {
		if active.kind == "x11" && (s.name() == active.display || active.display == "" && s.vt == active.vt && s.vt != 0) && f.ours(s, active.uid) {
			return Session{Display: s.name(), Cookie: f.cookie(s), User: active.visibleUser(), Greeter: active.greeter}, nil
		}
	}
	var found []Session
	rank := map[string]int{}
	for _, s := range servers {
		if s.vt != 0 && active.vt != 0 && s.vt != active.vt {
			continue // in the background: it draws nothing
		}
		people := f.people(s)
		if !f.ours(s, slices.Collect(people.uids())...) {
			continue
		}
		sess := Session{Display: s.name(), Cookie: f.cookie(s), User: people.name(), Greeter: people.greeter()}
		found = append(found, sess)
		switch {
		case s.vt != 0: // on a screen, not in memory
		case sess.User != "":
			rank[sess.Display] = 1
		case !sess.Greeter:
			rank[sess.Display] = 2
		default:
			rank[sess.Display] = 3
		}
	}
	if len(found) == 0 {
		return Session{}, ErrNone
	}
	return slices.MinFunc(found, func(a, b Session) int { return cmp.Compare(rank[a.Display], rank[b.Display]) }), nil
}

// ours tells whether this process may show what the server of these people shows: root may, others theirs.
func (f *Finder) ours(s server, uids ...int) bool {
	return f.uid == 0 || s.uid == f.uid || slices.Contains(uids, f.uid)
}

// Changed tells, for a few small files' reading, whether a session may have come, gone or been switched since it was last asked.
func (f *Finder) Changed() bool {
	var b strings.Builder
	for _, name := range []string{"/run/systemd/seats/seat0", "/sys/class/tty/tty0/active"} {
		text, _ := os.ReadFile(f.root + name)
		b.Write(text)
		b.WriteByte(0)
	}
	for _, n := range f.displays() {
		b.WriteString(strconv.Itoa(n))
		pid := f.lockedBy(n)
		b.WriteByte(':')
		b.WriteString(strconv.Itoa(pid))
		b.WriteByte(0)
		if st, err := os.Stat(filepath.Join(f.root, "/proc", strconv.Itoa(pid))); err == nil {
			b.WriteString(st.ModTime().String())
		}
	}
	changed := b.String() != f.last
	f.last = b.String()
	return changed
}
