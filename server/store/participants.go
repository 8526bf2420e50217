package store

import (
	"context"
	"crypto/subtle"

	"deskhand"
)

const (
	participantColumns = `p.id, p.session_id, p.secret_hash, p.sharing, p.online, p.epoch, p.computer, p.user_name, p.system, p.address, p.language,
	p.elevated, p.displays, p.quality, p.prompts, p.joined_at, p.left_at`
	lineQuery = "SELECT " + participantColumns + " FROM participant p"
	lineOrder = " ORDER BY p.session_id, p.sharing DESC, p.position"
)

func scanParticipant(r scanner) (p deskhand.Participant, err error) {
	return p, r.Scan(&p.ID, &p.SessionID, &p.SecretHash, &p.Sharing, &p.Online, &p.Epoch, &p.Computer, &p.UserName, &p.System, &p.Address,
		&p.Language, &p.Elevated, &p.Displays, &p.Quality, &p.Prompts, stamp{&p.JoinedAt}, stamp{&p.LeftAt})
}

// number gives the places in a line that stands in order.
func number(line []deskhand.Participant) {
	for i := range line {
		line[i].Place = i
	}
}

// ResumeParticipant brings a participant back whose connection was lost: p has its id, the hash of its secret and how its computer is
// now. It returns the participant with a new epoch. Errors: CodeNotFound when id or secret is wrong, CodeSessionOver.
func (s *Store) ResumeParticipant(ctx context.Context, actor deskhand.Actor, p deskhand.Participant) (deskhand.Participant, deskhand.Outcome, error) {
	var out deskhand.Outcome
	err := s.write(ctx, actor, func(t *tx) error {
		was, err := t.participant(p.ID)
		if deskhand.CodeOf(err) == deskhand.CodeNotFound || err == nil && subtle.ConstantTimeCompare(was.SecretHash, p.SecretHash) != 1 {
			return wrongCode()
		}
		if err != nil {
			return err
		}
		if !was.LeftAt.IsZero() {
			return sessionOver()
		}
		p.SessionID, p.Sharing, p.Online, p.Epoch, p.JoinedAt = was.SessionID, was.Sharing, true, was.Epoch+1, was.JoinedAt
		cleanParticipant(&p)
		if _, err := t.exec("UPDATE participant SET online = TRUE, epoch = $1, seen_at = $2 WHERE id = $3", p.Epoch, micros(t.now), p.ID); err != nil {
			return err
		}
		if err := t.describe(p); err != nil {
			return err
		}
		out.Session, err = t.settle(p.SessionID)
		p.Place = placeOf(out.Session, p.ID)
		return err
	})
	return p, out, err
}

// UpdateParticipant keeps how a participant's computer is now; it does nothing when the participant has left.
func (s *Store) UpdateParticipant(ctx context.Context, actor deskhand.Actor, p deskhand.Participant) error {
	return s.write(ctx, actor, func(t *tx) error {
		was, err := t.participant(p.ID)
		if err != nil || !was.LeftAt.IsZero() {
			return err
		}
		p.SessionID, p.Sharing, p.Address = was.SessionID, was.Sharing, was.Address
		cleanParticipant(&p)
		if err := t.describe(p); err != nil {
			return err
		}
		_, err = t.settle(p.SessionID)
		return err
	})
}

// ParticipantOffline notes that a participant's connection with this epoch was lost; the end of an older connection means nothing. It
// keeps its place for ReconnectGrace. A viewer that is still asking is closed.
func (s *Store) ParticipantOffline(ctx context.Context, id string, epoch int64) (out deskhand.Outcome, err error) {
	err = s.write(ctx, deskhand.Server, func(t *tx) error {
		p, err := t.participant(id)
		if err != nil {
			return err
		}
		if p.Epoch != epoch || !p.Online || !p.LeftAt.IsZero() {
			out.Session, err = t.session(p.SessionID)
			return err
		}
		if _, err := t.exec("UPDATE participant SET online = FALSE, seen_at = $1 WHERE id = $2", micros(t.now), id); err != nil {
			return err
		}
		if p.Sharing {
			if out.Session, err = t.session(p.SessionID); err != nil {
				return err
			}
			if err := t.closeViewers(&out, deskhand.ReasonClientLost, asking); err != nil {
				return err
			}
		}
		out.Session, err = t.settle(p.SessionID)
		return err
	})
	return out, err
}

// LeaveParticipant takes a participant out of its session. When it shared, its viewers are closed and the next in line shares; when
// nobody is left, the session ends with the reason. It does nothing when the participant has left before.
func (s *Store) LeaveParticipant(ctx context.Context, actor deskhand.Actor, id string, reason deskhand.Reason) (out deskhand.Outcome, err error) {
	err = s.write(ctx, actor, func(t *tx) error {
		p, err := t.participant(id)
		if err != nil {
			return err
		}
		if out.Session, err = t.session(p.SessionID); err != nil || !p.LeftAt.IsZero() {
			return err
		}
		return t.leave(&out, p, reason)
	})
	return out, err
}

