package store

import (
	"context"
	"strconv"
	"time"

	"deskhand"
)

// touchEvery is how exactly a login's last use is kept; a request within it writes nothing.
const touchEvery = time.Minute

const loginColumns = "l.id, l.agent_id, l.created_at, l.last_seen_at, l.expires_at, l.address, l.user_agent, l.sign_on"

func loginFields(l *deskhand.Login) []any {
	return []any{&l.ID, &l.AgentID, stamp{&l.CreatedAt}, stamp{&l.LastSeenAt}, stamp{&l.ExpiresAt}, &l.Address, &l.UserAgent, &l.SignOn}
}

// CreateLogin keeps a login of l.AgentID until l.ExpiresAt. tokenHash is the SHA-256 of the cookie's secret. CodeUnauthorized when the
// agent is disabled or gone.
func (s *Store) CreateLogin(ctx context.Context, actor deskhand.Actor, l deskhand.Login, tokenHash []byte) (deskhand.Login, error) {
	err := s.write(ctx, actor, func(t *tx) error {
		a, err := t.agent("id", l.AgentID)
		if deskhand.CodeOf(err) == deskhand.CodeNotFound || err == nil && a.Disabled {
			return notLoggedIn()
		}
		if err != nil {
			return err
		}
		if l.ID, err = s.newID(); err != nil {
			return err
		}
		l.CreatedAt, l.LastSeenAt = t.now, t.now
		l.UserAgent = deskhand.CleanText(l.UserAgent, 200)
		_, err = t.exec(`INSERT INTO login (id, agent_id, token_hash, created_at, last_seen_at, expires_at, address, user_agent, sign_on)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			l.ID, l.AgentID, tokenHash, micros(l.CreatedAt), micros(l.LastSeenAt), micros(l.ExpiresAt), l.Address, l.UserAgent, l.SignOn)
		if err != nil {
			return err
		}
		by := ""
		if l.SignOn {
			by = "sign-on"
		}
		t.audit("agent.login", l.AgentID, "login", l.ID, "by", by)
		t.changed(deskhand.TopicAgents, l.AgentID, l.AgentID)
		return t.seen(l.AgentID)
	})
	return l, err
}

// LoginByTokenHash finds a login that has neither ended nor been unused for longer than idle, and its agent; else CodeUnauthorized.
func (s *Store) LoginByTokenHash(ctx context.Context, tokenHash []byte, idle time.Duration) (l deskhand.Login, a deskhand.Agent, err error) {
	err = s.read(ctx, func(t *tx) error {
		return t.row("SELECT "+loginColumns+", "+agentColumns+` FROM login l JOIN agent a ON a.id = l.agent_id
			WHERE l.token_hash = $1 AND l.expires_at > $2 AND l.last_seen_at > $3 AND NOT a.disabled`,
			tokenHash, micros(t.now), micros(t.now.Add(-idle))).Scan(append(loginFields(&l), agentFields(&a)...)...)
	})
	if none(err) {
		return l, a, notLoggedIn()
	}
	return l, a, err
}

// ListLogins gives an agent's logins that were not unused for longer than idle, last used first.
func (s *Store) ListLogins(ctx context.Context, agentID string, idle time.Duration) (logins []deskhand.Login, err error) {
	scan := func(r scanner) (l deskhand.Login, err error) { return l, r.Scan(loginFields(&l)...) }
	err = s.read(ctx, func(t *tx) error {
		logins, err = all(t, scan, "SELECT "+loginColumns+` FROM login l WHERE l.agent_id = $1 AND l.expires_at > $2 AND l.last_seen_at > $3
			ORDER BY l.last_seen_at DESC, l.id`, agentID, micros(t.now), micros(t.now.Add(-idle)))
		return err
	})
	return logins, err
}

// TouchLogin notes that a login is in use; at most once a minute something is written. Not audited.
func (s *Store) TouchLogin(ctx context.Context, l deskhand.Login) error {
	if s.now().Sub(l.LastSeenAt) < touchEvery {
		return nil
	}
	return s.write(ctx, deskhand.Server, func(t *tx) error {
		if _, err := t.exec("UPDATE login SET last_seen_at = $1 WHERE id = $2", micros(t.now), l.ID); err != nil {
			return err
		}
		return t.seen(l.AgentID)
	})
}

// WrongLogin notes in the audit how often somebody was wrong about an agent's login; agentID empty: about names that nobody has.
func (s *Store) WrongLogin(ctx context.Context, from deskhand.Actor, agentID string, count int) error {
	return s.write(ctx, from, func(t *tx) error {
		t.audit("agent.login-wrong", agentID, "count", strconv.Itoa(count))
		return nil
	})
}

// EndLogin ends one login; it is no error when it has ended before.
func (s *Store) EndLogin(ctx context.Context, actor deskhand.Actor, id string) error {
	return s.write(ctx, actor, func(t *tx) error {
		var agentID string
		err := t.row("DELETE FROM login WHERE id = $1 RETURNING agent_id", id).Scan(&agentID)
		if none(err) {
			return nil
		}
		t.audit("agent.logout", agentID, "login", id)
		t.changed(deskhand.TopicLogins, agentID, id)
		t.changed(deskhand.TopicAgents, agentID, agentID)
		return err
	})
}

// EndLoginOf ends an agent's login; CodeNotFound when the agent has no such login.
func (s *Store) EndLoginOf(ctx context.Context, actor deskhand.Actor, agentID, id string) error {
	return s.write(ctx, actor, func(t *tx) error {
		n, err := t.exec("DELETE FROM login WHERE id = $1 AND agent_id = $2", id, agentID)
		if err != nil {
			return err
		}
		if n == 0 {
			return deskhand.Errorf(deskhand.CodeNotFound, "There is no such login.")
		}
		t.audit("agent.logout", agentID, "login", id)
		t.changed(deskhand.TopicLogins, agentID, id)
		t.changed(deskhand.TopicAgents, agentID, agentID)
		return nil
	})
}

// EndLogins ends all logins of an agent but the one with the id except, which may be empty.
func (s *Store) EndLogins(ctx context.Context, actor deskhand.Actor, agentID, except string) error {
	return s.write(ctx, actor, func(t *tx) error { return t.endLogins(agentID, except) })
}

func (t *tx) endLogins(agentID, except string) error {
	ids, err := all(t, oneString, "DELETE FROM login WHERE agent_id = $1 AND id <> $2 RETURNING id", agentID, except)
	if err != nil {
		return err
	}
	for _, id := range ids {
		t.audit("agent.logout", agentID, "login", id)
		t.changed(deskhand.TopicLogins, agentID, id)
		t.changed(deskhand.TopicAgents, agentID, agentID)
	}
	return nil
}

func notLoggedIn() error {
	return &deskhand.Error{Code: deskhand.CodeUnauthorized, Fault: "You are not logged in.", Hint: "Log in."}
}
