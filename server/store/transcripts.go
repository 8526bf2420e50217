package store

import (
	"context"

	"deskhand"
)

// maxPromptOutput is the most bytes of one piece that is kept.
const maxPromptOutput = 64 << 10

// KeepOutput adds to the transcripts of a client's prompts. What is there already is not added twice; what is not this client's is dropped. Of each
// transcript the beginning and the end stay. Not audited: the prompt is.
func (s *Store) KeepOutput(ctx context.Context, clientID string, pieces []deskhand.PromptOutput) error {
	return s.write(ctx, deskhand.Server, func(t *tx) error {
		for _, o := range pieces {
			if len(o.Data) == 0 || len(o.Data) > maxPromptOutput || o.Position < 0 {
				continue
			}
			if err := t.keepOutput(clientID, o); err != nil {
				return err
			}
		}
		return nil
	})
}

func (t *tx) keepOutput(clientID string, o deskhand.PromptOutput) error {
	var had int64
	var session, owner string
	var over bool
	err := t.row("SELECT p.bytes, s.id, s.owner_id, s.ended_at > 0 FROM prompt p JOIN session s ON s.id = p.session_id WHERE p.id = $1 AND p.client_id = $2",
		o.PromptID, clientID).Scan(&had, &session, &owner, &over)
	if none(err) {
		return nil
	}
	if err != nil {
		return err
	}
	end := o.Position + int64(len(o.Data))
	if end <= had {
		return nil
	}
	if o.Position < had { // it was sent again, with more
		o.Position, o.Data = had, o.Data[had-o.Position:]
	}
	if over { // its page in the log may be open
		t.changed(deskhand.TopicLogs, owner, session)
	}
	if _, err := t.exec("INSERT INTO prompt_output (prompt_id, position, size, columns, data) VALUES ($1, $2, $3, $4, $5)",
		o.PromptID, o.Position, len(o.Data), o.Columns, o.Data); err != nil {
		return err
	}
	if _, err := t.exec("UPDATE prompt SET bytes = $1 WHERE id = $2", end, o.PromptID); err != nil {
		return err
	}
	_, err = t.exec("DELETE FROM prompt_output WHERE prompt_id = $1 AND position >= $2 AND position + size <= $3",
		o.PromptID, deskhand.PromptHead, end-deskhand.PromptTail)
	return err
}

// Transcript is what is kept of a prompt of an ended session, in order. CodeNotFound when there is none, or agentID is not empty and that agent
// neither owned nor viewed the session.
func (s *Store) Transcript(ctx context.Context, agentID, sessionID, promptID string) (p deskhand.Prompt, pieces []deskhand.PromptOutput, err error) {
	err = s.read(ctx, func(t *tx) error {
		var seen bool
		if err := t.row(`SELECT EXISTS (SELECT 1 FROM log l WHERE l.session_id = $1
			AND ($2 = '' OR EXISTS (SELECT 1 FROM log_agent m WHERE m.place = l.place AND m.agent_id = $2)))`, sessionID, agentID).Scan(&seen); err != nil {
			return err
		}
		if p, err = t.prompt(promptID); err != nil || !seen || p.SessionID != sessionID {
			return deskhand.Errorf(deskhand.CodeNotFound, "There is no such command prompt in the log.")
		}
		pieces, err = all(t, func(r scanner) (o deskhand.PromptOutput, err error) {
			err = r.Scan(&o.PromptID, &o.Position, &o.Columns, &o.Data)
			return o, err
		}, "SELECT prompt_id, position, columns, data FROM prompt_output WHERE prompt_id = $1 ORDER BY position", promptID)
		return err
	})
	return p, pieces, err
}
