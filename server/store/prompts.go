package store

import (
	"context"
	"fmt"
	"slices"

	"deskhand"
)

const promptQuery = `SELECT p.id, p.session_id, p.agent_id, pa.name, p.client_id, p.shell, p.opened_at, p.started_at, p.ended_at, p.exit_code, p.reason, p.bytes,
	(SELECT COALESCE(SUM(o.size), 0) FROM prompt_output o WHERE o.prompt_id = p.id) FROM prompt p JOIN agent pa ON pa.id = p.agent_id`

func scanPrompt(r scanner) (p deskhand.Prompt, err error) {
	return p, r.Scan(&p.ID, &p.SessionID, &p.AgentID, &p.AgentName, &p.ClientID, &p.Shell, stamp{&p.OpenedAt}, stamp{&p.StartedAt}, stamp{&p.EndedAt},
		&p.ExitCode, &p.Reason, &p.Bytes, &p.Kept)
}

func (t *tx) prompt(id string) (deskhand.Prompt, error) {
	p, err := scanPrompt(t.row(promptQuery+" WHERE p.id = $1", id))
	if none(err) {
		return p, noPrompt()
	}
	return p, err
}

func noPrompt() error {
	return &deskhand.Error{Code: deskhand.CodeNotFound, Fault: "This command prompt is over.", Hint: "Open a new one."}
}

// promptsOf completes an attended session: who shares says whether prompts can be opened.
func promptsOf(s *deskhand.LiveSession) {
	if p, ok := s.Sharing(); ok {
		s.Prompts = p.Prompts
	}
}

// clientOf is the id of the client that a session's viewers reach.
func clientOf(s deskhand.LiveSession) string {
	p, _ := s.Sharing()
	if s.ComputerID != "" {
		return s.ComputerID
	}
	return p.ID
}

// OpenPrompt opens a view of a command prompt for the acting agent: of one of theirs that goes on (r.PromptID), or of a new one, on a computer that
// they see or in a session. An older view of the same prompt is closed. Errors: CodeNotFound, CodeSessionOver, CodeOffline, CodeConflict.
func (s *Store) OpenPrompt(ctx context.Context, actor deskhand.Actor, r deskhand.ViewRequest) (v deskhand.Viewer, out deskhand.Outcome, err error) {
	err = s.write(ctx, actor, func(t *tx) error {
		p, err := t.promptToOpen(r)
		if err != nil {
			return err
		}
		if out.Session, err = t.session(p.SessionID); err != nil {
			return err
		}
		if err := t.mayPrompt(out.Session, p); err != nil {
			return err
		}
		if err := t.useInvite(out.Session); err != nil {
			return err
		}
		if err := t.closeViewers(&out, deskhand.ReasonReplaced, func(v deskhand.Viewer) bool { return isPrompt(v) && v.PromptID == p.ID }); err != nil {
			return err
		}
		again := "yes"
		if p.ID == "" {
			again = ""
			if p.ID, err = t.insertPrompt(p.SessionID, clientOf(out.Session)); err != nil {
				return err
			}
		}
		v = deskhand.Viewer{
			SessionID: p.SessionID, AgentID: actor.AgentID, Address: actor.Address, Kind: deskhand.KindPrompt, PromptID: p.ID, Level: deskhand.LevelControl,
		}
		if err := t.insertViewer(&v); err != nil {
			return err
		}
		t.audit("prompt.open", v.ID, "session", v.SessionID, "prompt", p.ID, "again", again)
		out.Session, err = t.settle(v.SessionID)
		return err
	})
	return v, out, err
}

// promptToOpen is the prompt that goes on, or one without an id in the session where a new one belongs.
func (t *tx) promptToOpen(r deskhand.ViewRequest) (p deskhand.Prompt, err error) {
	if r.PromptID != "" {
		if p, err = t.prompt(r.PromptID); err != nil {
			return p, err
		}
		there := p.SessionID == r.SessionID || r.ComputerID != "" && p.ClientID == r.ComputerID
		if !there || p.AgentID != t.actor.AgentID || !p.EndedAt.IsZero() {
			return p, noPrompt()
		}
	}
	if r.ComputerID == "" {
		p.SessionID = r.SessionID
		return p, nil
	}
	c, err := t.reachable(r.ComputerID)
	if err != nil || r.PromptID != "" {
		return p, err
	}
	err = t.row("SELECT id FROM session WHERE computer_id = $1 AND ended_at = 0 AND type = $2 AND owner_id = $3", c.ID, deskhand.TypeCommandPrompt, t.actor.AgentID).
		Scan(&p.SessionID)
	if none(err) {
		p.SessionID, err = t.startUnattended(c, deskhand.TypeCommandPrompt)
	}
	return p, err
}

