package client

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"errors"
	"image"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/protobuf/proto"

	"deskhand/client/capture"
	"deskhand/client/consent"
	"deskhand/client/input"
	"deskhand/client/inventory"
	"deskhand/client/locales"
	"deskhand/client/pty"
	"deskhand/client/session"
	"deskhand/client/shell"
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
	SetBrand(ui.Brand) error
	Events() <-chan ui.Event
	Close()
}

// system opens what the client shows and shares.
type system struct {
	windows func(display string, o ui.Options) (windows, error)
	screen  func(display string) (capture.Source, error)
	input   func(display string) (input.Injector, error)

	inventory func() inventory.Inventory
	wake      func(network netip.Prefix, macs []net.HardwareAddr) error
	present   func(windows bool) bool // somebody is logged in at the screen

	shells func() []string // that prompts can be opened with; nil or none: there are no prompts
	shell  func(program string, columns, rows int) (t shell.Terminal, started string, err error)
}

// here is this computer.
func here() *system {
	return &system{
		windows: func(display string, o ui.Options) (windows, error) {
			w, err := ui.Open(display, o)
			if err != nil {
				return nil, err
			}
			return w, nil
		},
		screen: capture.Open,
		input:  input.Open,

		inventory: inventory.Read,
		wake:      inventory.Wake,
		present:   inventory.Present,

		shells: pty.Shells,
		shell:  startShell,
	}
}

// mostViewers is how many viewers of a kind are served at once; the server allows as many.
func mostViewers(k wire.ViewerKind) int {
	if k == wire.ViewerKind_VIEWER_KIND_PROMPT {
		return shell.Most
	}
	return 32
}

// core is what attended and unattended clients share: the signalling connection, the viewers, the desk and the questions. Its methods are
// called by the goroutine that runs the loop, but for those of viewers.
type core struct {
	server     *server
	system     *system
	signal     *signalling             // nil: not connected; another one only while there are no viewers
	enrolment  *Enrolment              // nil: attended
	signer     crypto.Signer           // with the computer's key, which another process may hold; nil: attended
	keeping    atomic.Pointer[keeping] // nil: no agent is offered to be let in at any time
	computerID string
	version    string
	status     *wire.ClientStatus
	log        *slog.Logger
	now        func() time.Time

	ui    windows // nil: there is no display, and blind says why
	blind error
	desk  *desk
	book  *consent.Book

	shells *shell.Book // nil: there are no prompts. They outlive the core
	report *reporter   // of what the shells show; nil: the server does not know us yet
	// listing is held while the server is told which shells there are, and while it is told of a view of one: which then is on the list.
	listing sync.Mutex

	logo image.Image // nil: none that can be shown

	mu         sync.Mutex // guards key, logoHash and notice
	key        ed25519.PublicKey
	logoHash   []byte      // of the logo as the server sent it
	notice     *time.Timer // takes away that somebody connects; nil: that was not told
	viewers    map[string]*viewer
	serving    sync.WaitGroup // viewers
	signalling sync.WaitGroup
}

// newCore connects the parts. display is the X display's name, "" for the environment's; follows: it is the first of several that somebody may sit at.
func newCore(srv *server, sys *system, shells *shell.Book, display string, follows bool, version string, log *slog.Logger) *core {
	c := &core{
		server: srv, system: sys, version: version, status: status(), log: log, now: time.Now, viewers: map[string]*viewer{},
		shells: shells,
	}
	c.desk = &desk{display: display, follows: follows, system: sys, log: log, now: time.Now, changed: make(chan struct{}, 1)}
	w, err := c.openWindows()
	if w != nil {
		c.ui, c.desk.bar = w, w
	}
	switch {
	case err == nil:
		var missing wire.NoPictureReason
		c.status.Displays, missing = displaysOf(sys, display, log)
		c.status.NoPictureReason = string(missing)
	default:
		if !errors.Is(err, ui.ErrNoDisplay) {
			log.Warn("no windows can be shown", "err", err)
		}
		c.blind, c.desk.vacant = err, wire.NoPictureNoDisplay
		c.status.NoPictureReason = string(wire.NoPictureNoDisplay)
	}
	c.book = consent.NewBook(prompt{c.ui, c.desk}, consent.Default)
	return c
}

