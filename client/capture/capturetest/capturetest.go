// Package capturetest is a desktop in memory that a test draws on: a capture.Source without a window system.
package capturetest

import (
	"context"
	"fmt"
	"image"
	"sync"

	"deskhand/client/capture"
	"deskhand/screen"
)

// Desktop is a capture.Source. The test calls Draw, DrawUnreported, SetCursor, SetDisplays and Fail from any goroutine.
type Desktop struct {
	wake chan struct{} // capacity 1

	mu       sync.Mutex // guards all below
	frame    *screen.Frame
	displays []screen.Display
	cursor   screen.Cursor
	at       image.Point
	damage   screen.Region
	happened capture.Event
	watching bool
	cover    capture.Cover
	closed   bool
	gone     chan struct{} // closed with the desktop
	grabs    int
	pixels   int
}

// New returns a black desktop with one display of w×h pixels, which has the ID 1.
func New(w, h int) *Desktop {
	d := &Desktop{wake: make(chan struct{}, 1), gone: make(chan struct{})}
	d.setDisplays([]screen.Display{{ID: 1, Name: "test", Bounds: image.Rect(0, 0, w, h), Primary: true}})
	return d
}

// Draw lets f change the desktop; f returns the part that it changed, which is reported as damage.
func (d *Desktop) Draw(f func(desktop *screen.Frame) image.Rectangle) {
	d.mu.Lock()
	defer d.mu.Unlock()
	r := f(d.frame)
	if d.watching && !r.Empty() {
		d.damage.Add(r.Intersect(d.frame.Bounds()))
		d.tell(capture.Damaged)
	}
}

// DrawUnreported lets f change the desktop past the damage reports.
func (d *Desktop) DrawUnreported(f func(desktop *screen.Frame)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f(d.frame)
}

// SetCursor gives the pointer another shape and place.
func (d *Desktop) SetCursor(c screen.Cursor, at image.Point) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.cursor, d.at = c, at
	if d.watching {
		d.tell(capture.CursorChanged)
	}
}

// SetDisplays changes the displays, at least one; the desktop is black afterwards.
func (d *Desktop) SetDisplays(list ...screen.Display) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.setDisplays(list)
	d.tell(capture.DisplaysChanged)
}

// Conceal shows what the client may not see, or with capture.NoCover the desktop again.
func (d *Desktop) Conceal(by capture.Cover) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.cover = by
	d.tell(capture.ConcealedChanged)
}

// Concealed implements capture.Concealer.
func (d *Desktop) Concealed() capture.Cover {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.cover
}

// Fail makes the display go, as when the window system ends.
func (d *Desktop) Fail() { _ = d.Close() }

// Grabs tells how often, and how many pixels in all, were captured.
func (d *Desktop) Grabs() (calls, pixels int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.grabs, d.pixels
}

// Watching tells whether somebody watches.
func (d *Desktop) Watching() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.watching
}

// Displays implements capture.Source.
func (d *Desktop) Displays() ([]screen.Display, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.displays, d.err()
}

// Watch implements capture.Source.
func (d *Desktop) Watch(on bool) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.watching = on
	d.damage.Clear()
	return d.err()
}

// Next implements capture.Source.
func (d *Desktop) Next(ctx context.Context) (capture.Event, error) {
	for {
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-d.gone:
			return 0, capture.ErrDisplayGone
		case <-d.wake:
			d.mu.Lock()
			e := d.happened
			d.happened = 0
			d.mu.Unlock()
			if e != 0 {
				return e, nil
			}
		}
	}
}

// Damage implements capture.Source.
func (d *Desktop) Damage(into *screen.Region) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	into.Union(&d.damage)
	d.damage.Clear()
	return d.err()
}

// Grab implements capture.Source.
func (d *Desktop) Grab(dst *screen.Frame, rects []image.Rectangle) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.grabs++
	for _, r := range rects {
		if !r.In(d.frame.Bounds()) || !r.In(dst.Bounds()) {
			return fmt.Errorf("grab %v of %v: %w", r, d.frame.Bounds(), capture.ErrChanged)
		}
		d.pixels += r.Dx() * r.Dy()
		dst.CopyRect(d.frame, r)
	}
	return d.err()
}

// Cursor implements capture.Source.
func (d *Desktop) Cursor() (screen.Cursor, image.Point, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.cursor, d.at, d.err()
}

// Close implements capture.Source.
func (d *Desktop) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.closed {
		d.closed = true
		close(d.gone)
	}
	return nil
}

func (d *Desktop) setDisplays(list []screen.Display) {
	var all image.Rectangle
	for _, m := range list {
		all = all.Union(m.Bounds)
	}
	f, err := screen.NewFrame(all.Max.X, all.Max.Y)
	if err != nil {
		panic(err)
	}
	d.frame, d.displays = f, list
	d.damage.Clear()
}

func (d *Desktop) tell(e capture.Event) {
	d.happened |= e
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

func (d *Desktop) err() error {
	if d.closed {
		return capture.ErrDisplayGone
	}
	return nil
}
