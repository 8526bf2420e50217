// Package client is the program on the end-user's computer: it keeps the signalling connection to the server, asks the end-user,
// shows the few windows, and serves each viewer in a session of its own.
//
//	Attended    one invite, one end-user at the screen, ends with the session
//	Unattended  an enrolled computer, for ever
//
// Each runs one loop that owns all state; the viewers and the signalling run beside it and come back by messages.
package client
