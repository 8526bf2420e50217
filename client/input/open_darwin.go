package input

import (
	"errors"
	"fmt"
	"maps"
	"time"

	"deskhand/internal/mac"
)

// injector is the Injector of macOS. It makes input by CGEventPost, each event with the modifiers that it is meant with, so that what the end-user holds
// does not get into what the agent types.
type injector struct {
	gate // its mu guards all below

	desk    mac.Desktop
	read    time.Time // when desk was
	at      mac.Point // where the pointer was moved to
	pixel   [2]int    // the same on the desktop
	held    holds[uint16]
	down    map[Button]int // buttons that the agent holds, and which click of several each is
	clicks  clicks
	across  turns
	upright turns
	own     map[uint32]bool
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
	return &injector{gate: gate{interrupted: make(chan struct{})}, held: holds[uint16]{}, down: map[Button]int{}}, nil
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
		flags |= mac.Flag(h.key)
	}
	return flags
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
