package client

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
	"google.golang.org/protobuf/proto"

	"deskhand"
	"deskhand/client/capture"
	"deskhand/client/capture/capturetest"
	"deskhand/client/input"
	"deskhand/client/input/inputtest"
	"deskhand/client/inventory"
	"deskhand/client/ui"
	"deskhand/secure"
	"deskhand/server/httpapi"
	"deskhand/server/servertest"
	"deskhand/transport"
	"deskhand/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// desktop is a computer in memory: windows that a test reads and clicks, a screen that it draws on, and input that is noted.
type desktop struct {
	t      testing.TB
	events chan ui.Event

	mu      sync.Mutex // guards all below
	main    *ui.Main   // nil: hidden, as the others
	consent *ui.Consent
	bar     *ui.Bar
	notice  *ui.Notice
	brand   ui.Brand
	closed  bool
	screens []*capturetest.Desktop
	inputs  []*inputtest.Fake
	early   bool // something was captured without the bar
}

func newDesktop(t testing.TB) *desktop { return &desktop{t: t, events: make(chan ui.Event, 16)} }

// system is what the client opens.
func (d *desktop) system() *system {
	return &system{
		windows: func(string, ui.Options) (windows, error) { return d, nil },
		screen: func(string) (capture.Source, error) {
			d.mu.Lock()
			defer d.mu.Unlock()
			s := capturetest.New(64, 48)
			d.screens = append(d.screens, s)
			return s, nil
		},
		input: func(string) (input.Injector, error) {
			d.mu.Lock()
			defer d.mu.Unlock()
			d.early = d.early || d.bar == nil
			f := &inputtest.Fake{}
			d.inputs = append(d.inputs, f)
			return f, nil
		},
		inventory: func() inventory.Inventory { return inventory.Inventory{System: "Debian", Cores: 2} },
		wake:      func(netip.Prefix, []net.HardwareAddr) error { return inventory.ErrNoNetwork },
		present:   func(windows bool) bool { return windows },
	}
}

func (d *desktop) set(f func()) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return ui.ErrClosed
	}
	f()
	return nil
}

func (d *desktop) ShowMain(m ui.Main) error       { return d.set(func() { d.main = &m }) }
func (d *desktop) HideMain() error                { return d.set(func() { d.main = nil }) }
func (d *desktop) ShowConsent(c ui.Consent) error { return d.set(func() { d.consent = &c }) }
func (d *desktop) HideConsent() error             { return d.set(func() { d.consent = nil }) }
func (d *desktop) ShowBar(b ui.Bar) error         { return d.set(func() { d.bar = &b }) }
func (d *desktop) HideBar() error                 { return d.set(func() { d.bar = nil }) }
func (d *desktop) ShowNotice(n ui.Notice) error   { return d.set(func() { d.notice = &n }) }
func (d *desktop) HideNotice() error              { return d.set(func() { d.notice = nil }) }
func (d *desktop) SetBrand(b ui.Brand) error      { return d.set(func() { d.brand = b }) }
func (d *desktop) OwnWindows() []uint32           { return []uint32{11, 12} }
func (d *desktop) Events() <-chan ui.Event        { return d.events }
func (d *desktop) Close()                         { _ = d.set(func() { d.closed = true }) }

// until waits until the windows are so.
func (d *desktop) until(what string, so func() bool) {
	d.t.Helper()
	servertest.Eventually(d.t, what, func() bool {
		d.mu.Lock()
		defer d.mu.Unlock()
		return so()
	})
}

func (d *desktop) stage(s ui.Stage) {
	d.t.Helper()
	d.until("the main window's stage", func() bool { return d.main != nil && d.main.Stage == s })
}

func (d *desktop) problem(p ui.Problem) {
	d.t.Helper()
	d.until("the problem is shown", func() bool { return d.main != nil && d.main.Problem == p })
}

// answer waits for the question and, when its quiet time is over, chooses.
func (d *desktop) answer(c ui.Choice) ui.Consent {
	d.t.Helper()
	var asked ui.Consent
	d.until("a question that can be answered", func() bool {
		if d.consent != nil {
			asked = *d.consent
		}
		return d.consent != nil && !time.Now().Before(d.consent.InputFrom)
	})
	d.events <- ui.Answered{Question: asked.ID, Choice: c}
	return asked
}

// over waits for the notice and closes it.
func (d *desktop) over(why ui.Reason) {
	d.t.Helper()
	var shown ui.Notice
	d.until("the notice alone", func() bool {
		if d.notice != nil {
			shown = *d.notice
		}
		return d.notice != nil && d.main == nil && d.bar == nil && d.consent == nil
	})
	if shown.Reason != why {
		d.t.Errorf("notice %+v, want %d", shown, why)
	}
	d.events <- ui.NoticeClosed{}
}

