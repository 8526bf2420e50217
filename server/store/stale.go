package store

import (
	"context"
	"errors"
	"time"

	"deskhand"
)

// changesKept is how long a reader of changes may fall behind before it has to read everything again.
const changesKept = time.Hour

// MarkAllOffline is the server's first write: no client and no viewer of the run before is connected any more. Sessions wait in Reconnecting for
// their clients, as do command prompts; what else was open on unattended computers has ended.
func (s *Store) MarkAllOffline(ctx context.Context) error {
	return s.write(ctx, deskhand.Server, func(t *tx) error {
		computers, err := all(t, oneString, "UPDATE computer SET online = FALSE WHERE online RETURNING id")
		if err != nil {
			return err
		}
		for _, id := range computers {
			t.happened(deskhand.WebhookComputerOffline, id)
		}
		if _, err := t.exec("UPDATE participant SET online = FALSE, seen_at = $1 WHERE online AND left_at = 0", micros(t.now)); err != nil {
			return err
		}
		sessions, err := all(t, oneString, "SELECT id FROM session WHERE ended_at = 0")
		if err != nil {
			return err
		}
		for _, id := range sessions {
			var out deskhand.Outcome
			if out.Session, err = t.session(id); err != nil {
				return err
			}
			live, err := t.livePrompts(id)
			if err != nil {
				return err
			}
			if out.Session.Type != deskhand.TypeAttended && live == 0 {
				if err := t.end(&out, deskhand.ReasonServerStopped); err != nil {
					return err
				}
				continue
			}
			if err := t.closeViewers(&out, deskhand.ReasonServerStopped, nil); err != nil {
				return err
			}
			if _, err := t.settle(id); err != nil {
				return err
			}
		}
		t.changed(deskhand.TopicComputers, "", "")
		return nil
	})
}

// EndStale ends what nobody waits for any more and returns what became of it: clients that were Ready for as long as the policy lets them wait, and clients that
// have been lost for ReconnectGrace (the next in line then shares). The server calls it every few seconds.
func (s *Store) EndStale(ctx context.Context) ([]deskhand.Outcome, error) {
	var outs []deskhand.Outcome
	var errs []error
	for _, sweep := range []func(context.Context) ([]deskhand.Outcome, error){s.endLost, s.endForgotten} {
		o, err := sweep(ctx)
		outs, errs = append(outs, o...), append(errs, err)
	}
	return outs, errors.Join(errs...)
}

