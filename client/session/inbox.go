package session

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"google.golang.org/protobuf/proto"

	"deskhand/client/audience"
	"deskhand/wire"
)

// errLost says that the connection to the viewer went without a word.
var errLost = errors.New("the connection to the viewer is lost")

// lost tells a link that ended without a reason from one that has it, and from our own context's end.
func lost(err error) error {
	if err == nil || wire.ReasonOf(err) != "" || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return fmt.Errorf("%w: %w", errLost, err)
}

// inbox is what came from the viewer, apart by who takes it. Before somebody serves it, acknowledgements and input are dropped, so that
// a viewer that goes while the end-user is asked is heard.
type inbox struct {
	served  atomic.Bool                   // control is taken
	desk    atomic.Pointer[Desktop]       // nil: not yet
	hands   atomic.Pointer[Desktop]       // nil: no input is taken, the viewer has no control
	seat    atomic.Pointer[audience.Seat] // nil: no picture is shown. It is told when an acknowledgement came, not when somebody had time for it
	kept    atomic.Bool                   // a KeepWish is being answered
	control chan *wire.Control
	input   chan []wire.InputEvent
	typed   keyboard      // of a prompt
	begin   time.Time     // of the clock that our pings tell
	trip    atomic.Int64  // the last round trip, ns; 0: none yet
	pong    chan struct{} // capacity 1; receives after trip was set
}

func newInbox() *inbox {
	return &inbox{
		control: make(chan *wire.Control, controlQueue),
		input:   make(chan []wire.InputEvent, inputQueue),
		typed:   keyboard{wake: make(chan struct{}, 1)},
		begin:   time.Now(),
		pong:    make(chan struct{}, 1),
	}
}

// receive sorts what comes until the link ends; a full queue makes the viewer wait. Pings are answered here, ahead of everything.
func (s *Session) receive(ctx context.Context, in *inbox) error {
	for {
		ch, b, err := s.Link.Receive()
		if err != nil {
			return lost(err)
		}
		switch ch {
		case wire.ChannelControl:
			err = s.receiveControl(ctx, in, b)
		case wire.ChannelAck:
			var ack wire.Ack
			if ack, err = wire.DecodeAck(b); err == nil {
				in.acked(ack)
			}
		case wire.ChannelInput:
			err = in.receiveInput(ctx, b)
		case wire.ChannelPrompt:
			if in.served.Load() {
				err = in.typed.add(b)
			}
		}
		if err != nil {
			return err
		}
	}
}

func (s *Session) receiveControl(ctx context.Context, in *inbox, b []byte) error {
	m := new(wire.Control)
	if err := proto.Unmarshal(b, m); err != nil {
		return wire.Violation("control message: %w", err)
	}
	switch x := m.GetMessage().(type) {
	case *wire.Control_Ping:
		return s.send(ctx, &wire.Control{Message: &wire.Control_Pong{Pong: &wire.Pong{SentMicros: x.Ping.GetSentMicros()}}})
	case *wire.Control_Pong:
		in.ponged(time.Duration(x.Pong.GetSentMicros()) * time.Microsecond)
		return nil
	case *wire.Control_Bye:
		return &EndError{Reason: wire.ReasonViewerClosed}
	case *wire.Control_AgentPointer:
		if d := in.desk.Load(); d != nil {
			(*d).Point(x.AgentPointer)
		}
		return nil
	case *wire.Control_ControlWish:
		if d := in.desk.Load(); d != nil {
			(*d).Wish(x.ControlWish)
		}
		return nil
	case *wire.Control_KeepWish:
		s.keep(ctx, in)
		return nil
	case nil:
		return nil // a message of a newer version
	}
	if in.served.Load() {
		return put(ctx, in.control, m)
	}
	select {
	case in.control <- m:
		return nil
	default:
		return wire.Violation("more than %d control messages before the answer", controlQueue)
	}
}

func (in *inbox) acked(ack wire.Ack) {
	if seat := in.seat.Load(); seat != nil {
		seat.Acked(ack.ID, time.Duration(ack.DecodeMicros)*time.Microsecond, int(ack.Queue))
	}
}

// ponged is told the time, since begin, at which the ping was sent that the viewer answers.
func (in *inbox) ponged(sent time.Duration) {
	took := time.Since(in.begin) - sent
	if sent < 0 || took <= 0 {
		return
	}
	in.trip.Store(int64(took))
	if seat := in.seat.Load(); seat != nil {
		seat.RoundTrip(took)
	}
	select {
	case in.pong <- struct{}{}:
	default:
	}
}

// seats gives what is known of the line, and what comes to be known, to the viewer's seat; nil: it has none.
func (in *inbox) seats(seat *audience.Seat) {
	if took := in.trip.Load(); took > 0 && seat != nil {
		seat.RoundTrip(time.Duration(took))
	}
	in.seat.Store(seat)
}

func (in *inbox) receiveInput(ctx context.Context, b []byte) error {
	events, err := wire.DecodeInput(b)
	d := in.hands.Load()
	if err != nil || d == nil || !(*d).Hears() {
		return err
	}
	if slices.Contains(events, wire.InputEvent(wire.ReleaseAllEvent{})) {
		// At once, to interrupt what is being typed; and again in its turn, for what stands before it in the queue.
		_ = (*d).Input().ReleaseAll()
	}
	return put(ctx, in.input, events)
}

func put[T any](ctx context.Context, ch chan<- T, v T) error {
	select {
	case ch <- v:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
