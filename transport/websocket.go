package transport

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"

	"deskhand/wire"
)

// webSocket is a Conn over a WebSocket.
//
// No call passes a context on to the library: it would end the whole connection when it ends, and costs an allocation each
// time. Close and the timers end calls.
type webSocket struct {
	ws    *websocket.Conn
	raw   net.Conn // under ws
	alive *alive

	// The reading goroutine's.
	limit   int
	message io.Reader // the rest of the current WebSocket message, nil between two
	frames  int       // read from it
	buf     []byte

	writing   sync.Mutex // one write at a time; guards scratch and timer
	scratch   []byte
	timer     *time.Timer
	tooSlow   atomic.Bool
	closed    atomic.Bool
	closeOnce sync.Once
}

// newWebSocket takes over ws and the raw connection under it. a was given to its pings and pongs.
func newWebSocket(ws *websocket.Conn, raw net.Conn, a *alive) *webSocket {
	ws.SetReadLimit(-1) // frames have limits; a message may hold any number of them
	c := &webSocket{ws: ws, raw: raw, alive: a, limit: wire.MaxHello}
	c.timer = time.AfterFunc(WriteTimeout, func() {
		c.tooSlow.Store(true)
		_ = ws.CloseNow()
	})
	c.timer.Stop()
	a.start(ws)
	return c
}

func (c *webSocket) SetLimit(payload int) { c.limit = payload }

func (c *webSocket) Ping(ctx context.Context) (time.Duration, error) {
	began := time.Now()
	err := c.ws.Ping(ctx)
	return time.Since(began), err
}

func (c *webSocket) ReadFrame() (wire.Frame, error) {
	c.alive.reading(true)
	f, err := c.readFrame()
	c.alive.reading(false)
	if err != nil {
		err = c.failed("reading a frame", err)
		c.end(err)
		return nil, err
	}
	return f, nil
}

func (c *webSocket) readFrame() (wire.Frame, error) {
	for {
		if c.message == nil {
			typ, r, err := c.ws.Reader(context.Background())
			if err != nil {
				return nil, err
			}
			if typ != websocket.MessageBinary {
				return nil, wire.Violation("a text message")
			}
			c.message, c.frames = r, 0
		}
		f, err := wire.ReadFrame(c.message, c.buf, c.limit)
		switch {
		case err == nil:
			c.buf, c.frames = f, c.frames+1
			return f, nil
		case errors.Is(err, io.EOF) && c.frames > 0:
			c.message = nil
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			// Either the message ended too early or the connection did; only then the next message fails too.
			if _, _, lost := c.ws.Reader(context.Background()); lost != nil {
				return nil, lost
			}
			return nil, wire.Violation("a message without a whole frame")
		case errors.Is(err, wire.ErrFrameTooLarge):
			return nil, wire.Violation("%w", err)
		default:
			return nil, err
		}
	}
}

func (c *webSocket) Write(frames ...wire.Frame) error {
	if len(frames) == 0 {
		return nil
	}
	c.writing.Lock()
	defer c.writing.Unlock()
	message := []byte(frames[0])
	if len(frames) > 1 {
		c.scratch = c.scratch[:0]
		for _, f := range frames {
			c.scratch = append(c.scratch, f...)
		}
		message = c.scratch
	}
	c.timer.Reset(WriteTimeout)
	err := c.ws.Write(context.Background(), websocket.MessageBinary, message)
	c.timer.Stop()
	if err != nil {
		err = c.failed("writing a frame", err)
		c.end(err)
		return err
	}
	return nil
}

func (c *webSocket) Close(reason wire.Reason) error {
	c.closeOnce.Do(func() {
		c.closed.Store(true)
		c.alive.stop()
		// The library would wait for the rest of a message that never comes.
		force := time.AfterFunc(CloseTimeout, func() { _ = c.raw.Close() })
		defer force.Stop()
		_ = c.ws.Close(websocket.StatusNormalClosure, string(reason))
	})
	return nil
}

// failed gives an error of the library the form that Conn promises.
func (c *webSocket) failed(doing string, err error) error {
	var violation *wire.ProtocolError
	var status websocket.CloseError
	switch {
	case errors.As(err, &violation):
		return err
	case c.tooSlow.Load():
		return fmt.Errorf("%s: %w", doing, &wire.ProtocolError{Reason: wire.ReasonTooSlow, Err: errTooSlow})
	case c.alive.dead.Load():
		return fmt.Errorf("%s: %w", doing, errSilent)
	case c.closed.Load():
		return fmt.Errorf("%s: %w", doing, net.ErrClosed)
	case errors.As(err, &status) && status.Reason != "":
		return fmt.Errorf("%s: %w", doing, &wire.ClosedError{Reason: wire.ParseReason(status.Reason)})
	case errors.As(err, &status):
		return fmt.Errorf("%s: %w", doing, io.EOF)
	}
	return fmt.Errorf("%s: %w", doing, err)
}

var (
	errTooSlow = fmt.Errorf("the other end took nothing for %v", WriteTimeout)
	errSilent  = fmt.Errorf("connection lost: nothing came for %v", DeadAfter)
)

// end closes the connection after an error, so that the other end learns what it did wrong.
func (c *webSocket) end(err error) {
	var violation *wire.ProtocolError
	if errors.As(err, &violation) && !c.tooSlow.Load() {
		_ = c.Close(violation.Reason)
		return
	}
	c.closeOnce.Do(func() {
		c.closed.Store(true)
		c.alive.stop()
		_ = c.ws.CloseNow()
	})
}
