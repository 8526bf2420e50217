package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"deskhand"
)

const inviteColumns = "i.id, i.kind, i.code, i.agent_id, i.ticket, i.end_user_name, i.created_at, i.expires_at, i.used_at, i.session_id"

func scanInvite(r scanner) (i deskhand.Invite, err error) {
	return i, r.Scan(&i.ID, &i.Kind, &i.Code, &i.AgentID, &i.Ticket, &i.EndUserName,
		stamp{&i.CreatedAt}, stamp{&i.ExpiresAt}, stamp{&i.UsedAt}, &i.SessionID)
}

// PutLink is the invite of an agent's personal link with this ticket and name: the same ones (NFC, trimmed) are the same invite, which
// stays valid for LinkCodeLifetime from the last time. CodeAgentUnavailable when the agent is disabled.
func (s *Store) PutLink(ctx context.Context, actor deskhand.Actor, agentID, ticket, name string) (i deskhand.Invite, err error) {
	err = s.write(ctx, actor, func(t *tx) error { i, err = t.putLink(agentID, ticket, name); return err })
	return i, err
}

func (t *tx) putLink(agentID, ticket, name string) (deskhand.Invite, error) {
	ticket, name = deskhand.CleanText(ticket, deskhand.MaxTicketLength), deskhand.CleanText(name, deskhand.MaxEndUserNameLength)
	if err := t.available(agentID, deskhand.MayMakeLinks); err != nil {
		return deskhand.Invite{}, err
	}
	code := t.store.linkCode(agentID, ticket, name)
	i, err := t.invite("code", code)
	if err != nil {
		if deskhand.CodeOf(err) == deskhand.CodeNotFound {
			return t.createInvite(deskhand.Invite{
				Kind: deskhand.InviteLink, Code: code, AgentID: agentID, Ticket: ticket, EndUserName: name, ExpiresAt: t.now.Add(deskhand.LinkCodeLifetime),
			})
		}
		return i, err
	}
	if i.AgentID != agentID || i.Ticket != ticket || i.EndUserName != name {
		return i, fmt.Errorf("two links have the code %s", code) // once in 2^30 links
	}
	if i.ExpiresAt.Sub(t.now) > deskhand.LinkCodeLifetime-time.Hour {
		return i, nil // a page that is asked for again and again need not write
	}
	i.ExpiresAt = t.now.Add(deskhand.LinkCodeLifetime)
	_, err = t.exec("UPDATE invite SET expires_at = $1 WHERE id = $2", micros(i.ExpiresAt), i.ID)
	return i, err
}

// CreateShortLink makes a link that nobody can guess and that leads where the acting agent's link with this ticket and name leads. It expires
// after ShortLinkLifetime.
func (s *Store) CreateShortLink(ctx context.Context, actor deskhand.Actor, ticket, name string) (i deskhand.Invite, err error) {
	err = s.write(ctx, actor, func(t *tx) error {
		if err := t.available(actor.AgentID, deskhand.MayMakeLinks); err != nil {
			return err
		}
		code, err := s.newID()
		if err != nil {
			return err
		}
		i, err = t.createInvite(deskhand.Invite{
			Kind: deskhand.InviteShort, Code: code, AgentID: actor.AgentID, Ticket: deskhand.CleanText(ticket, deskhand.MaxTicketLength),
			EndUserName: deskhand.CleanText(name, deskhand.MaxEndUserNameLength), ExpiresAt: t.now.Add(deskhand.ShortLinkLifetime),
		})
		return err
	})
	return i, err
}

// CreateConnectionID draws six digits that no other open invite has, valid for ConnectionIDLifetime. CodeConflict when the agent has
// MaxConnectionIDs open ones.
func (s *Store) CreateConnectionID(ctx context.Context, actor deskhand.Actor) (i deskhand.Invite, err error) {
	err = s.write(ctx, actor, func(t *tx) error {
		if err := t.available(actor.AgentID, deskhand.MayMakeConnectionIDs); err != nil {
			return err
		}
		open, err := t.connectionIDs(actor.AgentID)
		if err != nil || len(open) >= deskhand.MaxConnectionIDs {
			return orConflict(err, "You have too many open connection IDs.", "Remove one that is no longer needed, or wait until one expires.")
		}
		if err := t.expireInvites(); err != nil {
			return err
		}
		code, err := t.freeDigits()
		if err != nil {
			return err
		}
		i, err = t.createInvite(deskhand.Invite{
			Kind: deskhand.InviteConnectionID, Code: code, AgentID: actor.AgentID, ExpiresAt: t.now.Add(deskhand.ConnectionIDLifetime),
		})
		return err
	})
	return i, err
}

// freeDigits draws until nobody has the digits. With 1 000 live IDs the first draw fails once in 1 000 times.
func (t *tx) freeDigits() (string, error) {
	for range 100 {
		code, err := t.store.sixDigits()
		if err != nil {
			return "", err
		}
		if _, err := t.invite("code", code); err != nil {
			if deskhand.CodeOf(err) == deskhand.CodeNotFound {
				return code, nil
			}
			return "", err
		}
	}
	return "", &deskhand.Error{Code: deskhand.CodeUnavailable, Fault: "Too many connection IDs are open.", Hint: "Send a link instead, or try again later."}
}

