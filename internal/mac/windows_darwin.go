package mac

import (
	"os"

	"github.com/ebitengine/purego/objc"
)

// WindowAt is the number of the window at a point; 0: there is none.
func WindowAt(p Point) (number uint32, err error) {
	if err := graphics(); err != nil {
		return 0, err
	}
	p.Y = displayBounds(mainDisplay()).Size.H - p.Y // AppKit counts upwards from the main display's lower edge
	err = OnMain(func() {
		number = uint32(objc.Send[int](Class("NSWindow"), Sel("windowNumberAtPoint:belowWindowWithWindowNumber:"), p, 0))
	})
	return number, err
}

// InFront tells whether keys go to this program.
func InFront() (ours bool, err error) {
	err = OnMain(func() {
		app := Class("NSWorkspace").Send(Sel("sharedWorkspace")).Send(Sel("frontmostApplication"))
		ours = app != 0 && objc.Send[int32](app, Sel("processIdentifier")) == int32(os.Getpid())
		key := Class("NSApplication").Send(Sel("sharedApplication")).Send(Sel("keyWindow"))
		ours = ours || key != 0 // a panel has the keys without its program being in front
	})
	return ours, err
}
