package store

import (
	"context"
	"strings"

	"deskhand"
)

// Redeem lets a client in by a code. The same invite leads to the same session while that one has not ended, afterwards to a new one;
// whoever is first shares, the others stand in line. A connection ID is not used up by this, see Pick.
//
// p has the hash of the secret by which it may come back, and how its computer is; it is returned with its id, place and epoch. When the same
// computer comes again while its earlier client is lost, it takes that one's place.
//
// Errors: CodeNotFound (wrong or expired), CodeUsed, CodeLineFull, CodeAgentUnavailable.
func (s *Store) Redeem(ctx context.Context, actor deskhand.Actor, code string, p deskhand.Participant) (deskhand.Participant, deskhand.Outcome, error) {
	var out deskhand.Outcome
	cleanParticipant(&p)
	err := s.write(ctx, actor, func(t *tx) error {
		invite, err := t.redeemable(strings.ToLower(code))
		if err != nil {
			return err
		}
		live, err := t.sessionOf(invite)
		if err != nil {
			return err
		}
		out.Session = live
		before, err := t.leaveLost(&out, p)
		if err != nil {
			return err
		}
		if err := t.checkLimits(invite.AgentID, p.Address); err != nil {
			return err
		}
		if live.ID == "" {
			if live.Session, err = t.startAttended(invite, p); err != nil {
				return err
			}
		} else {
			t.audit("session.join", live.ID, "computer", p.Computer, "address", p.Address)
		}
		p.SessionID, p.Sharing, p.Online, p.Epoch, p.JoinedAt = live.ID, len(live.Line) == 0 || before.sharing, true, 1, t.now
		if err := t.insertParticipant(&p, before.position); err != nil {
			return err
		}
		out.Session, err = t.settle(live.ID)
		p.Place = placeOf(out.Session, p.ID)
		return err
	})
	return p, out, err
}

// redeemable finds the invite that a code stands for now. A short link stands for the link with the same ticket and name.
func (t *tx) redeemable(code string) (deskhand.Invite, error) {
	invite, err := t.invite("code", code)
	if err != nil {
		return invite, err
	}
	if !invite.ExpiresAt.After(t.now) {
		return invite, wrongCode()
	}
	if !invite.UsedAt.IsZero() {
		return invite, &deskhand.Error{Code: deskhand.CodeUsed, Fault: "This connection ID was used already.", Hint: "Ask for a new one."}
	}
	needs := deskhand.MayMakeLinks
	if invite.Kind == deskhand.InviteConnectionID {
		needs = deskhand.MayMakeConnectionIDs
	}
	if err := t.available(invite.AgentID, needs); err != nil {
		return invite, err
	}
	if invite.Kind == deskhand.InviteShort {
		return t.putLink(invite.AgentID, invite.Ticket, invite.EndUserName)
	}
	return invite, nil
}

// sessionOf is the session that an invite leads to; without an id when there is none or it has ended.
func (t *tx) sessionOf(invite deskhand.Invite) (deskhand.LiveSession, error) {
	if invite.SessionID == "" {
		return deskhand.LiveSession{}, nil
	}
	live, err := t.session(invite.SessionID)
	if err != nil || live.State == deskhand.StateEnded {
		return deskhand.LiveSession{}, err
	}
	return live, nil
}

func (t *tx) startAttended(invite deskhand.Invite, p deskhand.Participant) (deskhand.Session, error) {
	s := deskhand.Session{
		Type: deskhand.TypeAttended, OwnerID: invite.AgentID, InviteID: invite.ID, Ticket: invite.Ticket, EndUserName: invite.EndUserName,
		Computer: p.Computer, UserName: p.UserName, System: p.System, Address: p.Address, Elevated: p.Elevated, Displays: p.Displays,
		Consent: deskhand.ConsentNotAsked,
	}
	if err := t.insertSession(&s); err != nil {
		return s, err
	}
	_, err := t.exec("UPDATE invite SET session_id = $1 WHERE id = $2", s.ID, invite.ID)
	return s, err
}

// lost is the place that a client had before its connection was lost.
type lost struct {
	position int64 // 0: it had none
	sharing  bool
}

// leaveLost takes the same computer's lost client out of the session, so that its successor does not stand in line behind it. The same:
// network, computer's name and user are equal; who is online is never displaced.
func (t *tx) leaveLost(out *deskhand.Outcome, p deskhand.Participant) (lost, error) {
	for _, q := range out.Session.Line {
		if q.Online || q.Computer != p.Computer || q.UserName != p.UserName || deskhand.Network(q.Address) != deskhand.Network(p.Address) {
			continue
		}
		was := lost{sharing: q.Sharing}
		if err := t.row("SELECT position FROM participant WHERE id = $1", q.ID).Scan(&was.position); err != nil {
			return was, err
		}
		if q.Sharing {
			if err := t.closeViewers(out, deskhand.ReasonReplaced, nil); err != nil {
				return was, err
			}
		}
		if _, err := t.exec("UPDATE participant SET left_at = $1, sharing = FALSE WHERE id = $2", micros(t.now), q.ID); err != nil {
			return was, err
		}
		t.audit("session.leave", q.SessionID, "participant", q.ID, "reason", string(deskhand.ReasonReplaced))
		q.Sharing, q.LeftAt = false, t.now
		out.Left = append(out.Left, q)
		return was, nil
	}
	return lost{}, nil
}

// checkLimits refuses when too many wait for the agent or from the address. Whose screen is being looked at does not wait.
func (t *tx) checkLimits(agentID, address string) error {
	const waiting = `SELECT count(*) FROM participant p JOIN session s ON s.id = p.session_id
		WHERE s.ended_at = 0 AND p.left_at = 0 AND NOT (p.sharing AND s.state = 'connected') AND `
	var forAgent, fromAddress int
	if err := t.row(waiting+"s.owner_id = $1", agentID).Scan(&forAgent); err != nil {
		return err
	}
	if err := t.row(waiting+"p.network = $1", deskhand.Network(address)).Scan(&fromAddress); err != nil {
		return err
	}
	policy, err := t.policy()
	if err != nil {
		return err
	}
	if forAgent >= policy.WaitingPerAgent || fromAddress >= policy.WaitingPerAddress {
		return &deskhand.Error{Code: deskhand.CodeLineFull, Fault: "Too many are waiting.", Hint: "Try again in a few minutes."}
	}
	return nil
}

// insertParticipant adds p at a position in the line, or at its end when that is 0.
func (t *tx) insertParticipant(p *deskhand.Participant, position int64) error {
	var err error
	if p.ID, err = t.store.newID(); err != nil {
		return err
	}
	if position == 0 {
		if err := t.row("SELECT COALESCE(max(position), 0) + 1 FROM participant WHERE session_id = $1", p.SessionID).Scan(&position); err != nil {
			return err
		}
	}
	if _, err := t.exec(`INSERT INTO participant (id, session_id, position, secret_hash, sharing, online, epoch, computer, user_name, system, address,
			network, language, elevated, displays, joined_at, seen_at, left_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16, 0)`,
		p.ID, p.SessionID, position, p.SecretHash, p.Sharing, p.Online, p.Epoch, p.Computer, p.UserName, p.System, p.Address,
		deskhand.Network(p.Address), p.Language, p.Elevated, p.Displays, micros(p.JoinedAt)); err != nil {
		return err
	}
	return t.describe(*p)
}
