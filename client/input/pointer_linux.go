package input

import (
	"fmt"
	"slices"

	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"
)

// The numbers that X gives the buttons.
var buttonNumbers = [...]byte{ButtonLeft: 1, ButtonMiddle: 2, ButtonRight: 3, ButtonBack: 8, ButtonForward: 9}

const (
	wheelUp    = 4
	wheelDown  = 5
	wheelLeft  = 6
	wheelRight = 7
)

func (x *x11) Pointer(px, py int) error {
	if _, err := x.enter(); err != nil {
		return err
	}
	defer x.mu.Unlock()
	// The server keeps the pointer inside the desktop, whose size may have changed; the numbers only have to fit the message.
	px, py = min(max(px, 0), 1<<15-1), min(max(py, 0), 1<<15-1)
	xtest.FakeInput(x.conn, xproto.MotionNotify, 0, 0, x.root, int16(px), int16(py), 0)
	x.drain()
	return nil
}

func (x *x11) Button(b Button, down bool) error {
	if _, err := x.enter(); err != nil {
		return err
	}
	defer x.mu.Unlock()
	if n, held := x.down[b]; held {
		if !down {
			x.fake(xproto.ButtonRelease, n)
			delete(x.down, b)
		}
		return nil
	}
	if !down {
		return nil
	}
	if int(b) >= len(buttonNumbers) {
		return fmt.Errorf("button %d: %w", b, ErrNoKey)
	}
	n, err := x.button(buttonNumbers[b])
	if err != nil {
		return err
	}
	if err := x.checkPointer(); err != nil {
		return err
	}
	x.fake(xproto.ButtonPress, n)
	x.down[b] = n
	return nil
}

func (x *x11) Wheel(dx, dy int) error {
	if _, err := x.enter(); err != nil {
		return err
	}
	defer x.mu.Unlock()
	checked := false
	for axis, d := range []int{dx, dy} {
		turns := x.wheel[axis].add(d)
		if turns == 0 {
			continue
		}
		logical := [2][2]byte{{wheelLeft, wheelRight}, {wheelUp, wheelDown}}[axis][1]
		if turns < 0 {
			logical, turns = [2]byte{wheelLeft, wheelUp}[axis], -turns
		}
		n, err := x.button(logical)
		if err != nil {
			return err
		}
		if !checked {
			if err := x.checkPointer(); err != nil {
				return err
			}
			checked = true
		}
		for range turns {
			x.fake(xproto.ButtonPress, n)
			x.fake(xproto.ButtonRelease, n)
		}
	}
	return nil
}

// readButtons asks for the mapping of the buttons. A left-handed end-user has left and right exchanged; the agent's left button shall be what
// is the left button there, so it has to be looked up backwards.
func (x *x11) readButtons() error {
	r, err := xproto.GetPointerMapping(x.conn).Reply()
	if err != nil {
		return fmt.Errorf("ask for the pointer's buttons: %w", err)
	}
	x.buttons = r.Map
	return nil
}

// button returns the number to inject for a button as programs see it.
func (x *x11) button(logical byte) (byte, error) {
	x.drain()
	if x.buttons == nil {
		if err := x.readButtons(); err != nil {
			return 0, err
		}
	}
	if i := slices.Index(x.buttons, logical); i >= 0 {
		return byte(i + 1), nil
	}
	return 0, fmt.Errorf("button %d: %w", logical, ErrNoKey)
}
