package client

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"sync"
	"time"

	"deskhand/client/ui"
	"deskhand/wire"
)

// AttendedConfig is how an end-user started the client.
type AttendedConfig struct {
	Server       *url.URL
	Fingerprint  string // hex, of a self-signed server
	LinkCode     string // from the file's name; empty: the end-user types a connection ID
	ConnectionID string // given on the command line
	Display      string // X display; empty: the environment's
	Version      string
	Log          *slog.Logger
	// Keep, when it is set, lets agents ask to reach this computer at any time; StateDir is where that is kept then.
	Keep     Keeper
	Raise    Raise // nil: there are no more rights to be had
	StateDir string

	system *system // nil: this computer
}

// Attended helps one end-user with one invite. It returns nil when the end-user leaves or the session is over, a *RefusedError when
// the server wants none of it, and the context's cause.
func Attended(ctx context.Context, cfg AttendedConfig) error {
	srv, err := newServer(cfg.Server, cfg.Fingerprint)
	if err != nil {
		return err
	}
	if cfg.system == nil {
		cfg.system = here()
	}
	var also sync.WaitGroup
	defer also.Wait() // whom the end-user lets in at any time gets in as long as this program runs
	shells := cfg.system.openShells()
	defer closeShells(shells, wire.ReasonEndedByEndUser)
	c := newCore(srv, cfg.system, shells, cfg.Display, false, cfg.Version, cfg.Log)
	if c.ui == nil {
		return fmt.Errorf("there is no display to show anything on or to share; start this program on the desktop that is to be shared (%w)", c.blind)
	}
	a := &attended{core: c, cfg: cfg, id: cfg.ConnectionID, main: ui.Main{Server: cfg.Server.Host}, last: wire.ReasonEndedByEndUser}
	a.serveToo = sync.OnceFunc(func() { also.Go(func() { a.serveUnattended(ctx) }) })
	return a.run(ctx)
}

// serveUnattended keeps this computer in reach while nothing else does.
func (a *attended) serveUnattended(ctx context.Context) {
	err := Unattended(ctx, UnattendedConfig{StateDir: a.cfg.StateDir, Display: a.cfg.Display, Version: a.cfg.Version, Log: a.log, system: a.cfg.system})
	if ctx.Err() == nil {
		a.log.Warn("the computer is no longer in reach", "err", err)
	}
}

// offerKeep lets agents ask for unattended access where the server knows how.
func (a *attended) offerKeep(h *wire.ServerHello) {
	if a.cfg.Keep != nil && slices.Contains(h.GetCapabilities(), wire.CapabilityKeep) {
		a.keeping.Store(&keeping{fingerprint: a.cfg.Fingerprint, stateDir: a.cfg.StateDir, keep: a.cfg.Keep, raise: a.cfg.Raise, serve: a.serveToo})
	}
}

// attended is the end-user's side of one invite:
//
//	asking for the ID ──→ connecting ──→ waiting in line or ready ⇄ connected ──→ over, a notice says why
//	       ↑ refused ────────┘                     ⇅ reconnecting
type attended struct {
	*core
	cfg  AttendedConfig
	main ui.Main

	id     string         // connection ID that is tried; empty: the link's code. Changed only without a connection
	typed  bool           // it was typed in the window, and another one can be
	joined *wire.Redeemed // guarded by mu, since the signalling reads it; nil: not yet
	over   bool           // only a notice is still shown
	gone   bool           // the server needs no Stop any more
	last   wire.Reason    // of the Stop
	result error          // what run returns

	serveToo func() // starts to serve unattended access here, once
}

// errDisplayGone ends the client when the display went away: the bar cannot be shown any more.
var errDisplayGone = errors.New("the display is gone, and with it what was shared")

// run is the loop that owns all state.
func (a *attended) run(ctx context.Context) error {
	defer func() {
		a.endViewers(a.last)
		if a.joined != nil && !a.gone {
			a.tellStop()
		}
		a.endShells(a.last)
		a.flush()
		a.close(a.last)
	}()
	if a.cfg.LinkCode == "" && a.id == "" {
		a.show(ui.AskID)
	} else {
		a.try()
	}
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case e := <-a.signals():
			a.signalled(e)
		case <-a.desk.changed:
			if a.joined != nil && !a.over {
				a.show(a.main.Stage)
			}
		case e, ok := <-a.events():
			if !ok {
				e = ui.Closed{}
			}
			if a.chosen(e) {
				return a.result
			}
		}
	}
}

// try connects with the ID, or the link's code.
func (a *attended) try() {
	a.disconnect()
	a.main.Problem = ui.NoProblem
	a.show(ui.Connecting)
	a.connect(a.authenticate)
}

// authenticate follows the server's hello. It runs in the signalling's goroutine.
func (a *attended) authenticate(*wire.ServerHello) *wire.ClientSignal {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.joined != nil {
		return &wire.ClientSignal{Message: &wire.ClientSignal_Resume{Resume: &wire.Resume{
			ParticipantId: a.joined.GetParticipantId(), ParticipantSecret: a.joined.GetParticipantSecret(),
		}}}
	}
	return a.redeem(nil)
}

