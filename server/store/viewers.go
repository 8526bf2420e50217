package store

import (
	"context"
	"slices"

	"deskhand"
)

const viewerQuery = `SELECT v.id, v.session_id, v.agent_id, va.name, v.address, v.kind, v.prompt_id, v.level, v.state, v.since, v.opened_at, v.closed_at, v.reason,
	v.bytes_down, v.bytes_up FROM viewer v JOIN agent va ON va.id = v.agent_id`

func scanViewer(r scanner) (v deskhand.Viewer, err error) {
	return v, r.Scan(&v.ID, &v.SessionID, &v.AgentID, &v.AgentName, &v.Address, &v.Kind, &v.PromptID, &v.Level, &v.State, stamp{&v.Since}, stamp{&v.OpenedAt},
		stamp{&v.ClosedAt}, &v.Reason, &v.BytesDown, &v.BytesUp)
}

// maxViewers is how many views of one session may be open.
const maxViewers = 32

func isPrompt(v deskhand.Viewer) bool { return v.Kind == deskhand.KindPrompt }

func asking(v deskhand.Viewer) bool { return v.State == deskhand.ViewerAsking }

// OpenViewer opens a view of a session for the acting agent; the end-user is then asked. participantID picks one of those in line, empty
// is who shares now; either uses up a connection ID. An agent's own view that is still asking is replaced (a page that was reloaded).
//
// Errors: CodeNotFound, CodeSessionOver, CodeOffline (the client is not there), CodeConflict (another agent is connecting right now).
func (s *Store) OpenViewer(ctx context.Context, actor deskhand.Actor, sessionID, participantID string, level deskhand.Level) (v deskhand.Viewer, out deskhand.Outcome, err error) {
	err = s.write(ctx, actor, func(t *tx) error {
		if out.Session, err = t.session(sessionID); err != nil {
			return err
		}
		v, err = t.openViewer(&out, participantID, level)
		return err
	})
	return v, out, err
}

func (t *tx) openViewer(out *deskhand.Outcome, participantID string, level deskhand.Level) (deskhand.Viewer, error) {
	v := deskhand.Viewer{
		SessionID: out.Session.ID, AgentID: t.actor.AgentID, Address: t.actor.Address, Kind: deskhand.KindScreen, Level: level,
	}
	if out.Session.State == deskhand.StateEnded {
		return v, sessionOver()
	}
	if level != deskhand.LevelView && level != deskhand.LevelControl {
		return v, invalid("level", "This level is not known.", "Choose view or control.")
	}
	if err := t.mayOpen(out, participantID); err != nil {
		return v, err
	}
	if out.Session.State == deskhand.StateReconnecting {
		return v, &deskhand.Error{Code: deskhand.CodeOffline, Fault: "This computer cannot be reached now.", Hint: "Wait until it is back."}
	}
	if err := t.useInvite(out.Session); err != nil {
		return v, err
	}
	if err := t.insertViewer(&v); err != nil {
		return v, err
	}
	t.audit("viewer.open", v.ID, "session", v.SessionID, "level", string(level))
	var err error
	out.Session, err = t.settle(v.SessionID)
	return v, err
}

// insertViewer begins a view, which is still asking.
func (t *tx) insertViewer(v *deskhand.Viewer) error {
	agent, err := t.agent("id", v.AgentID)
	if err != nil {
		return err
	}
	v.AgentName, v.State, v.Since, v.OpenedAt = agent.Name, deskhand.ViewerAsking, t.now, t.now
	if v.ID, err = t.store.newID(); err != nil {
		return err
	}
	if _, err := t.exec(`INSERT INTO viewer (id, session_id, agent_id, address, kind, prompt_id, level, state, since, opened_at, closed_at, reason, bytes_down, bytes_up)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, 0, '', 0, 0)`,
		v.ID, v.SessionID, v.AgentID, v.Address, v.Kind, v.PromptID, v.Level, v.State, micros(v.OpenedAt)); err != nil {
		return err
	}
	if err := t.countAgent(v.SessionID, v.AgentID); err != nil {
		return err
	}
	return t.answered(v.SessionID, v.AgentID)
}

