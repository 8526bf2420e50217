package store

import (
	"context"
	"fmt"
	"time"

	"deskhand"
)

// seen notes that an agent is there.
func (t *tx) seen(agentID string) error {
	_, err := t.exec("UPDATE agent SET last_seen_at = $1 WHERE id = $2", micros(t.now), agentID)
	return err
}

// SeeAgent notes that an agent has a console open. Not audited: it keeps no login alive.
func (s *Store) SeeAgent(ctx context.Context, agentID string) error {
	return s.write(ctx, deskhand.Server, func(t *tx) error { return t.seen(agentID) })
}

const staffQuery = "SELECT " + agentColumns + `, a.last_seen_at,
	(SELECT count(*) FROM login cl WHERE cl.agent_id = a.id AND cl.expires_at > $1),
	(EXISTS (SELECT 1 FROM totp ct WHERE ct.agent_id = a.id AND ct.confirmed_at > 0) OR EXISTS (SELECT 1 FROM passkey cp WHERE cp.agent_id = a.id)),
	EXISTS (SELECT 1 FROM agent_identity ca WHERE ca.agent_id = a.id),
	COALESCE((SELECT ci.expires_at FROM agent_invitation ci WHERE ci.agent_id = a.id), 0) FROM agent a`

func scanStaff(r scanner) (c deskhand.StaffMember, err error) {
	return c, r.Scan(append(agentFields(&c.Agent), stamp{&c.LastSeenAt}, &c.Logins, &c.SecondFactor, &c.SignOn, stamp{&c.InvitedUntil})...)
}

// Staff gives all agents by user name.
func (s *Store) Staff(ctx context.Context) (list []deskhand.StaffMember, err error) {
	err = s.read(ctx, func(t *tx) error {
		list, err = all(t, scanStaff, staffQuery+" ORDER BY a.user_name", micros(t.now))
		return err
	})
	return list, err
}

// StaffMember gives one agent; CodeNotFound when there is none.
func (s *Store) StaffMember(ctx context.Context, id string) (c deskhand.StaffMember, err error) {
	err = s.read(ctx, func(t *tx) error {
		c, err = scanStaff(t.row(staffQuery+" WHERE a.id = $2", micros(t.now), id))
		return err
	})
	if none(err) {
		return c, deskhand.Errorf(deskhand.CodeNotFound, "There is no such agent.")
	}
	return c, err
}

// SetAgentsDisabled disables several agents, or enables them, all or none. Errors: those of SetAgentDisabled.
func (s *Store) SetAgentsDisabled(ctx context.Context, actor deskhand.Actor, ids []string, disabled bool) error {
	return s.write(ctx, actor, func(t *tx) error {
		for _, id := range ids {
			if err := t.setDisabled(id, disabled); err != nil {
				return err
			}
		}
		return nil
	})
}

// InviteAgent adds an agent who chooses the password by a link: tokenHash is the SHA-256 of what the link carries. Errors: those of
// CreateAgent.
func (s *Store) InviteAgent(ctx context.Context, actor deskhand.Actor, a deskhand.Agent, passwordHash string, tokenHash []byte) (deskhand.Agent, time.Time, error) {
	var until time.Time
	err := s.write(ctx, actor, func(t *tx) (err error) {
		if err := t.createAgent(&a, passwordHash); err != nil {
			return err
		}
		until, err = t.inviteAgent(a, tokenHash)
		return err
	})
	return a, until, err
}

// InviteAgain gives an invited agent a new link; the one before leads nowhere any more. CodeNotFound, or CodeConflict when the agent has
// chosen a password already.
func (s *Store) InviteAgain(ctx context.Context, actor deskhand.Actor, agentID string, tokenHash []byte) (a deskhand.Agent, until time.Time, err error) {
	err = s.write(ctx, actor, func(t *tx) error {
		if a, err = t.agent("id", agentID); err != nil {
			return err
		}
		if err := t.mayManage(a); err != nil {
			return err
		}
		n, err := t.exec("DELETE FROM agent_invitation WHERE agent_id = $1", agentID)
		if err != nil || n == 0 {
			return orConflict(err, fmt.Sprintf("%s has chosen a password already.", a.UserName), "Reset the password instead.")
		}
		until, err = t.inviteAgent(a, tokenHash)
		return err
	})
	return a, until, err
}

func (t *tx) inviteAgent(a deskhand.Agent, tokenHash []byte) (until time.Time, err error) {
	until = t.now.Add(deskhand.InvitationLifetime)
	_, err = t.exec("INSERT INTO agent_invitation (agent_id, token_hash, expires_at) VALUES ($1, $2, $3)", a.ID, tokenHash, micros(until))
	t.audit("agent.invite", a.ID, "userName", a.UserName, "email", a.Email)
	t.changed(deskhand.TopicAgents, "", a.ID)
	return until, err
}

// InvitedAgent is whom an invitation's link is for; it is not used up. CodeNotFound when the link leads nowhere.
func (s *Store) InvitedAgent(ctx context.Context, tokenHash []byte) (a deskhand.Agent, err error) {
	err = s.read(ctx, func(t *tx) error { a, err = t.invited(tokenHash); return err })
	return a, err
}

func (t *tx) invited(tokenHash []byte) (deskhand.Agent, error) {
	a, err := scanAgent(t.row("SELECT "+agentColumns+` FROM agent_invitation i JOIN agent a ON a.id = i.agent_id
		WHERE i.token_hash = $1 AND i.expires_at > $2 AND NOT a.disabled`, tokenHash, micros(t.now)))
	if none(err) {
		return a, &deskhand.Error{
			Code: deskhand.CodeNotFound, Fault: "This invitation was used already, or its time is over.", Hint: "Ask whoever invited you for a new one.",
		}
	}
	return a, err
}

// AcceptInvitation gives the invited agent the password that they chose, and uses up the link. CodeNotFound when it leads nowhere.
func (s *Store) AcceptInvitation(ctx context.Context, from deskhand.Actor, tokenHash []byte, passwordHash string) (a deskhand.Agent, err error) {
	err = s.write(ctx, from, func(t *tx) error {
		if a, err = t.invited(tokenHash); err != nil {
			return err
		}
		t.actor = deskhand.Actor{AgentID: a.ID, Name: a.UserName, Address: from.Address}
		if _, err := t.exec("DELETE FROM agent_invitation WHERE agent_id = $1", a.ID); err != nil {
			return err
		}
		if _, err := t.exec("UPDATE agent SET password_hash = $1 WHERE id = $2", passwordHash, a.ID); err != nil {
			return err
		}
		t.audit("agent.accept", a.ID, "userName", a.UserName)
		t.changed(deskhand.TopicAgents, "", a.ID)
		return nil
	})
	return a, err
}
