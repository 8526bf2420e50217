package store

import (
	"context"
	"strconv"
	"time"

	"deskhand"
)

// retainBatch is how many rows one write deletes, so that others need not wait for long.
const retainBatch = 500

// Retain deletes what the policy keeps no longer: ended sessions with all that hangs on them, details of the audit, and answers of webhooks. It says
// how many rows of each it deleted. The server calls it every day.
func (s *Store) Retain(ctx context.Context) (deleted deskhand.Retained, err error) {
	p, err := s.Policy(ctx)
	if err != nil {
		return deleted, err
	}
	now := s.now()
	for _, job := range []struct {
		what  string
		days  int
		count *int
		batch func(*tx, time.Time) (int, error)
	}{
		{"sessions", p.KeepLogDays, &deleted.Sessions, (*tx).forgetSessions},
		{"audit details", p.KeepAuditDays, &deleted.AuditDetails, (*tx).forgetDetails},
		{"webhook answers", int(deskhand.WebhookAnswersKept / (24 * time.Hour)), &deleted.Deliveries, (*tx).forgetDeliveries},
	} {
		for n := retainBatch; job.days > 0 && n == retainBatch; {
			err := s.write(ctx, deskhand.Server, func(t *tx) (err error) {
				if n, err = job.batch(t, now.AddDate(0, 0, -job.days)); err != nil || n == 0 {
					return err
				}
				t.audit("retention.delete", "", "what", job.what, "rows", strconv.Itoa(n), "older than days", strconv.Itoa(job.days))
				return nil
			})
			if err != nil {
				return deleted, err
			}
			*job.count += n
		}
	}
	return deleted, nil
}

// forgetSessions deletes sessions that ended before a time. Links that led to them stay; they lead to a new one.
func (t *tx) forgetSessions(before time.Time) (int, error) {
	ids, err := all(t, oneString, "SELECT id FROM session WHERE ended_at > 0 AND ended_at < $1 ORDER BY ended_at, id LIMIT $2", micros(before), retainBatch)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	in := placeholders(1, len(ids))
	for _, statement := range []string{
		"UPDATE invite SET session_id = '' WHERE session_id IN ",
		"DELETE FROM viewer WHERE session_id IN ",
		"DELETE FROM prompt WHERE session_id IN ", // its transcript goes with it
		"DELETE FROM participant WHERE session_id IN ",
		"DELETE FROM session_agent WHERE session_id IN ",
		"DELETE FROM session_owner WHERE session_id IN ",
		"DELETE FROM session_call WHERE session_id IN ",
		"DELETE FROM session WHERE id IN ", // its row of the log goes with it
	} {
		if _, err := t.exec(statement+in, anys(ids)...); err != nil {
			return 0, err
		}
	}
	t.changed(deskhand.TopicLogs, "", "")
	return len(ids), nil
}

// forgetDetails deletes details of the audit. The chain holds their hashes and still verifies.
func (t *tx) forgetDetails(before time.Time) (int, error) {
	n, err := t.exec(`DELETE FROM audit_detail WHERE sequence IN (SELECT d.sequence FROM audit_detail d JOIN audit a ON a.sequence = d.sequence
		WHERE a.at < $1 ORDER BY d.sequence LIMIT $2)`, micros(before), retainBatch)
	return int(n), err
}

func (t *tx) forgetDeliveries(before time.Time) (int, error) {
	n, err := t.exec(`DELETE FROM delivery WHERE sequence IN (SELECT sequence FROM delivery
		WHERE created_at < $1 AND state <> $2 ORDER BY created_at LIMIT $3)`, micros(before), deskhand.DeliveryWaiting, retainBatch)
	if n > 0 {
		t.changed(deskhand.TopicWebhooks, "", "")
	}
	return int(n), err
}
