// Package client is the program on the end-user's computer: it keeps the signalling connection to the server, asks the end-user,
// shows the few windows, and serves each viewer in a session of its own.
//
//	Attended    one invite, one end-user at the screen, ends with the session
//	Unattended  an enrolled computer, for ever
//
// Both run one loop (core.run) that owns all state; viewers run beside it and come back by messages.
package client
