//go:build !linux

package transport

import "syscall"

// SocketControl is the Control function for net.Dialer and net.ListenConfig; on this system there is nothing to set.
func SocketControl(network, address string, c syscall.RawConn) error { return nil }
