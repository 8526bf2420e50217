package session

import (
	"cmp"
	"context"
	"errors"
	"image"
	"slices"
	"sync"
	"time"

	"deskhand/client/audience"
	"deskhand/client/capture"
	"deskhand/client/encode"
	"deskhand/client/pace"
	"deskhand/codec"
	"deskhand/screen"
	"deskhand/wire"
)

// stream sends the picture of one display to the viewer. One goroutine runs it; it sleeps until there is an update to send, an
// acknowledgement came or the viewer asked for something.
type stream struct {
	s       *Session
	desktop Desktop
	in      *inbox
	level   wire.Level
	codecs  []screen.VideoCodec
	house   *audience.House
	seat    *audience.Seat       // in house; nil: there is no display
	missing wire.NoPictureReason // what the viewer was last told of there being none

	wanted bool // by the viewer: a hidden tab wants none
	paused bool // by the end-user
	cursor []byte
	pinged time.Time        // when the line was last asked for its round trip
	begun  time.Time        // when the picture last began anew at the viewer's wish
	due    <-chan time.Time // when it may do so again; nil: it need not
	told   told

	mu      sync.Mutex // guards display, which the input goroutine reads
	display screen.Display
}

func newStream(s *Session, d Desktop, in *inbox, level wire.Level, codecs []screen.VideoCodec) *stream {
	t := &stream{s: s, desktop: d, in: in, level: level, codecs: codecs, wanted: true}
	t.sit(d.House())
	return t
}

// sit takes a place where the desktop is shown now; nil: nowhere.
func (t *stream) sit(house *audience.House) {
	if t.seat != nil {
		t.seat.Close()
	}
	t.house, t.seat = house, nil
	if house != nil {
		t.seat = house.Seat(0, t.codecs)
	}
	t.in.seats(t.seat)
}

// move goes on where the desktop is shown now, and tells the viewer.
func (t *stream) move(ctx context.Context) error {
	t.sit(t.desktop.House())
	if t.seat == nil {
		return t.tellNoPicture(ctx, t.desktop.NoPicture())
	}
	if t.paused {
		return nil
	}
	if err := t.tellNoPicture(ctx, ""); err != nil {
		return err
	}
	return t.tellDisplays(ctx)
}

// waits tells whether what went wrong is a display that is gone and followed by another one.
func (t *stream) waits(err error) bool {
	return t.desktop.Follows() && (errors.Is(err, capture.ErrDisplayGone) || errors.Is(err, audience.ErrClosed))
}

// told is what the viewer knows of its company.
type told struct {
	watchers *wire.Watchers
	owner    *wire.ControlOwner
	pointers map[string]*wire.AgentPointer
}

// origin is where the shown display begins on the desktop.
func (t *stream) origin() image.Point {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.display.Bounds.Min
}

// heard tells the picture what it may soon have to answer.
func (t *stream) heard(e wire.InputEvent) {
	seat := t.in.seat.Load()
	if seat == nil {
		return
	}
	if p, moves := e.(wire.PointerEvent); moves {
		seat.Pointed(image.Pt(int(p.X), int(p.Y)))
		return
	}
	seat.Pressed()
}

// lineWait is how long the first picture waits for the answer to a ping: on a near line, where that takes a few milliseconds, it then goes in
// one piece instead of several.
const lineWait = 40 * time.Millisecond