// endLost takes out participants, and ends unattended sessions, whose connection has been lost for too long.
func (s *Store) endLost(ctx context.Context) (outs []deskhand.Outcome, err error) {
	var participants, sessions []string
	err = s.read(ctx, func(t *tx) error {
		before := micros(t.now.Add(-deskhand.ReconnectGrace))
		participants, err = all(t, oneString, `SELECT p.id FROM participant p JOIN session s ON s.id = p.session_id
			WHERE s.ended_at = 0 AND p.left_at = 0 AND NOT p.online AND p.seen_at <= $1 ORDER BY p.seen_at, p.id`, before)
		if err != nil {
			return err
		}
		sessions, err = all(t, oneString, "SELECT id FROM session WHERE ended_at = 0 AND computer_id <> '' AND state = $1 AND since <= $2",
			deskhand.StateReconnecting, before)
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, id := range participants {
		err := s.write(ctx, deskhand.Server, func(t *tx) error {
			p, err := t.participant(id)
			if err != nil || p.Online || !p.LeftAt.IsZero() { // it came back, or left, meanwhile
				return err
			}
			var out deskhand.Outcome
			if out.Session, err = t.session(p.SessionID); err != nil {
				return err
			}
			if err := t.leave(&out, p, deskhand.ReasonClientLost); err != nil {
				return err
			}
			outs = append(outs, out)
			return nil
		})
		if err != nil {
			return outs, err
		}
	}
	for _, id := range sessions {
		if outs, err = s.endIf(ctx, outs, id, deskhand.StateReconnecting, deskhand.ReconnectGrace); err != nil {
			return outs, err
		}
	}
	return outs, nil
}

// endForgotten ends sessions that nobody has connected to for too long.
func (s *Store) endForgotten(ctx context.Context) (outs []deskhand.Outcome, err error) {
	var sessions []string
	var policy deskhand.Policy
	err = s.read(ctx, func(t *tx) error {
		if policy, err = t.policy(); err != nil {
			return err
		}
		sessions, err = all(t, oneString, "SELECT id FROM session WHERE ended_at = 0 AND state = $1 AND since <= $2 ORDER BY since, id",
			deskhand.StateReady, micros(t.now.Add(-policy.Waiting())))
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, id := range sessions {
		if outs, err = s.endIf(ctx, outs, id, deskhand.StateReady, policy.Waiting()); err != nil {
			return outs, err
		}
	}
	return outs, nil
}

// endIf ends a session that is still in a state since age, and appends what became of it.
func (s *Store) endIf(ctx context.Context, outs []deskhand.Outcome, id string, state deskhand.State, age time.Duration) ([]deskhand.Outcome, error) {
	err := s.write(ctx, deskhand.Server, func(t *tx) error {
		var out deskhand.Outcome
		var err error
		if out.Session, err = t.session(id); err != nil || out.Session.State != state || t.now.Sub(out.Session.Since) < age {
			return err
		}
		reason := deskhand.ReasonClientLost
		if state == deskhand.StateReady {
			reason = forgotten(out.Session.Session)
		}
		if err := t.end(&out, reason); err != nil {
			return err
		}
		outs = append(outs, out)
		return nil
	})
	return outs, err
}

// forgotten is why a session ends that nobody connected to for too long.
func forgotten(s deskhand.Session) deskhand.Reason {
	switch {
	case !s.ConnectedAt.IsZero():
		return deskhand.ReasonViewerClosed
	case s.Consent == deskhand.ConsentDenied:
		return deskhand.ReasonDenied
	case s.Consent == deskhand.ConsentUnanswered:
		return deskhand.ReasonUnanswered
	}
	return deskhand.ReasonNeverConnected
}

// pruneEvery is how often Prune is called.
const pruneEvery = time.Minute

// Prune forgets what has expired: invites, logins (unused for longer than idle, too), half logins, links for a new password and old
// changes. The server calls it every minute.
func (s *Store) Prune(ctx context.Context, idle time.Duration) error {
	return s.write(ctx, deskhand.Server, func(t *tx) error {
		if err := t.expireInvites(); err != nil {
			return err
		}
		if err := t.expireSteps(); err != nil {
			return err
		}
		type ended struct{ id, agentID string }
		logins, err := all(t, func(r scanner) (e ended, err error) { return e, r.Scan(&e.id, &e.agentID) },
			"DELETE FROM login WHERE expires_at <= $1 OR last_seen_at <= $2 RETURNING id, agent_id", micros(t.now), micros(t.now.Add(-idle)))
		if err != nil {
			return err
		}
		for _, l := range logins {
			t.changed(deskhand.TopicLogins, l.agentID, l.id)
		}
		// A token that expires stays in the list; what it opened ends.
		tokens, err := all(t, func(r scanner) (e ended, err error) { return e, r.Scan(&e.id, &e.agentID) },
			"SELECT id, agent_id FROM api_token WHERE expires_at > $1 AND expires_at <= $2", micros(t.now.Add(-2*pruneEvery)), micros(t.now))
		if err != nil {
			return err
		}
		for _, k := range tokens {
			t.changed(deskhand.TopicLogins, k.agentID, k.id)
		}
		if _, err := t.exec("DELETE FROM session_call WHERE at <= $1", micros(t.now.Add(-deskhand.CallLifetime))); err != nil {
			return err
		}
		if _, err := t.exec("DELETE FROM link_mail WHERE at <= $1", micros(t.now.Add(-mailsWithin))); err != nil {
			return err
		}
		_, err = t.exec("DELETE FROM change WHERE at < $1", micros(t.now.Add(-changesKept)))
		return err
	})
}
