package signal

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"deskhand"
	"deskhand/wire"
)

// openTimeout is for a client's node to take an Open.
const openTimeout = 5 * time.Second

// Open opens a view and asks the client for it. Errors: those of Views, CodeOffline when no node holds the client, CodeForbidden when the
// agent's role does not permit the level.
func (s *Server) Open(ctx context.Context, r deskhand.ViewRequest) (deskhand.OpenedView, error) {
	if !r.Agent.Can((deskhand.Viewer{Kind: r.Kind, Level: r.Level}).Needs()) {
		return deskhand.OpenedView{}, deskhand.Refused("Your role does not permit this.")
	}
	v, out, err := s.openView(ctx, r)
	if err != nil {
		return deskhand.OpenedView{}, err
	}
	s.Tell(out)
	opened, err := s.ask(ctx, r, v, out.Session)
	if err != nil {
		s.Log.Info("a view could not be opened", "viewer", v.ID, "err", err)
		closed, closeErr := s.Views.CloseViewer(context.WithoutCancel(ctx), deskhand.Server, v.ID, deskhand.ReasonClientLost, 0, 0)
		if closeErr != nil {
			s.Log.Error("closing a view that could not be opened", "viewer", v.ID, "err", closeErr)
		}
		s.Tell(closed)
		return deskhand.OpenedView{}, &deskhand.Error{
			Code: deskhand.CodeOffline, Fault: "This computer cannot be reached now.", Hint: "Wait until it is back.", Err: err,
		}
	}
	return opened, nil
}

func (s *Server) openView(ctx context.Context, r deskhand.ViewRequest) (deskhand.Viewer, deskhand.Outcome, error) {
	if r.Kind == deskhand.KindPrompt {
		return s.Prompts.OpenPrompt(ctx, r.By, r)
	}
	if r.ComputerID != "" {
		return s.Views.OpenComputer(ctx, r.By, r.ComputerID, r.Level)
	}
	return s.Views.OpenViewer(ctx, r.By, r.SessionID, r.ParticipantID, r.Level)
}

// ask sends the Open to the client, on whichever node it is.
func (s *Server) ask(ctx context.Context, r deskhand.ViewRequest, v deskhand.Viewer, live deskhand.LiveSession) (deskhand.OpenedView, error) {
	policy, err := s.People.Policy(ctx)
	if err != nil {
		return deskhand.OpenedView{}, err
	}
	opened := deskhand.OpenedView{
		ViewerID: v.ID, SessionID: v.SessionID, ConsentSeconds: policy.ConsentSeconds, ComputerName: live.Computer, Unattended: live.ComputerID != "",
		PromptID: v.PromptID,
	}
	target := live.ComputerID
	if opened.Unattended {
		c, err := s.Computers.ComputerByID(ctx, live.ComputerID)
		if err != nil {
			return opened, err
		}
		opened.ComputerKey, opened.ComputerName = c.PublicKey, c.Name
		if policy.UnattendedConsent != deskhand.UnattendedAsk {
			opened.ConsentSeconds = 0
		}
	} else {
		p, _ := live.Sharing()
		target = p.ID
	}
	agent, err := s.agent(ctx, r.Agent.ID)
	if err != nil {
		return opened, err
	}
	s.remember(v.ID, r.LoginID)
	clientTicket, viewerTicket := s.Relay.Issue(v.ID)
	opened.RelayTicket = viewerTicket
	level := wire.Level_LEVEL_VIEW
	if v.Level == deskhand.LevelControl {
		level = wire.Level_LEVEL_CONTROL
	}
	kind := wire.ViewerKind_VIEWER_KIND_SCREEN
	if v.Kind == deskhand.KindPrompt {
		kind = wire.ViewerKind_VIEWER_KIND_PROMPT
	}
	m := command{
		Kind: commandOpen,
		Open: mustMarshal(&wire.Open{
			ViewerId: v.ID, SessionId: v.SessionID, RelayTicket: clientTicket, Commitment: r.Commitment, Level: level,
			Unattended: opened.Unattended, ConsentSeconds: uint32(opened.ConsentSeconds),
			Kind: kind, PromptId: v.PromptID,
		}),
		Grant: mustMarshal(&wire.GrantPayload{
			SessionId: v.SessionID, ViewerId: v.ID, Agent: agent, Level: level, Commitment: r.Commitment, Ticket: live.Ticket,
			Unattended: opened.Unattended, ComputerId: live.ComputerID,
			Kind: kind, PromptId: v.PromptID,
			MayTakeControl: mayTake(r.Agent, live), UnattendedConsent: unattendedConsent(policy, opened.Unattended),
		}),
	}
	ctx, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()
	answer, err := s.Bus.Request(ctx, subject(target), m.encode())
	if err != nil {
		return opened, err
	}
	if !bytes.Equal(answer, answerOK) {
		return opened, fmt.Errorf("the client's node: %s", answer)
	}
	return opened, nil
}