// awaitLine asks a second time where the line does not seem near: a browser that has just opened the page answers late.
func (t *stream) awaitLine(ctx context.Context) error {
	late := time.NewTimer(lineWait)
	defer late.Stop()
	for again := false; ; again = true {
		select {
		case <-t.in.pong:
		case <-late.C:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		if again || t.seat.Line().RTT < pace.NearRTT {
			return nil
		}
		if err := t.s.ping(ctx, t.in); err != nil {
			return err
		}
	}
}

func (t *stream) run(ctx context.Context) error {
	defer t.sit(nil)
	if t.seat != nil {
		if err := t.awaitLine(ctx); err != nil {
			return err
		}
	}
	if err := t.begin(ctx); err != nil && !t.waits(err) {
		return err
	}
	for {
		var err error
		var updates <-chan encode.Update
		var changed, desktop <-chan struct{}
		if t.seat != nil {
			updates, changed, desktop = t.seat.Updates(), t.seat.Changed(), t.seat.DesktopChanged()
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case u := <-updates:
			err = t.send(ctx, u)
		case m := <-t.in.control:
			err = t.control(ctx, m)
		case <-t.desktop.Changed():
			err = t.desktopChanged(ctx)
		case <-t.due:
			err = t.anew()
		case <-changed:
			err = t.notices(ctx)
		case <-desktop:
			err = t.notices(ctx)
		}
		if err != nil && t.waits(err) {
			t.sit(nil)
			err = t.tellNoPicture(ctx, cmp.Or(t.desktop.NoPicture(), wire.NoPictureDisplayGone))
		}
		if err != nil {
			return err
		}
	}
}

// begin tells the viewer what there is to see.
func (t *stream) begin(ctx context.Context) error {
	if t.seat == nil {
		if err := t.tellCompany(ctx); err != nil {
			return err
		}
		return t.tellNoPicture(ctx, t.desktop.NoPicture())
	}
	if err := t.tellDisplays(ctx); err != nil {
		return err
	}
	return t.desktopChanged(ctx)
}

// watch captures only what somebody sees and is allowed to see.
func (t *stream) watch() error {
	if t.seat == nil {
		return nil
	}
	return t.seat.Watch(t.wanted && !t.paused)
}

func (t *stream) notices(ctx context.Context) error {
	n, err := t.seat.Notices()
	if err != nil {
		return err
	}
	if n&capture.Displays != 0 {
		if err := t.tellDisplays(ctx); err != nil {
			return err
		}
	}
	if n&capture.Concealed != 0 && !t.paused {
		if err := t.tellNoPicture(ctx, t.concealed()); err != nil {
			return err
		}
	}
	if n&capture.Pointer != 0 {
		return t.sendCursor(ctx)
	}
	return nil
}

// concealed is why the picture is black; empty: it is not.
func (t *stream) concealed() wire.NoPictureReason {
	if t.seat == nil {
		return ""
	}
	return concealing[t.seat.Concealed()]
}

var concealing = map[capture.Cover]wire.NoPictureReason{
	capture.LockScreen: wire.NoPictureLocked, capture.LoginScreen: wire.NoPictureLoginScreen, capture.ElevationQuestion: wire.NoPictureElevation,
}

// pingEvery is how often the line is asked for its round trip while there is something to send.
const pingEvery = time.Second

// send sends an update. It waits until the network has taken it: the next one is made meanwhile, the one after that is not.
func (t *stream) send(ctx context.Context, u encode.Update) error {
	if now := time.Now(); now.Sub(t.pinged) >= pingEvery {
		t.pinged = now
		if err := t.s.ping(ctx, t.in); err != nil {
			return err
		}
		t.s.Link.Slow(t.seat.Line().Slow)
	}
	return lost(t.s.Link.Send(ctx, wire.ChannelScreen, u.Data))
}

func (t *stream) sendCursor(ctx context.Context) error {
	c, err := t.seat.Cursor()
	if err != nil {
		return err
	}
	if t.cursor, err = codec.AppendCursor(t.cursor[:0], c); err != nil {
		t.s.Log.Debug("pointer shape not sent", "err", err)
		return nil
	}
	return lost(t.s.Link.Send(ctx, wire.ChannelCursor, t.cursor))
}

// control does what the viewer asks for.
func (t *stream) control(ctx context.Context, m *wire.Control) error {
	if t.seat == nil {
		return nil
	}
	switch x := m.GetMessage().(type) {
	case *wire.Control_SelectDisplay:
		t.seat.Select(x.SelectDisplay.GetId())
		if err := t.tellDisplays(ctx); err != nil {
			return err
		}
		return t.anew()
	case *wire.Control_Refresh:
		return t.anew()
	case *wire.Control_Stream:
		if t.wanted = x.Stream.GetRunning(); t.wanted {
			return t.anew()
		}
		return t.watch()
	}
	return nil
}

// beginEvery is how often the picture may begin anew at the viewer's wish, which costs as much as a hundred other updates.
const beginEvery = 200 * time.Millisecond

// anew begins the picture anew, now or as soon as it may.
func (t *stream) anew() error {
	if t.seat == nil {
		return nil
	}
	if wait := beginEvery - time.Since(t.begun); wait > 0 {
		if t.due == nil {
			t.due = time.After(wait)
		}
		return nil
	}
	t.begun, t.due = time.Now(), nil
	if err := t.seat.Refresh(); err != nil {
		return err
	}
	return t.watch()
}

func (t *stream) desktopChanged(ctx context.Context) error {
	if err := t.tellCompany(ctx); err != nil {
		return err
	}
	if why := t.desktop.NoPicture(); t.desktop.House() != t.house || t.seat == nil && why != "" && why != t.missing {
		if err := t.move(ctx); err != nil {
			return err
		}
	}
	paused := t.desktop.Paused()
	if paused != t.paused {
		t.paused = paused
		state, reason, reported := wire.ConsentState_RESUMED, cmp.Or(t.desktop.NoPicture(), t.concealed()), wire.ViewerState_WATCHING
		if paused {
			state, reason, reported = wire.ConsentState_PAUSED, wire.NoPicturePaused, wire.ViewerState_PAUSED
		}
		t.s.Host.Report(reported, t.level, "")
		c := &wire.ConsentState{State: state}
		if err := t.s.send(ctx, &wire.Control{Message: &wire.Control_Consent{Consent: c}}); err != nil {
			return err
		}
		if err := t.tellNoPicture(ctx, reason); err != nil {
			return err
		}
	}
	return t.watch()
}

func (t *stream) tellNoPicture(ctx context.Context, reason wire.NoPictureReason) error {
	t.missing = reason
	n := &wire.NoPicture{Reason: string(reason)}
	return t.s.send(ctx, &wire.Control{Message: &wire.Control_NoPicture{NoPicture: n}})
}

func (t *stream) tellDisplays(ctx context.Context) error {
	shown := t.seat.Display()
	t.mu.Lock()
	t.display = shown
	t.mu.Unlock()
	list := &wire.DisplayList{Displays: Displays(t.house.Displays()), Selected: shown.ID}
	return t.s.send(ctx, &wire.Control{Message: &wire.Control_Displays{Displays: list}})
}

// Displays says in the protocol's words what displays there are, from the left to the right.
func Displays(list []screen.Display) []*wire.Display {
	list = slices.SortedFunc(slices.Values(list), func(a, b screen.Display) int { return a.Bounds.Min.X - b.Bounds.Min.X })
	out := make([]*wire.Display, len(list))
	for i, d := range list {
		out[i] = &wire.Display{
			Id: d.ID, Name: d.Name, Primary: d.Primary, X: int32(d.Bounds.Min.X), Y: int32(d.Bounds.Min.Y),
			Width: uint32(d.Bounds.Dx()), Height: uint32(d.Bounds.Dy()),
		}
	}
	return out
}
