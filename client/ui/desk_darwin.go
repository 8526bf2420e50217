package ui

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/ebitengine/purego/objc"

	"deskhand/client/ui/typeset"
	"deskhand/internal/mac"
)

// tickEvery is how often the clocks of windows are looked at.
const tickEvery = 500 * time.Millisecond

// mdesk is the windows of macOS. What is not guarded by mu belongs to the main thread.
type mdesk struct {
	mu      sync.Mutex // guards what follows, up to ids
	backlog queue
	ended   bool
	ids     []uint32

	once     sync.Once
	closed   chan struct{} // closed by close
	more     chan struct{} // there is something in the backlog
	told     chan struct{} // closed when nothing is delivered any more
	events   chan<- Event
	options  Options
	lk       *look
	windows  [slots]*mwindow
	scanning bool
	ctx      context.Context // ends the search for fonts
	cancel   context.CancelFunc
}

// openDesk shows windows in the session of whoever sits at the screen; macOS has no names for displays in this sense.
func openDesk(_ string, o Options, events chan<- Event) (desk, error) {
	d := &mdesk{
		closed: make(chan struct{}), more: make(chan struct{}, 1), told: make(chan struct{}), events: events, options: o,
	}
	d.ctx, d.cancel = context.WithCancel(context.Background())
	var failed error
	if err := mac.OnMain(func() { failed = d.start() }); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoDisplay, err)
	}
	if failed != nil {
		return nil, failed
	}
	go d.deliver()
	go d.keepTicking()
	return d, nil
}

// start makes all windows now, so that their numbers are known before anything is shown.
func (d *mdesk) start() error {
	o := d.options
	scale := o.Scale
	if scale == 0 {
		scale = objc.Send[float64](mac.Class("NSScreen").Send(mac.Sel("mainScreen")), mac.Sel("backingScaleFactor"))
	}
	d.lk = &look{
		fonts: typeset.Open(typeset.Options{Dirs: o.FontDirs, Language: o.Text.Language()}),
		scale: min(max(scale, 1), 4), rtl: o.Mirrored, words: o.Text, now: o.Now, native: true,
	}
	d.lk.wear(Brand{}, o.Theme == Dark || o.Theme == Auto && mac.Dark())
	for s := range slots {
		w, err := d.newWindow(s)
		if err != nil {
			return err
		}
		d.windows[s] = w
		shown.Store(w.ref, w)
	}
	d.setOwned()
	return nil
}

// setOwned notes the windows' numbers.
func (d *mdesk) setOwned() {
	var ids []uint32
	for _, w := range d.windows {
		if n := objc.Send[int](w.ref, mac.Sel("windowNumber")); n > 0 {
			ids = append(ids, uint32(n))
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ids = ids
}

func (d *mdesk) owned() []uint32 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.ids)
}

// do runs f on the main thread and waits for it.
func (d *mdesk) do(f func() error) error {
	err := ErrClosed
	failed := mac.OnMain(func() {
		d.mu.Lock()
		ended := d.ended
		d.mu.Unlock()
		if !ended {
			err = f()
		}
	})
	if failed != nil {
		return errors.Join(ErrClosed, failed)
	}
	return err
}

func (d *mdesk) show(c content) error { return d.do(func() error { return d.put(c) }) }

func (d *mdesk) hide(s slot) error {
	return d.do(func() error {
		d.windows[s].withdraw()
		return nil
	})
}

func (d *mdesk) brand(b Brand) error {
	return d.do(func() error {
		d.lk.wear(b, d.lk.onDark)
		for _, w := range d.windows {
			w.pane.wear(b)
			if w.shown {
				w.update()
			}
		}
		return nil
	})
}

// keepTicking keeps the clocks in the windows going.
func (d *mdesk) keepTicking() {
	t := time.NewTicker(tickEvery)
	defer t.Stop()
	for {
		select {
		case <-d.closed:
			return
		case <-t.C:
			_ = d.do(func() error {
				now := d.lk.now()
				for _, w := range d.windows {
					if w.shown && w.pane.tick(now) {
						w.update()
					}
				}
				return nil
			})
		}
	}
}

// deliver passes events on to who reads them, and never keeps the windows waiting.
func (d *mdesk) deliver() {
	defer close(d.told)
	defer close(d.events)
	for {
		ev := d.first()
		if ev == nil {
			select {
			case <-d.more:
				continue
			case <-d.closed:
				return
			}
		}
		select {
		case d.events <- ev:
		case <-d.closed:
			return
		}
	}
}

func (d *mdesk) first() Event {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.backlog) == 0 {
		return nil
	}
	ev := d.backlog[0]
	d.backlog = d.backlog[1:]
	return ev
}

func (d *mdesk) emit(evs ...Event) {
	d.mu.Lock()
	d.backlog.add(evs...)
	d.mu.Unlock()
	select {
	case d.more <- struct{}{}:
	default:
	}
}

// close takes the windows away. A main thread that does not answer is not waited for.
func (d *mdesk) close() {
	d.once.Do(func() {
		close(d.closed)
		d.cancel()
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		go func() {
			defer cancel()
			_ = d.do(func() error {
				d.mu.Lock()
				d.ended, d.ids = true, nil
				d.mu.Unlock()
				for _, w := range d.windows {
					w.destroy()
				}
				return nil
			})
		}()
		<-ctx.Done()
	})
	<-d.told
}
