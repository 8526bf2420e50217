package store

import (
	"context"
	"fmt"

	"deskhand"
)

// Log finds one row of the session log with all that is kept of its session; CodeNotFound when there is none, or agentID is not empty and that
// agent neither owned nor viewed it.
func (s *Store) Log(ctx context.Context, agentID, sessionID string) (d deskhand.LogDetails, err error) {
	err = s.read(ctx, func(t *tx) error {
		line, err := oneString(t.row("SELECT "+logLine+` FROM log l WHERE l.session_id = $1
			AND ($2 = '' OR EXISTS (SELECT 1 FROM log_agent m WHERE m.place = l.place AND m.agent_id = $2))`, sessionID, agentID))
		if none(err) {
			return deskhand.Errorf(deskhand.CodeNotFound, "There is no such session in the log.")
		}
		if err != nil {
			return fmt.Errorf("reading the session log: %w", err)
		}
		row, err := parseLine(line)
		if err != nil {
			return err
		}
		d.LogRow = row.LogRow
		if err := t.row("SELECT system, user_name FROM session WHERE id = $1", sessionID).Scan(&d.System, &d.UserName); err != nil {
			return err
		}
		if d.Participants, err = all(t, scanParticipant, lineQuery+" WHERE p.session_id = $1 ORDER BY p.position, p.id", sessionID); err != nil {
			return err
		}
		if d.Viewers, err = all(t, scanViewer, viewerQuery+" WHERE v.session_id = $1 ORDER BY v.opened_at, v.id", sessionID); err != nil {
			return err
		}
		if d.Prompts, err = all(t, scanPrompt, promptQuery+" WHERE p.session_id = $1 ORDER BY p.opened_at, p.id", sessionID); err != nil {
			return err
		}
		d.Events, err = t.eventsOf(d)
		return err
	})
	return d, err
}

// eventsOf are the audit events of a session and its viewers.
func (t *tx) eventsOf(d deskhand.LogDetails) ([]deskhand.AuditEvent, error) {
	subjects := []string{d.ID}
	for _, v := range d.Viewers {
		subjects = append(subjects, v.ID)
	}
	return all(t, scanEvent, `SELECT e.sequence, e.at, e.agent_id, e.actor, e.address, e.verb, e.subject, e.detail_hash, e.hash, COALESCE(d.detail, '')
		FROM audit e LEFT JOIN audit_detail d ON d.sequence = e.sequence WHERE e.subject IN `+placeholders(1, len(subjects))+" ORDER BY e.sequence",
		anys(subjects)...)
}
