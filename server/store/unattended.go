package store

import (
	"context"
	"crypto/sha256"
	"strings"
	"time"

	"deskhand"
)

// unattendedKept is how long it can still be said what became of an invite.
const unattendedKept = 30 * 24 * time.Hour

const unattendedColumns = "u.id, u.kind, u.agent_id, u.name, u.session_id, u.created_at, u.expires_at, u.used_at, u.revoked_at, u.computer_id"

func scanUnattended(r scanner) (i deskhand.UnattendedInvite, err error) {
	return i, r.Scan(&i.ID, &i.Kind, &i.AgentID, &i.Name, &i.SessionID, stamp{&i.CreatedAt}, stamp{&i.ExpiresAt}, stamp{&i.UsedAt}, stamp{&i.RevokedAt}, &i.ComputerID)
}

// CreateUnattendedInvite makes an invite that adds one computer to those of agentID. The code is told this once. Errors: CodeAgentUnavailable,
// CodeInvalid, CodeConflict when the agent has MaxUnattendedInvites open ones; and when the session is over or not the agent's to see.
func (s *Store) CreateUnattendedInvite(ctx context.Context, actor deskhand.Actor, i deskhand.UnattendedInvite) (code string, out deskhand.UnattendedInvite, err error) {
	i.Name = deskhand.CleanText(i.Name, deskhand.MaxComputerNameLength)
	if i.Kind.Lifetime() == 0 {
		return "", out, invalid("kind", "This kind of link is not known.", "Use end-user or own.")
	}
	err = s.write(ctx, actor, func(t *tx) error {
		if err := t.available(i.AgentID, deskhand.MayAddComputers); err != nil {
			return err
		}
		if _, err := t.exec("DELETE FROM unattended_invite WHERE expires_at <= $1", micros(t.now.Add(-unattendedKept))); err != nil {
			return err
		}
		open, err := t.unattendedInvites(i.AgentID)
		if err != nil || len(open) >= deskhand.MaxUnattendedInvites {
			return orConflict(err, "You have too many open links of this kind.", "Take back one that is no longer needed, or use the command line.")
		}
		if i.ID, err = s.newID(); err != nil {
			return err
		}
		if code, err = s.newID(); err != nil {
			return err
		}
		code = deskhand.UnattendedCodePrefix + code
		i.CreatedAt, i.ExpiresAt = t.now, t.now.Add(i.Kind.Lifetime())
		_, err = t.exec(`INSERT INTO unattended_invite (id, token_hash, kind, agent_id, name, session_id, created_at, expires_at, used_at, revoked_at, computer_id)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, '')`,
			i.ID, unattendedHash(code), i.Kind, i.AgentID, i.Name, i.SessionID, micros(i.CreatedAt), micros(i.ExpiresAt))
		t.audit("unattended.create", i.ID, "kind", string(i.Kind), "agent", i.AgentID, "name", i.Name, "session", i.SessionID)
		t.changed(deskhand.TopicInvites, i.AgentID, i.ID)
		out = i
		return err
	})
	return code, out, err
}

func unattendedHash(code string) []byte {
	h := sha256.Sum256([]byte(strings.ToLower(code)))
	return h[:]
}

// UnattendedInvites are an agent's open links for end-users, the newest first.
func (s *Store) UnattendedInvites(ctx context.Context, agentID string) (list []deskhand.UnattendedInvite, err error) {
	err = s.read(ctx, func(t *tx) error { list, err = t.unattendedInvites(agentID); return err })
	return list, err
}

func (t *tx) unattendedInvites(agentID string) ([]deskhand.UnattendedInvite, error) {
	return all(t, scanUnattended, "SELECT "+unattendedColumns+` FROM unattended_invite u
		WHERE u.agent_id = $1 AND u.kind = $2 AND u.used_at = 0 AND u.revoked_at = 0 AND u.expires_at > $3 ORDER BY u.created_at DESC, u.id`,
		agentID, deskhand.UnattendedEndUser, micros(t.now))
}

// UnattendedInvite finds an open invite by its code. Errors: CodeNotFound, CodeUsed, CodeRevoked, CodeExpired.
func (s *Store) UnattendedInvite(ctx context.Context, code string) (i deskhand.UnattendedInvite, err error) {
	err = s.read(ctx, func(t *tx) error {
		if i, err = t.unattendedInvite(code); err == nil {
			err = i.Open(t.now)
		}
		return err
	})
	return i, err
}

func (t *tx) unattendedInvite(code string) (i deskhand.UnattendedInvite, err error) {
	err = deskhand.Errorf(deskhand.CodeNotFound, "This link is wrong.")
	if deskhand.IsUnattendedCode(code) {
		found, scanErr := scanUnattended(t.row("SELECT "+unattendedColumns+" FROM unattended_invite u WHERE u.token_hash = $1", unattendedHash(code)))
		if !none(scanErr) {
			return found, scanErr
		}
	}
	return i, err
}

// RevokeUnattendedInvite takes back an open invite of the acting agent's; CodeNotFound when they have no such open one.
func (s *Store) RevokeUnattendedInvite(ctx context.Context, actor deskhand.Actor, id string) error {
	return s.write(ctx, actor, func(t *tx) error {
		n, err := t.exec("UPDATE unattended_invite SET revoked_at = $1 WHERE id = $2 AND agent_id = $3 AND used_at = 0 AND revoked_at = 0 AND expires_at > $1",
			micros(t.now), id, actor.AgentID)
		if err != nil {
			return err
		}
		if n == 0 {
			return deskhand.Errorf(deskhand.CodeNotFound, "This link was used already, taken back, or has expired.")
		}
		t.audit("unattended.revoke", id)
		t.changed(deskhand.TopicInvites, actor.AgentID, id)
		return nil
	})
}

// EnrolInvited adds a computer by an unattended invite and uses the invite up. When the same installation is one of the same agent's computers
// already, it is replaced. Errors: CodeNotFound, CodeUsed, CodeRevoked, CodeExpired, CodeAgentUnavailable, and those of EnrolComputer.
func (s *Store) EnrolInvited(ctx context.Context, actor deskhand.Actor, code string, c deskhand.Computer) (out deskhand.Computer, err error) {
	if err := checkEnrolment(&c); err != nil {
		return out, err
	}
	err = s.write(ctx, actor, func(t *tx) error {
		i, err := t.unattendedInvite(code)
		if err != nil {
			return err
		}
		if err := i.Open(t.now); err != nil {
			return err
		}
		c.OwnerID = i.AgentID
		if out, err = t.enrol(c, true); err != nil {
			return err
		}
		_, err = t.exec("UPDATE unattended_invite SET used_at = $1, computer_id = $2 WHERE id = $3", micros(t.now), out.ID, i.ID)
		t.audit("unattended.use", i.ID, "kind", string(i.Kind), "computer", out.ID, "session", i.SessionID)
		t.changed(deskhand.TopicInvites, i.AgentID, i.ID)
		return err
	})
	return out, err
}
