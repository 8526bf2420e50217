package input

import (
	"errors"
	"fmt"
	"maps"
	"sync"
	"time"

	"deskhand/internal/mac"
)

// injector is the Injector of macOS. It makes input by CGEventPost, each event with the modifiers that it is meant with, so that what the end-user holds
// does not get into what the agent types.
type injector struct {
	interruptMu sync.Mutex
	interrupted chan struct{} // guarded by interruptMu; closed by ReleaseAll and Close, and then replaced

	mu      sync.Mutex // held for the length of a call; guards all below
	closed  bool
	desk    mac.Desktop
	read    time.Time       // when desk was
	at      mac.Point       // where the pointer was moved to
	pixel   [2]int          // the same on the desktop
	held    map[string]hold // keys that the agent holds, by Key.Code, else Key.Key
	down    map[Button]int  // buttons that the agent holds, and which click of several each is
	clicks  clicks
	across  turns
	upright turns
	own     map[uint32]bool
}

// hold is a key that the agent holds.
type hold struct {
	code   uint16
	family Modifiers // 0 for keys that are no modifiers
}

// deskAge is how old what is known of the displays may be.
const deskAge = time.Second

// Open connects to this session's desktop. macOS has no names for displays in this sense: name is not used.
func Open(name string) (Injector, error) {
	if !mac.AtScreen() {
		return nil, fmt.Errorf("control the keyboard and the pointer: %w", mac.ErrNoScreen)
	}
	if err := mac.Posting(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnsupported, err)
	}
	if err := mac.CheckControl(); errors.Is(err, mac.ErrControl) {
		return nil, fmt.Errorf("%w: %w", ErrPermission, err)
	} else if err != nil {
		return nil, err
	}
	return &injector{interrupted: make(chan struct{}), held: map[string]hold{}, down: map[Button]int{}}, nil
}

// call carries out f as the one call at a time. The channel is closed when f is to end early.
func (in *injector) call(f func(interrupted <-chan struct{}) error) error {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.closed {
		return ErrClosed
	}
	in.interruptMu.Lock()
	interrupted := in.interrupted
	in.interruptMu.Unlock()
	return f(interrupted)
}

// interrupt ends the call that is under way, if it types, and leaves the way free for the next.
func (in *injector) interrupt() {
	in.interruptMu.Lock()
	defer in.interruptMu.Unlock()
	close(in.interrupted)
	in.interrupted = make(chan struct{})
}

// SetOwnWindows implements Injector.
func (in *injector) SetOwnWindows(ids []uint32) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.own = map[uint32]bool{}
	for _, id := range ids {
		in.own[id] = true
	}
}

// checkPointer returns ErrOwnWindow when the pointer is over one of our windows.
func (in *injector) checkPointer() error {
	if len(in.own) == 0 {
		return nil
	}
	number, err := mac.WindowAt(in.at)
	if err == nil && in.own[number] {
		return ErrOwnWindow
	}
	return err
}

// checkKeys returns ErrOwnWindow when keys go to one of our windows.
func (in *injector) checkKeys() error {
	if len(in.own) == 0 {
		return nil
	}
	ours, err := mac.InFront()
	if err == nil && ours {
		return ErrOwnWindow
	}
	return err
}

// flags are the modifiers that the agent holds.
func (in *injector) flags() (flags uint64) {
	for _, h := range in.held {
		flags |= mac.Flag(h.code)
	}
	return flags
}

func (in *injector) ReleaseAll() error {
	in.interrupt()
	return in.call(func(<-chan struct{}) error { return in.releaseAll() })
}

func (in *injector) releaseAll() (err error) {
	for name := range maps.Clone(in.held) {
		err = errors.Join(err, in.release(name))
	}
	for b := range maps.Clone(in.down) {
		err = errors.Join(err, in.button(b, false))
	}
	in.across, in.upright = 0, 0
	return err
}

// Close implements Injector; a second Close does nothing.
func (in *injector) Close() error {
	in.interrupt()
	err := in.call(func(<-chan struct{}) error {
		in.closed = true
		return in.releaseAll()
	})
	if errors.Is(err, ErrClosed) {
		return nil
	}
	return err
}
