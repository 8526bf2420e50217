// Package inputtest has what tests of input need: a Fake that notes what it is told, and a Window on a real X display that says what
// programs there would read.
package inputtest

import (
	"fmt"
	"slices"
	"sync"

	"deskhand/client/input"
)

// Fake is an input.Injector without a display. The zero value is ready. It behaves as the real one does towards its caller: it refuses bad
// text and what comes after Close.
type Fake struct {
	Err error // what every call but Close returns, when set before

	mu     sync.Mutex
	log    []string
	own    []uint32
	closed bool
}

var _ input.Injector = (*Fake)(nil)

// Log returns what was asked for, one line each, such as "pointer 3 4", "button 0 down", `key "KeyA" "a" 0 down`, `text "hi"`.
func (f *Fake) Log() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.log)
}

// OwnWindows returns the last windows that were named.
func (f *Fake) OwnWindows() []uint32 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.own
}

func (f *Fake) note(format string, args ...any) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return input.ErrClosed
	}
	f.log = append(f.log, fmt.Sprintf(format, args...))
	return f.Err
}

func (f *Fake) Pointer(x, y int) error { return f.note("pointer %d %d", x, y) }
func (f *Fake) Button(b input.Button, down bool) error {
	return f.note("button %d %s", b, upOrDown(down))
}
func (f *Fake) Wheel(dx, dy int) error { return f.note("wheel %d %d", dx, dy) }
func (f *Fake) ReleaseAll() error      { return f.note("release all") }
func (f *Fake) Key(k input.Key, down bool) error {
	return f.note("key %q %q %d %s", k.Code, k.Key, k.Modifiers, upOrDown(down))
}

func (f *Fake) Text(s string) error {
	if len(s) > input.MaxText {
		return input.ErrBadText
	}
	return f.note("text %q", s)
}

func (f *Fake) SetOwnWindows(ids []uint32) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.own = slices.Clone(ids)
}

// Close ends it; a second Close does nothing.
func (f *Fake) Close() error {
	_ = f.note("close")
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	return nil
}

func upOrDown(down bool) string {
	if down {
		return "down"
	}
	return "up"
}
