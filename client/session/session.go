// Package session serves one viewer on the client: it asks for consent, streams the picture of a display, takes input and
// answers the viewer's control messages. It binds the channels of the wire protocol to the client's capabilities
// and owns none of them.
package session

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"google.golang.org/protobuf/proto"

	"deskhand/client/audience"
	"deskhand/client/capture"
	"deskhand/client/input"
	"deskhand/screen"
	"deskhand/wire"
)

// Link is the sealed channel to the viewer. Send returns when the message is written; Receive gives whole messages, each valid until
// the next call.
type Link interface {
	Send(ctx context.Context, ch wire.Channel, message []byte) error
	Receive() (wire.Channel, []byte, error)
	Flush(ctx context.Context) error
	// Slow makes urgent messages wait for less of a large one on a slow line.
	Slow(slow bool)
	Close(reason wire.Reason) error
}

// Host is the client that a session runs in.
type Host interface {
	// Consent returns what the end-user decides, and calls left with the seconds that remain while they think. The context ends it.
	Consent(ctx context.Context, left func(seconds int)) (Decision, error)
	// Attend opens the desktop for this viewer. What shows the end-user that somebody watches is on the screen when it returns.
	// several: the viewer knows of several agents in one session.
	Attend(ctx context.Context, level wire.Level, several bool) (Desktop, error)
	// Report tells the server what became of the viewer.
	Report(state wire.ViewerState_State, level wire.Level, reason wire.Reason)
}

// Decision is the end-user's answer: GRANTED with a level, DENIED or UNANSWERED.
type Decision struct {
	State wire.ConsentState_State
	Level wire.Level
}

// Desktop is the computer's screen and its input, for one viewer.
type Desktop interface {
	// House and Input are nil when there is no display; NoPicture then says why. Where Follows is true they change while it is watched: somebody
	// logs in or out, or sits down elsewhere.
	House() *audience.House
	Input() input.Injector
	NoPicture() wire.NoPictureReason
	Follows() bool
	// Changed receives after any of these, Paused or Company changed.
	Changed() <-chan struct{}
	Paused() bool
	// Hears tells whether this viewer's input is taken: the end-user shares, and no other agent has the control.
	Hears() bool
	Company() Company
	Wish(*wire.ControlWish)
	Point(*wire.AgentPointer)
	// Close says that this viewer no longer watches.
	Close()
}

// Company is what a viewer is told of those who are at the desktop with it. Pointers are the other agents'; nil for a viewer that does not
// know them, as is Question, a word that is told once.
type Company struct {
	Watchers *wire.Watchers
	Owner    *wire.ControlOwner
	Question *wire.ControlQuestion
	Pointers []*wire.AgentPointer
}

// Session is one viewer's session. Its fields are set before Run and not changed afterwards.
type Session struct {
	Link  Link
	Host  Host
	Hello *wire.EndHello // ours
	Log   *slog.Logger
	// Keep asks the end-user whether the agent may reach this computer at any time, and does what follows; tell tells the viewer how it stands. The
	// context ends with the session. nil: it is not offered.
	Keep func(ctx context.Context, tell func(*wire.KeepState))

	keeping sync.WaitGroup
}

// EndError ends a session; the viewer is told the reason. It is the cause with which Run's context is ended.
type EndError struct{ Reason wire.Reason }

func (e *EndError) Error() string { return "session ended: " + string(e.Reason) }

const (
	helloTimeout = 10 * time.Second // for the viewer's EndHello
	farewellTime = 2 * time.Second  // for our Bye
	inputQueue   = 64               // messages; more of them make the viewer wait
	controlQueue = 16
)

// Run serves the viewer until it goes or ctx ends, and returns why. It closes the link; everything that it opened is given back.
func (s *Session) Run(ctx context.Context) wire.Reason { return s.run(ctx, s.serve) }

// run serves the viewer by serve.
func (s *Session) run(ctx context.Context, serve func(context.Context, *inbox) error) wire.Reason {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	in := newInbox()
	received := make(chan struct{})
	go func() {
		defer close(received)
		cancel(s.receive(ctx, in))
	}()
	err := serve(ctx, in)
	// What ended the session from outside, or the viewer that went, is the reason, unless our own last word made it go.
	var ours *EndError
	if cause := context.Cause(ctx); cause != nil && !errors.As(err, &ours) {
		err = cause
	}
	reason := reasonOf(err)
	s.Log.Debug("viewer session ended", "reason", reason, "err", err)
	s.farewell(reason)
	if err := s.Link.Close(reason); err != nil {
		s.Log.Debug("closing the link", "err", err)
	}
	cancel(err)
	<-received
	s.keeping.Wait()
	return reason
}

