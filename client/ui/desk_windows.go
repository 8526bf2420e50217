package ui

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/windows"

	"deskhand/client/ui/typeset"
	"deskhand/internal/win32"
)

// closeMax is how long Close waits for a thread that does not answer.
const closeMax = 2 * time.Second

// wdesk owns one thread, to which all windows belong. Only that thread touches anything below the events.
type wdesk struct {
	mu      sync.Mutex // guards what follows, up to ids
	calls   []func()
	backlog queue
	ended   bool
	ids     []uint32

	once     sync.Once
	done     chan struct{} // closed when the thread has ended
	closed   chan struct{} // closed by close
	more     chan struct{} // there is something in the backlog
	told     chan struct{} // closed when the last event was delivered
	events   chan<- Event
	control  windows.HWND // hidden; receives what no window does
	options  Options
	lk       *look
	windows  [slots]*wwindow
	bar      barState
	hotKey   bool
	tray     tray
	lost     bool
	scanning bool
	ctx      context.Context // ends the search for fonts
	cancel   context.CancelFunc
	tasks    sync.WaitGroup
}

// Messages to the control window.
const (
	msgCall  = wmApp + iota // there are calls
	msgClose                // Close was called
	msgTray                 // of the tray icon
)

// openDesk shows windows on the desktop of this thread's window station; "" is the one that the process was started on.
func openDesk(display string, o Options, events chan<- Event) (desk, error) {
	if !win32.VisibleStation() {
		return nil, fmt.Errorf("%w: this process has no visible window station", ErrNoDisplay)
	}
	d := &wdesk{
		done: make(chan struct{}), closed: make(chan struct{}), more: make(chan struct{}, 1), told: make(chan struct{}), events: events, options: o,
	}
	d.ctx, d.cancel = context.WithCancel(context.Background())
	started := make(chan error)
	go d.run(display, started)
	if err := <-started; err != nil {
		d.cancel()
		<-d.done
		return nil, err
	}
	go d.deliver()
	return d, nil
}

// run is the thread. It is never given back, since desktop and awareness of the scale are the thread's.
func (d *wdesk) run(display string, started chan<- error) {
	runtime.LockOSThread()
	defer close(d.done)
	win32.ScaleByMonitor()
	if err := d.start(display); err != nil {
		d.end()
		started <- err
		return
	}
	started <- nil
	for m := new(win32.Message); m.Next(); {
		m.Dispatch()
	}
	d.end()
}

// start makes all windows now, so that the identifiers are known before anything is shown.
func (d *wdesk) start(display string) error {
	if display != "" && !strings.Contains(display, ":") { // where programs for X are used DISPLAY may be set, to no desktop of Windows
		if err := win32.EnterDesktop(display); err != nil {
			return fmt.Errorf("%w: desktop %q: %w", ErrNoDisplay, display, err)
		}
	}
	o := d.options
	d.lk = &look{
		fonts: typeset.Open(typeset.Options{Dirs: o.FontDirs, Language: o.Text.Language()}),
		scale: 1, rtl: o.Mirrored, words: o.Text, now: o.Now, native: true,
	}
	d.lk.system = contrasting()
	d.lk.wear(Brand{}, d.onDark())
	if err := d.newControl(); err != nil {
		return fmt.Errorf("create a window: %w", err)
	}
	for s := range slots {
		w, err := d.newWindow(s)
		if err != nil {
			return fmt.Errorf("create a window: %w", err)
		}
		d.windows[s] = w
	}
	d.setOwned()
	return nil
}

// onDark tells whether windows are dark: as it was wished, or as programs are on this computer.
func (d *wdesk) onDark() bool {
	return d.options.Theme == Dark || (d.options.Theme == Auto && darkApps())
}

// end takes everything away. What was called and did not run is answered by done.
func (d *wdesk) end() {
	d.cancel()
	d.tray.remove()
	d.releaseKey()
	for _, w := range d.windows {
		if w != nil {
			w.destroy()
		}
	}
	if d.control != 0 {
		controls.Delete(d.control)
		win32.Ask(procDestroyWindow, uintptr(d.control))
	}
	d.mu.Lock()
	d.ended, d.ids = true, nil
	d.mu.Unlock()
}

