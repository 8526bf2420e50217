// Package capture brings the pixels of a computer's displays into memory, driven by what the system reports as
// changed.
//
// A Source is one connection to the system's displays: x11_linux.go is X11, desktop_windows.go Windows, desktop_darwin.go macOS; capture_other.go
// names the systems that have none yet. A Hub shares one Source among viewers: each has a Feed, which captures only when its viewer is ready for more
// and costs nothing while it does not watch.
//
// Desktop coordinates are pixels; no display begins left of or above (0, 0).
package capture

import (
	"context"
	"errors"
	"image"

	"deskhand/screen"
)

// Errors that a Source's methods wrap.
var (
	// ErrDisplayGone: the connection to the display is lost and does not come back. The Source is to be closed.
	ErrDisplayGone = errors.New("the display is gone")
	// ErrChanged: a display has another size or place than was asked for. Displays tells the new one.
	ErrChanged = errors.New("the displays have changed")
	// ErrPermission: whoever uses the computer has not allowed yet that its screen is seen.
	ErrPermission = errors.New("the screen may not be recorded yet")
	// ErrUnsupported: this system, or this kind of display, cannot be captured.
	ErrUnsupported = errors.New("not supported on this system yet")
)

// Event says what has happened; several at once are one value.
type Event uint8

// What can happen.
const (
	Damaged          Event = 1 << iota // pixels have changed: Damage tells where
	CursorChanged                      // the pointer has another shape
	DisplaysChanged                    // a display came, went, moved, or has another size
	ConcealedChanged                   // the system has begun or ended to show what this program may not see; such a Source is a Concealer
)

// Concealer is a Source whose system sometimes shows what this program may not see, such as its lock screen. The picture is black meanwhile.
type Concealer interface {
	// Concealed is what it shows now. It may be called from any goroutine.
	Concealed() Cover
}

// Cover is what a system shows in place of the desktop, and this program may not see.
type Cover uint8

// What there may be.
const (
	NoCover Cover = iota
	LockScreen
	LoginScreen
	ElevationQuestion // whether a program may have an administrator's rights
)

// Source is a connection to the displays of one desktop. Next may run beside the other methods, which are called by one goroutine
// at a time; Close may be called at any time, once, and makes all others return.
type Source interface {
	// Displays lists the displays, at least one.
	Displays() ([]screen.Display, error)

	// Watch starts and ends the reports of damage and pointer shapes. The source begins without; while it does not watch
	// it uses no processor time and keeps no image.
	Watch(on bool) error

	// Next waits until something has happened since it last returned. Damaged comes once, until Damage is called. Its errors are
	// ctx's and ErrDisplayGone.
	Next(ctx context.Context) (Event, error)

	// Damage adds to into what has changed since the last call, in desktop coordinates.
	Damage(into *screen.Region) error

	// Grab copies rectangles of the desktop, which do not overlap, to the same places of dst. When one of them is outside the desktop
	// by now, the error is ErrChanged.
	Grab(dst *screen.Frame, rects []image.Rectangle) error

	// Cursor returns the pointer's shape and where its hot spot is.
	Cursor() (screen.Cursor, image.Point, error)

	// Close ends the connection and frees all memory that is shared with the system.
	Close() error
}