func (a *attended) redeem(work []byte) *wire.ClientSignal {
	r := &wire.Redeem{Work: work, Code: &wire.Redeem_ConnectionId{ConnectionId: a.id}}
	if a.id == "" {
		r.Code = &wire.Redeem_LinkCode{LinkCode: a.cfg.LinkCode}
	}
	return &wire.ClientSignal{Message: &wire.ClientSignal_Redeem{Redeem: r}}
}

// show shows the main window. While somebody asks or watches, the question or the bar says all, and the window
// would only stand in the way.
func (a *attended) show(s ui.Stage) {
	a.main.Stage = s
	if a.desk.busy() {
		if err := a.ui.HideMain(); err != nil {
			a.log.Debug("hiding the main window", "err", err)
		}
		return
	}
	if err := a.ui.ShowMain(a.main); err != nil {
		a.log.Debug("showing the main window", "err", err)
	}
	a.desk.ownWindows()
}

// signalled handles what comes from the server.
func (a *attended) signalled(e signalEvent) {
	switch {
	case e.end != nil:
		a.fault(e.end)
	case a.over:
		a.stopping(e.message)
	case e.hello != nil:
		a.setGrantKey(e.hello.GetGrantKey())
		a.offerKeep(e.hello)
		a.main.Company = e.hello.GetCompany()
		a.brand(e.hello)
	case e.lost != nil:
		a.lost()
	case e.message != nil:
		a.received(e.message)
	}
}

// lost says that the connection is being made again; who typed an ID may prefer to change something.
func (a *attended) lost() {
	switch {
	case a.joined != nil:
		a.show(ui.Reconnecting)
	case a.typed:
		a.ask(ui.Unreachable)
	case a.main.Problem != ui.TooManyTries || a.main.RetryAt.Before(a.now()):
		a.main.Problem = ui.Unreachable
		a.show(ui.Connecting)
	}
}

func (a *attended) received(m *wire.ServerSignal) {
	switch x := m.GetMessage().(type) {
	case *wire.ServerSignal_Redeemed:
		a.mu.Lock()
		a.joined = x.Redeemed
		a.mu.Unlock()
		ag := x.Redeemed.GetAgent()
		a.main.Agent = ui.Person{Name: ag.GetName(), Title: ag.GetTitle(), Company: ag.GetCompany()}
		a.main.Ticket = x.Redeemed.GetTicket()
		a.main.Problem = ui.NoProblem
		a.show(ui.Waiting)
		a.known()
	case *wire.ServerSignal_Line:
		if a.joined != nil {
			a.main.Place = int(x.Line.GetPlace())
			a.show(ui.Waiting)
		}
	case *wire.ServerSignal_Refused:
		a.refused(x.Refused)
	case *wire.ServerSignal_SessionEnded:
		a.ended(wire.ParseReason(x.SessionEnded.GetReason()))
	case *wire.ServerSignal_Open:
		if a.joined == nil || x.Open.GetSessionId() != a.joined.GetSessionId() {
			a.log.Warn("a viewer of another session is not served", "viewer", x.Open.GetViewerId())
			return
		}
		a.message(m)
	default:
		a.message(m)
	}
}

// problems are the refusals after which another ID can be typed.
var problems = map[wire.RefusalCode]ui.Problem{
	wire.RefusedUsed: ui.IDUsed, wire.RefusedThrottled: ui.TooManyTries, wire.RefusedWrongCode: ui.IDUnknown,
	wire.RefusedServerStopping: ui.Unreachable, wire.RefusedInternal: ui.Unreachable,
}

// refused tells why the server does not let the end-user in, and lets them try again where that makes sense.
func (a *attended) refused(r *wire.Refused) {
	code := wire.RefusalCode(r.GetCode())
	a.log.Info("refused", "code", code)
	problem, passes := problems[code]
	switch {
	case code == wire.RefusedWorkNeeded:
		a.solve(r)
		return
	case a.joined == nil && a.typed && passes:
		a.ask(problem)
		return
	case code == wire.RefusedThrottled:
		wait := min(time.Duration(max(1, r.GetRetryAfterSeconds()))*time.Second, maxRetryAfter)
		a.main.Problem, a.main.RetryAt = ui.TooManyTries, a.now().Add(wait)
		a.show(ui.Connecting)
		a.signal.again(wait)
		return
	case code == wire.RefusedServerStopping, code == wire.RefusedInternal:
		a.signal.again(0)
		return
	}
	a.gone = true
	a.result = &RefusedError{
		Fault: fmt.Sprintf("The server does not let this program in (%s).", code), Hint: "Ask your agent for a new link or connection ID.",
	}
	notice := ui.Notice{Reason: ui.LinkInvalid, Server: a.cfg.Server.Host}
	switch code {
	case wire.RefusedTooOld, wire.RefusedTooNew:
		notice.Reason = ui.Outdated
	case wire.RefusedLineFull:
		notice.Reason = ui.LineFull
	case wire.RefusedSessionOver:
		notice.Reason, a.result = ui.EndedLost, nil
	}
	a.finish(notice, wire.ReasonClientLost)
}

