// Package transport carries frames: over WebSockets, from the client (Dialer) and into the server (AcceptClient,
// AcceptBrowser). transporttest is its twin in memory.
//
// See "Connections" and "Frame" in docs/protocol.md.
package transport

import (
	"context"
	"time"

	"deskhand/wire"
)

// What a connection takes before it is given up. See "Connections" in docs/protocol.md.
const (
	PingAfter    = 15 * time.Second // of silence, a ping goes out
	DeadAfter    = 35 * time.Second // of silence, the connection is dead
	WriteTimeout = 30 * time.Second // for the network to take one write
	CloseTimeout = 2 * time.Second  // for the other end to say goodbye too
)

// Conn is a connection that carries frames both ways. One goroutine reads; any number may write and close.
//
// A read or write fails with *wire.ClosedError when the other end closed for a reason, with *wire.ProtocolError when it
// broke the protocol, with an error that is io.EOF when it closed without a word, with net.ErrClosed after Close, and with
// another one when the connection was lost. After an error the connection is closed.
type Conn interface {
	// ReadFrame waits for the next frame. It is valid until the next call.
	ReadFrame() (wire.Frame, error)
	// Write sends the frames in order, together. It waits until the network has taken them, at most WriteTimeout.
	Write(frames ...wire.Frame) error
	// SetLimit sets the most that the payload of a frame read from now on may have, in bytes. It is wire.MaxHello at
	// first. Only the reading goroutine may call it.
	SetLimit(payload int)
	// Ping is how long the other end takes to answer; somebody must be reading meanwhile. The connection outlives a late answer.
	Ping(ctx context.Context) (time.Duration, error)
	// Close ends the connection and tells the other end why; both waiting calls and later ones fail. It takes up to
	// CloseTimeout when the other end does not answer. A second call waits for the first.
	Close(reason wire.Reason) error
}