// openWindows opens the windows on the desk's display. Those of a client that follows are there also without one.
func (c *core) openWindows() (windows, error) {
	if !c.desk.follows {
		return c.system.windows(c.desk.display, c.options())
	}
	f := newFront(func(display string) (windows, error) { return c.system.windows(display, c.options()) })
	return f, f.enter(c.desk.display)
}

// atScreen tells whether there is a display where somebody may see something.
func (c *core) atScreen() bool {
	if f, follows := c.ui.(*front); follows {
		return f.windows() != nil
	}
	return c.ui != nil
}

func (c *core) options() ui.Options { return ui.Options{Text: locales.New(c.status.GetLanguage())} }

// connect begins to signal, until disconnect. Nobody is connected before.
func (c *core) connect(authenticate func(*wire.ServerHello) *wire.ClientSignal) {
	s := &signalling{
		server: c.server, log: c.log, patient: c.enrolment != nil, authenticate: authenticate, events: make(chan signalEvent),
		hello: func() *wire.ClientHello {
			return &wire.ClientHello{Version: wire.Version, MinVersion: wire.MinVersion, ClientVersion: c.version, Status: c.status, LogoHash: c.knownLogo(), Capabilities: c.capabilities()}
		},
	}
	s.ctx, s.stop = context.WithCancel(context.Background())
	c.signal = s
	c.signalling.Go(s.run)
}

// disconnect ends the signalling without waiting for it. There are no viewers that still have something to say.
func (c *core) disconnect() {
	if c.signal != nil {
		c.signal.stop()
	}
}

// signals is nil, which never delivers, without a connection.
func (c *core) signals() <-chan signalEvent {
	if c.signal == nil || c.signal.ctx.Err() != nil {
		return nil
	}
	return c.signal.events
}

// tell sends a message to the server; without a connection it is lost.
func (c *core) tell(m *wire.ClientSignal) {
	if c.signal != nil {
		c.signal.send(m)
	}
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
func (c *core) open(o *wire.Open) {
	c.forgetEnded()
	if _, twice := c.viewers[o.GetViewerId()]; twice || c.count(o.GetKind()) >= mostViewers(o.GetKind()) {
		c.log.Warn("a viewer that is not served", "viewer", o.GetViewerId(), "twice", twice, "viewers", len(c.viewers))
		return
	}
	v := &viewer{c: c, open: o, grant: make(chan *wire.Grant, 1), code: make(chan string, 1)}
	v.ctx, v.end = context.WithCancelCause(context.Background())
	c.viewers[o.GetViewerId()] = v
	c.serving.Go(func() {
		v.run()
		v.end(nil)
	})
}

// message handles what attended and unattended clients have in common.
func (c *core) message(m *wire.ServerSignal) {
	switch x := m.GetMessage().(type) {
	case *wire.ServerSignal_Open:
		c.open(x.Open)
	case *wire.ServerSignal_Grant:
		c.granted(x.Grant)
	case *wire.ServerSignal_ViewerRights:
		if v := c.viewers[x.ViewerRights.GetViewerId()]; v != nil {
			v.rights.Store(x.ViewerRights)
			c.desk.rightsChanged()
		}
	case *wire.ServerSignal_PromptClosed:
		if c.shells != nil {
			c.shells.End(x.PromptClosed.GetPromptId(), x.PromptClosed.GetReason())
		}
	case *wire.ServerSignal_PromptKept:
		if c.report != nil {
			c.report.keptAll()
		}
	case *wire.ServerSignal_KeepAnswer:
		if v := c.viewers[x.KeepAnswer.GetViewerId()]; v != nil {
			select {
			case v.code <- x.KeepAnswer.GetCode():
			default:
			}
		}
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

// close ends all viewers, lets them say their last words, and gives everything back.
func (c *core) close(reason wire.Reason) {
	c.endViewers(reason)
	c.serving.Wait()
	if c.report != nil {
		c.report.close()
	}
	c.disconnect()
	c.signalling.Wait()
	if c.ui != nil {
		c.ui.Close()
	}
}

// missed tells an end-user who comes back that somebody asked while they were away. The next question takes the notice away.
func (c *core) missed(agent string) {
	if c.ui == nil {
		return
	}
	if err := c.ui.ShowNotice(ui.Notice{Reason: ui.Unanswered, Agent: agent, Server: c.server.url.Host}); err != nil {
		c.log.Debug("showing the notice", "err", err)
	}
}
