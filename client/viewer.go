package client

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"sync/atomic"
	"time"

	"deskhand/client/consent"
	"deskhand/client/session"
	"deskhand/secure"
	"deskhand/transport"
	"deskhand/wire"
)

// Times that a viewer's beginning may take.
const (
	grantTimeout    = 10 * time.Second
	exchangeTimeout = 40 * time.Second // joining the relay, whose tickets live 60 s, and the key exchange
)

// viewer is one viewer from its Open to its end. It runs in a goroutine of its own and is a session.Host.
type viewer struct {
	c     *core
	open  *wire.Open
	ctx   context.Context
	end   context.CancelCauseFunc
	grant chan *wire.Grant // capacity 1
	code  chan string      // capacity 1: of a KeepAnswer

	rights atomic.Pointer[wire.ViewerRights] // the last ones; nil: what the grant says

	// set by connect
	payload *wire.GrantPayload
	words   [2]string
	asked   bool // the end-user has been asked
}

var _ session.Host = (*viewer)(nil)

// run serves the viewer and tells the server how it ended.
func (v *viewer) run() {
	link, err := v.connect()
	if err != nil {
		reason := v.whyNot(err)
		v.c.log.Warn("a viewer could not connect", "viewer", v.open.GetViewerId(), "reason", reason, "err", err)
		v.Report(wire.ViewerState_REFUSED, 0, reason)
		return
	}
	v.Report(wire.ViewerState_CLOSED, 0, v.serve(link))
	if v.asked {
		v.c.desk.gone()
	}
}

// whyNot is why no link came about.
func (v *viewer) whyNot(err error) wire.Reason {
	var end *session.EndError
	if errors.As(context.Cause(v.ctx), &end) {
		return end.Reason
	}
	if r := wire.ReasonOf(err); r != "" {
		return r
	}
	return wire.ReasonClientLost // our way to the relay is
}

func (v *viewer) serve(link *secure.Link) wire.Reason {
	st := v.c.status
	s := &session.Session{
		Link: link, Host: v, Log: v.c.log.With("viewer", v.open.GetViewerId()),
		Hello: &wire.EndHello{
			Version: wire.Version, MinVersion: wire.MinVersion, ProgramVersion: v.c.version,
			Capabilities: []string{wire.CapabilityWords + secure.WordLanguage(st.GetLanguage()), wire.CapabilitySeveral},
			ComputerName: st.GetComputerName(), System: st.GetSystem(),
		},
	}
	if v.isPrompt() {
		return s.RunPrompt(v.ctx, v)
	}
	if v.c.keeping.Load() != nil {
		s.Keep = v.Keep
		s.Hello.Capabilities = append(s.Hello.Capabilities, wire.CapabilityKeep)
	}
	return s.Run(v.ctx)
}

// connect gets the server's grant, joins the relay and makes the sealed link.
func (v *viewer) connect() (*secure.Link, error) {
	exchange, err := secure.NewClientExchange(v.open.GetCommitment())
	if err != nil {
		return nil, err
	}
	v.c.tell(&wire.ClientSignal{Message: &wire.ClientSignal_GrantRequest{GrantRequest: &wire.GrantRequest{
		ViewerId: v.open.GetViewerId(), ClientNonce: exchange.Nonce(),
	}}})
	grant, err := v.awaitGrant()
	if err != nil {
		return nil, err
	}
	v.payload, err = secure.VerifyGrant(v.c.grantKey(), grant, secure.Expected{
		SessionID: v.open.GetSessionId(), ViewerID: v.open.GetViewerId(), Commitment: v.open.GetCommitment(),
		ClientNonce: exchange.Nonce(), ComputerID: v.c.computerID, Kind: v.open.GetKind(), PromptID: v.open.GetPromptId(),
	})
	if err != nil {
		return nil, err
	}
	conn, err := v.c.server.dial(v.ctx, relayPath)
	if err != nil {
		return nil, fmt.Errorf("connecting to the relay: %w", err)
	}
	link, err := v.exchange(conn, exchange)
	if err != nil {
		_ = conn.Close(v.whyNot(err))
		return nil, err
	}
	return link, nil
}

func (v *viewer) awaitGrant() (*wire.Grant, error) {
	late := time.NewTimer(grantTimeout)
	defer late.Stop()
	select {
	case g := <-v.grant:
		return g, nil
	case <-late.C:
		return nil, &wire.ClosedError{Reason: wire.ReasonTimeout}
	case <-v.ctx.Done():
		return nil, context.Cause(v.ctx)
	}
}

func (v *viewer) exchange(conn transport.Conn, exchange *secure.ClientExchange) (*secure.Link, error) {
	late := &wire.ClosedError{Reason: wire.ReasonTimeout}
	ctx, cancel := context.WithTimeoutCause(v.ctx, exchangeTimeout, late)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { _ = conn.Close(v.whyNot(context.Cause(ctx))) })
	defer stop()
	link, err := v.makeLink(conn, exchange)
	if err != nil && context.Cause(ctx) == error(late) {
		return nil, late
	}
	return link, err
}