// mayOpen refuses while another agent connects or too many watch, replaces the agent's own asking view, and gives the turn to whom the
// agent picked.
func (t *tx) mayOpen(out *deskhand.Outcome, participantID string) error {
	s := &out.Session
	if s.Type == deskhand.TypeCommandPrompt {
		return orConflict(nil, "This session is a command prompt: it shows no screen.", "Connect to the computer instead.")
	}
	if len(slices.DeleteFunc(slices.Clone(s.Viewers), isPrompt)) >= maxViewers {
		return orConflict(nil, "Too many views of this session are open.", "Close one of them.")
	}
	if s.Type != deskhand.TypeAttended {
		return nil // nobody is asked, so nobody is in the way
	}
	for _, v := range s.Viewers {
		if asking(v) && v.AgentID != t.actor.AgentID {
			return orConflict(nil, "Somebody else is connecting to this computer right now: "+v.AgentName+".", "Try again in a moment.")
		}
	}
	sharing, _ := s.Sharing()
	if participantID != "" && participantID != sharing.ID {
		for _, v := range s.Viewers {
			if v.AgentID != t.actor.AgentID {
				return orConflict(nil, v.AgentName+" is connected to another computer of this session.", "Ask them to close their view first.")
			}
		}
		return t.share(out, participantID)
	}
	return t.closeViewers(out, deskhand.ReasonReplaced, func(v deskhand.Viewer) bool { return asking(v) && !isPrompt(v) })
}

// useInvite uses up the connection ID that led to a session.
func (t *tx) useInvite(s deskhand.LiveSession) error {
	n, err := t.exec("UPDATE invite SET used_at = $1 WHERE id = $2 AND kind = $3 AND used_at = 0", micros(t.now), s.InviteID, deskhand.InviteConnectionID)
	if err != nil || n == 0 {
		return err
	}
	t.audit("invite.use", s.InviteID, "session", s.ID)
	t.changed(deskhand.TopicInvites, s.OwnerID, s.InviteID)
	return nil
}

// SetViewerState keeps what the client says about a view: that it watches with a level (never more than was asked for), or is paused. The
// actor is the end-user's client. Errors: CodeNotFound, CodeConflict when the view is closed. For closing see CloseViewer.
func (s *Store) SetViewerState(ctx context.Context, actor deskhand.Actor, id string, state deskhand.ViewerState, level deskhand.Level) (out deskhand.Outcome, err error) {
	err = s.write(ctx, actor, func(t *tx) error {
		v, err := t.viewer(id)
		if err != nil {
			return err
		}
		if v.State == deskhand.ViewerClosed || state == deskhand.ViewerClosed || (state == deskhand.ViewerAsking) && !asking(v) || (state == deskhand.ViewerPaused) && asking(v) {
			return deskhand.Errorf(deskhand.CodeConflict, "A view cannot go from %s to %s.", v.State, state)
		}
		if v.Level == deskhand.LevelView || state == deskhand.ViewerAsking || level == "" {
			level = v.Level
		}
		if _, err := t.exec("UPDATE viewer SET state = $1, level = $2, since = $3 WHERE id = $4", state, level, micros(t.now), id); err != nil {
			return err
		}
		if state != deskhand.ViewerAsking {
			if asking(v) {
				t.audit("viewer.allow", id, "session", v.SessionID, "level", string(level))
			}
			if err := t.consented(v, level); err != nil {
				return err
			}
		}
		out.Session, err = t.settle(v.SessionID)
		return err
	})
	return out, err
}

// Asked notes that the end-user of an unattended computer is asked, which the session's consent then tells of; for others it changes nothing. Not
// audited: the answer is.
func (s *Store) Asked(ctx context.Context, actor deskhand.Actor, id string) error {
	return s.write(ctx, actor, func(t *tx) error {
		v, err := t.viewer(id)
		if err != nil || !asking(v) {
			return err
		}
		_, err = t.exec("UPDATE session SET consent = $1 WHERE id = $2 AND consent = $3", deskhand.ConsentNotAsked, v.SessionID, deskhand.ConsentNotNeeded)
		return err
	})
}

