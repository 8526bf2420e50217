package store

import (
	"context"
	"fmt"
	"strings"

	"deskhand"
)

const sessionColumns = `s.id, s.type, s.state, s.since, s.owner_id, s.invite_id, s.computer_id, s.ticket, s.end_user_name, s.computer, s.user_name,
	s.system, s.address, s.elevated, s.displays, s.created_at, s.ready_at, s.connected_at, s.ended_at, s.consent, s.end_reason, s.ended_by, s.note, s.note_by, s.note_at`

func sessionFields(s *deskhand.Session) []any {
	return []any{
		&s.ID, &s.Type, &s.State,
		stamp{&s.Since},
		&s.OwnerID, &s.InviteID, &s.ComputerID, &s.Ticket, &s.EndUserName, &s.Computer, &s.UserName,
		&s.System, &s.Address, &s.Elevated, &s.Displays,
		stamp{&s.CreatedAt},
		stamp{&s.ReadyAt},
		stamp{&s.ConnectedAt},
		stamp{&s.EndedAt},
		&s.Consent, &s.EndReason, &s.EndedBy, &s.Note, &s.NoteBy,
		stamp{&s.NoteAt},
	}
}

const liveColumns = sessionColumns + ", a.name, a.user_name, EXISTS (SELECT 1 FROM computer c WHERE c.id = s.computer_id AND c.prompts)"

func scanLive(r scanner) (s deskhand.LiveSession, err error) {
	return s, r.Scan(append(sessionFields(&s.Session), &s.OwnerName, &s.OwnerUserName, &s.Prompts)...)
}

// maxNote is the longest note, in characters.
const maxNote = 10_000

// Session finds a session, also an ended one, with its open viewers and its line. CodeNotFound when there is none.
func (s *Store) Session(ctx context.Context, id string) (live deskhand.LiveSession, err error) {
	err = s.read(ctx, func(t *tx) error { live, err = t.session(id); return err })
	return live, err
}

func (t *tx) session(id string) (deskhand.LiveSession, error) {
	s, err := scanLive(t.row("SELECT "+liveColumns+" FROM session s JOIN agent a ON a.id = s.owner_id WHERE s.id = $1", id))
	if none(err) {
		return s, deskhand.Errorf(deskhand.CodeNotFound, "There is no such session.")
	}
	if err != nil {
		return s, fmt.Errorf("reading a session: %w", err)
	}
	if s.Viewers, err = all(t, scanViewer, viewerQuery+" WHERE v.session_id = $1 AND v.closed_at = 0 ORDER BY v.opened_at, v.id", id); err != nil {
		return s, err
	}
	s.Line, err = all(t, scanParticipant, lineQuery+" WHERE p.session_id = $1 AND p.left_at = 0"+lineOrder, id)
	number(s.Line)
	promptsOf(&s)
	return s, err
}

// LiveSessions gives the sessions that have not ended, the newest last: those of one owner, or everyone's when ownerID is empty.
func (s *Store) LiveSessions(ctx context.Context, ownerID string) (list []deskhand.LiveSession, err error) {
	const which = " WHERE s.ended_at = 0 AND (s.owner_id = $1 OR $1 = '')"
	err = s.read(ctx, func(t *tx) error {
		list, err = all(t, scanLive, "SELECT "+liveColumns+" FROM session s JOIN agent a ON a.id = s.owner_id"+which+" ORDER BY s.created_at, s.id", ownerID)
		if err != nil || len(list) == 0 {
			return err
		}
		at := make(map[string]*deskhand.LiveSession, len(list))
		for i := range list {
			at[list[i].ID] = &list[i]
		}
		viewers, err := all(t, scanViewer, viewerQuery+" JOIN session s ON s.id = v.session_id"+which+" AND v.closed_at = 0 ORDER BY v.opened_at, v.id", ownerID)
		if err != nil {
			return err
		}
		for _, v := range viewers {
			at[v.SessionID].Viewers = append(at[v.SessionID].Viewers, v)
		}
		line, err := all(t, scanParticipant, lineQuery+" JOIN session s ON s.id = p.session_id"+which+" AND p.left_at = 0"+lineOrder, ownerID)
		if err != nil {
			return err
		}
		for _, p := range line {
			at[p.SessionID].Line = append(at[p.SessionID].Line, p)
		}
		for i := range list {
			number(list[i].Line)
			promptsOf(&list[i])
		}
		return nil
	})
	return list, err
}

