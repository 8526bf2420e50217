package input

import (
	"fmt"

	"deskhand/internal/win32"
)

// buttons are the flags that press and release each.
var buttons = [...]struct{ press, release, data uint32 }{
	ButtonLeft:    {win32.MouseLeftDown, win32.MouseLeftUp, 0},
	ButtonMiddle:  {win32.MouseMiddleDown, win32.MouseMiddleUp, 0},
	ButtonRight:   {win32.MouseRightDown, win32.MouseRightUp, 0},
	ButtonBack:    {win32.MouseXDown, win32.MouseXUp, 1}, // XBUTTON1
	ButtonForward: {win32.MouseXDown, win32.MouseXUp, 2},
}

// Pointer implements Injector.
func (in *injector) Pointer(x, y int) error {
	return in.call(func(<-chan struct{}) error {
		w, h := win32.SystemMetric(win32.VirtualWidth), win32.SystemMetric(win32.VirtualHeight)
		if w < 1 || h < 1 {
			return fmt.Errorf("move the pointer on a desktop of %d×%d", w, h)
		}
		return in.put(mouseEvent(win32.MouseMove|win32.MouseAbsolute|win32.MouseVirtualDesk, win32.Absolute(x, w), win32.Absolute(y, h), 0))
	})
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
		if win32.SystemMetric(win32.SwapButton) != 0 {
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
			turns := in.wheel[axis].add(d)
			flag, step := uint32(win32.MouseHWheel), int32(notch)
			if axis == 1 {
				flag, step = win32.MouseWheel, -notch // away from the user is positive in Windows
			}
			if turns < 0 {
				turns, step = -turns, -step
			}
			for range turns {
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
