package capture

import (
	"context"
	"errors"
	"fmt"
	"image"
	"sync"
	"time"

	"golang.org/x/sys/windows"

	"deskhand/internal/win32"
	"deskhand/screen"
)

// How often the screen is looked at while somebody watches. It takes at most a third of the time.
const (
	lookFast    = 33 * time.Millisecond
	lookSlow    = 125 * time.Millisecond
	quietLooks  = 30                     // without a change, until looks are slow
	surveyEvery = 500 * time.Millisecond // the displays, and the desktop that has the input
)

// errLost says that a picture can show nothing more and another one is to be opened.
var errLost = errors.New("the screen has to be opened again")

// picture is a way to the pixels of all displays. Its calls are made on one thread.
type picture interface {
	// look takes what is on the screen now, and adds where that differs from the last look. It wraps errLost when it can look no more.
	look(changed *screen.Region) error
	// copy copies what was there at the last look.
	copy(dst *screen.Frame, rects []image.Rectangle) error
	close()
}

// desktop is a Source for the desktop of Windows that has the user's input, whichever that is. Windows tells nobody that something
// was drawn or that the pointer has another shape, so it looks, while somebody watches and has taken what was seen last.
type desktop struct {
	thread *win32.Thread
	place  place
	wake   chan struct{} // capacity 1: happened is not empty
	gone   chan struct{} // closed by Close

	watchMu sync.Mutex
	stop    func() // guarded by watchMu; ends the looking; nil while not watching

	mu        sync.Mutex
	happened  Event // guarded by mu, as the next: what Next has not told yet
	concealed Cover

	// used on the thread only
	open     func(layout) (picture, error)
	layout   layout
	picture  picture // nil: none is needed, or there is none for reason
	reason   error
	watching bool
	told     bool // Damaged was told, and Damage has not been called since
	changed  screen.Region
	pointer  windows.Handle // its shape, as it was told last
	surveyed time.Time
	quiet    int // looks that found nothing
}

// Open connects to the desktop of this process's session. Windows has no names for displays in this sense: name is not used.
func Open(name string) (Source, error) { return openDesktop(openBest()) }

// openBest duplicates the displays, or copies them where Windows cannot: Remote Desktop, some virtual machines, old graphics cards, and
// Wine. Who was told that it is not supported does not ask again.
func openBest() func(layout) (picture, error) {
	unsupported := false
	return func(l layout) (picture, error) {
		if !unsupported {
			p, err := openDuplication(l)
			if err == nil {
				return p, nil
			}
			unsupported = errors.Is(err, dxgiUnsupported) || errors.Is(err, notImplemented)
		}
		return openGDI(l)
	}
}

func openDesktop(open func(layout) (picture, error)) (*desktop, error) {
	t := win32.StartThread()
	d := &desktop{thread: t, place: here{t}, open: open, wake: make(chan struct{}, 1), gone: make(chan struct{})}
	if _, err := d.Displays(); err != nil {
		d.Close()
		return nil, fmt.Errorf("capture the screen: %w", err)
	}
	return d, nil
}

// on carries out f on the thread.
func (d *desktop) on(f func() error) error {
	err := d.thread.Do(f)
	if errors.Is(err, win32.ErrClosed) {
		return fmt.Errorf("capture was closed: %w", ErrDisplayGone)
	}
	return err
}

// Displays implements Source.
func (d *desktop) Displays() (list []screen.Display, err error) {
	err = d.on(func() error {
		l, err := readLayout()
		if err != nil {
			return err
		}
		if !l.same(d.layout) {
			d.layout = l
			d.shut()
		}
		list = l.displays
		return nil
	})
	return list, err
}

// Watch implements Source.
func (d *desktop) Watch(on bool) error {
	d.watchMu.Lock()
	defer d.watchMu.Unlock()
	if on == (d.stop != nil) {
		return nil
	}
	if !on {
		d.stop()
		d.stop = nil
		return d.on(func() error {
			d.watching = false
			d.shut()
			return nil
		})
	}
	err := d.on(func() error {
		d.watching, d.told, d.pointer, d.quiet, d.surveyed = true, false, 0, 0, time.Time{}
		return nil
	})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		d.keepLooking(ctx)
	}()
	d.stop = func() {
		cancel()
		<-ended
	}
	return nil
}

// keepLooking looks at the screen again and again.
func (d *desktop) keepLooking(ctx context.Context) {
	t := time.NewTimer(0)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-d.gone:
			return
		case <-t.C:
		}
		var wait time.Duration
		err := d.thread.Do(func() error {
			wait = d.turn()
			return nil
		})
		if err != nil {
			return
		}
		t.Reset(wait)
	}
}

