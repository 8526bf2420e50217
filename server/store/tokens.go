package store

import (
	"context"
	"strings"

	"deskhand"
)

const maxTokens = 50

const tokenColumns = "k.id, k.agent_id, k.name, k.scopes, k.created_at, k.expires_at, k.last_used_at"

func tokenFields(k *deskhand.Token, scopes *string) []any {
	return []any{&k.ID, &k.AgentID, &k.Name, scopes, stamp{&k.CreatedAt}, stamp{&k.ExpiresAt}, stamp{&k.LastUsedAt}}
}

// CreateToken keeps a token of k.AgentID and gives it its id. tokenHash is the SHA-256 of its secret. Errors: CodeInvalid with the field,
// CodeConflict when there are too many, CodeNotFound when there is no such agent.
func (s *Store) CreateToken(ctx context.Context, actor deskhand.Actor, k deskhand.Token, tokenHash []byte) (deskhand.Token, error) {
	err := s.write(ctx, actor, func(t *tx) error {
		if _, err := t.agent("id", k.AgentID); err != nil {
			return err
		}
		k.Name = deskhand.CleanText(k.Name, maxName)
		switch {
		case k.Name == "":
			return invalid("name", "The token has no name.", "Enter what it is for.")
		case len(k.Scopes) == 0:
			return invalid("scopes", "The token may do nothing.", "Choose what it may do.")
		case !k.ExpiresAt.IsZero() && !k.ExpiresAt.After(t.now):
			return invalid("expiresAt", "The token would have expired already.", "Choose a later day.")
		}
		var own int
		if err := t.row("SELECT count(*) FROM api_token WHERE agent_id = $1", k.AgentID).Scan(&own); err != nil || own >= maxTokens {
			return orConflict(err, "You have as many tokens as one can have.", "Remove one that you do not use.")
		}
		var err error
		if k.ID, err = s.newID(); err != nil {
			return err
		}
		k.CreatedAt = t.now
		scopes := strings.Join(k.Scopes, " ")
		_, err = t.exec(`INSERT INTO api_token (id, agent_id, name, token_hash, scopes, created_at, expires_at, last_used_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, 0)`, k.ID, k.AgentID, k.Name, tokenHash, scopes, micros(k.CreatedAt), micros(k.ExpiresAt))
		t.audit("token.create", k.ID, "agent", k.AgentID, "name", k.Name, "scopes", scopes)
		t.changed(deskhand.TopicAgents, k.AgentID, k.AgentID)
		return err
	})
	return k, err
}

// ListTokens gives an agent's tokens, the newest first, those that have expired, too.
func (s *Store) ListTokens(ctx context.Context, agentID string) (tokens []deskhand.Token, err error) {
	scan := func(r scanner) (k deskhand.Token, err error) {
		var scopes string
		err = r.Scan(tokenFields(&k, &scopes)...)
		k.Scopes = strings.Fields(scopes)
		return k, err
	}
	err = s.read(ctx, func(t *tx) error {
		tokens, err = all(t, scan, "SELECT "+tokenColumns+" FROM api_token k WHERE k.agent_id = $1 ORDER BY k.created_at DESC, k.id", agentID)
		return err
	})
	return tokens, err
}

// TokenByHash finds a token that has not expired, and its agent, who is not disabled; else CodeUnauthorized.
func (s *Store) TokenByHash(ctx context.Context, tokenHash []byte) (k deskhand.Token, a deskhand.Agent, err error) {
	var scopes string
	err = s.read(ctx, func(t *tx) error {
		return t.row("SELECT "+tokenColumns+", "+agentColumns+` FROM api_token k JOIN agent a ON a.id = k.agent_id
			WHERE k.token_hash = $1 AND (k.expires_at = 0 OR k.expires_at > $2) AND NOT a.disabled`, tokenHash, micros(t.now)).
			Scan(append(tokenFields(&k, &scopes), agentFields(&a)...)...)
	})
	if none(err) {
		return k, a, &deskhand.Error{Code: deskhand.CodeUnauthorized, Fault: "This token is not known or has expired.", Hint: "Make a new one in Settings."}
	}
	k.Scopes = strings.Fields(scopes)
	return k, a, err
}

// TouchToken notes that a token is in use; at most once a minute something is written. Not audited.
func (s *Store) TouchToken(ctx context.Context, k deskhand.Token) error {
	if s.now().Sub(k.LastUsedAt) < touchEvery {
		return nil
	}
	return s.write(ctx, deskhand.Server, func(t *tx) error {
		_, err := t.exec("UPDATE api_token SET last_used_at = $1 WHERE id = $2", micros(t.now), k.ID)
		return err
	})
}

// RemoveToken removes an agent's token; CodeNotFound when the agent has no such token.
func (s *Store) RemoveToken(ctx context.Context, actor deskhand.Actor, agentID, id string) error {
	return s.write(ctx, actor, func(t *tx) error {
		var name string
		err := t.row("DELETE FROM api_token WHERE id = $1 AND agent_id = $2 RETURNING name", id, agentID).Scan(&name)
		if none(err) {
			return deskhand.Errorf(deskhand.CodeNotFound, "There is no such token.")
		}
		t.audit("token.remove", id, "agent", agentID, "name", name)
		t.changed(deskhand.TopicLogins, agentID, id)
		t.changed(deskhand.TopicAgents, agentID, agentID)
		return err
	})
}