// unattendedConsent is what an unattended computer does while somebody is logged in.
func unattendedConsent(p deskhand.Policy, unattended bool) wire.UnattendedConsent {
	switch {
	case unattended && p.UnattendedConsent == deskhand.UnattendedTell:
		return wire.UnattendedConsent_UNATTENDED_CONSENT_TELL
	case unattended && p.UnattendedConsent == deskhand.UnattendedAsk:
		return wire.UnattendedConsent_UNATTENDED_CONSENT_ASK
	}
	return wire.UnattendedConsent_UNATTENDED_CONSENT_NONE
}

// Share gives the turn to another client of a session; a connection ID is used up by it.
func (s *Server) Share(ctx context.Context, by deskhand.Actor, sessionID, participantID string) error {
	out, err := s.Sessions.Pick(ctx, by, sessionID, participantID)
	s.Tell(out)
	return err
}

// Separate moves one who stands in line to a session of their own, whose id it returns.
func (s *Server) Separate(ctx context.Context, by deskhand.Actor, sessionID, participantID string) (string, error) {
	own, rest, err := s.Sessions.Separate(ctx, by, sessionID, participantID)
	if err != nil {
		return "", err
	}
	s.Tell(own, rest)
	return own.Session.ID, nil
}

// Transfer gives a session to another agent.
func (s *Server) Transfer(ctx context.Context, by deskhand.Actor, sessionID, agentID string) error {
	out, err := s.Sessions.Transfer(ctx, by, sessionID, agentID)
	s.Tell(out)
	return err
}

// End ends a session for all.
func (s *Server) End(ctx context.Context, by deskhand.Actor, sessionID string) error {
	out, err := s.Sessions.EndSession(ctx, by, sessionID, deskhand.ReasonEndedByAgent)
	s.Tell(out)
	return err
}

// CloseViewer closes an agent's view.
func (s *Server) CloseViewer(ctx context.Context, by deskhand.Actor, viewerID string) error {
	return s.closeView(ctx, by, viewerID, deskhand.ReasonViewerClosed, 0, 0)
}

// RelayEnded is called when the relay's connections of a view have ended, with the bytes that it carried.
func (s *Server) RelayEnded(ctx context.Context, viewerID string, reason wire.Reason, bytesDown, bytesUp int64) {
	if reason == "" {
		reason = wire.ReasonViewerClosed
	}
	if err := s.closeView(ctx, whoEnds(deskhand.Server, deskhand.Reason(reason)), viewerID, deskhand.Reason(reason), bytesDown, bytesUp); err != nil {
		s.Log.Error("closing a view whose connection ended", "viewer", viewerID, "err", err)
	}
}

// Changed closes the views of a login that ended, and those that an agent's role permits no more; what the others may do is told to their clients.
func (s *Server) Changed(c deskhand.Change) {
	switch c.Topic {
	case deskhand.TopicAgents:
		s.agentChanged(c.Subject)
		return
	case deskhand.TopicLogins:
	default:
		return
	}
	s.mu.Lock()
	var ids []string
	for id, login := range s.views {
		if login == c.Subject {
			ids = append(ids, id)
		}
	}
	s.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), storeTimeout)
	defer cancel()
	for _, id := range ids {
		if err := s.closeView(ctx, deskhand.Server, id, deskhand.Reason(wire.ReasonLoginEnded), 0, 0); err != nil {
			s.Log.Error("closing the view of a login that ended", "viewer", id, "err", err)
		}
	}
}

// agentChanged looks after the views of this node whose agent, or whose agent's role, was changed.
func (s *Server) agentChanged(subject string) {
	s.mu.Lock()
	ids := slices.Collect(maps.Keys(s.views))
	s.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), storeTimeout)
	defer cancel()
	for _, id := range ids {
		if err := s.permit(ctx, id, subject); err != nil {
			s.Log.Error("looking whether a view is still permitted", "viewer", id, "err", err)
		}
	}
}

// permit closes a view whose agent may not have it any more, when it is about that agent or the role; else its client looks what else has changed.
func (s *Server) permit(ctx context.Context, id, subject string) error {
	v, err := s.Views.Viewer(ctx, id)
	if err != nil || v.State == deskhand.ViewerClosed {
		return err
	}
	agent, err := s.People.AgentByID(ctx, v.AgentID)
	switch {
	case err != nil:
		return err
	case agent.ID != subject && string(agent.Role) != subject:
		return nil
	case agent.Disabled: // a token has no login that ends
		return s.closeView(ctx, deskhand.Server, id, deskhand.Reason(wire.ReasonLoginEnded), 0, 0)
	case !agent.Can(v.Needs()):
		return s.closeView(ctx, deskhand.Server, id, deskhand.Reason(wire.ReasonRoleChanged), 0, 0)
	}
	live, err := s.Sessions.Session(ctx, v.SessionID)
	s.Tell(deskhand.Outcome{Session: live})
	return err
}

func (s *Server) closeView(ctx context.Context, by deskhand.Actor, id string, reason deskhand.Reason, down, up int64) error {
	out, err := s.Views.CloseViewer(ctx, by, id, reason, down, up)
	s.forget(id)
	s.Tell(out)
	return err
}

func (s *Server) remember(viewerID, loginID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.views[viewerID] = loginID
}

func (s *Server) forget(viewerID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.views, viewerID)
}
