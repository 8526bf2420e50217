package session

import (
	"bytes"
	"context"
	"image"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
	"google.golang.org/protobuf/proto"

	"deskhand/client/audience"
	"deskhand/client/capture"
	"deskhand/client/capture/capturetest"
	"deskhand/client/input"
	"deskhand/client/input/inputtest"
	"deskhand/codec"
	"deskhand/screen"
	"deskhand/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const within = 10 * time.Second

// packet is one message on a memory link.
type packet struct {
	channel wire.Channel
	data    []byte
}

// link is a Link in memory; the test holds its other end.
type link struct {
	toClient, toViewer chan packet
	gone               chan struct{} // the connection ended
	once               sync.Once
	lost               error       // set before gone: why
	reason             wire.Reason // set before gone: what the client closed with
}

func newLink() *link {
	return &link{toClient: make(chan packet), toViewer: make(chan packet), gone: make(chan struct{})}
}

func (l *link) end(lost error, reason wire.Reason) {
	l.once.Do(func() {
		l.lost, l.reason = lost, reason
		close(l.gone)
	})
}

func (l *link) Send(ctx context.Context, ch wire.Channel, b []byte) error {
	select {
	case l.toViewer <- packet{ch, bytes.Clone(b)}:
		return nil
	case <-l.gone:
		return l.lost
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (l *link) Receive() (wire.Channel, []byte, error) {
	select {
	case p := <-l.toClient:
		return p.channel, p.data, nil
	case <-l.gone:
		return 0, nil, l.lost
	}
}

func (l *link) Flush(context.Context) error { return nil }
func (l *link) Slow(bool)                   {}

func (l *link) Close(reason wire.Reason) error {
	l.end(io.ErrClosedPipe, reason)
	return nil
}

// rig is one session, with what is on both its sides.
type rig struct {
	t       testing.TB
	link    *link
	screen  *capturetest.Desktop
	input   *inputtest.Fake
	desktop *desktop
	end     context.CancelCauseFunc
	result  chan wire.Reason
	control chan *wire.Control // what the viewer was told

	answer  chan Decision // of the end-user
	asked   chan struct{} // closed when the end-user is asked
	mu      sync.Mutex    // guards all below
	reports []string
	updates int
	fresh   int // updates that were refreshes
	picture []byte
	size    image.Point
	cursors int
}

// desktop is the Desktop of the rig.
type desktop struct {
	house   *audience.House
	input   input.Injector
	missing wire.NoPictureReason
	changed chan struct{}
	paused  atomic.Bool
	deaf    atomic.Bool // another agent has the control
	wishes  chan *wire.ControlWish
	points  chan *wire.AgentPointer
	closed  chan struct{}
	several bool // what Attend was told; set before the consent

	mu      sync.Mutex
	company Company // guarded by mu
}

func (d *desktop) House() *audience.House          { return d.house }
func (d *desktop) Input() input.Injector           { return d.input }
func (d *desktop) NoPicture() wire.NoPictureReason { return d.missing }
func (d *desktop) Follows() bool                   { return false }
func (d *desktop) Changed() <-chan struct{}        { return d.changed }
func (d *desktop) Paused() bool                    { return d.paused.Load() }
func (d *desktop) Hears() bool                     { return !d.paused.Load() && !d.deaf.Load() }
func (d *desktop) Wish(w *wire.ControlWish)        { d.wishes <- w }
func (d *desktop) Point(p *wire.AgentPointer)      { d.points <- p }
func (d *desktop) Close()                          { close(d.closed) }

func (d *desktop) Company() Company {
	d.mu.Lock()
	defer d.mu.Unlock()
	c := d.company
	d.company.Question = nil
	return c
}

// meets changes the company.
func (d *desktop) meets(change func(*Company)) {
	d.mu.Lock()
	change(&d.company)
	d.mu.Unlock()
	d.changed <- struct{}{}
}

func (d *desktop) pause(on bool) {
	d.paused.Store(on)
	d.changed <- struct{}{}
}

// start begins a session on a desktop of 64×48 pixels; changes are made before. The viewer has not said hello.
func start(t testing.TB, changes ...func(*rig)) *rig {
	t.Helper()
	r := &rig{
		t: t, link: newLink(), screen: capturetest.New(64, 48), input: &inputtest.Fake{}, result: make(chan wire.Reason, 1),
		control: make(chan *wire.Control, 1000), answer: make(chan Decision, 1), asked: make(chan struct{}),
		desktop: &desktop{
			changed: make(chan struct{}, 1), closed: make(chan struct{}), wishes: make(chan *wire.ControlWish, 10), points: make(chan *wire.AgentPointer, 10),
			company: Company{Watchers: &wire.Watchers{Names: []string{"Rodney", "Ann"}}, Owner: &wire.ControlOwner{AgentId: "a1"}},
		},
	}
	r.desktop.input = r.input
	for _, change := range changes {
		change(r)
	}
	if r.desktop.missing == "" {
		hub, err := capture.NewHub(r.screen)
		if err != nil {
			t.Fatal(err)
		}
		r.desktop.house = audience.Open(hub, slog.New(slog.DiscardHandler))
		t.Cleanup(func() {
			r.desktop.house.Close()
			_ = hub.Close()
		})
	}
	ctx, end := context.WithCancelCause(context.Background())
	r.end = end
	s := &Session{Link: r.link, Host: r, Log: slog.New(slog.DiscardHandler), Hello: &wire.EndHello{Version: wire.Version, MinVersion: wire.MinVersion, ComputerName: "PC"}}
	go func() { r.result <- s.Run(ctx) }()
	read := make(chan struct{})
	go func() {
		defer close(read)
		r.read()
	}()
	t.Cleanup(func() {
		end(nil)
		<-read
	})
	return r
}

// granted is start with a viewer that said hello and was let in.
func granted(t testing.TB, level wire.Level, changes ...func(*rig)) *rig {
	t.Helper()
	r := start(t, changes...)
	r.hello()
	r.answer <- Decision{State: wire.ConsentState_GRANTED, Level: level}
	r.await("the consent", func(m *wire.Control) bool { return m.GetConsent().GetState() == wire.ConsentState_GRANTED })
	return r
}

// Consent, Attend and Report are the Host.
func (r *rig) Consent(ctx context.Context, left func(int)) (Decision, error) {
	left(30)
	left(29)
	close(r.asked)
	select {
	case d := <-r.answer:
		return d, nil
	case <-ctx.Done():
		return Decision{}, context.Cause(ctx)
	}
}

func (r *rig) Attend(_ context.Context, _ wire.Level, several bool) (Desktop, error) {
	r.desktop.several = several
	return r.desktop, nil
}

func (r *rig) Report(state wire.ViewerState_State, level wire.Level, reason wire.Reason) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.reports = append(r.reports, strings.TrimSpace(state.String()+" "+strings.TrimPrefix(level.String(), "LEVEL_")+" "+string(reason)))
}

// read is the viewer: it notes what it is told, shows the picture and acknowledges.
func (r *rig) read() {
	dec := codec.NewDecoder()
	defer dec.Close()
	for {
		var p packet
		select {
		case p = <-r.link.toViewer:
		case <-r.link.gone:
			return
		}
		switch p.channel {
		case wire.ChannelControl:
			m := new(wire.Control)
			if err := proto.Unmarshal(p.data, m); err != nil {
				r.t.Error(err)
			}
			r.control <- m
		case wire.ChannelCursor:
			r.mu.Lock()
			r.cursors++
			r.mu.Unlock()
		case wire.ChannelScreen:
			h, _, err := dec.Decode(p.data)
			if err != nil {
				r.t.Error(err)
			}
			pix, w, height := dec.Surface()
			r.mu.Lock()
			r.updates++
			if h.Refresh {
				r.fresh++
			}
			r.picture, r.size = bytes.Clone(pix), image.Pt(w, height)
			r.mu.Unlock()
			go r.send(wire.ChannelAck, wire.Ack{ID: h.ID}.Append(nil))
		}
	}
}

// send sends a message as the viewer, when the client is still there.
func (r *rig) send(ch wire.Channel, b []byte) {
	select {
	case r.link.toClient <- packet{ch, b}:
	case <-r.link.gone:
	}
}

func (r *rig) say(m *wire.Control) {
	b, err := proto.Marshal(m)
	if err != nil {
		r.t.Error(err)
	}
	r.send(wire.ChannelControl, b)
}

func (r *rig) hello() {
	r.say(&wire.Control{Message: &wire.Control_Hello{Hello: &wire.EndHello{Version: wire.Version, MinVersion: wire.MinVersion}}})
}

func (r *rig) ping() {
	r.t.Helper()
	r.say(&wire.Control{Message: &wire.Control_Ping{Ping: &wire.Ping{SentMicros: 7}}})
	r.await("the pong", func(m *wire.Control) bool { return m.GetPong().GetSentMicros() == 7 })
}

func (r *rig) bye() { r.say(&wire.Control{Message: &wire.Control_Bye{Bye: &wire.Bye{}}}) }

func (r *rig) do(events ...wire.InputEvent) {
	r.t.Helper()
	b, err := wire.AppendInput(nil, events...)
	if err != nil {
		r.t.Fatal(err)
	}
	r.send(wire.ChannelInput, b)
}

// await reads what the viewer is told until want.
func (r *rig) await(what string, want func(*wire.Control) bool) *wire.Control {
	r.t.Helper()
	late := time.After(within)
	for {
		select {
		case m := <-r.control:
			if want(m) {
				return m
			}
		case <-late:
			r.t.Fatalf("the viewer never hears %s", what)
		}
	}
}

// ended waits for the end, and checks that everything was given back and the viewer was told.
func (r *rig) ended(want wire.Reason) {
	r.t.Helper()
	select {
	case got := <-r.result:
		if got != want {
			r.t.Errorf("ended with %q, want %q", got, want)
		}
	case <-time.After(within):
		r.t.Fatal("the session does not end")
	}
	<-r.link.gone
	if log := r.input.Log(); len(log) > 0 && log[len(log)-1] != "release all" {
		r.t.Errorf("keys may still be held: %q", log)
	}
	if want != wire.ReasonDisplayGone && r.screen.Watching() {
		r.t.Error("the screen is still captured")
	}
}

func (r *rig) eventually(what string, done func() bool) {
	r.t.Helper()
	for end := time.Now().Add(within); !done(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			r.t.Fatalf("never came true: %s", what)
		}
	}
}

// logged waits until the input has exactly these lines.
func (r *rig) logged(want ...string) {
	r.t.Helper()
	var got []string
	r.eventually("the input", func() bool {
		got = r.input.Log()
		return slices.Equal(got, want) || len(got) > len(want)
	})
	if !slices.Equal(got, want) {
		r.t.Errorf("input %q, want %q", got, want)
	}
}

// shows waits until the viewer sees what is on the display at bounds.
func (r *rig) shows(bounds image.Rectangle) {
	r.t.Helper()
	var want []byte
	r.screen.Draw(func(f *screen.Frame) image.Rectangle {
		want = f.AppendRGBA(nil, bounds)
		return image.Rectangle{}
	})
	r.eventually("the picture", func() bool {
		r.mu.Lock()
		defer r.mu.Unlock()
		return r.size == bounds.Size() && bytes.Equal(r.picture, want)
	})
}

// draw fills a part of the desktop.
func (r *rig) draw(at image.Rectangle, c screen.Color) {
	r.screen.Draw(func(f *screen.Frame) image.Rectangle {
		f.Fill(at, c)
		return at
	})
}

func (r *rig) counts() (updates, fresh int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.updates, r.fresh
}