func (d *desktop) injector() *inputtest.Fake {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.inputs[len(d.inputs)-1]
}

// program is a client that runs.
type program struct {
	*desktop
	stop context.CancelFunc
	done chan error
}

func run(t testing.TB, d *desktop, f func(context.Context) error) *program {
	ctx, stop := context.WithCancel(context.Background())
	p := &program{desktop: d, stop: stop, done: make(chan error, 1)}
	go func() { p.done <- f(ctx) }()
	t.Cleanup(func() {
		stop()
		p.ended()
	})
	return p
}

// startAttended starts a client with a link's code, or without for a connection ID.
func startAttended(t testing.TB, s *servertest.Server, code string) *program {
	d := newDesktop(t)
	return run(t, d, attendedAt(s.URL, d, code))
}

func attendedAt(server *url.URL, d *desktop, code string) func(context.Context) error {
	return attendedBy(server, d.system, code)
}

// attendedBy is a session of another system than the desktop's own.
func attendedBy(server *url.URL, sys func() *system, code string) func(context.Context) error {
	return func(ctx context.Context) error {
		return Attended(ctx, AttendedConfig{Server: server, LinkCode: code, Version: "test", Log: slog.New(slog.DiscardHandler), system: sys()})
	}
}

// ended waits for the end and checks that everything was given back.
func (p *program) ended() error {
	p.t.Helper()
	var err error
	select {
	case err = <-p.done:
		p.done <- err
	case <-time.After(2 * servertest.Within):
		p.t.Fatal("the client does not end")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.closed || p.bar != nil || p.consent != nil || p.early {
		p.t.Errorf("after the end: closed %t, bar %v, question %v, captured without the bar %t", p.closed, p.bar, p.consent, p.early)
	}
	for _, s := range p.screens {
		if _, err := s.Displays(); !errors.Is(err, capture.ErrDisplayGone) {
			p.t.Error("a screen is still open")
		}
	}
	for _, f := range p.inputs {
		if log := f.Log(); log[len(log)-1] != "close" || !slices.Equal(f.OwnWindows(), []uint32{11, 12}) {
			p.t.Errorf("input at the end %q, own windows %v", log, f.OwnWindows())
		}
	}
	return err
}

// linkCode is linkCodeOf the administrator.
func linkCode(t testing.TB, s *servertest.Server) string {
	t.Helper()
	return linkCodeOf(t, s, s.Admin.UserName)
}

// linkCodeOf is the code of an agent's link, as the name of the downloaded file carries it.
func linkCodeOf(t testing.TB, s *servertest.Server, userName string) string {
	t.Helper()
	dir := filepath.Join(s.Clients(), "linux-amd64")
	if err := errors.Join(os.MkdirAll(dir, 0o755), os.WriteFile(filepath.Join(dir, "RemoteSupport"), []byte("program"), 0o755)); err != nil {
		t.Fatal(err)
	}
	location := s.Nobody().Get("/join/"+userName+"/download?platform=linux-amd64&ticket=4711", nil).Header.Get("Location")
	n, ok := deskhand.ParseClientName(filepath.Base(location))
	if !ok {
		t.Fatalf("the link leads to %q", location)
	}
	return n.Code
}

// view is an agent's viewer with its sealed link.
type view struct {
	t       testing.TB
	link    *secure.Link
	ticket  httpapi.ViewerTicket
	words   [2]string
	control chan *wire.Control
	screens chan []byte
	err     chan error
}

// connect opens a view and runs it; it says hello and acknowledges what comes.
func connect(t testing.TB, s *servertest.Server, a *servertest.Agent, path string) *view {
	t.Helper()
	v := &view{t: t, control: make(chan *wire.Control, 1000), screens: make(chan []byte, 1000), err: make(chan error, 1)}
	var ticket httpapi.PromptTicket
	v.link, ticket, v.words = meet(t, s, a, path+"/viewers", servertest.ViewRequest(nil, ""))
	v.ticket = ticket.ViewerTicket
	v.say(&wire.Control{Message: &wire.Control_Hello{Hello: &wire.EndHello{
		Version: wire.Version, MinVersion: wire.MinVersion, Capabilities: []string{wire.CapabilitySeveral},
	}}})
	go v.read()
	return v
}

// meet asks for a viewer, and makes its sealed link.
func meet(t testing.TB, s *servertest.Server, a *servertest.Agent, path string, body map[string]any) (*secure.Link, httpapi.PromptTicket, [2]string) {
	t.Helper()
	exchange, err := secure.NewViewerExchange()
	if err != nil {
		t.Fatal(err)
	}
	var ticket httpapi.PromptTicket
	body["commitment"] = base64.RawURLEncoding.EncodeToString(exchange.Commitment())
	a.Must(http.MethodPost, path, body, &ticket)
	d := transport.Dialer{Header: http.Header{"Origin": {s.URL.String()}}}
	conn, err := d.Dial(t.Context(), s.URL.String()+ticket.RelayPath)
	if err != nil {
		t.Fatal(err)
	}
	key, err := base64.RawURLEncoding.DecodeString(ticket.ComputerPublicKey)
	if err != nil {
		t.Fatal(err)
	}
	if len(key) == 0 {
		key = nil
	}
	if err := transport.JoinRelay(conn, ticket.RelayTicket); err != nil {
		t.Fatal(err)
	}
	keys, err := exchange.Run(conn, key)
	if err != nil {
		t.Fatal(err)
	}
	link, err := secure.NewLink(conn, keys)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = link.Close("") })
	return link, ticket, keys.Words(status().GetLanguage())
}

