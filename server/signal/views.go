package signal

import (
	"context"
	"maps"
	"slices"
	"time"

	"google.golang.org/protobuf/proto"

	"deskhand"
	"deskhand/wire"
)

// grant answers a client's GrantRequest: one grant for each Open.
func (c *client) grant(m *wire.GrantRequest) error {
	c.mu.Lock()
	payload := c.grants[m.ViewerId]
	delete(c.grants, m.ViewerId)
	c.mu.Unlock()
	if payload == nil || len(m.ClientNonce) != 32 {
		return c.send(closeViewer(m.ViewerId, wire.ReasonBadGrant))
	}
	payload.ClientNonce = m.ClientNonce
	grant, err := c.server.Keys.SignGrant(payload)
	if err != nil {
		return c.failed("signing a grant", err)
	}
	return c.send(&wire.ServerSignal{Message: &wire.ServerSignal_Grant{Grant: grant}})
}

// viewerState keeps the client's word on one of its views.
func (c *client) viewerState(m *wire.ViewerState) error {
	c.mu.Lock()
	_, mine := c.views[m.ViewerId]
	c.mu.Unlock()
	if !mine {
		return nil // closed meanwhile
	}
	ctx, cancel := c.context()
	defer cancel()
	out, err := c.keepState(ctx, m)
	if code := deskhand.CodeOf(err); err != nil && code != deskhand.CodeConflict && code != deskhand.CodeNotFound {
		return c.failed("keeping a view's state", err)
	}
	c.server.Tell(out)
	return nil
}

func (c *client) keepState(ctx context.Context, m *wire.ViewerState) (deskhand.Outcome, error) {
	set := func(state deskhand.ViewerState, level deskhand.Level) (deskhand.Outcome, error) {
		return c.server.Views.SetViewerState(ctx, c.actor(), m.ViewerId, state, level)
	}
	closed := func(reason deskhand.Reason) (deskhand.Outcome, error) {
		if r := wire.ParseReason(m.Reason); r != "" && reason != deskhand.ReasonDenied && reason != deskhand.ReasonUnanswered {
			reason = deskhand.Reason(r)
		}
		return c.server.Views.CloseViewer(ctx, whoEnds(c.actor(), reason), m.ViewerId, reason, 0, 0)
	}
	switch m.State {
	case wire.ViewerState_ASKING:
		return deskhand.Outcome{}, c.server.Views.Asked(ctx, c.actor(), m.ViewerId)
	case wire.ViewerState_WATCHING:
		return set(deskhand.ViewerWatching, levelOf(m.Level))
	case wire.ViewerState_PAUSED:
		return set(deskhand.ViewerPaused, "")
	case wire.ViewerState_DENIED:
		return closed(deskhand.ReasonDenied)
	case wire.ViewerState_UNANSWERED:
		return closed(deskhand.ReasonUnanswered)
	case wire.ViewerState_REFUSED:
		return closed(deskhand.Reason(wire.ReasonBadGrant))
	case wire.ViewerState_CLOSED:
		return closed(deskhand.ReasonViewerClosed)
	}
	return deskhand.Outcome{}, nil // a newer client's state
}

// whoEnds is whom the log names for a view that ended: the end-user for their Stop, whoever brings the news first.
func whoEnds(by deskhand.Actor, reason deskhand.Reason) deskhand.Actor {
	if reason == deskhand.ReasonEndedByEndUser {
		by.Name = "end-user"
	}
	return by
}

func levelOf(l wire.Level) deskhand.Level {
	if l == wire.Level_LEVEL_CONTROL {
		return deskhand.LevelControl
	}
	return deskhand.LevelView
}

// look has somebody see to the client. It does not wait: when many hints come at once, as from 50 prompts that end, whoever sees to it does so once
// more, and not for each.
func (c *client) look() {
	if c.hints.Add(1) > 1 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.gone {
		c.looking.Go(c.seeTo)
	}
}

func (c *client) seeTo() {
	for {
		n := c.hints.Load()
		if err := c.lookAgain(); err != nil {
			c.server.Log.Warn("looking for a client", "address", c.address, "err", err)
		}
		if c.hints.CompareAndSwap(n, 0) {
			return
		}
	}
}

// lookAgain reads how things stand for the client and tells it what it does not know: views that are closed, its place, the end.
func (c *client) lookAgain() error {
	ctx, cancel := c.context()
	defer cancel()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.over {
		return nil
	}
	var messages []*wire.ServerSignal
	views, err := c.server.Views.Viewers(ctx, slices.Collect(maps.Keys(c.views)))
	if err != nil {
		return err
	}
	for _, v := range views {
		if v.State == deskhand.ViewerClosed {
			delete(c.views, v.ID)
			delete(c.grants, v.ID)
			messages = append(messages, closeViewer(v.ID, reasonOf(v.Reason)))
			continue
		}
		if v.Kind == deskhand.KindPrompt {
			continue // there is no control to take
		}
		news, err := c.rightsStand(ctx, v)
		if err != nil {
			return err
		}
		messages = append(messages, news...)
	}
	closed, err := c.promptsStand(ctx)
	if err != nil {
		return err
	}
	messages = append(messages, closed...)
	var last wire.Reason
	if c.computer.ID != "" {
		last, err = c.computerStands(ctx)
	} else if c.session != "" {
		var news []*wire.ServerSignal
		news, last, err = c.lineStands(ctx)
		messages = append(messages, news...)
	}
	if err != nil {
		return err
	}
	if last != "" {
		c.over = true
		messages = append(messages, &wire.ServerSignal{Message: &wire.ServerSignal_SessionEnded{SessionEnded: &wire.SessionEnded{Reason: string(last)}}})
	}
	if len(messages) > 0 {
		if err := c.send(messages...); err != nil {
			return err
		}
	}
	if last != "" {
		go c.leave(last, c.prompted) // it waits for the other end
	}
	return nil
}

