package input

import "fmt"

const notch = 120 // WHEEL_DELTA

// buttons are the flags that press and release each.
var buttons = [...]struct{ press, release, data uint32 }{
	ButtonLeft:    {mouseLeftDown, mouseLeftUp, 0},
	ButtonMiddle:  {mouseMiddleDown, mouseMiddleUp, 0},
	ButtonRight:   {mouseRightDown, mouseRightUp, 0},
	ButtonBack:    {mouseXDown, mouseXUp, 1}, // XBUTTON1
	ButtonForward: {mouseXDown, mouseXUp, 2},
}

// Pointer implements Injector.
func (in *injector) Pointer(x, y int) error {
	return in.call(func(<-chan struct{}) error {
		w, h := systemMetric(smVirtualWidth), systemMetric(smVirtualHeight)
		if w < 1 || h < 1 {
			return fmt.Errorf("move the pointer on a desktop of %d×%d", w, h)
		}
		return in.put(mouseEvent(mouseMove|mouseAbsolute|mouseVirtualDesk, absolute(x, w), absolute(y, h), 0))
	})
}

// absolute is a pixel of size many, in the coordinates of SendInput, which divide the desktop into 65536 parts: the middle of the pixel, so that it is
// met however Windows rounds.
func absolute(at, size int) int32 {
	at = min(max(at, 0), size-1)
	return int32((at*65536 + 32768) / size)
}

// Button implements Injector. A left-handed end-user has left and right exchanged; the agent's left button shall be what is the left button
// there, so it is exchanged back.
func (in *injector) Button(b Button, down bool) error {
	return in.call(func(<-chan struct{}) error {
		if release, held := in.down[b]; held {
			if down {
				return nil
			}
			delete(in.down, b)
			return in.put(mouseEvent(release, 0, 0, buttons[b].data))
		}
		if !down {
			return nil
		}
		if int(b) >= len(buttons) {
			return fmt.Errorf("button %d: %w", b, ErrNoKey)
		}
		if err := in.checkPointer(); err != nil {
			return err
		}
		there := b
		if systemMetric(smSwapButton) != 0 {
			switch b {
			case ButtonLeft:
				there = ButtonRight
			case ButtonRight:
				there = ButtonLeft
			}
		}
		if err := in.put(mouseEvent(buttons[there].press, 0, 0, buttons[there].data)); err != nil {
			return err
		}
		in.down[b] = buttons[there].release
		return nil
	})
}

// Wheel implements Injector.
func (in *injector) Wheel(dx, dy int) error {
	return in.call(func(<-chan struct{}) error {
		var events []event
		for axis, d := range []int{dx, dy} {
			limit := maxNotches * notch
			sum := in.wheel[axis] + min(max(d, -limit), limit)
			turns := sum / notch
			in.wheel[axis] = sum % notch
			flag, step := uint32(mouseHWheel), int32(notch)
			if axis == 1 {
				flag, step = mouseWheel, -notch // away from the user is positive in Windows
			}
			if turns < 0 {
				turns, step = -turns, -step
			}
			for range min(turns, maxNotches) {
				events = append(events, mouseEvent(flag, 0, 0, uint32(step)))
			}
		}
		if len(events) == 0 {
			return nil
		}
		if err := in.checkPointer(); err != nil {
			return err
		}
		return in.put(events...)
	})
}
