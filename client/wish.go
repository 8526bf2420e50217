package client

import (
	"cmp"
	"context"
	"errors"
	"time"

	"deskhand"
	"deskhand/client/consent"
	"deskhand/wire"
)

// keepTimeout is how long the server may take for its answer to a KeepRequest.
const keepTimeout = 10 * time.Second

// keeping is what an attended client needs to be kept in reach; nil: it is not offered.
type keeping struct {
	fingerprint string
	stateDir    string
	keep        Keeper
	raise       Raise
	serve       func() // serves this computer in this program, until that ends
}

// Keep asks the end-user whether the viewer's agent may reach this computer at any time. Allowed, the computer is set up by a code that the server gives
// this client for it; the viewer never has the code.
func (v *viewer) Keep(ctx context.Context, tell func(*wire.KeepState)) {
	agent := v.payload.GetAgent()
	told := newCountdown(v.c.now, func(left int) {
		tell(&wire.KeepState{State: wire.KeepState_ASKING, SecondsLeft: uint32(left)})
	})
	a := v.c.book.Ask(ctx, consent.Request{
		Session: v.payload.GetSessionId(), Ask: consent.KeepAccess, Ticket: v.payload.GetTicket(), Server: v.c.server.url.Host,
		Agent: consent.Agent{ID: agent.GetId(), Name: agent.GetName(), Title: agent.GetTitle(), Company: agent.GetCompany(), Words: agent.GetConsentWords()},
	}, told.deadline)
	told.stop()
	switch {
	case ctx.Err() != nil:
		return
	case a.Outcome == consent.Unanswered:
		tell(&wire.KeepState{State: wire.KeepState_UNANSWERED})
		return
	case !a.Granted():
		tell(&wire.KeepState{State: wire.KeepState_DENIED})
		return
	}
	tell(&wire.KeepState{State: wire.KeepState_WORKING})
	done := make(chan *wire.KeepState, 1)
	v.c.serving.Go(func() { done <- v.setUp() }) // also when the agent goes meanwhile: it was allowed
	select {
	case k := <-done:
		tell(k)
	case <-ctx.Done():
	}
}

// setUp does what the end-user has allowed.
func (v *viewer) setUp() *wire.KeepState {
	failed := func(reason wire.KeepFailure, err error) *wire.KeepState {
		v.c.log.Warn("the computer could not be set up", "reason", reason, "err", err)
		return &wire.KeepState{State: wire.KeepState_FAILED, Reason: string(reason)}
	}
	code, err := v.askCode()
	if err != nil {
		return failed(wire.KeepFailed, err)
	}
	if code == "" {
		return failed(wire.KeepNotAllowed, nil)
	}
	k := v.c.keeping.Load()
	id, reach, err := v.c.setUp(context.Background(), k.fingerprint, code, k.stateDir, k.keep, k.raise)
	var refused *RefusedError
	switch {
	case errors.As(err, &refused) && refused.Code == deskhand.CodeConflict:
		return failed(wire.KeepTaken, err)
	case err != nil:
		return failed(wire.KeepFailed, err)
	}
	if reach == KeptProgram {
		k.serve()
	}
	return &wire.KeepState{State: wire.KeepState_DONE, Reach: cmp.Or(reach, KeptProgram), ComputerId: id}
}

// askCode gets the code by which this computer enrols; empty: the server does not permit it.
func (v *viewer) askCode() (string, error) {
	select {
	case <-v.code: // a late answer to an earlier request
	default:
	}
	v.c.tell(&wire.ClientSignal{Message: &wire.ClientSignal_KeepRequest{KeepRequest: &wire.KeepRequest{ViewerId: v.open.GetViewerId()}}})
	late := time.NewTimer(keepTimeout)
	defer late.Stop()
	select {
	case code := <-v.code:
		return code, nil
	case <-late.C:
		return "", &wire.ClosedError{Reason: wire.ReasonTimeout}
	}
}
