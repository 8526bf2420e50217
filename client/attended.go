package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"

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
	Terminal     io.Writer // says what the windows say when there is no display
}

// Attended helps one end-user with one invite. It returns nil when the end-user leaves or the session is over, a *RefusedError when
// the server wants none of it, and the context's cause.
func Attended(ctx context.Context, cfg AttendedConfig) error {
	srv, err := newServer(cfg.Server, cfg.Fingerprint)
	if err != nil {
		return err
	}
	c, err := newCore(srv, cfg.Display, cfg.Version, cfg.Log)
	if err != nil {
		return err
	}
	if c.ui == nil {
		return errors.New("there is no display to show anything on or to share; start this program on the desktop that is to be shared")
	}
	a := &attended{core: c, cfg: cfg, main: ui.Main{Server: cfg.Server.Host}}
	return a.run(ctx)
}

// attended is the end-user's side of one invite:
//
//	asking for the ID ──→ connecting ──→ waiting in line or ready ⇄ connected ──→ over, a notice says why
//	       ↑ refused ────────┘                     ⇅ reconnecting
type attended struct {
	*core
	cfg  AttendedConfig
	main ui.Main

	id       string         // connection ID that is tried
	joined   *wire.Redeemed // nil: not yet
	over     bool           // only a notice is still shown
	result   error          // what run returns
	work     []byte         // answer to the server's challenge
	signalUp context.CancelFunc
}

// run is the loop that owns all state.
func (a *attended) run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	signalDone := make(chan error, 1)
	start := func() {
		sctx, stop := context.WithCancel(ctx)
		a.signalUp = stop
		a.running.Add(1)
		go func() {
			defer a.running.Done()
			if err := a.signal.run(sctx); sctx.Err() == nil {
				signalDone <- err
			}
		}()
	}
	defer func() {
		if a.joined != nil && !a.over {
			a.signal.send(&wire.ClientSignal{Message: &wire.ClientSignal_Stop{Stop: &wire.Stop{}}})
		}
		a.endViewers(wire.ReasonEndedByEndUser)
		cancel()
		a.close(wire.ReasonEndedByEndUser)
	}()
	a.id = a.cfg.ConnectionID
	a.signal.authenticate = a.authenticate
	if a.cfg.LinkCode == "" && a.id == "" {
		a.show(ui.AskID)
	} else {
		a.show(ui.Connecting)
		start()
	}
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case err := <-signalDone:
			a.fault(err)
		case e := <-a.signal.events:
			a.signalled(ctx, e)
		case <-a.desk.changed:
			if a.joined != nil && !a.over {
				a.show(ui.Waiting)
			}
		case e, ok := <-a.events():
			if !ok {
				return errDisplayGone
			}
			if id, typed := e.(ui.IDEntered); typed {
				if a.signalUp != nil {
					a.signalUp()
				}
				a.mu.Lock()
				a.id = id.ID
				a.mu.Unlock()
				a.show(ui.Connecting)
				start()
			} else if a.chosen(e) {
				return a.result
			}
		}
	}
}

// errDisplayGone ends the client when the display went away: the bar cannot be shown any more.
var errDisplayGone = errors.New("the display is gone")

// authenticate follows the server's hello. It runs in the signalling's goroutine, while the loop changes neither id nor joined without having
// stopped it first or been told by it.
func (a *attended) authenticate(*wire.ServerHello) *wire.ClientSignal {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.joined != nil {
		return &wire.ClientSignal{Message: &wire.ClientSignal_Resume{Resume: &wire.Resume{
			ParticipantId: a.joined.GetParticipantId(), ParticipantSecret: a.joined.GetParticipantSecret(),
		}}}
	}
	r := &wire.Redeem{Work: a.work, Code: &wire.Redeem_ConnectionId{ConnectionId: a.id}}
	if a.id == "" {
		r.Code = &wire.Redeem_LinkCode{LinkCode: a.cfg.LinkCode}
	}
	return &wire.ClientSignal{Message: &wire.ClientSignal_Redeem{Redeem: r}}
}

// show shows the main window. While somebody watches the bar says all, and the window would only cover what is shown.
func (a *attended) show(s ui.Stage) {
	a.main.Stage = s
	if a.desk.watched() {
		if err := a.ui.HideMain(); err != nil {
			a.log.Debug("hiding the main window", "err", err)
		}
		return
	}
	if s != ui.AskID {
		a.main.Problem = ui.NoProblem
	}
	if err := a.ui.ShowMain(a.main); err != nil {
		a.log.Debug("showing the main window", "err", err)
	}
	a.desk.ownWindows()
}

// signalled handles what comes from the server.
func (a *attended) signalled(ctx context.Context, e signalEvent) {
	switch {
	case a.over:
	case e.hello != nil:
		a.setGrantKey(e.hello.GetGrantKey())
		a.main.Company = e.hello.GetCompany()
	case e.lost != nil:
		if a.joined != nil {
			a.show(ui.Reconnecting)
		} else if a.id != "" {
			a.refuse(ui.Unreachable)
		}
	case e.message != nil:
		a.received(ctx, e.message)
	}
}

