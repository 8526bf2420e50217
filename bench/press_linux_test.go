package bench

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	"google.golang.org/protobuf/proto"

	"deskhand/client/audience"
	"deskhand/client/capture"
	"deskhand/client/input"
	"deskhand/client/session"
	"deskhand/codec"
	"deskhand/internal/xvfb"
	"deskhand/wire"
)

// BenchmarkKeyPress is a key in a whole client on a real display: from the arrival of the viewer's message to the event at the program that has
// the focus (injected), and until the picture of what the program drew is handed to the network (answered).
func BenchmarkKeyPress(b *testing.B) {
	display := xvfb.Start(b, "1920x1080x24")
	program := openProgram(b, display)
	agent := attend(b, display)
	var injected, answered []time.Duration
	for b.Loop() {
		begin := time.Now()
		agent.press()
		injected = append(injected, (<-program).Sub(begin))
		answered = append(answered, (<-agent.updates).Sub(begin))
	}
	for name, took := range map[string][]time.Duration{"injected": injected, "answered": answered} {
		slices.Sort(took)
		b.ReportMetric(float64(took[len(took)/2].Microseconds()), name+"-p50-µs")
		b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), name+"-p99-µs")
	}
}

// openProgram opens a window that has the focus and draws itself anew at each key press; it tells when one came.
func openProgram(b *testing.B, display string) <-chan time.Time {
	b.Helper()
	c, err := xgb.NewConnDisplay(display)
	if err != nil {
		b.Fatal(err)
	}
	scr := xproto.Setup(c).DefaultScreen(c)
	win, _ := xproto.NewWindowId(c)
	gc, _ := xproto.NewGcontextId(c)
	err = errors.Join(
		xproto.CreateWindowChecked(c, scr.RootDepth, win, scr.Root, 300, 200, 64, 64, 0, xproto.WindowClassInputOutput, scr.RootVisual,
			xproto.CwOverrideRedirect|xproto.CwEventMask, []uint32{1, xproto.EventMaskKeyPress}).Check(),
		xproto.MapWindowChecked(c, win).Check(),
		xproto.CreateGCChecked(c, gc, xproto.Drawable(win), 0, nil).Check(),
		xproto.SetInputFocusChecked(c, xproto.InputFocusPointerRoot, win, xproto.TimeCurrentTime).Check())
	if err != nil {
		b.Fatal(err)
	}
	presses, done := make(chan time.Time, 1), make(chan struct{})
	go func() {
		defer close(done)
		for n := uint32(1); ; {
			ev, err := c.WaitForEvent()
			if ev == nil && err == nil {
				return
			}
			if _, ok := ev.(xproto.KeyPressEvent); ok {
				at := time.Now()
				n++
				xproto.ChangeGC(c, gc, xproto.GcForeground, []uint32{n * 0x10101})
				xproto.PolyFillRectangle(c, xproto.Drawable(win), gc, []xproto.Rectangle{{Width: 64, Height: 64}})
				presses <- at
			}
		}
	}()
	b.Cleanup(func() { c.Close(); <-done })
	return presses
}

// agent is the viewer of a session, on a link in memory; it acknowledges at once.
type agent struct {
	b        *testing.B
	toClient chan message
	gone     chan struct{}
	once     sync.Once
	updates  chan time.Time // when one was handed over
	dec      *codec.Decoder
	granted  chan struct{}

	house   *audience.House
	input   input.Injector
	changed chan struct{}
}

type message struct {
	channel wire.Channel
	data    []byte
}

// attend begins a session on a display and waits for its first picture.
func attend(b *testing.B, display string) *agent {
	b.Helper()
	source, err := capture.Open(display)
	if err != nil {
		b.Fatal(err)
	}
	hub, err := capture.NewHub(source)
	if err != nil {
		b.Fatal(err)
	}
	a := &agent{b: b, toClient: make(chan message, 64), gone: make(chan struct{}), updates: make(chan time.Time, 64), dec: codec.NewDecoder(), granted: make(chan struct{}), changed: make(chan struct{})}
	if a.input, err = input.Open(display); err != nil {
		b.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	a.house = audience.Open(hub, log)
	s := &session.Session{Link: a, Host: a, Log: log, Hello: &wire.EndHello{Version: wire.Version, MinVersion: wire.MinVersion}}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.Run(context.Background())
	}()
	b.Cleanup(func() {
		_ = a.Close("")
		<-ended
		a.house.Close()
		err := errors.Join(a.input.Close(), hub.Close())
		if err != nil {
			b.Error(err)
		}
		a.dec.Close()
	})
	hello, err := proto.Marshal(&wire.Control{Message: &wire.Control_Hello{Hello: &wire.EndHello{Version: wire.Version, MinVersion: wire.MinVersion}}})
	if err != nil {
		b.Fatal(err)
	}
	a.toClient <- message{wire.ChannelControl, hello}
	<-a.granted
	<-a.updates
	return a
}

func (a *agent) press() {
	for len(a.updates) > 0 {
		<-a.updates
	}
	m, err := wire.AppendInput(nil, wire.KeyEvent{Down: true, Code: "KeyA", Key: "a"})
	if err != nil {
		a.b.Fatal(err)
	}
	a.toClient <- message{wire.ChannelInput, m}
}

// Send, Receive, Flush, Slow and Close are the session's link.

func (a *agent) Send(_ context.Context, ch wire.Channel, data []byte) error {
	select {
	case <-a.gone:
		return io.ErrClosedPipe
	default:
	}
	if ch != wire.ChannelScreen {
		return nil
	}
	at := time.Now()
	h, _, err := a.dec.Decode(bytes.Clone(data))
	if err != nil {
		return err
	}
	a.toClient <- message{wire.ChannelAck, wire.Ack{ID: h.ID}.Append(nil)}
	a.updates <- at
	return nil
}

func (a *agent) Receive() (wire.Channel, []byte, error) {
	select {
	case m := <-a.toClient:
		return m.channel, m.data, nil
	case <-a.gone:
		return 0, nil, io.ErrClosedPipe
	}
}

func (a *agent) Flush(context.Context) error { return nil }
func (a *agent) Slow(bool)                   {}

func (a *agent) Close(wire.Reason) error {
	a.once.Do(func() { close(a.gone) })
	return nil
}

// Consent, Attend and Report are its host.

func (a *agent) Consent(context.Context, func(int)) (session.Decision, error) {
	return session.Decision{State: wire.ConsentState_GRANTED, Level: wire.Level_LEVEL_CONTROL}, nil
}

func (a *agent) Attend(context.Context, wire.Level, bool) (session.Desktop, error) {
	close(a.granted)
	return watched{a}, nil
}

func (a *agent) Report(wire.ViewerState_State, wire.Level, wire.Reason) {}

// watched is the desktop that the agent sees.
type watched struct{ *agent }

func (w watched) House() *audience.House          { return w.house }
func (w watched) Input() input.Injector           { return w.input }
func (w watched) NoPicture() wire.NoPictureReason { return "" }
func (watched) Follows() bool                     { return false }
func (w watched) Changed() <-chan struct{}        { return w.changed }
func (w watched) Paused() bool                    { return false }
func (w watched) Hears() bool                     { return true }
func (w watched) Wish(*wire.ControlWish)          {}
func (w watched) Point(*wire.AgentPointer)        {}
func (w watched) Close()                          {}

func (w watched) Company() session.Company {
	return session.Company{Watchers: &wire.Watchers{Names: []string{"Rodney"}}}
}
