package x11

import (
	"fmt"
	"net"
	"os"
	"sync"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// Conn is one connection to an X server. All of xgb's requests work on the embedded connection, from any goroutine.
// Somebody must read Events until it is closed, else the connection stops when 5000 events wait.
type Conn struct {
	*xgb.Conn
	Screen *xproto.ScreenInfo // the screen that the display name chose

	used   []extension // guarded by ExtLock
	stream *stream
	close  sync.Once
}

// Dial connects to a display such as ":0"; "" is the one that DISPLAY names.
func Dial(display string) (*Conn, error) {
	a, x, s, err := connect(display)
	if err != nil {
		return nil, err
	}
	c := &Conn{Conn: x, stream: s}
	setup := xproto.Setup(x)
	if a.screen >= len(setup.Roots) {
		c.abandon()
		return nil, fmt.Errorf("display %s has %d screens, not number %d", display, len(setup.Roots), a.screen)
	}
	c.Screen = &setup.Roots[a.screen]
	return c, nil
}

// Plain connects as Dial does, and returns xgb's own connection, with xgb's own tables of extensions.
func Plain(display string) (*xgb.Conn, error) {
	_, x, _, err := connect(display)
	return x, err
}

func connect(display string) (address, *xgb.Conn, *stream, error) {
	if display == "" {
		display = os.Getenv("DISPLAY")
	}
	a, err := parseDisplay(display)
	if err != nil {
		return address{}, nil, nil, err
	}
	nc, err := a.dial()
	if err != nil {
		return address{}, nil, nil, fmt.Errorf("connect to X display %s: %w", display, err)
	}
	_ = nc.SetDeadline(time.Now().Add(dialTimeout)) // a server that hangs accepts and then says nothing
	s := &stream{Conn: nc, cookie: cookie(a.display, nc.RemoteAddr()), fds: map[[2]byte]int{}}
	x, err := xgb.NewConnNet(s)
	if err != nil {
		nc.Close()
		return address{}, nil, nil, fmt.Errorf("open X display %s: %w", display, err)
	}
	_ = nc.SetDeadline(time.Time{})
	x.DisplayNumber, x.DefaultScreen = a.display, a.screen
	return a, x, s, nil
}

// WaitForEvent returns the next event or asynchronous error. Both are nil when the connection is gone, by Close or because the
// server ended; it must not be called again then.
func (c *Conn) WaitForEvent() (xgb.Event, xgb.Error) {
	ev, err := c.Conn.WaitForEvent()
	if ev == nil {
		return nil, err
	}
	return c.decode(ev), nil
}

// PassFD sends a descriptor along with the next request of the extension that has this minor opcode. The caller
// keeps fd open until that request has been answered. It works on a local display only.
func (c *Conn) PassFD(extension string, minor byte, fd int) error {
	if !c.Local() {
		return fmt.Errorf("a descriptor can only be passed to a local display")
	}
	c.ExtLock.RLock()
	defer c.ExtLock.RUnlock()
	major, ok := c.Extensions[extension]
	if !ok {
		return fmt.Errorf("the X extension %s is not in use", extension)
	}
	c.stream.passFD(major, minor, fd)
	return nil
}

// Local tells whether the display is on this machine, over a socket that passes descriptors.
func (c *Conn) Local() bool {
	_, ok := c.stream.Conn.(*net.UnixConn)
	return ok
}

// Socket is the connection underneath, to ask about; nothing may be read from or written to it.
func (c *Conn) Socket() net.Conn { return c.stream.Conn }

// Close ends the connection: every waiting request fails with io.EOF, WaitForEvent returns nil, nil, xgb's goroutines end. It may be
// called more than once and from any goroutine, and does not wait for the server. What was sent before may not have
// been done yet; who cares calls Sync first.
func (c *Conn) Close() {
	// Not xgb's Close: it waits for the server's answer, which a server that hangs never gives.
	c.close.Do(func() { c.stream.Conn.Close() })
}

// abandon closes a connection whose events nobody reads.
func (c *Conn) abandon() {
	c.Close()
	for {
		if ev, err := c.Conn.WaitForEvent(); ev == nil && err == nil {
			return
		}
	}
}
