package input

import (
	"errors"
	"fmt"
	"maps"

	"github.com/jezek/xgb/xproto"
)

// No agent's input goes to the client's own windows: their Allow and Stop are the end-user's alone. A window manager puts each window into a
// frame of its own, whose title bar must not be reached either. So clicks and keys are judged when they are made: where the pointer is, which
// window has the focus. Between that question and the event the server may do something else; a window of ours that just appeared under the
// pointer therefore has to ignore the first second by itself.

func (x *x11) SetOwnWindows(ids []uint32) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.own = map[xproto.Window]bool{}
	for _, id := range ids {
		x.own[xproto.Window(id)] = true
	}
	x.focus = 0
}

// checkPointer returns ErrOwnWindow when the pointer is over one of our windows or its frame.
func (x *x11) checkPointer() error {
	if len(x.own) == 0 {
		return nil
	}
	at, err := xproto.QueryPointer(x.conn, x.root).Reply()
	if err != nil {
		return fmt.Errorf("ask for the pointer: %w", err)
	}
	if at.Child == 0 {
		return nil
	}
	if x.own[at.Child] {
		return ErrOwnWindow
	}
	for w := range x.own {
		up, err := x.ancestors(w)
		if err != nil {
			return err
		}
		if up[at.Child] {
			return ErrOwnWindow
		}
	}
	return nil
}

// checkFocus returns ErrOwnWindow when keys would go to one of our windows. The judgement of a focus is kept until another window has it,
// since a window of another program never becomes ours while it has the focus.
func (x *x11) checkFocus(focus xproto.Window) error {
	if len(x.own) == 0 {
		return nil
	}
	// Without a focus of its own the window under the pointer gets the keys.
	if focus == xproto.InputFocusPointerRoot || focus == x.root {
		return x.checkPointer()
	}
	if focus != x.focus {
		ours, err := x.isOurs(focus)
		if err != nil {
			return err
		}
		x.focus, x.ours = focus, ours
	}
	if x.ours {
		return ErrOwnWindow
	}
	return nil
}

// isOurs tells whether a window is one of ours, inside one, or around one.
func (x *x11) isOurs(w xproto.Window) (bool, error) {
	if x.own[w] {
		return true, nil
	}
	up, err := x.ancestors(w)
	if err != nil {
		return false, err
	}
	for a := range maps.Keys(up) {
		if x.own[a] {
			return true, nil
		}
	}
	for o := range x.own {
		if up, err = x.ancestors(o); err != nil {
			return false, err
		}
		if up[w] {
			return true, nil
		}
	}
	return false, nil
}

// ancestors returns the windows around a window, without the root. A window that is gone has none.
func (x *x11) ancestors(w xproto.Window) (map[xproto.Window]bool, error) {
	up := map[xproto.Window]bool{}
	for w > xproto.InputFocusPointerRoot && w != x.root {
		r, err := xproto.QueryTree(x.conn, w).Reply()
		if err != nil {
			if gone := (xproto.WindowError{}); errors.As(err, &gone) {
				return up, nil
			}
			return nil, fmt.Errorf("ask for the windows around a window: %w", err)
		}
		if w = r.Parent; w != x.root && w != 0 {
			up[w] = true
		}
	}
	return up, nil
}
