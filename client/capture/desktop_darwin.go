package capture

import (
	"context"
	"errors"
	"fmt"
	"image"
	"sync"
	"time"

	"deskhand/internal/mac"
	"deskhand/screen"
)

// How often the pointer's shape and the displays are looked at while somebody watches: macOS tells a program without windows of neither.
const (
	pointerEvery = 100 * time.Millisecond
	surveyEvery  = 500 * time.Millisecond
)

// desktop is a Source for the displays of macOS. Each has a stream (CGDisplayStream), which calls us when something was drawn, with the places and
// the new picture in memory that is shared with the window server.
//
// ScreenCaptureKit is what Apple recommends since macOS 12.3, and it ends in the same shared memory. A display stream was chosen because it does the same by
// plain calls of C, from macOS 10.8 on and without objects that live on several threads: what nobody could run yet shall have few parts. On a release that
// no longer has it, Open says so.
type desktop struct {
	*reports

	mu       sync.Mutex // guards all below
	desk     mac.Desktop
	watching context.CancelFunc // nil: nobody watches
	watch    sync.WaitGroup
	streams  map[uint32]*stream // by display
	pointer  uint32             // its shape as it was told last
	closed   bool
}

// Open connects to the displays of this session. macOS has no names for displays in this sense: name is not used.
func Open(name string) (Source, error) {
	if !mac.AtScreen() {
		return nil, fmt.Errorf("capture the screen: %w (%w)", mac.ErrNoScreen, ErrDisplayGone)
	}
	if err := mac.CheckScreen(); errors.Is(err, mac.ErrScreen) {
		return nil, fmt.Errorf("%w: %w", ErrPermission, err)
	} else if err != nil {
		return nil, fmt.Errorf("capture the screen: %w", err)
	}
	if err := streaming(); err != nil {
		return nil, fmt.Errorf("capture the screen: %w (%w)", ErrUnsupported, err)
	}
	d := &desktop{reports: newReports(), streams: map[uint32]*stream{}}
	if _, err := d.Displays(); err != nil {
		return nil, fmt.Errorf("capture the screen: %w", err)
	}
	return d, nil
}

// Displays implements Source.
func (d *desktop) Displays() ([]screen.Display, error) {
	desk, err := mac.ReadDesktop()
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if !desk.Same(d.desk) {
		d.desk = desk
		d.stopStreams()
		if d.watching != nil {
			if err := d.startStreams(); err != nil {
				return nil, err
			}
		}
	}
	return desk.Displays, nil
}

// Watch implements Source.
func (d *desktop) Watch(on bool) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.closed:
		return fmt.Errorf("capture was closed: %w", ErrDisplayGone)
	case on == (d.watching != nil):
		return nil
	case !on:
		d.rest()
		return nil
	}
	if err := d.startStreams(); err != nil {
		d.stopStreams()
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	d.watching, d.pointer = cancel, 0
	d.watch.Go(func() { d.look(ctx) })
	return nil
}

// rest ends the watching. mu is held.
func (d *desktop) rest() {
	if d.watching != nil {
		d.watching()
		d.watching = nil
	}
	d.stopStreams()
	d.forget()
}

// startStreams begins a stream of each display. mu is held.
func (d *desktop) startStreams() error {
	for _, s := range d.desk.Displays {
		one, err := startStream(s, d.damaged)
		if err != nil {
			return fmt.Errorf("watch %s: %w", s.Name, err)
		}
		d.streams[s.ID] = one
	}
	return nil
}

// stopStreams ends them. mu is held.
func (d *desktop) stopStreams() {
	for id, s := range d.streams {
		s.stop()
		delete(d.streams, id)
	}
}

// look looks at the pointer and the displays again and again.
func (d *desktop) look(ctx context.Context) {
	pointer, survey := time.NewTicker(pointerEvery), time.NewTicker(surveyEvery)
	defer pointer.Stop()
	defer survey.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-pointer.C:
			d.lookAtPointer()
		case <-survey.C:
			desk, err := mac.ReadDesktop()
			d.mu.Lock()
			moved := err == nil && !desk.Same(d.desk)
			d.mu.Unlock()
			if moved {
				d.tell(DisplaysChanged)
			}
		}
	}
}

func (d *desktop) lookAtPointer() {
	d.mu.Lock()
	desk := d.desk
	d.mu.Unlock()
	c, _, err := readCursor(desk)
	if err != nil {
		return
	}
	d.mu.Lock()
	changed := c.Serial != d.pointer
	d.pointer = c.Serial
	d.mu.Unlock()
	if changed {
		d.tell(CursorChanged)
	}
}

// Next implements Source.
func (d *desktop) Next(ctx context.Context) (Event, error) { return d.next(ctx) }

// Damage implements Source.
func (d *desktop) Damage(into *screen.Region) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return fmt.Errorf("capture was closed: %w", ErrDisplayGone)
	}
	d.take(into, d.desk.Size)
	return nil
}

// Grab implements Source. Where no display is, and where a stream has not shown anything yet, it is black; what a stream shows first is damage.
func (d *desktop) Grab(dst *screen.Frame, rects []image.Rectangle) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return fmt.Errorf("capture was closed: %w", ErrDisplayGone)
	}
	for _, r := range rects {
		if !r.In(image.Rectangle{Max: d.desk.Size}) || !r.In(dst.Bounds()) {
			return fmt.Errorf("grab %v of a desktop of %v: %w", r, d.desk.Size, ErrChanged)
		}
	}
	for _, r := range rects {
		dst.Fill(r, screen.Color{})
	}
	for _, s := range d.streams {
		if err := s.copy(dst, rects); err != nil {
			return err
		}
	}
	return nil
}

// Cursor implements Source.
func (d *desktop) Cursor() (screen.Cursor, image.Point, error) {
	d.mu.Lock()
	desk := d.desk
	d.mu.Unlock()
	return readCursor(desk)
}

// Close implements Source.
func (d *desktop) Close() error {
	d.mu.Lock()
	d.closed = true
	d.rest()
	d.mu.Unlock()
	d.reports.close()
	d.watch.Wait()
	return nil
}
