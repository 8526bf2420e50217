package inventory

import (
	"cmp"
	"os/user"
	"slices"
	"strings"
	"unsafe"

	"golang.org/x/sys/windows"

	"deskhand/internal/win32"
)

// login is a session of Windows that somebody is logged in to.
type login struct {
	User
	active bool // it is connected to a screen, here or far away
}

// logins are the sessions with a user; known is false where nobody lists them.
func logins() (list []login, known bool) {
	var first *windows.WTS_SESSION_INFO
	var count uint32
	if err := windows.WTSEnumerateSessions(0, 0, 1, &first, &count); err != nil || first == nil {
		return nil, false
	}
	defer windows.WTSFreeMemory(uintptr(unsafe.Pointer(first)))
	for _, s := range unsafe.Slice(first, count) {
		name := sessionText(s.SessionID, wtsUserName)
		if name == "" {
			continue // the services, or a login screen
		}
		place := cmp.Or(sessionText(s.SessionID, wtsClientName), windows.UTF16PtrToString(s.WindowStationName))
		list = append(list, login{User{Name: name, Place: strings.ToLower(place), Since: loggedInSince(s.SessionID)}, s.State == windows.WTSActive})
	}
	return list, true
}

// Present tells whether somebody is logged in at one of this computer's screens. Where Windows does not list its sessions, whoever can show windows counts as
// somebody.
func Present(windows bool) bool {
	list, known := logins()
	if !known || len(list) == 0 && ownSession() {
		return windows
	}
	return slices.ContainsFunc(list, func(l login) bool { return l.active })
}

// ownSession tells whether this process itself is in a session that somebody has logged in to, though no session has a user (Wine).
func ownSession() bool {
	u, err := user.Current()
	return err == nil && !strings.EqualFold(u.Uid, "S-1-5-18") // the system itself
}

func users() (list []User) {
	all, _ := logins()
	for _, l := range all {
		list = append(list, l.User)
	}
	if len(list) == 0 && ownSession() {
		if u, err := user.Current(); err == nil {
			list = []User{{Name: u.Username[strings.LastIndexByte(u.Username, '\\')+1:]}}
		}
	}
	slices.SortFunc(list, func(a, b User) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Place, b.Place), a.Since.Compare(b.Since))
	})
	return list[:min(len(list), maxUsers)]
}

// SessionUser is who is logged in to the session that this process runs in; empty: nobody, or Windows does not say.
func SessionUser() string { return sessionText(win32.CurrentSession, wtsUserName) }
