package client

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"deskhand/client/capture"
	"deskhand/client/input"
	"deskhand/client/session"
	"deskhand/client/ui"
	"deskhand/wire"
)

// bar is what shows the end-user who watches. *ui.UI is one.
type bar interface {
	ShowBar(ui.Bar) error
	HideBar() error
	OwnWindows() []uint32
}

// desk is this computer's desktop as all viewers share it. The bar is on the screen before anything is captured and goes after the last
// viewer; capture and input are opened for the first viewer and closed behind the last.
type desk struct {
	display string
	bar     bar // nil without a display
	log     *slog.Logger
	now     func() time.Time
	changed chan struct{} // capacity 1; receives when the first viewer came or the last one went

	mu       sync.Mutex // guards all below
	visitors []*visitor
	hub      *capture.Hub
	injector input.Injector
	paused   bool
	since    time.Time
}

// visitor is one viewer at the desk; a session.Desktop.
type visitor struct {
	desk    *desk
	name    string
	level   wire.Level
	hub     *capture.Hub
	input   input.Injector
	missing wire.NoPictureReason
	changed chan struct{} // capacity 1
}

// attend lets a viewer in.
func (d *desk) attend(_ context.Context, name string, level wire.Level) (*visitor, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	v := &visitor{desk: d, name: name, level: level, changed: make(chan struct{}, 1)}
	if d.bar == nil {
		v.missing = wire.NoPictureNoDisplay
		return v, nil
	}
	if len(d.visitors) == 0 {
		d.since, d.paused = d.now(), false
	}
	d.visitors = append(d.visitors, v)
	if err := d.showBar(); err != nil {
		d.remove(v)
		return nil, fmt.Errorf("showing the bar: %w", errors.Join(err, capture.ErrDisplayGone))
	}
	if err := d.open(); err != nil {
		d.remove(v)
		return nil, err
	}
	v.hub, v.input = d.hub, d.injector
	if d.injector != nil {
		d.injector.SetOwnWindows(d.bar.OwnWindows())
	}
	d.tell()
	d.notify()
	return v, nil
}

// open connects to the display. mu is held.
func (d *desk) open() error {
	if d.hub != nil {
		select {
		case <-d.hub.Done(): // its display is gone; perhaps there is one again
			d.shut()
		default:
			return nil
		}
	}
	src, err := capture.Open(d.display)
	if err != nil {
		return fmt.Errorf("opening the screen: %w", err)
	}
	hub, err := capture.NewHub(src)
	if err != nil {
		return fmt.Errorf("reading the displays: %w", err)
	}
	injector, err := input.Open(d.display)
	if err != nil {
		d.log.Warn("no input on this display, viewers can only watch", "err", err)
		injector = nil
	}
	d.hub, d.injector = hub, injector
	return nil
}

// shut gives the display back. mu is held.
func (d *desk) shut() {
	if d.hub != nil {
		if err := d.hub.Close(); err != nil {
			d.log.Debug("closing the capture", "err", err)
		}
	}
	if d.injector != nil {
		if err := d.injector.Close(); err != nil {
			d.log.Debug("closing the input", "err", err)
		}
	}
	d.hub, d.injector = nil, nil
}

// watched tells whether somebody watches.
func (d *desk) watched() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.visitors) > 0
}

func (d *desk) notify() {
	select {
	case d.changed <- struct{}{}:
	default:
	}
}

// remove takes a viewer off the desk. mu is held.
func (d *desk) remove(v *visitor) {
	i := slices.Index(d.visitors, v)
	if i < 0 {
		return
	}
	d.visitors = slices.Delete(d.visitors, i, i+1)
	if len(d.visitors) > 0 {
		if err := d.showBar(); err != nil {
			d.log.Debug("showing the bar", "err", err)
		}
		d.tell()
		return
	}
	d.shut()
	if err := d.bar.HideBar(); err != nil {
		d.log.Debug("hiding the bar", "err", err)
	}
	d.notify()
}

// showBar says who watches, and what they may do. mu is held.
func (d *desk) showBar() error {
	b := ui.Bar{Viewers: d.names(), Level: ui.BarViewing, Since: d.since}
	for _, v := range d.visitors {
		if v.level == wire.Level_LEVEL_CONTROL {
			b.Level = ui.BarControlling
		}
	}
	if d.paused {
		b.Level = ui.BarPaused
	}
	return d.bar.ShowBar(b)
}

// names lists the viewers, each person once. mu is held.
func (d *desk) names() []string {
	var names []string
	for _, v := range d.visitors {
		if !slices.Contains(names, v.name) {
			names = append(names, v.name)
		}
	}
	return names
}

// others lists who watches besides the one with this name.
func (d *desk) others(name string) []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.DeleteFunc(d.names(), func(n string) bool { return n == name })
}

// tell wakes all viewers. mu is held.
func (d *desk) tell() {
	for _, v := range d.visitors {
		select {
		case v.changed <- struct{}{}:
		default:
		}
	}
}

// pause stops and resumes what viewers see.
func (d *desk) pause(on bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.visitors) == 0 || d.paused == on {
		return
	}
	d.paused = on
	if on && d.injector != nil {
		_ = d.injector.ReleaseAll()
	}
	d.tell()
	if err := d.showBar(); err != nil {
		d.log.Debug("showing the bar", "err", err)
	}
}

// ownWindows keeps input away from windows that were shown since.
func (d *desk) ownWindows() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.injector != nil && d.bar != nil {
		d.injector.SetOwnWindows(d.bar.OwnWindows())
	}
}

var _ session.Desktop = (*visitor)(nil)

func (v *visitor) Hub() *capture.Hub               { return v.hub }
func (v *visitor) Input() input.Injector           { return v.input }
func (v *visitor) NoPicture() wire.NoPictureReason { return v.missing }
func (v *visitor) Changed() <-chan struct{}        { return v.changed }

func (v *visitor) Paused() bool {
	v.desk.mu.Lock()
	defer v.desk.mu.Unlock()
	return v.desk.paused
}

func (v *visitor) Watchers() []string {
	v.desk.mu.Lock()
	defer v.desk.mu.Unlock()
	return v.desk.names()
}

func (v *visitor) Close() {
	v.desk.mu.Lock()
	defer v.desk.mu.Unlock()
	v.desk.remove(v)
}
