// Package ui shows the client's few windows: the main window, the consent, the bar and notices.
//
// They are drawn by the package itself, so that they look alike on every desktop and show every script. One
// goroutine owns the connection to the display, or the thread of the windows; all methods may be called from any goroutine.
// On X no screen reader reaches own-drawn windows. On Windows there is a control of the system's in the place of each text,
// button and field, which has its words, the keyboard and the clicks.
package ui

import (
	"errors"
	"time"

	"deskhand/client/locales"
)

// ErrNoDisplay says that there is no display to show windows on.
var ErrNoDisplay = errors.New("no display")

// ErrClosed is returned once the display is gone or the UI was closed. Who shares a screen must stop then, since
// the bar is no longer shown.
var ErrClosed = errors.New("user interface is closed")

// Theme chooses light or dark windows.
type Theme int

// Auto follows the desktop.
const (
	Auto Theme = iota
	Light
	Dark
)

// Options are the settings of all windows. The zero value follows the desktop.
type Options struct {
	Text     *locales.Text    // nil: the language of the environment
	Theme    Theme            //
	Scale    float64          // device pixels per unit, 1 to 4; 0: as the desktop says
	Mirrored bool             // lay out from right to left, for languages written so
	FontDirs []string         // nil: the system's; empty: only the built-in Latin font
	Now      func() time.Time // nil: time.Now
}

// UI is a set of windows on one display.
type UI struct {
	desk   desk
	events <-chan Event
}

// desk is what each windowing system implements. The calls may come from any goroutine; each returns when the
// windowing system has done what was asked.
type desk interface {
	show(content) error
	hide(slot) error
	brand(Brand) error
	owned() []uint32
	close()
}

// slot names a window; there is one of each kind.
type slot int

const (
	slotMain slot = iota
	slotConsent
	slotBar
	slotNotice
	slotTip
	slots
)

// content is what one window shows.
type content interface {
	slot() slot
	clean() content
}

// Open connects to a display ("" means $DISPLAY; on Windows, where it names a desktop, the one of the process). It shows nothing yet. Without a display the error is [ErrNoDisplay].
func Open(display string, o Options) (*UI, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Text == nil {
		o.Text = locales.New(environment()...)
	}
	events := make(chan Event)
	d, err := openDesk(display, o, events)
	if err != nil {
		return nil, err
	}
	return &UI{d, events}, nil
}

// Events delivers what the end-user does, in order. The channel is closed after [Closed] and by [UI.Close].
func (u *UI) Events() <-chan Event { return u.events }

// ShowMain shows or changes the main window.
func (u *UI) ShowMain(m Main) error { return u.desk.show(m.clean()) }

// HideMain takes the main window away.
func (u *UI) HideMain() error { return u.desk.hide(slotMain) }

// ShowConsent asks a question, or changes the one with the same ID (its deadline, for instance) in place.
func (u *UI) ShowConsent(c Consent) error { return u.desk.show(c.clean()) }

// HideConsent takes the question away.
func (u *UI) HideConsent() error { return u.desk.hide(slotConsent) }

// ShowBar shows or changes the bar. It returns nil only when the bar is on the screen, so that a picture may be
// taken after it and not before.
func (u *UI) ShowBar(b Bar) error { return u.desk.show(b.clean()) }

// HideBar takes the bar away; to be called only when nobody watches any more.
func (u *UI) HideBar() error { return u.desk.hide(slotBar) }

// ShowNotice shows a message with one button.
func (u *UI) ShowNotice(n Notice) error { return u.desk.show(n.clean()) }

// HideNotice takes the message away.
func (u *UI) HideNotice() error { return u.desk.hide(slotNotice) }

// OwnWindows lists the identifiers of all windows of this UI, shown or not, so that input from a viewer can be kept away
// from them. They exist from [Open] on and stay the same, unless another program destroys one.
func (u *UI) OwnWindows() []uint32 { return u.desk.owned() }

// Close takes all windows away and ends the connection. Events is closed when it returns.
func (u *UI) Close() { u.desk.close() }

// Event is something that the end-user did.
type Event interface{ event() }

// IDEntered: a connection ID of 6 digits was typed, and Connect chosen.
type IDEntered struct{ ID string }

// IDRefused: Connect was chosen with an empty or short ID. The window says so already.
type IDRefused struct{ Digits int }

// Leave: the end-user no longer waits.
type Leave struct{}

// MainClosed: the main window's close button was chosen. The window is still there.
type MainClosed struct{}

// Answered: a button of the consent was chosen.
type Answered struct {
	Question uint64 // [Consent].ID
	Choice   Choice
}

// Touched: there was input on the consent, at most one event each second.
type Touched struct{ Question uint64 }

// PauseChosen and ResumeChosen: buttons of the bar. The bar changes when it is shown with another state.
type (
	PauseChosen  struct{}
	ResumeChosen struct{}
)

// StopChosen: the bar's button, or the stop key.
type StopChosen struct{ Key bool }

// NoticeClosed: the notice's button was chosen; the window is gone.
type NoticeClosed struct{}

// Closed: the display was lost, and all windows with it. It is the last event. Nothing follows [UI.Close].
type Closed struct{ Err error }

func (IDEntered) event()    {}
func (IDRefused) event()    {}
func (Leave) event()        {}
func (MainClosed) event()   {}
func (Answered) event()     {}
func (Touched) event()      {}
func (PauseChosen) event()  {}
func (ResumeChosen) event() {}
func (StopChosen) event()   {}
func (NoticeClosed) event() {}
func (Closed) event()       {}