func (v *viewer) makeLink(conn transport.Conn, exchange *secure.ClientExchange) (*secure.Link, error) {
	if err := transport.JoinRelay(conn, v.open.GetRelayTicket()); err != nil {
		return nil, err
	}
	keys, err := exchange.Run(conn, v.c.signer)
	if err != nil {
		return nil, err
	}
	v.words = keys.Words(v.c.status.GetLanguage())
	return secure.NewLink(conn, keys)
}

// Consent asks the end-user, or nobody when the computer is an unattended one that we enrolled as such.
func (v *viewer) Consent(ctx context.Context, left func(int)) (session.Decision, error) {
	level := v.payload.GetLevel()
	if v.c.enrolment != nil && v.payload.GetUnattended() && !v.asksSomebody() {
		return session.Decision{State: wire.ConsentState_GRANTED, Level: level}, nil
	}
	agent, ask := v.payload.GetAgent(), consent.View
	switch {
	case v.isPrompt():
		ask = consent.CommandPrompt
	case level == wire.Level_LEVEL_CONTROL:
		ask = consent.Control
	}
	v.asked = true
	v.c.desk.ask()
	told := newCountdown(v.c.now, left)
	defer told.stop()
	a := v.c.book.Ask(ctx, consent.Request{
		Session: v.payload.GetSessionId(), Ask: ask, Ticket: v.payload.GetTicket(), Server: v.c.server.url.Host, Words: v.words,
		Agent:  consent.Agent{ID: agent.GetId(), Name: agent.GetName(), Title: agent.GetTitle(), Company: agent.GetCompany(), Words: agent.GetConsentWords()},
		Others: v.c.desk.others(agent.GetName()),
		Wait:   min(time.Duration(v.open.GetConsentSeconds())*time.Second, consent.Default.Limit),
	}, told.deadline)
	if ctx.Err() != nil {
		return session.Decision{}, context.Cause(ctx)
	}
	switch a.Outcome {
	case consent.GrantedControl, consent.GrantedOther: // a prompt controls, too
		return session.Decision{State: wire.ConsentState_GRANTED, Level: wire.Level_LEVEL_CONTROL}, nil
	case consent.GrantedView:
		return session.Decision{State: wire.ConsentState_GRANTED, Level: wire.Level_LEVEL_VIEW}, nil
	case consent.Unanswered:
		v.c.missed(agent.GetName())
		return session.Decision{State: wire.ConsentState_UNANSWERED}, nil
	default:
		return session.Decision{State: wire.ConsentState_DENIED}, nil
	}
}

// Attend opens the desktop for the viewer.
func (v *viewer) Attend(_ context.Context, level wire.Level, several bool) (session.Desktop, error) {
	agent := v.payload.GetAgent()
	return v.c.desk.attend(&visitor{
		id: v.open.GetViewerId(), agent: cmp.Or(agent.GetId(), agent.GetName()), name: agent.GetName(), level: level, several: several,
		mayTake: v.mayTake,
	})
}

// mayTake tells whether the agent may take the control without asking.
func (v *viewer) mayTake() bool {
	if r := v.rights.Load(); r != nil {
		return r.GetMayTakeControl()
	}
	return v.payload.GetMayTakeControl()
}

// Report tells the server where the viewer stands.
func (v *viewer) Report(state wire.ViewerState_State, level wire.Level, reason wire.Reason) {
	if v.isPrompt() {
		v.c.listing.Lock()
		defer v.c.listing.Unlock()
	}
	v.c.tell(&wire.ClientSignal{Message: &wire.ClientSignal_ViewerState{ViewerState: &wire.ViewerState{
		ViewerId: v.open.GetViewerId(), State: state, Level: level, Reason: string(reason),
	}}})
}

// countdown tells the seconds that are left, each second, while a question is open.
type countdown struct {
	now       func() time.Time
	left      func(int)
	deadlines chan time.Time
	done      chan struct{}
	ended     chan struct{}
}

func newCountdown(now func() time.Time, left func(int)) *countdown {
	c := &countdown{now: now, left: left, deadlines: make(chan time.Time, 1), done: make(chan struct{}), ended: make(chan struct{})}
	go c.run()
	return c
}

// deadline is told by the book and does not block: only the newest one counts.
func (c *countdown) deadline(t time.Time) {
	for {
		select {
		case c.deadlines <- t:
			return
		default:
		}
		select {
		case <-c.deadlines:
		default:
		}
	}
}

func (c *countdown) stop() {
	close(c.done)
	<-c.ended
}

func (c *countdown) run() {
	defer close(c.ended)
	second := time.NewTicker(time.Second)
	defer second.Stop()
	var deadline time.Time
	for {
		select {
		case <-c.done:
			return
		case deadline = <-c.deadlines:
		case <-second.C:
		}
		if !deadline.IsZero() {
			c.left(max(0, int(math.Ceil(deadline.Sub(c.now()).Seconds()))))
		}
	}
}
