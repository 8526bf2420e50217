package signal

import (
	"context"

	"deskhand"
	"deskhand/wire"
)

// Invites makes what a computer enrols by.
type Invites interface {
	// CreateUnattendedInvite: CodeAgentUnavailable, CodeConflict.
	CreateUnattendedInvite(ctx context.Context, actor deskhand.Actor, i deskhand.UnattendedInvite) (code string, out deskhand.UnattendedInvite, err error)
}

// keep answers a client whose end-user allows an agent to reach the computer at any time: with a code for the agent of one of its open views. The
// code goes to the client alone, so that the viewer, which asked, never has it.
func (c *client) keep(m *wire.KeepRequest) error {
	answer := &wire.KeepAnswer{ViewerId: m.ViewerId}
	ctx, cancel := c.context()
	defer cancel()
	v, mine, err := c.openView(ctx, m.ViewerId)
	if err != nil {
		return c.failed("reading a view", err)
	}
	if mine {
		answer.Code, _, err = c.server.Invites.CreateUnattendedInvite(ctx, c.actor(), deskhand.UnattendedInvite{
			Kind: deskhand.UnattendedKeep, AgentID: v.AgentID, SessionID: v.SessionID,
		})
		switch deskhand.CodeOf(err) {
		case deskhand.CodeAgentUnavailable, deskhand.CodeConflict: // the empty code says no
		default:
			if err != nil {
				return c.failed("making a code for a computer", err)
			}
		}
	}
	return c.send(&wire.ServerSignal{Message: &wire.ServerSignal_KeepAnswer{KeepAnswer: answer}})
}

// openView is a view that this attended client serves now.
func (c *client) openView(ctx context.Context, id string) (v deskhand.Viewer, mine bool, err error) {
	c.mu.Lock()
	_, mine = c.views[id]
	mine = mine && c.participant.ID != ""
	c.mu.Unlock()
	if !mine {
		return v, false, nil
	}
	v, err = c.server.Views.Viewer(ctx, id)
	return v, err == nil && v.State != deskhand.ViewerClosed, err
}

// Newer ends the connections of a computer that are older than an epoch, on whichever node they are.
func (s *Server) Newer(computerID string, epoch int64) {
	if err := s.Bus.Publish(subject(computerID), command{Kind: commandNewer, Epoch: epoch}.encode()); err != nil {
		s.Log.Warn("ending a computer's older connections", "err", err)
	}
}