// leave ends the connection after the last word. A client that had prompts may still say what they showed last, and goes then.
func (c *client) leave(reason wire.Reason, prompted bool) {
	if prompted {
		late := time.NewTimer(lastWords)
		defer late.Stop()
		select {
		case <-c.done:
		case <-late.C:
		}
	}
	_ = c.conn.Close(reason)
}

// lineStands reads the client's session and its place there: news is what it does not know of them, last why it is in the session no more.
func (c *client) lineStands(ctx context.Context) (news []*wire.ServerSignal, last wire.Reason, err error) {
	live, err := c.whereabouts(ctx)
	if err != nil {
		return nil, "", err
	}
	i := slices.IndexFunc(live.Line, func(p deskhand.Participant) bool { return p.ID == c.participant.ID })
	switch {
	case live.State == deskhand.StateEnded:
		return nil, reasonOf(live.EndReason), nil
	case i < 0 && c.left:
		return nil, wire.ReasonEndedByEndUser, nil
	case i < 0:
		return nil, wire.ReasonReplaced, nil
	}
	place, length := uint32(live.Line[i].Place), uint32(len(live.Line))
	moved := c.session != live.ID
	if moved || c.owner != live.OwnerID {
		welcome, err := c.welcome(ctx, c.participant.ID, c.secret, live)
		if err != nil {
			return nil, "", err
		}
		c.session, c.owner = live.ID, live.OwnerID
		news = append(news, welcome)
	}
	if moved || c.place.Place != place || c.place.Length != length {
		c.place.Place, c.place.Length = place, length
		news = append(news, &wire.ServerSignal{Message: &wire.ServerSignal_Line{Line: &wire.Line{Place: place, Length: length}}})
	}
	return news, "", nil
}

// whereabouts is the session that the client is in: another one when an agent has moved it.
func (c *client) whereabouts(ctx context.Context) (deskhand.LiveSession, error) {
	p, err := c.server.Participants.ParticipantByID(ctx, c.participant.ID)
	if err != nil {
		return deskhand.LiveSession{}, err
	}
	return c.server.Sessions.Session(ctx, p.SessionID)
}

func (c *client) computerStands(ctx context.Context) (last wire.Reason, err error) {
	computer, err := c.server.Computers.ComputerByID(ctx, c.computer.ID)
	if err != nil {
		return "", err
	}
	if !computer.RemovedAt.IsZero() {
		return wire.ReasonComputerRemoved, nil
	}
	return "", nil
}

// rights are what a client knows of what a view may do besides its level.
type rights struct {
	told    bool
	mayTake bool
}

// rightsStand reads what a view may do now, and says so when the client knows otherwise. The caller holds mu.
func (c *client) rightsStand(ctx context.Context, v deskhand.Viewer) ([]*wire.ServerSignal, error) {
	live, err := c.server.Sessions.Session(ctx, v.SessionID)
	if err != nil {
		return nil, err
	}
	agent, err := c.server.People.AgentByID(ctx, v.AgentID)
	if err != nil {
		return nil, err
	}
	now := rights{told: true, mayTake: mayTake(agent, live)}
	if c.views[v.ID] == now {
		return nil, nil
	}
	c.views[v.ID] = now
	if g := c.grants[v.ID]; g != nil {
		g.MayTakeControl = now.mayTake
	}
	return []*wire.ServerSignal{{Message: &wire.ServerSignal_ViewerRights{
		ViewerRights: &wire.ViewerRights{ViewerId: v.ID, MayTakeControl: now.mayTake},
	}}}, nil
}

// mayTake tells whether an agent may take the control in a session without asking who has it.
func mayTake(a deskhand.Agent, s deskhand.LiveSession) bool {
	return s.OwnerID == a.ID || a.Role == deskhand.RoleAdministrator
}

func closeViewer(id string, reason wire.Reason) *wire.ServerSignal {
	return &wire.ServerSignal{Message: &wire.ServerSignal_CloseViewer{CloseViewer: &wire.CloseViewer{ViewerId: id, Reason: string(reason)}}}
}

func mustMarshal(m proto.Message) []byte {
	b, err := proto.Marshal(m)
	if err != nil {
		panic(err) // our own messages, with valid text
	}
	return b
}
