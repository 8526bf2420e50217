package client

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"deskhand/client/audience"
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
	system  *system
	bar     bar // nil without a display
	log     *slog.Logger
	now     func() time.Time
	changed chan struct{} // capacity 1; receives when busy may have changed

	asking atomic.Int32 // viewers that have asked and not gone

	follows bool                 // there may be another display soon
	vacant  wire.NoPictureReason // why there is no display; empty: there is one. Guarded by mu
	before  *audience.House      // the last that was shown. Guarded by door

	door sync.Mutex // held by who comes or goes: one display is opened or given back at a time, which may take a second. Before mu

	mu       sync.Mutex // guards all below; held for moments, since the client's loop takes it too
	visitors []*visitor
	hub      *capture.Hub
	house    *audience.House // shows what hub captures
	injector input.Injector
	own      []uint32 // that the injector keeps away from
	paused   bool
	since    time.Time
	control
}

// visitor is one viewer at the desk; a session.Desktop.
type visitor struct {
	desk    *desk
	id      string // of the view
	agent   string // whose it is
	name    string // the agent's
	level   wire.Level
	several bool          // it knows of several agents
	prompt  bool          // it shows a command prompt, and no screen
	mayTake func() bool   // the control, without asking
	changed chan struct{} // capacity 1

	house   *audience.House // guarded by the desk's mu, as the following
	input   input.Injector
	missing wire.NoPictureReason

	colour uint32
	word   *wire.ControlQuestion // that the viewer has not been told; nil: none
	pace   *rate.Limiter         // of its pointer
}

// attend lets a viewer in.
func (d *desk) attend(v *visitor) (*visitor, error) {
	v.desk, v.changed = d, make(chan struct{}, 1)
	if d.bar == nil {
		v.missing = wire.NoPictureNoDisplay
		return v, nil
	}
	d.door.Lock()
	defer d.door.Unlock()
	if d.follows && d.reason() != "" {
		err := d.enter(v)
		v.show(nil, nil, d.reason())
		d.notify()
		return v, err
	}
	if err := d.enter(v); err != nil {
		d.leave(v)
		return nil, fmt.Errorf("showing the bar: %w", errors.Join(err, capture.ErrDisplayGone))
	}
	if v.prompt {
		d.ownWindows()
		d.notify()
		return v, nil
	}
	var missing wire.NoPictureReason
	switch err := d.open(); {
	case errors.Is(err, capture.ErrPermission):
		d.log.Warn("the screen cannot be shown", "err", err)
		missing = wire.NoPicturePermissionMissing
	case err != nil:
		d.leave(v)
		return nil, err
	}
	v.show(d.house, d.injector, missing)
	d.ownWindows()
	d.notify()
	return v, nil
}

// show sets what the viewer has of the desk.
func (v *visitor) show(house *audience.House, injector input.Injector, missing wire.NoPictureReason) {
	v.desk.mu.Lock()
	defer v.desk.mu.Unlock()
	v.house, v.input, v.missing = house, injector, missing
}

// reason is why there is no display; empty: there is one.
func (d *desk) reason() wire.NoPictureReason {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.vacant
}

// move goes on at another display, with everybody who watches; none, for a reason, until there is one. The bar is there already.
func (d *desk) move(display string, vacant wire.NoPictureReason) {
	d.door.Lock()
	defer d.door.Unlock()
	d.shut()
	d.mu.Lock()
	d.display, d.vacant = display, vacant
	watched := slices.ContainsFunc(d.visitors, func(v *visitor) bool { return !v.prompt })
	d.mu.Unlock()
	if watched && vacant == "" {
		if err := d.open(); err != nil {
			d.log.Warn("the screen cannot be shown", "display", display, "err", err)
			d.mu.Lock()
			d.vacant = whyBlack(err)
			d.mu.Unlock()
		}
	}
	d.mu.Lock()
	for _, v := range d.visitors {
		if !v.prompt {
			v.house, v.input, v.missing = d.house, d.injector, d.vacant
		}
	}
	d.tell()
	d.mu.Unlock()
	d.ownWindows()
}

// whyBlack is what viewers are told of a display that could not be opened.
func whyBlack(err error) wire.NoPictureReason {
	if errors.Is(err, capture.ErrPermission) {
		return wire.NoPicturePermissionMissing
	}
	return wire.NoPictureDisplayGone
}

// enter puts a viewer on the bar.
func (d *desk) enter(v *visitor) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.visitors) == 0 {
		d.since, d.paused = d.now(), false
	}
	d.welcome(v)
	d.visitors = append(d.visitors, v)
	if err := d.showBar(); err != nil {
		return err
	}
	d.tell()
	return nil
}