// SetNote leaves a note at a session, also at an ended one.
func (s *Store) SetNote(ctx context.Context, actor deskhand.Actor, sessionID, note string) error {
	note = cleanNote(note, maxNote)
	return s.write(ctx, actor, func(t *tx) error {
		live, err := t.session(sessionID)
		if err != nil {
			return err
		}
		by, err := t.nameOf(actor)
		if err != nil {
			return err
		}
		if _, err := t.exec("UPDATE session SET note = $1, note_by = $2, note_at = $3 WHERE id = $4", note, by, micros(t.now), sessionID); err != nil {
			return err
		}
		t.audit("session.note", sessionID)
		if live.State != deskhand.StateEnded {
			t.changed(deskhand.TopicSessions, live.OwnerID, sessionID)
			return nil
		}
		t.changed(deskhand.TopicLogs, live.OwnerID, sessionID)
		return t.logSession(sessionID)
	})
}

// nameOf is how people call who acts.
func (t *tx) nameOf(actor deskhand.Actor) (string, error) {
	if actor.AgentID == "" {
		return actor.Name, nil
	}
	a, err := t.agent("id", actor.AgentID)
	return a.Name, err
}

// cleanNote keeps the lines of a note, each cleaned, and cuts the whole.
func cleanNote(note string, most int) string {
	var lines []string
	for line := range strings.Lines(note) {
		lines = append(lines, deskhand.CleanText(line, most))
	}
	r := []rune(strings.Join(lines, "\n"))
	return strings.TrimSpace(string(r[:min(len(r), most)]))
}

// EndSession ends a session for all; the first reason counts, a later call changes nothing. The actor is who ended it.
func (s *Store) EndSession(ctx context.Context, actor deskhand.Actor, id string, reason deskhand.Reason) (out deskhand.Outcome, err error) {
	err = s.write(ctx, actor, func(t *tx) error {
		if out.Session, err = t.session(id); err != nil || out.Session.State == deskhand.StateEnded {
			return err
		}
		return t.end(&out, reason)
	})
	return out, err
}

// end ends the session that out holds, with its viewers and its line.
func (t *tx) end(out *deskhand.Outcome, reason deskhand.Reason) error {
	s := &out.Session
	if err := t.closeViewers(out, reason, nil); err != nil {
		return err
	}
	if err := t.endPrompts(s.ID, "", reason); err != nil {
		return err
	}
	if _, err := t.exec("UPDATE participant SET left_at = $1, sharing = FALSE, online = FALSE WHERE session_id = $2 AND left_at = 0",
		micros(t.now), s.ID); err != nil {
		return err
	}
	for _, p := range s.Line {
		p.Sharing, p.Online, p.LeftAt = false, false, t.now
		out.Left = append(out.Left, p)
	}
	s.Line = nil
	if err := t.move(s, deskhand.StateEnded); err != nil {
		return err
	}
	by, err := t.nameOf(t.actor)
	if err != nil {
		return err
	}
	s.EndedAt, s.EndReason, s.EndedBy = t.now, reason, by
	if _, err := t.exec("UPDATE session SET ended_at = $1, end_reason = $2, ended_by = $3 WHERE id = $4",
		micros(s.EndedAt), s.EndReason, s.EndedBy, s.ID); err != nil {
		return err
	}
	if _, err := t.exec("UPDATE session_agent SET ended_at = $1 WHERE session_id = $2", micros(s.EndedAt), s.ID); err != nil {
		return err
	}
	t.happened(deskhand.WebhookSessionEnded, s.ID)
	t.audit("session.end", s.ID, "reason", string(reason), "by", s.EndedBy, "consent", string(s.Consent))
	t.changed(deskhand.TopicSessions, s.OwnerID, s.ID)
	t.changed(deskhand.TopicLogs, s.OwnerID, s.ID)
	if s.ComputerID != "" {
		t.changed(deskhand.TopicComputers, "", s.ComputerID)
	}
	return t.logSession(s.ID)
}

