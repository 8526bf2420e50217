package input

import (
	"fmt"
	"time"

	"deskhand/internal/mac"
)

// Kinds of events of the pointer; source: CGEventTypes.h.
const (
	mouseMoved   = 5
	linesOfNotch = 3
)

// buttons are the numbers of each and the events that press, release and drag it.
var buttons = [...]struct{ number, press, release, drag uint32 }{
	ButtonLeft:    {0, 1, 2, 6},
	ButtonRight:   {1, 3, 4, 7},
	ButtonMiddle:  {2, 25, 26, 27},
	ButtonBack:    {3, 25, 26, 27},
	ButtonForward: {4, 25, 26, 27},
}

// Pointer implements Injector.
func (in *injector) Pointer(x, y int) error {
	return in.call(func(<-chan struct{}) error {
		if time.Since(in.read) > deskAge {
			desk, err := mac.ReadDesktop()
			if err != nil {
				return fmt.Errorf("move the pointer: %w", err)
			}
			in.desk, in.read = desk, time.Now()
		}
		in.pixel, in.at = [2]int{x, y}, in.desk.Point(x, y)
		for b, clicks := range in.down { // a movement with buttons held is another kind of event
			return mac.PostMouse(buttons[b].drag, buttons[b].number, in.at, clicks, in.flags())
		}
		return mac.PostMouse(mouseMoved, 0, in.at, 0, in.flags())
	})
}

// Button implements Injector.
func (in *injector) Button(b Button, down bool) error {
	return in.call(func(<-chan struct{}) error {
		if int(b) >= len(buttons) {
			return fmt.Errorf("button %d: %w", b, ErrNoKey)
		}
		if _, held := in.down[b]; held == down {
			return nil
		}
		if down {
			if err := in.checkPointer(); err != nil {
				return err
			}
		}
		return in.button(b, down)
	})
}

func (in *injector) button(b Button, down bool) error {
	kind, count := buttons[b].press, in.down[b]
	if down {
		count = in.clicks.press(b, in.pixel[0], in.pixel[1], time.Now())
		in.down[b] = count
	} else {
		kind = buttons[b].release
		delete(in.down, b)
	}
	return mac.PostMouse(kind, buttons[b].number, in.at, count, in.flags())
}

// Wheel implements Injector.
func (in *injector) Wheel(dx, dy int) error {
	return in.call(func(<-chan struct{}) error {
		right, down := in.across.add(dx), in.upright.add(dy)
		if right == 0 && down == 0 {
			return nil
		}
		if err := in.checkPointer(); err != nil {
			return err
		}
		return mac.PostScroll(down*linesOfNotch, right*linesOfNotch, in.flags())
	})
}
