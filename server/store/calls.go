package store

import (
	"context"
	"time"

	"deskhand"
)

const callQuery = `SELECT c.session_id, c.agent_id, b.name, c.kind, c.at, s.end_user_name, s.computer, s.ticket
	FROM session_call c JOIN agent b ON b.id = c.by_id JOIN session s ON s.id = c.session_id`

func scanCall(r scanner) (c deskhand.Call, err error) {
	return c, r.Scan(&c.SessionID, &c.AgentID, &c.ByName, &c.Kind, stamp{&c.At}, &c.EndUserName, &c.Computer, &c.Ticket)
}

// mailsWithin is the time in which an agent may have deskhand.MaxLinkMails links sent.
const mailsWithin = time.Hour

// Transfer gives a session to another agent, who is told. Its owner and administrators may: whoever gave it away a moment before may not any more.
// Errors: CodeNotFound, CodeForbidden, CodeSessionOver, CodeConflict (unattended), CodeInvalid.
func (s *Store) Transfer(ctx context.Context, actor deskhand.Actor, sessionID, agentID string) (out deskhand.Outcome, err error) {
	err = s.write(ctx, actor, func(t *tx) error {
		live, to, err := t.callable(sessionID, agentID)
		if err != nil {
			return err
		}
		if err := t.mayTransfer(live); err != nil {
			return err
		}
		switch {
		case live.Type != deskhand.TypeAttended:
			return orConflict(nil, "A session with an unattended computer cannot be given away.", "Invite the other agent instead.")
		case live.OwnerID == agentID:
			return invalid("agentId", "The session is this agent's already.", "Choose another one.")
		}
		if _, err := t.exec("UPDATE session SET owner_id = $1 WHERE id = $2", agentID, sessionID); err != nil {
			return err
		}
		if _, err := t.exec("INSERT INTO session_owner (session_id, agent_id, until) VALUES ($1, $2, $3)", sessionID, live.OwnerID, micros(t.now)); err != nil {
			return err
		}
		if err := t.countAgent(sessionID, agentID); err != nil {
			return err
		}
		if agentID != actor.AgentID {
			if err := t.call(sessionID, agentID, deskhand.CallTransferred); err != nil {
				return err
			}
		}
		t.audit("session.transfer", sessionID, "from", live.OwnerUserName, "to", to.UserName)
		t.changed(deskhand.TopicSessions, live.OwnerID, sessionID)
		out.Session, err = t.settle(sessionID)
		return err
	})
	return out, err
}

// mayTransfer refuses whoever neither owns a session nor is an administrator.
func (t *tx) mayTransfer(live deskhand.LiveSession) error {
	if live.OwnerID == t.actor.AgentID {
		return nil
	}
	a, err := t.agent("id", t.actor.AgentID)
	if err == nil && a.Role != deskhand.RoleAdministrator {
		err = &deskhand.Error{
			Code: deskhand.CodeForbidden, Fault: "This is another agent's session.", Hint: "Ask " + live.OwnerName + " to give it away.",
		}
	}
	return err
}

// CallAgent asks an agent to join a session. Errors: CodeNotFound, CodeSessionOver, CodeInvalid.
func (s *Store) CallAgent(ctx context.Context, actor deskhand.Actor, sessionID, agentID string) error {
	return s.write(ctx, actor, func(t *tx) error {
		_, to, err := t.callable(sessionID, agentID)
		if err != nil {
			return err
		}
		if agentID == actor.AgentID {
			return invalid("agentId", "That is you.", "Choose another agent.")
		}
		t.audit("session.call", sessionID, "agent", to.UserName)
		return t.call(sessionID, agentID, deskhand.CallInvited)
	})
}

// callable finds a session that goes on and an agent who can come to it.
func (t *tx) callable(sessionID, agentID string) (deskhand.LiveSession, deskhand.Agent, error) {
	live, err := t.session(sessionID)
	if err != nil {
		return live, deskhand.Agent{}, err
	}
	if live.State == deskhand.StateEnded {
		return live, deskhand.Agent{}, sessionOver()
	}
	to, err := t.agent("id", agentID)
	if err != nil && deskhand.CodeOf(err) != deskhand.CodeNotFound {
		return live, to, err
	}
	if err != nil || to.Disabled {
		return live, to, invalid("agentId", "This agent is not available.", "Choose another one.")
	}
	return live, to, nil
}

func (t *tx) call(sessionID, agentID string, kind deskhand.CallKind) error {
	t.changed(deskhand.TopicSessions, agentID, sessionID)
	_, err := t.exec(`INSERT INTO session_call (session_id, agent_id, by_id, kind, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (session_id, agent_id) DO UPDATE SET by_id = excluded.by_id, kind = excluded.kind, at = excluded.at`,
		sessionID, agentID, t.actor.AgentID, kind, micros(t.now))
	return err
}

// Calls are an agent's calls to sessions that go on, the newest first.
func (s *Store) Calls(ctx context.Context, agentID string) (list []deskhand.Call, err error) {
	err = s.read(ctx, func(t *tx) error {
		list, err = all(t, scanCall, callQuery+" WHERE c.agent_id = $1 AND c.at > $2 AND s.ended_at = 0 ORDER BY c.at DESC, c.session_id",
			agentID, micros(t.now.Add(-deskhand.CallLifetime)))
		return err
	})
	return list, err
}

// DismissCall forgets the acting agent's call to a session.
func (s *Store) DismissCall(ctx context.Context, actor deskhand.Actor, sessionID string) error {
	return s.write(ctx, actor, func(t *tx) error { return t.answered(sessionID, actor.AgentID) })
}

// answered forgets an agent's call, when there is one.
func (t *tx) answered(sessionID, agentID string) error {
	n, err := t.exec("DELETE FROM session_call WHERE session_id = $1 AND agent_id = $2", sessionID, agentID)
	if n > 0 {
		t.changed(deskhand.TopicSessions, agentID, sessionID)
	}
	return err
}

// CountLinkMail allows the acting agent to have one more link sent by mail. Errors: CodeThrottled.
func (s *Store) CountLinkMail(ctx context.Context, actor deskhand.Actor, ticket string) error {
	return s.write(ctx, actor, func(t *tx) error {
		var sent int
		var first int64
		since := t.now.Add(-mailsWithin)
		if err := t.row("SELECT count(*), COALESCE(min(at), 0) FROM link_mail WHERE agent_id = $1 AND at > $2", actor.AgentID, micros(since)).Scan(&sent, &first); err != nil {
			return err
		}
		if sent >= deskhand.MaxLinkMails {
			return &deskhand.Error{
				Code: deskhand.CodeThrottled, Field: "to", Fault: "You have sent too many links within an hour.",
				Hint: "Send this one by your own mail program.", RetryAfter: time.UnixMicro(first).Sub(since),
			}
		}
		id, err := s.newID()
		if err != nil {
			return err
		}
		t.audit("invite.mail", id, "ticket", ticket)
		_, err = t.exec("INSERT INTO link_mail (id, agent_id, at) VALUES ($1, $2, $3)", id, actor.AgentID, micros(t.now))
		return err
	})
}