// consented keeps the most that an end-user has allowed in a session; a command prompt has begun then.
func (t *tx) consented(v deskhand.Viewer, level deskhand.Level) error {
	if isPrompt(v) {
		_, err := t.exec("UPDATE prompt SET started_at = $1 WHERE id = $2 AND started_at = 0", micros(t.now), v.PromptID)
		return err
	}
	consent := deskhand.ConsentView
	if level == deskhand.LevelControl {
		consent = deskhand.ConsentControl
	}
	_, err := t.exec("UPDATE session SET consent = $1 WHERE id = $2 AND consent <> $3 AND consent <> $4",
		consent, v.SessionID, deskhand.ConsentNotNeeded, deskhand.ConsentControl)
	return err
}

// CloseViewer closes a view, with the bytes that the relay counted; a later call only adds to the bytes. After the last one an attended
// session is Ready again, an unattended one ends with the reason.
func (s *Store) CloseViewer(ctx context.Context, actor deskhand.Actor, id string, reason deskhand.Reason, bytesDown, bytesUp int64) (out deskhand.Outcome, err error) {
	err = s.write(ctx, actor, func(t *tx) error {
		v, err := t.viewer(id)
		if err != nil {
			return err
		}
		if _, err := t.exec("UPDATE viewer SET bytes_down = bytes_down + $1, bytes_up = bytes_up + $2 WHERE id = $3", bytesDown, bytesUp, id); err != nil {
			return err
		}
		if out.Session, err = t.session(v.SessionID); err != nil || v.State == deskhand.ViewerClosed {
			return err
		}
		if err := t.closeViewers(&out, reason, func(o deskhand.Viewer) bool { return o.ID == id }); err != nil {
			return err
		}
		if err := t.refused(v, reason); err != nil {
			return err
		}
		return t.orEnd(&out, reason)
	})
	return out, err
}

// refused keeps that the end-user denied, or did not answer, unless somebody was allowed in before.
func (t *tx) refused(v deskhand.Viewer, reason deskhand.Reason) error {
	answer := map[deskhand.Reason]deskhand.Consent{
		deskhand.ReasonDenied: deskhand.ConsentDenied, deskhand.ReasonUnanswered: deskhand.ConsentUnanswered,
	}[reason]
	if answer == "" || !asking(v) || isPrompt(v) {
		return nil
	}
	_, err := t.exec("UPDATE session SET consent = $1 WHERE id = $2 AND consent IN ($3, $4, $5)",
		answer, v.SessionID, deskhand.ConsentNotAsked, deskhand.ConsentDenied, deskhand.ConsentUnanswered)
	return err
}

// closeViewers closes the open views of the session in out that which picks, or all when it is nil, and moves them to out.Closed.
func (t *tx) closeViewers(out *deskhand.Outcome, reason deskhand.Reason, which func(deskhand.Viewer) bool) error {
	var stay []deskhand.Viewer
	for _, v := range out.Session.Viewers {
		if which != nil && !which(v) {
			stay = append(stay, v)
			continue
		}
		v.State, v.Since, v.ClosedAt, v.Reason = deskhand.ViewerClosed, t.now, t.now, reason
		if _, err := t.exec("UPDATE viewer SET state = $1, since = $2, closed_at = $2, reason = $3 WHERE id = $4", v.State, micros(t.now), reason, v.ID); err != nil {
			return err
		}
		t.audit("viewer.close", v.ID, "session", v.SessionID, "reason", string(reason))
		if err := t.notBegun(v, reason); err != nil {
			return err
		}
		out.Closed = append(out.Closed, v)
	}
	out.Session.Viewers = stay
	return nil
}

// Viewer finds a view, also a closed one; CodeNotFound when there is none.
func (s *Store) Viewer(ctx context.Context, id string) (v deskhand.Viewer, err error) {
	err = s.read(ctx, func(t *tx) error { v, err = t.viewer(id); return err })
	return v, err
}

// Viewers finds views, also closed ones, in no order; those that there are not are left out.
func (s *Store) Viewers(ctx context.Context, ids []string) (list []deskhand.Viewer, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	err = s.read(ctx, func(t *tx) error {
		list, err = all(t, scanViewer, viewerQuery+" WHERE v.id IN "+placeholders(1, len(ids)), anys(ids)...)
		return err
	})
	return list, err
}

func (t *tx) viewer(id string) (deskhand.Viewer, error) {
	v, err := scanViewer(t.row(viewerQuery+" WHERE v.id = $1", id))
	if none(err) {
		return v, deskhand.Errorf(deskhand.CodeNotFound, "This view is not open.")
	}
	return v, err
}
