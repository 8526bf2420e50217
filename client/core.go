package client

import (
	"context"
	"crypto/ed25519"
	"errors"
	"log/slog"
	"sync"
	"time"

	"google.golang.org/protobuf/proto"

	"deskhand/client/consent"
	"deskhand/client/locales"
	"deskhand/client/session"
	"deskhand/client/ui"
	"deskhand/wire"
)

// windows are the client's windows. *ui.UI is them.
type windows interface {
	bar
	ShowMain(ui.Main) error
	HideMain() error
	ShowConsent(ui.Consent) error
	HideConsent() error
	ShowNotice(ui.Notice) error
	HideNotice() error
	Events() <-chan ui.Event
	Close()
}

// core is what attended and unattended clients share: the signalling connection, the viewers, the desk and the questions. Its methods are
// called by the goroutine that runs the loop, but for those of viewers.
type core struct {
	server     *server
	signal     *signalling
	enrolment  *Enrolment // nil: attended
	computerID string
	version    string
	status     *wire.ClientStatus
	log        *slog.Logger
	now        func() time.Time

	ui   windows // nil: there is no display
	desk *desk
	book *consent.Book

	mu      sync.Mutex // guards key
	key     ed25519.PublicKey
	viewers map[string]*viewer
	running sync.WaitGroup
}

// newCore connects the parts. display is the X display's name, "" for the environment's.
func newCore(srv *server, display, version string, log *slog.Logger) (*core, error) {
	c := &core{
		server: srv, version: version, status: status(), log: log, now: time.Now, viewers: map[string]*viewer{},
	}
	c.signal = &signalling{
		server: srv, log: log, hello: c.hello, events: make(chan signalEvent),
		authenticate: func(*wire.ServerHello) *wire.ClientSignal { return nil },
	}
	c.desk = &desk{display: display, log: log, now: time.Now, changed: make(chan struct{}, 1)}
	w, err := ui.Open(display, ui.Options{Text: locales.New(c.status.GetLanguage())})
	switch {
	case err == nil:
		c.ui, c.desk.bar = w, w
		c.status.Displays = displaysOf(display, log)
	case errors.Is(err, ui.ErrNoDisplay):
		c.status.NoPictureReason = string(wire.NoPictureNoDisplay)
	default:
		return nil, err
	}
	c.book = consent.NewBook(prompt{c.ui, c.desk}, consent.Default)
	return c, nil
}

func (c *core) hello() *wire.ClientHello {
	return &wire.ClientHello{Version: wire.Version, MinVersion: wire.MinVersion, ClientVersion: c.version, Status: c.status}
}

// events is nil, which never delivers, without windows.
func (c *core) events() <-chan ui.Event {
	if c.ui == nil {
		return nil
	}
	return c.ui.Events()
}

// grantKey is the server's key for grants: the one pinned at enrolment, else the one of its hello.
func (c *core) grantKey() ed25519.PublicKey {
	if c.enrolment != nil {
		return c.enrolment.GrantKey
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.key
}

func (c *core) setGrantKey(k []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.key = k
}

// open begins to serve a viewer.
func (c *core) open(ctx context.Context, o *wire.Open) {
	if _, twice := c.viewers[o.GetViewerId()]; twice {
		return
	}
	v := &viewer{c: c, open: o, grant: make(chan *wire.Grant, 1)}
	v.ctx, v.end = context.WithCancelCause(ctx)
	c.viewers[o.GetViewerId()] = v
	c.running.Add(1)
	go func() {
		defer c.running.Done()
		v.run()
		v.end(nil)
	}()
}

// message handles what attended and unattended clients have in common.
func (c *core) message(ctx context.Context, m *wire.ServerSignal) {
	switch x := m.GetMessage().(type) {
	case *wire.ServerSignal_Open:
		c.forgetEnded()
		c.open(ctx, x.Open)
	case *wire.ServerSignal_Grant:
		c.granted(x.Grant)
	case *wire.ServerSignal_CloseViewer:
		if v := c.viewers[x.CloseViewer.GetViewerId()]; v != nil {
			v.end(&session.EndError{Reason: wire.ParseReason(x.CloseViewer.GetReason())})
		}
	}
}

// granted hands a grant to the viewer that waits for it. Whether it is a true one the viewer finds out.
func (c *core) granted(g *wire.Grant) {
	p := new(wire.GrantPayload)
	if err := proto.Unmarshal(g.GetPayload(), p); err != nil {
		c.log.Warn("a grant that cannot be read", "err", err)
		return
	}
	if v := c.viewers[p.GetViewerId()]; v != nil {
		select {
		case v.grant <- g:
		default:
		}
	}
}

func (c *core) forgetEnded() {
	for id, v := range c.viewers {
		if v.ctx.Err() != nil {
			delete(c.viewers, id)
		}
	}
}

// endViewers ends all viewers for the same reason.
func (c *core) endViewers(reason wire.Reason) {
	for _, v := range c.viewers {
		v.end(&session.EndError{Reason: reason})
	}
}

// window handles what the end-user does while somebody asks or watches. It reports whether the end-user stopped it all.
func (c *core) window(e ui.Event) (stop bool) {
	switch e := e.(type) {
	case ui.Answered:
		answered(c.book, e)
	case ui.Touched:
		c.book.Touch(e.Question)
	case ui.PauseChosen:
		c.desk.pause(true)
	case ui.ResumeChosen:
		c.desk.pause(false)
	case ui.StopChosen:
		return true
	}
	return false
}

// close ends all viewers and gives everything back.
func (c *core) close(reason wire.Reason) {
	c.endViewers(reason)
	c.running.Wait()
	if c.ui != nil {
		// The windows' own goroutine may wait for somebody to take an event.
		go func() {
			for range c.ui.Events() { //nolint:revive // only emptied
			}
		}()
		c.ui.Close()
	}
}
