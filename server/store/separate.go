package store

import (
	"context"

	"deskhand"
)

// Separate moves one who stands in line to a session of their own, of the same owner and with the same ticket and name. Like a pick it
// uses up the connection ID that they came by. Errors: CodeNotFound, CodeSessionOver, CodeConflict (it is their turn already), CodeOffline.
func (s *Store) Separate(ctx context.Context, actor deskhand.Actor, sessionID, participantID string) (own, rest deskhand.Outcome, err error) {
	err = s.write(ctx, actor, func(t *tx) error {
		if rest.Session, err = t.session(sessionID); err != nil {
			return err
		}
		if rest.Session.State == deskhand.StateEnded {
			return sessionOver()
		}
		p, err := waiting(rest.Session, participantID)
		if err != nil {
			return err
		}
		if err := t.useInvite(rest.Session); err != nil {
			return err
		}
		begun := deskhand.Session{
			Type: deskhand.TypeAttended, OwnerID: rest.Session.OwnerID, Ticket: rest.Session.Ticket, EndUserName: rest.Session.EndUserName,
			Computer: p.Computer, UserName: p.UserName, System: p.System, Address: p.Address, Elevated: p.Elevated, Displays: p.Displays,
			Consent: deskhand.ConsentNotAsked,
		}
		if err := t.insertSession(&begun); err != nil {
			return err
		}
		if _, err := t.exec("UPDATE participant SET session_id = $1, position = 1, sharing = TRUE WHERE id = $2", begun.ID, p.ID); err != nil {
			return err
		}
		t.audit("session.separate", sessionID, "participant", p.ID, "computer", p.Computer, "to", begun.ID)
		if rest.Session, err = t.settle(sessionID); err != nil {
			return err
		}
		own.Session, err = t.settle(begun.ID)
		return err
	})
	return own, rest, err
}

// waiting finds one in the line whose turn it is not.
func waiting(s deskhand.LiveSession, participantID string) (deskhand.Participant, error) {
	for _, p := range s.Line {
		switch {
		case p.ID != participantID:
			continue
		case p.Sharing:
			return p, orConflict(nil, "It is this end-user's turn already.", "Let somebody else share first.")
		case !p.Online:
			return p, &deskhand.Error{Code: deskhand.CodeOffline, Fault: "This computer cannot be reached now.", Hint: "Wait until it is back."}
		}
		return p, nil
	}
	return deskhand.Participant{}, deskhand.Errorf(deskhand.CodeNotFound, "This end-user is not in the session any more.")
}

// ParticipantByID finds a client of an attended session, also one that has left.
func (s *Store) ParticipantByID(ctx context.Context, id string) (p deskhand.Participant, err error) {
	err = s.read(ctx, func(t *tx) error { p, err = t.participant(id); return err })
	return p, err
}

// SetQuality keeps how a client's connection is.
func (s *Store) SetQuality(ctx context.Context, participantID string, q deskhand.Quality) error {
	return s.write(ctx, deskhand.Server, func(t *tx) error {
		p, err := t.participant(participantID)
		if err != nil || p.Quality == q || !p.LeftAt.IsZero() {
			return err
		}
		live, err := t.session(p.SessionID)
		if err != nil {
			return err
		}
		t.changed(deskhand.TopicSessions, live.OwnerID, live.ID)
		_, err = t.exec("UPDATE participant SET quality = $1 WHERE id = $2", q, p.ID)
		return err
	})
}