// open connects to the display. The door is held.
func (d *desk) open() error {
	if d.hub != nil {
		select {
		case <-d.hub.Done(): // its display is gone; perhaps there is one again
			d.shut()
		default:
			return nil
		}
	}
	src, err := d.system.screen(d.display)
	if err != nil {
		return fmt.Errorf("opening the screen: %w", err)
	}
	hub, err := capture.NewHub(src)
	if err != nil {
		return fmt.Errorf("reading the displays: %w", err)
	}
	injector, err := d.system.input(d.display)
	if err != nil {
		d.log.Warn("no input on this display, viewers can only watch", "err", err)
		injector = nil
	}
	house := audience.Open(hub, d.log)
	house.Follow(d.before)
	d.before = house
	d.mu.Lock()
	defer d.mu.Unlock()
	d.hub, d.house, d.injector, d.own = hub, house, injector, nil
	return nil
}

// shut gives the display back. The door is held.
func (d *desk) shut() {
	d.mu.Lock()
	hub, house, injector := d.hub, d.house, d.injector
	d.hub, d.house, d.injector = nil, nil, nil
	d.mu.Unlock()
	if hub != nil {
		house.Close()
		if err := hub.Close(); err != nil {
			d.log.Debug("closing the capture", "err", err)
		}
	}
	if injector != nil {
		if err := injector.Close(); err != nil {
			d.log.Debug("closing the input", "err", err)
		}
	}
}

// ask counts a viewer that asks the end-user; gone takes it off again, whatever came of it.
func (d *desk) ask() {
	d.asking.Add(1)
	d.notify()
}

func (d *desk) gone() {
	d.asking.Add(-1)
	d.notify()
}

// busy tells whether the question or the bar says what is going on.
func (d *desk) busy() bool { return d.asking.Load() > 0 || d.watched() }

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

// leave takes a viewer off the desk. The door is held.
func (d *desk) leave(v *visitor) {
	if d.withdraw(v) {
		return
	}
	d.shut()
	if err := d.bar.HideBar(); err != nil {
		d.log.Debug("hiding the bar", "err", err)
	}
	d.notify()
}

// withdraw takes a viewer off the bar. It reports whether others are still there, or the viewer was not.
func (d *desk) withdraw(v *visitor) (others bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	i := slices.Index(d.visitors, v)
	if i < 0 {
		return true
	}
	d.visitors = slices.Delete(d.visitors, i, i+1)
	d.farewell(v)
	if len(d.visitors) == 0 {
		return false
	}
	if err := d.showBar(); err != nil {
		d.log.Debug("showing the bar", "err", err)
	}
	d.tell()
	return true
}

// showBar says who watches, and what they may do. mu is held.
func (d *desk) showBar() error {
	b := ui.Bar{Viewers: d.names(nobody), Level: ui.BarPrompt, Prompts: d.names((*visitor).watches), Since: d.since}
	for _, v := range d.visitors {
		if v.watches() {
			b.Level = ui.BarViewing
		}
	}
	for _, v := range d.visitors {
		if v.level == wire.Level_LEVEL_CONTROL {
			b.Level = ui.BarControlling
		}
	}
	if owner := d.of(d.owner); owner != nil && len(b.Viewers) > 1 {
		b.Control = owner.name
	}
	if d.paused {
		b.Level = ui.BarPaused
	}
	return d.bar.ShowBar(b)
}

// watches tells whether a viewer shows the screen.
func (v *visitor) watches() bool { return !v.prompt }

// nobody is none of the visitors.
func nobody(*visitor) bool { return false }

// names lists the viewers but those, each person once. mu is held.
func (d *desk) names(but func(*visitor) bool) []string {
	var names []string
	for _, v := range d.visitors {
		if !but(v) && !slices.Contains(names, v.name) {
			names = append(names, v.name)
		}
	}
	return names
}

// others lists who watches besides the one with this name.
func (d *desk) others(name string) []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.DeleteFunc(d.names(nobody), func(n string) bool { return n == name })
}

// tell wakes all viewers. mu is held.
func (d *desk) tell() {
	for _, v := range d.visitors {
		v.wake()
	}
}

// rightsChanged lets the viewers hear what they may do now.
func (d *desk) rightsChanged() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.tell()
}

func (v *visitor) wake() {
	select {
	case v.changed <- struct{}{}:
	default:
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
	if d.injector == nil {
		return
	}
	if own := d.bar.OwnWindows(); !slices.Equal(own, d.own) {
		_ = d.injector.ReleaseAll() // else it would first type to the end
		d.injector.SetOwnWindows(own)
		d.own = own
	}
}

var _ session.Desktop = (*visitor)(nil)

func (v *visitor) Follows() bool            { return v.desk.follows }
func (v *visitor) Changed() <-chan struct{} { return v.changed }

func (v *visitor) House() *audience.House {
	v.desk.mu.Lock()
	defer v.desk.mu.Unlock()
	return v.house
}

func (v *visitor) Input() input.Injector {
	v.desk.mu.Lock()
	defer v.desk.mu.Unlock()
	return v.input
}

func (v *visitor) NoPicture() wire.NoPictureReason {
	v.desk.mu.Lock()
	defer v.desk.mu.Unlock()
	return v.missing
}

func (v *visitor) Paused() bool {
	v.desk.mu.Lock()
	defer v.desk.mu.Unlock()
	return v.desk.paused
}

func (v *visitor) Close() {
	v.desk.door.Lock()
	defer v.desk.door.Unlock()
	v.desk.leave(v)
}
