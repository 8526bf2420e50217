//go:build !linux && !windows && !darwin

package service

func managed(bool) bool { return false }

// Lingers tells whether this user's services also run while the user is not logged in.
func Lingers(string) bool { return true }