// settle reads a session again and moves it to the state that follows from who is there:
//
//	the client is not there    → Reconnecting
//	a viewer watches           → Connected
//	the end-user is asked      → Asking
//	else                       → Ready
func (t *tx) settle(id string) (deskhand.LiveSession, error) {
	s, err := t.session(id)
	if err != nil {
		return s, err
	}
	there, err := t.clientThere(s)
	if err != nil {
		return s, err
	}
	to := deskhand.StateReady
	for _, v := range s.Viewers {
		if v.State != deskhand.ViewerAsking {
			to = deskhand.StateConnected
			break
		}
		if s.Type == deskhand.TypeAttended {
			to = deskhand.StateAsking
		}
	}
	if !there {
		to = deskhand.StateReconnecting
	}
	t.changed(deskhand.TopicSessions, s.OwnerID, s.ID)
	return s, t.move(&s, to)
}

// clientThere says whether the client of a session can be reached.
func (t *tx) clientThere(s deskhand.LiveSession) (bool, error) {
	if s.ComputerID == "" {
		p, ok := s.Sharing()
		return ok && p.Online, nil
	}
	var online bool
	err := t.row("SELECT online FROM computer WHERE id = $1", s.ComputerID).Scan(&online)
	return online, err
}

// move brings a session into a state when that step is legal; being there already is.
func (t *tx) move(s *deskhand.LiveSession, to deskhand.State) error {
	if s.State == to {
		return nil
	}
	if !s.State.CanBecome(to) {
		return deskhand.Errorf(deskhand.CodeConflict, "A session cannot go from %s to %s.", s.State, to)
	}
	s.State, s.Since = to, t.now
	if to == deskhand.StateConnected && s.ConnectedAt.IsZero() {
		s.ConnectedAt = t.now
		t.happened(deskhand.WebhookSessionStarted, s.ID)
	}
	_, err := t.exec("UPDATE session SET state = $1, since = $2, connected_at = $3 WHERE id = $4",
		s.State, micros(s.Since), micros(s.ConnectedAt), s.ID)
	return err
}

// insertSession begins a session in Ready and counts it among the owner's.
func (t *tx) insertSession(s *deskhand.Session) error {
	var err error
	if s.ID, err = t.store.newID(); err != nil {
		return err
	}
	s.State, s.Since, s.CreatedAt, s.ReadyAt = deskhand.StateReady, t.now, t.now, t.now
	if _, err := t.exec(`INSERT INTO session (id, type, state, since, owner_id, invite_id, computer_id, ticket, end_user_name, computer, user_name,
			system, address, elevated, displays, created_at, ready_at, connected_at, ended_at, consent, end_reason, ended_by, note)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 0, 0, $18, '', '', '')`,
		s.ID, s.Type, s.State, micros(s.Since), s.OwnerID, s.InviteID, s.ComputerID, s.Ticket, s.EndUserName, s.Computer, s.UserName,
		s.System, s.Address, s.Elevated, s.Displays, micros(s.CreatedAt), micros(s.ReadyAt), s.Consent); err != nil {
		return err
	}
	if s.Type == deskhand.TypeAttended {
		t.happened(deskhand.WebhookSessionWaiting, s.ID)
	}
	t.audit("session.start", s.ID, "type", string(s.Type), "ticket", s.Ticket, "name", s.EndUserName, "computer", s.Computer)
	return t.countAgent(s.ID, s.OwnerID)
}

// countAgent makes a session one of the agent's in the log.
func (t *tx) countAgent(sessionID, agentID string) error {
	_, err := t.exec("INSERT INTO session_agent (session_id, agent_id, ended_at) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING", sessionID, agentID)
	return err
}

func sessionOver() error {
	return &deskhand.Error{Code: deskhand.CodeSessionOver, Fault: "This session has ended.", Hint: "A new one begins when the end-user opens the link again."}
}
