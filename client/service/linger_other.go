//go:build !windows && !darwin

package service

import "fmt"

// LingerHint says what a user's service lacks, systemd ends it when the user logs out, and what to do about it.
func LingerHint(userName string) string {
	return fmt.Sprintf("It runs while you are logged in. To have it start with the computer:  loginctl enable-linger %s", userName)
}
