package service

import (
	"os"
	"path/filepath"
	"strconv"
)

// managed tells whether systemd is there to ask: it runs the computer (sd_booted(3)), or has a manager for this user. The variable that
// systemctl finds the user's manager by is set where a login has not (sudo, cron, ssh without PAM).
func managed(user bool) bool {
	if !user {
		_, err := os.Stat("/run/systemd/system")
		return err == nil
	}
	dir := os.Getenv("XDG_RUNTIME_DIR")
	if dir == "" {
		dir = "/run/user/" + strconv.Itoa(os.Getuid())
	}
	if _, err := os.Stat(filepath.Join(dir, "systemd", "private")); err != nil {
		return false
	}
	return os.Setenv("XDG_RUNTIME_DIR", dir) == nil
}

// Lingers tells whether this user's services also run while the user is not logged in (loginctl enable-linger).
func Lingers(userName string) bool {
	_, err := os.Stat(filepath.Join("/var/lib/systemd/linger", filepath.Base(userName)))
	return err == nil
}
