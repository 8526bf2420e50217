package input

import (
	"errors"
	"fmt"
	"time"

	"golang.org/x/sys/windows"

	"deskhand/internal/win32"
)

// followEvery is how often the injector asks which desktop has the input, when there is something to inject.
const followEvery = 200 * time.Millisecond

// injector is the Injector of Windows. It makes input by SendInput, which Windows takes from a thread of the desktop that has the user's
// input. What one call of SendInput makes comes without anything of the end-user's in between.
type injector struct {
	thread *win32.Thread
	send   func([]event) error // win32.SendInput, but for tests

	gate // its mu guards all below

	followed time.Time
	held     holds[key]
	down     map[Button]uint32 // buttons that the agent holds, and the flag that releases each
	wheel    [2]turns          // across and down
	own      map[uint32]bool
}

// Open connects to the desktop of this process's session. Windows has no names for displays in this sense: name is not used.
func Open(name string) (Injector, error) { return open(win32.SendInput), nil }

func open(send func([]event) error) *injector {
	return &injector{
		thread: win32.StartThread(), send: send, gate: gate{interrupted: make(chan struct{})},
		held: holds[key]{}, down: map[Button]uint32{},
	}
}

// call carries out f as the one call at a time, on the desktop that has the input. The channel is closed when f is to end early.
func (in *injector) call(f func(interrupted <-chan struct{}) error) error {
	return in.gate.call(func(interrupted <-chan struct{}) error {
		return in.thread.Do(func() error {
			if time.Since(in.followed) > followEvery {
				if err := in.follow(); err != nil {
					return err
				}
			}
			return f(interrupted)
		})
	})
}

// follow goes to the desktop that has the input. On the thread.
func (in *injector) follow() error {
	if _, err := in.thread.Follow(); err != nil {
		return fmt.Errorf("control the keyboard and the pointer: %w", err)
	}
	in.followed = time.Now()
	return nil
}

// put makes input. When another desktop has just got the input, it goes there. On the thread.
func (in *injector) put(events ...event) error {
	err := in.send(events)
	if !errors.Is(err, windows.ERROR_ACCESS_DENIED) {
		return err
	}
	if err := in.follow(); err != nil {
		return err
	}
	return in.send(events)
}

func (in *injector) releaseAll() error {
	var events []event
	for _, h := range in.held {
		events = append(events, h.key.up())
	}
	for b, release := range in.down {
		events = append(events, mouseEvent(release, 0, 0, buttons[b].data))
	}
	in.wheel = [2]turns{}
	if err := in.put(events...); err != nil {
		return err // they are still held
	}
	clear(in.held)
	clear(in.down)
	return nil
}

// Close implements Injector; a second Close does nothing.
func (in *injector) Close() error {
	in.interrupt()
	err := in.call(func(<-chan struct{}) error { return in.releaseAll() })
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.closed {
		return nil
	}
	in.closed = true
	in.thread.Close()
	return err
}
