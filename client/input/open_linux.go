package input

import (
	"fmt"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"

	x11conn "deskhand/internal/x11"
)

// drainEvery is how often the events of an idle injector are taken off its connections, so that they never pile up.
const drainEvery = 10 * time.Second

// x11 is the Injector of an X display. It makes input by the XTEST extension.
type x11 struct {
	// conn injects and asks. Since it speaks XKB the server does not tell it of every change of the map, so ears, which speaks the core
	// protocol alone, listens for these.
	conn, ears *xgb.Conn
	kb         *xkb
	root       xproto.Window
	minCode    byte // the lowest keycode, which no key sends
	record     record

	clock clock
	stop  chan struct{} // closed by Close
	done  chan struct{} // closed when the draining goroutine has ended

	gate // its mu guards all below

	keys    *keymap
	stale   bool // the map has changed since keys was read
	buttons []byte
	spares  spares
	ping    ping
	held    holds[byte]
	lent    map[byte]bool   // modifiers of the end-user's that we let go and pressed again, see arrange
	down    map[Button]byte // buttons that the agent holds, and their numbers
	wheel   [2]turns        // across and down
	own     map[xproto.Window]bool
	focus   xproto.Window // the last focus that was judged
	ours    bool          // the judgement
}

// clock is the time, for tests to replace.
type clock struct {
	now func() time.Time
	// wait returns after d, or at once with false when stop is closed.
	wait func(d time.Duration, stop <-chan struct{}) bool
}

var realClock = clock{
	now: time.Now,
	wait: func(d time.Duration, stop <-chan struct{}) bool {
		t := time.NewTimer(d)
		defer t.Stop()
		select {
		case <-t.C:
			return true
		case <-stop:
			return false
		}
	},
}

// Open connects to an X display, such as ":0"; empty means $DISPLAY. It needs the extensions XTEST and XKEYBOARD.
//
// When an earlier process ended without Close, Open first gives back what that one had borrowed from the keyboard map and releases what it
// held, as far as its notes on the display tell (see record).
func Open(display string) (Injector, error) { return open(display, realClock, idleRead, idleUnread) }

func open(display string, clock clock, read, unread time.Duration) (*x11, error) {
	conn, err := x11conn.Plain(display)
	if err != nil {
		return nil, fmt.Errorf("connect to the X display: %w", err)
	}
	ears, err := x11conn.Plain(display)
	if err != nil {
		conn.Close()
		return nil, fmt.Errorf("connect to the X display: %w", err)
	}
	setup := xproto.Setup(conn)
	x := &x11{
		conn: conn, ears: ears, root: setup.DefaultScreen(conn).Root, minCode: byte(setup.MinKeycode),
		clock: clock, stop: make(chan struct{}), done: make(chan struct{}), gate: gate{interrupted: make(chan struct{})},
		stale: true, spares: spares{read: read, unread: unread},
		held: holds[byte]{}, lent: map[byte]bool{}, down: map[Button]byte{},
	}
	if err := x.start(); err != nil {
		x.disconnect()
		return nil, err
	}
	go x.drainWhileIdle()
	return x, nil
}

func (x *x11) start() error {
	for _, c := range []*xgb.Conn{x.conn, x.ears} {
		if err := xtest.Init(c); err != nil {
			return fmt.Errorf("the X server has no XTEST extension: %w", err)
		}
		// A program that keeps the server for itself, as a menu or a screen locker does, shall not hold up input.
		xtest.GrabControl(c, true)
	}
	var err error
	if x.kb, err = newXKB(x.conn); err != nil {
		return err
	}
	if err := x.startPing(); err != nil {
		return fmt.Errorf("name the messages: %w", err)
	}
	if err := x.takeNote(); err != nil {
		return err
	}
	return x.readButtons()
}

// drainWhileIdle keeps events from piling up; xgb stops reading when 5000 wait.
func (x *x11) drainWhileIdle() {
	defer close(x.done)
	t := time.NewTicker(drainEvery)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			x.mu.Lock()
			x.drain()
			x.mu.Unlock()
		case <-x.stop:
			return
		}
	}
}

// drain takes the events that have come and notes what they change.
func (x *x11) drain() {
	for _, c := range []*xgb.Conn{x.conn, x.ears} {
		for {
			ev, err := c.PollForEvent()
			if ev == nil && err == nil {
				break
			}
			switch m := ev.(type) {
			case xproto.MappingNotifyEvent:
				if m.Request == xproto.MappingPointer {
					x.buttons = nil
				} else {
					x.stale = true
				}
			case xproto.ClientMessageEvent:
				x.heard(m)
			}
			// Errors of requests that nobody waits for: windows that have gone meanwhile.
		}
	}
}

func (x *x11) ReleaseAll() error {
	x.interrupt()
	return x.call(func(<-chan struct{}) error { return x.releaseAll() })
}

func (x *x11) releaseAll() error {
	for name := range x.held {
		_ = x.release(name) // which does not fail
	}
	for b, n := range x.down {
		x.fake(xproto.ButtonRelease, n)
		delete(x.down, b)
	}
	x.wheel = [2]turns{}
	if len(x.lent) > 0 {
		p, err := xproto.QueryKeymap(x.conn).Reply()
		if err != nil {
			return fmt.Errorf("ask which keys are down: %w", err)
		}
		for code := range x.lent {
			if !isDown(p.Keys, code) { // else the end-user is still holding it
				x.fake(xproto.KeyRelease, code)
				delete(x.lent, code)
			}
		}
	}
	return x.sync()
}

// sync waits until the server has carried out everything.
func (x *x11) sync() error {
	if _, err := xproto.GetInputFocus(x.conn).Reply(); err != nil {
		return fmt.Errorf("wait for the X server: %w", err)
	}
	return nil
}

func (x *x11) Close() error {
	x.interrupt()
	if _, err := x.enter(); err != nil {
		return nil // a second Close does nothing
	}
	x.closed = true
	close(x.stop)
	err := x.releaseAll()
	if err == nil {
		x.settle()
		err = x.giveBack()
	}
	x.disconnect()
	x.mu.Unlock()
	<-x.done // it may have been waiting for mu
	return err
}

// disconnect ends both connections and waits until xgb has let go of them.
func (x *x11) disconnect() {
	for _, c := range []*xgb.Conn{x.conn, x.ears} {
		c.Close()
		for {
			if ev, err := c.WaitForEvent(); ev == nil && err == nil {
				break
			}
		}
	}
}

// fake makes one event of the XTEST device.
func (x *x11) fake(kind, detail byte) {
	xtest.FakeInput(x.conn, kind, detail, 0, x.root, 0, 0, 0)
}