func (v *view) read() {
	for {
		ch, b, err := v.link.Receive()
		if err != nil {
			v.err <- err
			close(v.control)
			return
		}
		switch ch {
		case wire.ChannelControl:
			m := new(wire.Control)
			if err := proto.Unmarshal(b, m); err != nil {
				v.t.Error(err)
			}
			v.control <- m
		case wire.ChannelScreen:
			v.screens <- bytes.Clone(b)
		}
	}
}

func (v *view) say(m *wire.Control) {
	b, err := proto.Marshal(m)
	if err == nil {
		err = v.link.Send(v.t.Context(), wire.ChannelControl, b)
	}
	if err != nil {
		v.t.Error(err)
	}
}

// writes sends text to whatever has the focus there.
func (v *view) writes(text string) {
	v.t.Helper()
	v.input(wire.TextEvent{Text: text})
}

// presses presses and releases a key.
func (v *view) presses(code, key string) {
	v.t.Helper()
	v.input(wire.KeyEvent{Down: true, Code: code, Key: key}, wire.KeyEvent{Code: code, Key: key})
}

func (v *view) input(events ...wire.InputEvent) {
	v.t.Helper()
	b, err := wire.AppendInput(nil, events...)
	if err == nil {
		err = v.link.Send(v.t.Context(), wire.ChannelInput, b)
	}
	if err != nil {
		v.t.Fatal(err)
	}
}

func (v *view) await(what string, want func(*wire.Control) bool) {
	v.t.Helper()
	late := time.After(servertest.Within)
	for {
		select {
		case m, ok := <-v.control:
			if !ok {
				v.t.Fatalf("the viewer's connection ended before %s: %v", what, <-v.err)
			}
			if want(m) {
				return
			}
		case <-late:
			v.t.Fatalf("the viewer never hears %s", what)
		}
	}
}

func (v *view) allowed(l wire.Level) {
	v.t.Helper()
	v.await("that it is allowed", func(m *wire.Control) bool {
		return m.GetConsent().GetState() == wire.ConsentState_GRANTED && m.GetConsent().GetLevel() == l
	})
}

// bye waits until the viewer knows why it ends: by the client's word, or by the reason with which the connection was closed, which may come first.
func (v *view) bye(why wire.Reason) {
	v.t.Helper()
	late := time.After(servertest.Within)
	for {
		select {
		case m, ok := <-v.control:
			if !ok {
				var closed *wire.ClosedError
				if err := <-v.err; !errors.As(err, &closed) || closed.Reason != why {
					v.t.Fatalf("the viewer's connection ended with %v, not because of %s", err, why)
				}
				return
			}
			if m.GetBye() != nil && m.GetBye().GetReason() == string(why) {
				return
			}
		case <-late:
			v.t.Fatalf("the viewer never hears that it ends with %s", why)
		}
	}
}

// row waits for the session in the log.
func row(t testing.TB, a *servertest.Agent) httpapi.LogRow {
	t.Helper()
	var rows []httpapi.LogRow
	servertest.Eventually(t, "the session is in the log", func() bool {
		rows = a.Logs()
		return len(rows) > 0
	})
	return rows[0]
}

func ready(t testing.TB, a *servertest.Agent) string {
	t.Helper()
	var id string
	servertest.Eventually(t, "the session is ready", func() bool {
		for _, s := range a.Sessions() {
			if s.State == deskhand.StateReady {
				id = s.ID
			}
		}
		return id != ""
	})
	return "/api/sessions/" + id
}