// solve does the work that the server asks for when somebody is guessing, which takes seconds, and tries again.
func (a *attended) solve(r *wire.Refused) {
	if a.joined != nil || a.signal.solving.Swap(true) {
		return
	}
	s := a.signal
	a.signalling.Go(func() {
		defer s.solving.Store(false)
		work, err := wire.Solve(s.ctx, r.GetWork(), r.GetWorkBits())
		if err != nil {
			if s.ctx.Err() == nil {
				a.log.Warn("the server's challenge was not solved", "err", err)
				_ = s.put(s.ctx, signalEvent{end: err})
			}
			return
		}
		s.send(a.redeem(work))
	})
}

// ask lets the end-user type another ID.
func (a *attended) ask(p ui.Problem) {
	a.disconnect()
	a.main.Problem = p
	a.show(ui.AskID)
}

// ended is the server's last word.
func (a *attended) ended(reason wire.Reason) {
	a.gone = true
	a.book.Forget(a.joined.GetSessionId())
	notice := map[wire.Reason]ui.Reason{
		wire.ReasonEndedByAgent: ui.EndedByAgent, wire.ReasonEndedByEndUser: ui.EndedByYou, wire.ReasonNeverConnected: ui.EndedIdle,
		wire.ReasonDenied: ui.Denied, wire.ReasonUnanswered: ui.Unanswered,
	}
	r, ok := notice[reason]
	if !ok {
		r = ui.EndedLost
	}
	a.finish(ui.Notice{Reason: r, Agent: a.joined.GetAgent().GetName(), Server: a.cfg.Server.Host}, reason)
}

// fault ends the client with what went wrong for good.
func (a *attended) fault(err error) {
	a.gone = true
	if a.over {
		a.disconnect()
		return
	}
	a.result = err
	n := ui.Notice{Reason: ui.ServerUnreachable, Server: a.cfg.Server.Host}
	var (
		certificate *CertificateError
		outdated    *OutdatedError
		refused     *RefusedError
	)
	switch {
	case errors.As(err, &certificate):
		n.Reason = ui.CertificateChanged
	case errors.As(err, &outdated):
		n.Reason = ui.Outdated
	case errors.As(err, &refused):
		n.Reason = ui.LinkInvalid
	}
	a.finish(n, wire.ReasonClientLost)
}

// finish leaves only the notice on the screen, and the signalling when the server does not know yet.
func (a *attended) finish(n ui.Notice, reason wire.Reason) {
	a.over = true
	a.endViewers(reason)
	a.endShells(reason)
	if err := a.ui.HideMain(); err != nil {
		a.log.Debug("hiding the main window", "err", err)
	}
	if err := a.ui.ShowNotice(n); err != nil {
		a.log.Debug("showing the notice", "err", err)
	}
	if a.gone {
		a.flush()
		a.disconnect()
	}
}

// chosen handles what the end-user does. It reports whether the client is done.
func (a *attended) chosen(e ui.Event) bool {
	if a.window(e) {
		if a.joined != nil && !a.over {
			a.stop()
		}
		return false
	}
	switch e := e.(type) {
	case ui.IDEntered:
		if a.main.Stage == ui.AskID && !a.over {
			a.id, a.typed = e.ID, true
			a.try()
		}
	case ui.NoticeClosed:
		return a.over
	case ui.Leave, ui.MainClosed:
		if a.over {
			return false
		}
		if a.joined != nil {
			a.tell(&wire.ClientSignal{Message: &wire.ClientSignal_Leave{Leave: &wire.Leave{}}})
			a.gone = true
		}
		return true
	case ui.Closed:
		if !a.over {
			a.last, a.result = wire.ReasonDisplayGone, errDisplayGone
			if e.Err != nil {
				a.result = fmt.Errorf("%w: %w", errDisplayGone, e.Err)
			}
		}
		return true
	}
	return false
}

// stop ends the session for all, at once here and then at the server.
func (a *attended) stop() {
	a.endViewers(a.last)
	a.tellStop()
	a.finish(ui.Notice{Reason: ui.EndedByYou, Server: a.cfg.Server.Host}, a.last)
}

func (a *attended) tellStop() {
	stop := &wire.Stop{}
	if a.last != wire.ReasonEndedByEndUser {
		stop.Reason = string(a.last)
	}
	a.tell(&wire.ClientSignal{Message: &wire.ClientSignal_Stop{Stop: stop}})
}

// stopping sees to it that the server hears the Stop, also when the connection was lost just then.
func (a *attended) stopping(m *wire.ServerSignal) {
	switch m.GetMessage().(type) {
	case *wire.ServerSignal_Redeemed:
		a.tellStop()
	case *wire.ServerSignal_PromptKept:
		a.message(m)
	case *wire.ServerSignal_SessionEnded, *wire.ServerSignal_Refused:
		a.gone = true
		a.flush()
		a.disconnect()
	}
}