// mayPrompt refuses a prompt that nobody can open there.
func (t *tx) mayPrompt(s deskhand.LiveSession, p deskhand.Prompt) error {
	client := clientOf(s)
	switch {
	case s.State == deskhand.StateEnded:
		return sessionOver()
	case s.State == deskhand.StateReconnecting:
		return &deskhand.Error{Code: deskhand.CodeOffline, Fault: "This computer cannot be reached now.", Hint: "Wait until it is back."}
	case p.ID != "" && p.ClientID != client: // it is another one's turn
		return noPrompt()
	case p.ID != "":
		return nil
	case !s.Prompts:
		return orConflict(nil, "Command prompts cannot be opened on this computer.", "A newer program may be able to; its system must have a shell.")
	}
	var open int
	if err := t.row("SELECT COUNT(*) FROM prompt WHERE client_id = $1 AND ended_at = 0", client).Scan(&open); err != nil {
		return err
	}
	if open >= deskhand.MaxPrompts {
		return orConflict(nil, fmt.Sprintf("%d command prompts are open on this computer.", open), "Close one of them.")
	}
	return nil
}

func (t *tx) insertPrompt(sessionID, clientID string) (string, error) {
	id, err := t.store.newID()
	if err != nil {
		return "", err
	}
	_, err = t.exec(`INSERT INTO prompt (id, session_id, agent_id, client_id, shell, opened_at, started_at, ended_at, exit_code, reason, bytes)
		VALUES ($1, $2, $3, $4, '', $5, 0, 0, 0, '', 0)`, id, sessionID, t.actor.AgentID, clientID, micros(t.now))
	return id, err
}

// livePrompts is how many prompts of a session have not ended.
func (t *tx) livePrompts(sessionID string) (n int, err error) {
	return n, t.row("SELECT COUNT(*) FROM prompt WHERE session_id = $1 AND ended_at = 0", sessionID).Scan(&n)
}

// notBegun ends the prompt of a viewer that closes when its shell never began: there is nothing to come back to.
func (t *tx) notBegun(v deskhand.Viewer, reason deskhand.Reason) error {
	if !isPrompt(v) || reason == deskhand.ReasonReplaced {
		return nil
	}
	_, err := t.exec("UPDATE prompt SET ended_at = $1, reason = $2 WHERE id = $3 AND started_at = 0 AND ended_at = 0", micros(t.now), reason, v.PromptID)
	return err
}

