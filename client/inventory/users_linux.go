package inventory

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"io/fs"
	"os"
	"path"
	"slices"
	"time"
)

// Where systemd-logind keeps seats and sessions, a file each; see sd-login(3).
const (
	seatsDir    = "run/systemd/seats"
	sessionsDir = "run/systemd/sessions"
)

// Present tells whether somebody is logged in at this computer's screen. Where systemd-logind does not run nobody knows: whoever can show
// windows then counts as somebody.
func Present(windows bool) bool { return present(os.DirFS("/"), windows) }

func present(root fs.FS, windows bool) bool {
	seats, err := fs.ReadDir(root, seatsDir)
	if err != nil || len(seats) == 0 {
		return windows
	}
	return slices.ContainsFunc(logins(root), func(s map[string]string) bool {
		return s["CLASS"] == "user" && s["STATE"] != "closing" && (s["TYPE"] == "x11" || s["TYPE"] == "wayland" || s["TYPE"] == "mir")
	})
}

// logins are logind's sessions.
func logins(root fs.FS) (list []map[string]string) {
	files, err := fs.ReadDir(root, sessionsDir)
	if err != nil {
		return nil
	}
	for _, f := range files {
		if f.Type().IsRegular() {
			list = append(list, values(text(root, path.Join(sessionsDir, f.Name()))))
		}
	}
	return list
}

// users are the people who are logged in, by logind, else by utmp(5).
func users(root fs.FS) (list []User) {
	for _, s := range logins(root) {
		if s["CLASS"] != "user" || s["STATE"] == "closing" || s["USER"] == "" {
			continue
		}
		u := User{Name: s["USER"], Place: cmp.Or(s["REMOTE_HOST"], s["DISPLAY"], s["TTY"], s["SEAT"])}
		if micros := number(s["REALTIME"]); micros > 0 {
			u.Since = time.UnixMicro(int64(micros))
		}
		list = append(list, u)
	}
	if list == nil {
		for _, name := range []string{"run/utmp", "var/run/utmp"} {
			if list = records(text(root, name)); list != nil {
				break
			}
		}
	}
	slices.SortFunc(list, func(a, b User) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Place, b.Place), a.Since.Compare(b.Since))
	})
	list = slices.CompactFunc(list, sameUser)
	return list[:min(len(list), maxUsers)]
}

// record is an entry of utmp on 64-bit Linux.
type record struct {
	Type    int16
	_       [2]byte
	_       int32 // process
	Line    [32]byte
	_       [4]byte
	User    [32]byte
	Host    [256]byte
	_       [8]byte // exit status and session
	Seconds int32
	_       [40]byte // microseconds, address, unused
}

const userProcess = 7

func records(utmp string) (list []User) {
	r := bytes.NewReader([]byte(utmp))
	for {
		var e record
		if err := binary.Read(r, binary.NativeEndian, &e); err != nil {
			return list
		}
		if e.Type != userProcess || word(e.User[:]) == "" {
			continue
		}
		list = append(list, User{Name: word(e.User[:]), Place: cmp.Or(word(e.Host[:]), word(e.Line[:])), Since: time.Unix(int64(e.Seconds), 0)})
	}
}

func word(b []byte) string {
	before, _, _ := bytes.Cut(b, []byte{0})
	return string(before)
}