func (t *tx) createInvite(i deskhand.Invite) (deskhand.Invite, error) {
	var err error
	if i.ID, err = t.store.newID(); err != nil {
		return i, err
	}
	i.CreatedAt = t.now
	_, err = t.exec(`INSERT INTO invite (id, kind, code, agent_id, ticket, end_user_name, created_at, expires_at, used_at, session_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, '')`,
		i.ID, i.Kind, i.Code, i.AgentID, i.Ticket, i.EndUserName, micros(i.CreatedAt), micros(i.ExpiresAt))
	if i.Kind != deskhand.InviteLink { // anybody can ask for the page behind a link: what comes of it is audited when a client comes
		t.audit("invite.create", i.ID, "kind", string(i.Kind), "ticket", i.Ticket, "name", i.EndUserName)
		t.changed(deskhand.TopicInvites, i.AgentID, i.ID)
	}
	return i, err
}

// InviteByCode finds an invite that has not expired; else CodeNotFound, alike for one that never was.
func (s *Store) InviteByCode(ctx context.Context, code string) (i deskhand.Invite, err error) {
	err = s.read(ctx, func(t *tx) error {
		if i, err = t.invite("code", strings.ToLower(code)); err == nil && !i.ExpiresAt.After(t.now) {
			err = wrongCode()
		}
		return err
	})
	return i, err
}

func (t *tx) invite(column, value string) (deskhand.Invite, error) {
	i, err := scanInvite(t.row("SELECT "+inviteColumns+" FROM invite i WHERE i."+column+" = $1", value))
	if none(err) {
		return i, wrongCode()
	}
	return i, err
}

// ConnectionIDs gives the agent's connection IDs that are neither used nor expired, newest first.
func (s *Store) ConnectionIDs(ctx context.Context, agentID string) (ids []deskhand.Invite, err error) {
	err = s.read(ctx, func(t *tx) error { ids, err = t.connectionIDs(agentID); return err })
	return ids, err
}

func (t *tx) connectionIDs(agentID string) ([]deskhand.Invite, error) {
	return all(t, scanInvite, "SELECT "+inviteColumns+` FROM invite i
		WHERE i.agent_id = $1 AND i.kind = $2 AND i.used_at = 0 AND i.expires_at > $3 ORDER BY i.created_at DESC, i.id`,
		agentID, deskhand.InviteConnectionID, micros(t.now))
}

// RemoveConnectionID makes a connection ID of the acting agent worthless; those who have come by it stay. CodeNotFound when the agent
// has no such open one.
func (s *Store) RemoveConnectionID(ctx context.Context, actor deskhand.Actor, id string) error {
	return s.write(ctx, actor, func(t *tx) error {
		n, err := t.exec("UPDATE invite SET expires_at = $1 WHERE id = $2 AND agent_id = $3 AND kind = $4 AND used_at = 0 AND expires_at > $1",
			micros(t.now), id, actor.AgentID, deskhand.InviteConnectionID)
		if err != nil {
			return err
		}
		if n == 0 {
			return deskhand.Errorf(deskhand.CodeNotFound, "This connection ID was used or has expired.")
		}
		t.audit("invite.remove", id)
		t.changed(deskhand.TopicInvites, actor.AgentID, id)
		return nil
	})
}

// expireInvites forgets invites that have expired, but for those whose session is still open: its link must lead back to it.
func (t *tx) expireInvites() error {
	type gone struct{ id, agentID string }
	list, err := all(t, func(r scanner) (g gone, err error) { return g, r.Scan(&g.id, &g.agentID) },
		`DELETE FROM invite WHERE expires_at <= $1
			AND NOT EXISTS (SELECT 1 FROM session s WHERE s.id = invite.session_id AND s.ended_at = 0)
			RETURNING id, agent_id`, micros(t.now))
	if err != nil {
		return err
	}
	for _, g := range list {
		t.changed(deskhand.TopicInvites, g.agentID, g.id)
	}
	return nil
}

// available refuses when an agent is disabled or gone, or has not the permission that it takes.
func (t *tx) available(agentID string, needs deskhand.Permission) error {
	a, err := t.agent("id", agentID)
	if err != nil && deskhand.CodeOf(err) != deskhand.CodeNotFound {
		return err
	}
	if err != nil || a.Disabled || !a.Can(needs) {
		return &deskhand.Error{Code: deskhand.CodeAgentUnavailable, Fault: "This agent is not available.", Hint: "Ask for a new link."}
	}
	return nil
}

func wrongCode() error {
	return &deskhand.Error{
		Code: deskhand.CodeNotFound, Fault: "This link or connection ID is wrong or has expired.", Hint: "Check it, or ask for a new one.",
	}
}
