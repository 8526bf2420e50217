// Package service has the system's service manager keep the unattended client running: installed, started with the computer, restarted when
// it ends, and taken away without a trace. On Linux that is systemd (on macOS launchd), for the whole computer as root or for one user without.
//
// The program that was downloaded may be deleted or moved at any time, so Install copies it to a place of its own and the unit starts that copy.
package service