func (t *tx) leave(out *deskhand.Outcome, p deskhand.Participant, reason deskhand.Reason) error {
	if len(out.Session.Line) == 1 {
		return t.end(out, reason)
	}
	if p.Sharing {
		if err := t.closeViewers(out, reason, nil); err != nil {
			return err
		}
	}
	if _, err := t.exec("UPDATE participant SET left_at = $1, sharing = FALSE, online = FALSE WHERE id = $2", micros(t.now), p.ID); err != nil {
		return err
	}
	t.audit("session.leave", p.SessionID, "participant", p.ID, "reason", string(reason))
	if p.Sharing {
		// Who is there goes before who is lost, else who came first.
		next, err := scanParticipant(t.row(lineQuery+" WHERE p.session_id = $1 AND p.left_at = 0 ORDER BY p.online DESC, p.position LIMIT 1", p.SessionID))
		if err != nil {
			return err
		}
		if err := t.giveTurn(next); err != nil {
			return err
		}
	}
	p.Sharing, p.Online, p.LeftAt = false, false, t.now
	out.Left = append(out.Left, p)
	var err error
	out.Session, err = t.settle(p.SessionID)
	return err
}

// Pick gives the turn to a participant, whose computer must be there, and uses up the connection ID that led to the session: from now on
// nobody else comes in by it. The viewers of who shared before are closed. Errors: CodeNotFound, CodeSessionOver, CodeOffline.
func (s *Store) Pick(ctx context.Context, actor deskhand.Actor, sessionID, participantID string) (out deskhand.Outcome, err error) {
	err = s.write(ctx, actor, func(t *tx) error {
		if out.Session, err = t.session(sessionID); err != nil {
			return err
		}
		if out.Session.State == deskhand.StateEnded {
			return sessionOver()
		}
		if err := t.share(&out, participantID); err != nil {
			return err
		}
		return t.useInvite(out.Session)
	})
	return out, err
}

func (t *tx) share(out *deskhand.Outcome, participantID string) error {
	var to deskhand.Participant
	for _, p := range out.Session.Line {
		if p.ID == participantID {
			to = p
		}
	}
	switch {
	case to.ID == "":
		return deskhand.Errorf(deskhand.CodeNotFound, "This end-user is not in the session any more.")
	case to.Sharing:
		return nil
	case !to.Online:
		return &deskhand.Error{Code: deskhand.CodeOffline, Fault: "This computer cannot be reached now.", Hint: "Wait until it is back, or choose another one."}
	}
	if err := t.closeViewers(out, deskhand.ReasonReplaced, nil); err != nil {
		return err
	}
	if _, err := t.exec("UPDATE participant SET sharing = FALSE WHERE session_id = $1 AND sharing", to.SessionID); err != nil {
		return err
	}
	if err := t.giveTurn(to); err != nil {
		return err
	}
	t.audit("session.share", to.SessionID, "participant", to.ID, "computer", to.Computer, "address", to.Address)
	var err error
	out.Session, err = t.settle(to.SessionID)
	return err
}

// giveTurn lets p share; nobody else of its session does at this point.
func (t *tx) giveTurn(p deskhand.Participant) error {
	if _, err := t.exec("UPDATE participant SET sharing = TRUE WHERE id = $1", p.ID); err != nil {
		return err
	}
	p.Sharing = true
	if err := t.endPrompts(p.SessionID, p.ID, deskhand.ReasonReplaced); err != nil {
		return err
	}
	return t.describe(p)
}

// describe keeps how p's computer is now, in the session too when p shares.
func (t *tx) describe(p deskhand.Participant) error {
	_, err := t.exec(`UPDATE participant SET computer = $1, user_name = $2, system = $3, address = $4, network = $5, language = $6, elevated = $7,
		displays = $8, prompts = $9 WHERE id = $10`,
		p.Computer, p.UserName, p.System, p.Address, deskhand.Network(p.Address), p.Language, p.Elevated, p.Displays, p.Prompts, p.ID)
	if err != nil || !p.Sharing {
		return err
	}
	_, err = t.exec("UPDATE session SET computer = $1, user_name = $2, system = $3, address = $4, elevated = $5, displays = $6 WHERE id = $7",
		p.Computer, p.UserName, p.System, p.Address, p.Elevated, p.Displays, p.SessionID)
	return err
}

func (t *tx) participant(id string) (deskhand.Participant, error) {
	p, err := scanParticipant(t.row(lineQuery+" WHERE p.id = $1", id))
	if none(err) {
		return p, deskhand.Errorf(deskhand.CodeNotFound, "There is no such participant.")
	}
	return p, err
}

// cleanParticipant cuts what a client says about its computer to what is kept.
func cleanParticipant(p *deskhand.Participant) {
	p.Computer = deskhand.CleanText(p.Computer, deskhand.MaxComputerNameLength)
	p.UserName = deskhand.CleanText(p.UserName, maxDescription)
	p.System = deskhand.CleanText(p.System, maxDescription)
	p.Language = deskhand.CleanText(p.Language, maxLanguage)
	p.Displays = min(max(p.Displays, 0), maxDisplays)
}

const (
	maxDescription = 128 // characters of a user's or system's name
	maxDisplays    = 64
)

func placeOf(s deskhand.LiveSession, participantID string) int {
	for _, p := range s.Line {
		if p.ID == participantID {
			return p.Place
		}
	}
	return 0
}