// turn looks at everything once and tells what it found, and when the next turn is due. On the thread.
func (d *desktop) turn() time.Duration {
	begun := time.Now()
	if begun.Sub(d.surveyed) >= surveyEvery {
		d.surveyed = begun
		d.survey()
	}
	if shape, err := pointerShape(); err == nil && shape.cursor != d.pointer {
		d.pointer = shape.cursor
		d.quiet = 0
		d.tell(CursorChanged)
	}
	if !d.told {
		d.see()
		d.quiet++
		if !d.changed.Empty() {
			d.told, d.quiet = true, 0
			d.tell(Damaged)
		}
	}
	wait := lookFast
	if d.quiet > quietLooks {
		wait = lookSlow
	}
	return max(wait, 2*time.Since(begun))
}

// survey follows the input to another desktop, and sees displays come and go.
func (d *desktop) survey() {
	moved, err := d.place.Follow()
	cover := NoCover
	if errors.Is(err, win32.ErrSecure) {
		cover = coverOf(d.place.Session())
	}
	d.conceal(cover)
	switch {
	case err != nil:
		d.blacken(err)
	case moved, d.reason != nil:
		d.shut()
		d.changed.Add(image.Rectangle{Max: d.layout.size})
	}
	if l, err := readLayout(); err == nil && !l.same(d.layout) {
		d.tell(DisplaysChanged)
	}
}

// conceal tells when Windows begins to show what this program may not see, and when it shows another such thing or the desktop again.
func (d *desktop) conceal(by Cover) {
	d.mu.Lock()
	changed := d.concealed != by
	d.concealed = by
	d.mu.Unlock()
	if changed {
		d.tell(ConcealedChanged)
	}
}

// Concealed implements Concealer.
func (d *desktop) Concealed() Cover {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.concealed
}

// see takes what is on the screen now. Where that is impossible, the picture is black until it is possible again.
func (d *desktop) see() {
	if d.reason != nil {
		return // until the next survey
	}
	err := d.look()
	if errors.Is(err, errLost) { // once more: the screen's mode has changed, or another desktop has the input
		d.picture.close()
		d.picture = nil
		if _, err = d.place.Follow(); err == nil {
			err = d.look()
		}
	}
	if err != nil {
		d.blacken(err)
	}
}

// look opens a picture when there is none, and looks.
func (d *desktop) look() error {
	if d.picture == nil {
		p, err := d.open(d.layout)
		if err != nil {
			return err
		}
		d.picture = p
		d.changed.Add(image.Rectangle{Max: d.layout.size})
	}
	return d.picture.look(&d.changed)
}

// blacken shows black for a reason.
func (d *desktop) blacken(reason error) {
	black := d.reason != nil
	d.shut()
	if !black {
		d.changed.Add(image.Rectangle{Max: d.layout.size})
	}
	d.reason = reason
}

// shut gives the picture back; the next look opens one.
func (d *desktop) shut() {
	d.changed.Clear()
	d.reason = nil
	if d.picture != nil {
		d.picture.close()
		d.picture = nil
	}
}

// Damage implements Source.
func (d *desktop) Damage(into *screen.Region) error {
	return d.on(func() error {
		if !d.watching {
			return nil
		}
		if d.told { // some time ago
			d.see()
		}
		d.changed.Clip(image.Rectangle{Max: d.layout.size})
		into.Union(&d.changed)
		d.changed.Clear()
		d.told = false
		return nil
	})
}

// Grab implements Source.
func (d *desktop) Grab(dst *screen.Frame, rects []image.Rectangle) error {
	return d.on(func() error {
		for _, r := range rects {
			if !r.In(image.Rectangle{Max: d.layout.size}) || !r.In(dst.Bounds()) {
				return fmt.Errorf("grab %v of a desktop of %v: %w", r, d.layout.size, ErrChanged)
			}
		}
		if d.picture == nil {
			d.see()
		}
		if d.picture == nil {
			for _, r := range rects {
				dst.Fill(r, screen.Color{})
			}
			return nil
		}
		err := d.picture.copy(dst, rects)
		if !d.watching {
			d.shut()
		}
		return err
	})
}

// Cursor implements Source.
func (d *desktop) Cursor() (c screen.Cursor, at image.Point, err error) {
	err = d.on(func() error {
		c, at, err = readCursor(d.layout.origin)
		return err
	})
	return c, at, err
}

func (d *desktop) tell(e Event) {
	d.mu.Lock()
	d.happened |= e
	d.mu.Unlock()
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// Next implements Source.
func (d *desktop) Next(ctx context.Context) (Event, error) {
	for {
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-d.gone:
			return 0, ErrDisplayGone
		case <-d.wake:
			select {
			case <-d.gone:
				return 0, ErrDisplayGone
			default:
			}
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

// Close implements Source.
func (d *desktop) Close() error {
	close(d.gone)
	d.watchMu.Lock()
	defer d.watchMu.Unlock()
	if d.stop != nil {
		d.stop()
		d.stop = nil
	}
	err := d.thread.Do(func() error {
		d.shut()
		return nil
	})
	d.thread.Close()
	return err
}