// endPrompts ends the prompts of a session, but those of one client.
func (t *tx) endPrompts(sessionID, but string, reason deskhand.Reason) error {
	list, err := all(t, scanPrompt, promptQuery+" WHERE p.session_id = $1 AND p.ended_at = 0 AND p.client_id <> $2", sessionID, but)
	if err != nil {
		return err
	}
	for _, p := range list {
		if err := t.endPrompt(p, reason, 0); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) endPrompt(p deskhand.Prompt, reason deskhand.Reason, exitCode int) error {
	_, err := t.exec("UPDATE prompt SET ended_at = $1, reason = $2, exit_code = $3 WHERE id = $4", micros(t.now), reason, exitCode, p.ID)
	if err == nil && !p.StartedAt.IsZero() {
		t.audit("prompt.end", p.SessionID, "prompt", p.ID, "shell", p.Shell, "reason", string(reason))
	}
	return err
}

// orEnd settles a session, or ends it when it is an unattended computer's and nothing is open in it any more.
func (t *tx) orEnd(out *deskhand.Outcome, reason deskhand.Reason) error {
	if out.Session.Type != deskhand.TypeAttended && len(out.Session.Viewers) == 0 {
		live, err := t.livePrompts(out.Session.ID)
		if err != nil {
			return err
		}
		if live == 0 {
			return t.end(out, reason)
		}
	}
	var err error
	out.Session, err = t.settle(out.Session.ID)
	return err
}

// EndPrompt ends a prompt: at the word of its client, or with an empty clientID at the wish of the agent whose it is. One that has ended stays so.
// Errors: CodeNotFound.
func (s *Store) EndPrompt(ctx context.Context, actor deskhand.Actor, clientID, id string, reason deskhand.Reason, exitCode int) (out deskhand.Outcome, err error) {
	err = s.write(ctx, actor, func(t *tx) error {
		p, err := t.prompt(id)
		if err != nil {
			return err
		}
		if clientID == "" && p.AgentID != actor.AgentID || clientID != "" && p.ClientID != clientID {
			return noPrompt()
		}
		if !p.EndedAt.IsZero() {
			return nil
		}
		if reason == deskhand.ReasonEndedByAgent { // whoever brings the news
			t.actor.Name, t.actor.AgentID = p.AgentName, ""
		}
		out, err = t.closePrompt(p, reason, exitCode)
		return err
	})
	return out, err
}

// closePrompt ends a prompt with its views, and its session when nothing else is open in it.
func (t *tx) closePrompt(p deskhand.Prompt, reason deskhand.Reason, exitCode int) (out deskhand.Outcome, err error) {
	if err := t.endPrompt(p, reason, exitCode); err != nil {
		return out, err
	}
	if out.Session, err = t.session(p.SessionID); err != nil || out.Session.State == deskhand.StateEnded {
		return out, err
	}
	if err := t.closeViewers(&out, reason, func(v deskhand.Viewer) bool { return v.PromptID == p.ID }); err != nil {
		return out, err
	}
	return out, t.orEnd(&out, reason)
}

// KeepPrompts notes which prompts a client has, with their shells. What had begun and is not among them has ended.
func (s *Store) KeepPrompts(ctx context.Context, actor deskhand.Actor, clientID string, list []deskhand.Prompt) (outs []deskhand.Outcome, err error) {
	err = s.write(ctx, actor, func(t *tx) error {
		live, err := all(t, scanPrompt, promptQuery+" WHERE p.client_id = $1 AND p.ended_at = 0", clientID)
		if err != nil {
			return err
		}
		for _, p := range list {
			i := slices.IndexFunc(live, func(l deskhand.Prompt) bool { return l.ID == p.ID })
			if i >= 0 && live[i].Shell == "" {
				_, err := t.exec("UPDATE prompt SET shell = $1, started_at = $2 WHERE id = $3", deskhand.CleanText(p.Shell, maxDescription), micros(t.now), p.ID)
				if err != nil {
					return err
				}
			}
		}
		for _, l := range live {
			if l.StartedAt.IsZero() || slices.ContainsFunc(list, func(p deskhand.Prompt) bool { return p.ID == l.ID }) {
				continue
			}
			out, err := t.closePrompt(l, deskhand.ReasonClientLost, 0)
			if err != nil {
				return err
			}
			outs = append(outs, out)
		}
		return nil
	})
	return outs, err
}

// PromptsOver are those of a client's prompts that have ended, or are not its own, and why.
func (s *Store) PromptsOver(ctx context.Context, clientID string, ids []string) (over map[string]deskhand.Reason, err error) {
	over = map[string]deskhand.Reason{}
	err = s.read(ctx, func(t *tx) error {
		scan := func(r scanner) (p deskhand.Prompt, err error) { return p, r.Scan(&p.ID, stamp{&p.EndedAt}, &p.Reason) }
		list, err := all(t, scan, "SELECT id, ended_at, reason FROM prompt WHERE client_id = $1 AND id IN "+placeholders(2, len(ids)),
			append([]any{clientID}, anys(ids)...)...)
		if err != nil {
			return err
		}
		for _, id := range ids {
			over[id] = deskhand.ReasonReplaced
		}
		for _, p := range list {
			delete(over, p.ID)
			if !p.EndedAt.IsZero() {
				over[p.ID] = p.Reason
			}
		}
		return nil
	})
	return over, err
}