func (a *attended) received(ctx context.Context, m *wire.ServerSignal) {
	switch x := m.GetMessage().(type) {
	case *wire.ServerSignal_Redeemed:
		a.mu.Lock()
		a.joined = x.Redeemed
		a.mu.Unlock()
		ag := x.Redeemed.GetAgent()
		a.main.Agent = ui.Person{Name: ag.GetName(), Title: ag.GetTitle(), Company: ag.GetCompany()}
		a.main.Ticket = x.Redeemed.GetTicket()
		a.show(ui.Waiting)
	case *wire.ServerSignal_Line:
		a.main.Place = int(x.Line.GetPlace())
		a.show(ui.Waiting)
	case *wire.ServerSignal_Refused:
		a.refused(ctx, x.Refused)
	case *wire.ServerSignal_SessionEnded:
		a.ended(wire.ParseReason(x.SessionEnded.GetReason()))
	default:
		a.message(ctx, m)
	}
}

// refused tells why the server does not let the end-user in, and lets them try again where that makes sense.
func (a *attended) refused(ctx context.Context, r *wire.Refused) {
	code := wire.RefusalCode(r.GetCode())
	if code == wire.RefusedWorkNeeded {
		a.solve(ctx, r)
		return
	}
	a.log.Info("refused", "code", code)
	if a.id != "" && a.joined == nil && a.cfg.ConnectionID == "" {
		problem := map[wire.RefusalCode]ui.Problem{
			wire.RefusedUsed: ui.IDUsed, wire.RefusedThrottled: ui.TooManyTries, wire.RefusedWrongCode: ui.IDUnknown,
		}
		if p, ok := problem[code]; ok {
			a.refuse(p)
			return
		}
	}
	a.result = &RefusedError{
		Fault: fmt.Sprintf("The server does not let this program in (%s).", code), Hint: "Ask your agent for a new link or connection ID.",
	}
	notice := ui.Notice{Reason: ui.LinkInvalid, Server: a.cfg.Server.Host}
	switch code {
	case wire.RefusedTooOld, wire.RefusedTooNew:
		notice.Reason = ui.Outdated
	case wire.RefusedSessionOver:
		notice.Reason, a.result = ui.EndedLost, nil
	}
	a.finish(notice)
}

// solve does the work that the server asks for when somebody is guessing, which takes seconds, and tries again.
func (a *attended) solve(ctx context.Context, r *wire.Refused) {
	a.running.Add(1)
	go func() {
		defer a.running.Done()
		work, err := wire.Solve(ctx, r.GetWork(), r.GetWorkBits())
		if err != nil {
			a.log.Warn("the server's challenge was not solved", "err", err)
			return
		}
		a.mu.Lock()
		a.work = work
		a.mu.Unlock()
		a.signal.send(a.authenticate(nil))
	}()
}

// refuse lets the end-user type another ID.
func (a *attended) refuse(p ui.Problem) {
	if a.signalUp != nil {
		a.signalUp()
	}
	a.mu.Lock()
	a.work = nil
	a.mu.Unlock()
	a.main.Problem = p
	a.show(ui.AskID)
}

// ended is the server's last word.
func (a *attended) ended(reason wire.Reason) {
	a.book.Forget(a.joined.GetSessionId())
	a.endViewers(reason)
	notice := map[wire.Reason]ui.Reason{
		wire.ReasonEndedByAgent: ui.EndedByAgent, wire.ReasonEndedByEndUser: ui.EndedByYou, wire.ReasonNeverConnected: ui.EndedIdle,
		wire.ReasonDenied: ui.Denied, wire.ReasonUnanswered: ui.Unanswered,
	}
	r, ok := notice[reason]
	if !ok {
		r = ui.EndedLost
	}
	a.finish(ui.Notice{Reason: r, Agent: a.joined.GetAgent().GetName(), Server: a.cfg.Server.Host})
}

// fault ends the client with what went wrong for good.
func (a *attended) fault(err error) {
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
	a.finish(n)
}

// finish leaves only the notice on the screen.
func (a *attended) finish(n ui.Notice) {
	a.over = true
	a.endViewers(wire.ReasonEndedByEndUser)
	if a.signalUp != nil {
		a.signalUp()
	}
	_ = a.ui.HideMain()
	if err := a.ui.ShowNotice(n); err != nil {
		a.log.Debug("showing the notice", "err", err)
	}
}

// chosen handles what the end-user does. It reports whether the client is done.
func (a *attended) chosen(e ui.Event) bool {
	if a.window(e) && !a.over {
		a.stop()
		return false
	}
	switch e := e.(type) {
	case ui.NoticeClosed:
		return a.over
	case ui.Leave, ui.MainClosed:
		if a.joined != nil {
			a.signal.send(&wire.ClientSignal{Message: &wire.ClientSignal_Leave{Leave: &wire.Leave{}}})
			a.over = true // the server needs no Stop after it
		}
		return true
	case ui.Closed:
		if e.Err != nil {
			a.result = fmt.Errorf("%w: %w", errDisplayGone, e.Err)
		}
		return true
	}
	return false
}

// stop ends the session for all, at once here and then at the server.
func (a *attended) stop() {
	a.signal.send(&wire.ClientSignal{Message: &wire.ClientSignal_Stop{Stop: &wire.Stop{}}})
	a.endViewers(wire.ReasonEndedByEndUser)
	a.finish(ui.Notice{Reason: ui.EndedByYou, Server: a.cfg.Server.Host})
}