// lose notes that the desktop goes away, as when the person logs out.
func (d *wdesk) lose(err error) {
	if d.lost {
		return
	}
	d.lost = true
	d.mu.Lock()
	d.backlog = append(d.backlog, Closed{err})
	d.mu.Unlock()
	d.wake()
	win32.Ask(procPostQuitMessage, 0)
}

var errLoggedOut = errors.New("the session of this desktop ends")

// deliver passes events on to who reads them, and never keeps the windows waiting.
func (d *wdesk) deliver() {
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
		if _, last := ev.(Closed); last {
			<-d.done
			return
		}
	}
}

func (d *wdesk) first() Event {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.backlog) == 0 {
		return nil
	}
	ev := d.backlog[0]
	d.backlog = d.backlog[1:]
	return ev
}

func (d *wdesk) emit(evs ...Event) {
	d.mu.Lock()
	d.backlog.add(evs...)
	d.mu.Unlock()
	d.wake()
}

func (d *wdesk) wake() {
	select {
	case d.more <- struct{}{}:
	default:
	}
}

func (d *wdesk) close() {
	d.once.Do(func() {
		close(d.closed)
		win32.Ask(procPostMessage, uintptr(d.control), msgClose, 0, 0)
	})
	ended := make(chan struct{})
	go func() {
		<-d.done
		<-d.told
		d.tasks.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(closeMax):
	}
}

// do runs f on the thread and waits for it. The thread takes calls even while the person moves a window or has a menu open.
func (d *wdesk) do(f func() error) error {
	result := make(chan error, 1)
	d.mu.Lock()
	if d.ended {
		d.mu.Unlock()
		return ErrClosed
	}
	d.calls = append(d.calls, func() {
		if d.lost {
			result <- ErrClosed
			return
		}
		result <- f()
	})
	d.mu.Unlock()
	if _, err := win32.Call(procPostMessage, uintptr(d.control), msgCall, 0, 0); err != nil {
		select {
		case <-d.done:
			return ErrClosed
		default:
			return fmt.Errorf("reach the windows: %w", err)
		}
	}
	select {
	case err := <-result:
		return err
	case <-d.done:
		return ErrClosed
	}
}

// runCalls does what was asked for.
func (d *wdesk) runCalls() {
	d.mu.Lock()
	calls := d.calls
	d.calls = nil
	d.mu.Unlock()
	for _, f := range calls {
		f()
	}
}

func (d *wdesk) show(c content) error { return d.do(func() error { return d.put(c) }) }

func (d *wdesk) hide(s slot) error {
	return d.do(func() error {
		d.withdraw(s)
		return nil
	})
}

func (d *wdesk) brand(b Brand) error {
	return d.do(func() error {
		d.lk.wear(b, d.lk.onDark)
		for _, w := range d.windows {
			w.pane.wear(b)
			w.dirty = true
		}
		return nil
	})
}

func (d *wdesk) owned() []uint32 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.ids)
}

// setOwned notes the windows' handles, which have 32 bits that count.
func (d *wdesk) setOwned() {
	var ids []uint32
	for _, w := range d.windows {
		ids = append(ids, uint32(w.hwnd))
	}
	d.mu.Lock()
	d.ids = ids
	d.mu.Unlock()
}

// findFonts searches all fonts for characters that nothing could show, without keeping the windows waiting.
func (d *wdesk) findFonts() {
	missing := d.lk.fonts.Missing()
	if d.scanning || len(missing) == 0 {
		return
	}
	d.scanning = true
	fonts := d.lk.fonts
	d.tasks.Go(func() {
		found := fonts.Scan(d.ctx, missing)
		d.mu.Lock()
		d.calls = append(d.calls, func() { d.adopt(found) })
		d.mu.Unlock()
		win32.Ask(procPostMessage, uintptr(d.control), msgCall, 0, 0)
	})
}

func (d *wdesk) adopt(found map[rune]string) {
	d.scanning = false
	if d.lost {
		return
	}
	if d.lk.fonts.Adopt(found) {
		for _, w := range d.windows {
			w.pane.lk.forget()
			w.pane.refresh()
			w.dirty = true
		}
	}
	d.findFonts()
}