// serve goes through the session's phases in order.
func (s *Session) serve(ctx context.Context, in *inbox) error {
	if err := s.send(ctx, &wire.Control{Message: &wire.Control_Hello{Hello: s.Hello}}); err != nil {
		return err
	}
	theirs, err := s.awaitHello(ctx, in)
	if err != nil {
		return err
	}
	// What the line is like is known before the first picture, which is large.
	if err := s.ping(ctx, in); err != nil {
		return err
	}
	level, err := s.consent(ctx)
	if err != nil {
		return err
	}
	desktop, err := s.Host.Attend(ctx, level, slices.Contains(theirs, wire.CapabilitySeveral))
	if err != nil {
		return fmt.Errorf("opening the desktop: %w", err)
	}
	defer desktop.Close()
	s.Host.Report(wire.ViewerState_WATCHING, level, "")
	// From here on the viewer is heard: it may act as soon as it hears that it may.
	in.desk.Store(&desktop)
	in.served.Store(true)
	controls := level == wire.Level_LEVEL_CONTROL && (desktop.Input() != nil || desktop.Follows())
	if controls {
		in.hands.Store(&desktop)
	}
	granted := &wire.ConsentState{State: wire.ConsentState_GRANTED, Level: level}
	if err := s.send(ctx, &wire.Control{Message: &wire.Control_Consent{Consent: granted}}); err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	st := newStream(s, desktop, in, level, videoCodecs(theirs))
	g.Go(func() error { return st.run(ctx) })
	if controls {
		g.Go(func() error { return s.inject(ctx, in, desktop, st) })
	}
	return g.Wait()
}

// awaitHello returns what the viewer announces.
func (s *Session) awaitHello(ctx context.Context, in *inbox) (capabilities []string, err error) {
	late := time.NewTimer(helloTimeout)
	defer late.Stop()
	select {
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	case <-late.C:
		return nil, &EndError{Reason: wire.ReasonTimeout}
	case m := <-in.control:
		hello := m.GetHello()
		if hello == nil {
			return nil, wire.Violation("the viewer's first message is no hello")
		}
		_, err := wire.Negotiate(hello.GetVersion(), hello.GetMinVersion())
		return hello.GetCapabilities(), err
	}
}

// videoCodecs are those that the capabilities name and we make.
func videoCodecs(capabilities []string) []screen.VideoCodec {
	var codecs []screen.VideoCodec
	for _, c := range []struct {
		name  string
		codec screen.VideoCodec
	}{{"vp8", screen.VP8}, {"vp9", screen.VP9}, {"jpeg", screen.JPEG}} {
		if slices.Contains(capabilities, wire.CapabilityVideo+c.name) {
			codecs = append(codecs, c.codec)
		}
	}
	return codecs
}

func (s *Session) consent(ctx context.Context) (wire.Level, error) {
	var told sync.Once // the server; the viewer hears it each second
	d, err := s.Host.Consent(ctx, func(seconds int) {
		told.Do(func() { s.Host.Report(wire.ViewerState_ASKING, 0, "") })
		asking := &wire.ConsentState{State: wire.ConsentState_ASKING, SecondsLeft: uint32(seconds)}
		if err := s.send(ctx, &wire.Control{Message: &wire.Control_Consent{Consent: asking}}); err != nil {
			s.Log.Debug("telling the viewer that the end-user is asked", "err", err)
		}
	})
	if err != nil {
		return 0, err
	}
	if d.State == wire.ConsentState_GRANTED {
		return d.Level, nil
	}
	state, reason := wire.ViewerState_DENIED, wire.ReasonDenied
	if d.State == wire.ConsentState_UNANSWERED {
		state, reason = wire.ViewerState_UNANSWERED, wire.ReasonUnanswered
	}
	s.Host.Report(state, 0, reason)
	answer := &wire.ConsentState{State: d.State}
	if err := s.send(ctx, &wire.Control{Message: &wire.Control_Consent{Consent: answer}}); err != nil {
		s.Log.Debug("telling the viewer the answer", "err", err) // it may have gone; the answer stands
	}
	return 0, &EndError{Reason: reason}
}

// farewell says why we go, when the viewer is still there to hear it.
func (s *Session) farewell(reason wire.Reason) {
	if reason == wire.ReasonViewerLost || reason == wire.ReasonViewerClosed {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), farewellTime)
	defer cancel()
	if s.send(ctx, &wire.Control{Message: &wire.Control_Bye{Bye: &wire.Bye{Reason: string(reason)}}}) == nil {
		_ = s.Link.Flush(ctx)
	}
}

// ping asks for the line's round trip; it goes ahead of updates.
func (s *Session) ping(ctx context.Context, in *inbox) error {
	sent := uint64(time.Since(in.begin).Microseconds())
	return s.send(ctx, &wire.Control{Message: &wire.Control_Ping{Ping: &wire.Ping{SentMicros: sent}}})
}

func (s *Session) send(ctx context.Context, m *wire.Control) error {
	b, err := proto.Marshal(m)
	if err != nil {
		return fmt.Errorf("encoding a control message: %w", err)
	}
	return lost(s.Link.Send(ctx, wire.ChannelControl, b))
}

// reasonOf says in the protocol's words why a session ended.
func reasonOf(err error) wire.Reason {
	var end *EndError
	switch {
	case errors.As(err, &end):
		return end.Reason
	case errors.Is(err, capture.ErrDisplayGone):
		return wire.ReasonDisplayGone
	case errors.Is(err, errLost):
		return wire.ReasonViewerLost
	}
	if r := wire.ReasonOf(err); r != "" {
		return r
	}
	return wire.ReasonInternal
}
