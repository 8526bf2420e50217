package store

import (
	"context"
	"time"

	"deskhand"
)

// maxResets is how many links for a new password an agent may have open, so that nobody's mailbox is filled.
const maxResets = 3

// CreateReset keeps a link for a new password of an agent until it expires; with alone it is the only one then. Errors: CodeNotFound when
// there is no such agent or it is disabled, CodeThrottled when too many are open; with
// alone CodeForbidden when the agent may do more than the actor.
func (s *Store) CreateReset(ctx context.Context, actor deskhand.Actor, agentID string, tokenHash []byte, expiresAt time.Time, alone bool) error {
	return s.write(ctx, actor, func(t *tx) error {
		a, err := t.agent("id", agentID)
		if err != nil {
			return err
		}
		if a.Disabled {
			return &deskhand.Error{Code: deskhand.CodeNotFound, Fault: "This agent is disabled.", Hint: "Enable the agent first."}
		}
		if alone {
			if err := t.mayReset(a); err != nil {
				return err
			}
			if _, err := t.exec("DELETE FROM password_reset WHERE agent_id = $1", agentID); err != nil {
				return err
			}
		}
		var open int
		err = t.row("SELECT count(*) FROM password_reset WHERE agent_id = $1 AND expires_at > $2", agentID, micros(t.now)).Scan(&open)
		if err != nil {
			return err
		}
		if open >= maxResets {
			return &deskhand.Error{Code: deskhand.CodeThrottled, Fault: "There are links for a new password already.", Hint: "Use the last one."}
		}
		_, err = t.exec("INSERT INTO password_reset (token_hash, agent_id, created_at, expires_at) VALUES ($1, $2, $3, $4)",
			tokenHash, agentID, micros(t.now), micros(expiresAt))
		t.audit("agent.reset-link", agentID, "userName", a.UserName)
		return err
	})
}

// AgentByReset is whom a link for a new password is for; it stays usable. CodeNotFound when it is used or over, or the agent disabled.
func (s *Store) AgentByReset(ctx context.Context, tokenHash []byte) (a deskhand.Agent, err error) {
	err = s.read(ctx, func(t *tx) error { a, err = t.agentByReset(tokenHash); return err })
	return a, err
}

func (t *tx) agentByReset(tokenHash []byte) (deskhand.Agent, error) {
	a, err := scanAgent(t.row("SELECT "+agentColumns+` FROM password_reset r JOIN agent a ON a.id = r.agent_id
		WHERE r.token_hash = $1 AND r.expires_at > $2 AND NOT a.disabled`, tokenHash, micros(t.now)))
	if none(err) {
		return a, noReset()
	}
	return a, err
}

// UseReset gives an agent a new password by a link, which ends all links and logins of the agent. address is where it came from.
func (s *Store) UseReset(ctx context.Context, address string, tokenHash []byte, passwordHash string) error {
	return s.write(ctx, deskhand.Server, func(t *tx) error {
		a, err := t.agentByReset(tokenHash)
		if err != nil {
			return err
		}
		t.actor = deskhand.Actor{AgentID: a.ID, Name: a.UserName, Address: address}
		return t.setPassword(a.ID, passwordHash, "")
	})
}

// mayReset refuses to let an agent in anew who may do more than the actor, or who is the actor: they have the password.
func (t *tx) mayReset(a deskhand.Agent) error {
	if a.ID == t.actor.AgentID {
		return &deskhand.Error{Code: deskhand.CodeForbidden, Fault: "This is your own account.", Hint: "Change it in Settings."}
	}
	return t.mayManage(a)
}

func noReset() error {
	return &deskhand.Error{Code: deskhand.CodeNotFound, Fault: "This link has been used or is over.", Hint: "Ask for a new one."}
}
