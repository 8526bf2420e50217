package session

import (
	"context"
	"image"
	"slices"
	"sync"
	"time"

	"deskhand/client/capture"
	"deskhand/client/damage"
	"deskhand/client/encode"
	"deskhand/codec"
	"deskhand/screen"
	"deskhand/wire"
)

// stream sends the picture of one display to the viewer. One goroutine runs it; it sleeps until the screen changed, an
// acknowledgement came or the viewer asked for something, and has one update in flight.
type stream struct {
	s       *Session
	desktop Desktop
	in      *inbox
	level   wire.Level
	feed    *capture.Feed // nil: there is no display
	encoder *encode.Stream

	wanted bool   // by the viewer: a hidden tab wants none
	paused bool   // by the end-user
	update []byte // the last one, for its memory
	cursor []byte

	mu      sync.Mutex // guards display, which the input goroutine reads
	display screen.Display
}

func newStream(s *Session, d Desktop, in *inbox, level wire.Level) *stream {
	return &stream{s: s, desktop: d, in: in, level: level, wanted: true}
}

// origin is where the shown display begins on the desktop.
func (t *stream) origin() image.Point {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.display.Bounds.Min
}

func (t *stream) run(ctx context.Context) error {
	if hub := t.desktop.Hub(); hub != nil {
		t.feed = hub.Subscribe(0)
		defer t.feed.Close()
		t.encoder = encode.New(t.feed, &damage.Differ{}, time.Now())
	}
	if err := t.begin(ctx); err != nil {
		return err
	}
	var changed <-chan struct{}
	if t.feed != nil {
		changed = t.feed.Changed()
	}
	for {
		var err error
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case ack := <-t.in.acks:
			if t.encoder != nil {
				t.encoder.Ack(ack.ID)
			}
		case m := <-t.in.control:
			err = t.control(ctx, m)
		case <-t.desktop.Changed():
			err = t.desktopChanged(ctx)
		case <-changed:
			err = t.notices(ctx)
		}
		if err == nil {
			err = t.picture(ctx)
		}
		if err != nil {
			return err
		}
	}
}

// begin tells the viewer what there is to see.
func (t *stream) begin(ctx context.Context) error {
	if reason := t.desktop.NoPicture(); reason != "" {
		if err := t.tellWatchers(ctx); err != nil {
			return err
		}
		return t.tellNoPicture(ctx, reason)
	}
	if err := t.tellDisplays(ctx); err != nil {
		return err
	}
	return t.desktopChanged(ctx)
}

// watch captures only what somebody sees and is allowed to see.
func (t *stream) watch() error {
	if t.feed == nil {
		return nil
	}
	return t.feed.Watch(t.wanted && !t.paused)
}

func (t *stream) notices(ctx context.Context) error {
	n, err := t.feed.Notices()
	if err != nil {
		return err
	}
	if n&capture.Displays != 0 {
		if err := t.tellDisplays(ctx); err != nil {
			return err
		}
	}
	if n&capture.Pointer != 0 {
		return t.sendCursor(ctx)
	}
	return nil
}

// picture sends what changed, when the last update has been acknowledged.
func (t *stream) picture(ctx context.Context) error {
	if t.feed == nil || !t.wanted || t.paused {
		return nil
	}
	update, ok, err := t.encoder.Next(t.update[:0])
	t.update = update
	if err != nil || !ok {
		return err
	}
	return lost(t.s.Link.Send(ctx, wire.ChannelScreen, update))
}

func (t *stream) sendCursor(ctx context.Context) error {
	c, err := t.feed.Cursor()
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
	if t.feed == nil {
		return nil
	}
	switch x := m.GetMessage().(type) {
	case *wire.Control_SelectDisplay:
		t.feed.Select(x.SelectDisplay.GetId())
		t.encoder.Refresh()
		return t.tellDisplays(ctx)
	case *wire.Control_Refresh:
		t.encoder.Refresh()
	case *wire.Control_Stream:
		if t.wanted = x.Stream.GetRunning(); t.wanted {
			t.encoder.Refresh()
		}
		return t.watch()
	}
	return nil
}

func (t *stream) desktopChanged(ctx context.Context) error {
	if err := t.tellWatchers(ctx); err != nil {
		return err
	}
	paused := t.desktop.Paused()
	if paused != t.paused {
		t.paused = paused
		state, reason, reported := wire.ConsentState_RESUMED, t.desktop.NoPicture(), wire.ViewerState_WATCHING
		if paused {
			state, reason, reported = wire.ConsentState_PAUSED, wire.NoPicturePaused, wire.ViewerState_PAUSED
		} else if t.encoder != nil {
			t.encoder.Refresh()
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

func (t *stream) tellWatchers(ctx context.Context) error {
	w := &wire.Watchers{Names: t.desktop.Watchers()}
	return t.s.send(ctx, &wire.Control{Message: &wire.Control_Watchers{Watchers: w}})
}

func (t *stream) tellNoPicture(ctx context.Context, reason wire.NoPictureReason) error {
	n := &wire.NoPicture{Reason: string(reason)}
	return t.s.send(ctx, &wire.Control{Message: &wire.Control_NoPicture{NoPicture: n}})
}

func (t *stream) tellDisplays(ctx context.Context) error {
	shown := t.feed.Display()
	t.mu.Lock()
	t.display = shown
	t.mu.Unlock()
	list := &wire.DisplayList{Displays: Displays(t.desktop.Hub().Displays()), Selected: shown.ID}
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
