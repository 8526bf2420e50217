package client

import (
	"sync"

	"deskhand/client/ui"
)

// front is the windows of a client that follows whoever sits at the computer: what is shown goes along to the next display. Between two displays
// nothing is shown, and a question finds nobody.
type front struct {
	open   func(display string) (windows, error)
	events chan ui.Event // lives as long as the front
	wg     sync.WaitGroup

	mu     sync.Mutex    // guards all below
	now    windows       // nil: there is no display
	gone   chan struct{} // closed when now is left
	bar    *ui.Bar       // nil: hidden, as the following
	notice *ui.Notice
	brand  *ui.Brand
}

func newFront(open func(display string) (windows, error)) *front {
	return &front{open: open, events: make(chan ui.Event)}
}

// enter shows on a display what is to be shown. The front has none before.
func (f *front) enter(display string) error {
	w, err := f.open(display)
	if err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.brand != nil {
		_ = w.SetBrand(*f.brand)
	}
	if f.notice != nil {
		_ = w.ShowNotice(*f.notice)
	}
	if f.bar != nil {
		if err := w.ShowBar(*f.bar); err != nil {
			w.Close()
			return err
		}
	}
	f.now, f.gone = w, make(chan struct{})
	gone := f.gone
	f.wg.Go(func() { f.pass(w.Events(), gone) })
	return nil
}

// pass hands on what happens in the windows of one display, their end among it, until they are left.
func (f *front) pass(events <-chan ui.Event, gone <-chan struct{}) {
	for {
		var e ui.Event = ui.Closed{}
		select {
		case one, ok := <-events:
			if ok {
				e = one
			}
		case <-gone:
			return
		}
		select {
		case f.events <- e:
		case <-gone:
			return
		}
		if _, closed := e.(ui.Closed); closed {
			return
		}
	}
}

// leave takes everything off the display.
func (f *front) leave() {
	f.mu.Lock()
	w, gone := f.now, f.gone
	f.now = nil
	f.mu.Unlock()
	if w != nil {
		close(gone)
		_ = w.HideConsent()
		_ = w.HideBar()
		w.Close()
	}
}

func (f *front) windows() windows {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.now
}

// Close ends the front.
func (f *front) Close() {
	f.leave()
	f.wg.Wait()
}

// on does something to the windows that are there.
func (f *front) on(keep func(), do func(windows) error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	keep()
	if f.now == nil {
		return nil
	}
	return do(f.now)
}

func (f *front) ShowBar(b ui.Bar) error {
	return f.on(func() { f.bar = &b }, func(w windows) error { return w.ShowBar(b) })
}

func (f *front) HideBar() error {
	return f.on(func() { f.bar = nil }, func(w windows) error { return w.HideBar() })
}

func (f *front) ShowNotice(n ui.Notice) error {
	return f.on(func() { f.notice = &n }, func(w windows) error { return w.ShowNotice(n) })
}

func (f *front) HideNotice() error {
	return f.on(func() { f.notice = nil }, func(w windows) error { return w.HideNotice() })
}

func (f *front) SetBrand(b ui.Brand) error {
	return f.on(func() { f.brand = &b }, func(w windows) error { return w.SetBrand(b) })
}

// ShowConsent asks on the display that is there; a question does not go along, since it may meet somebody else.
func (f *front) ShowConsent(c ui.Consent) error {
	if w := f.windows(); w != nil {
		return w.ShowConsent(c)
	}
	return ui.ErrNoDisplay
}

func (f *front) HideConsent() error {
	return f.on(func() {}, func(w windows) error { return w.HideConsent() })
}

// An unattended computer has no main window.
func (f *front) ShowMain(ui.Main) error { return nil }
func (f *front) HideMain() error        { return nil }

func (f *front) Events() <-chan ui.Event { return f.events }

func (f *front) OwnWindows() []uint32 {
	if w := f.windows(); w != nil {
		return w.OwnWindows()
	}
	return nil
}
