//go:build !linux

package transport

import "syscall"

// socketControl is the Control function of the dialer and the listener; on this system there is nothing to set.
func socketControl(network, address string, c syscall.RawConn) error { return nil }
