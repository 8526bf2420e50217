package store

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"

	"deskhand"
)

// AuditHead is the end of the chain as the last write left it.
func (s *Store) AuditHead(ctx context.Context) (head deskhand.AuditHead, err error) {
	var hash string
	err = s.read(ctx, func(t *tx) error {
		return t.row("SELECT sequence, hash FROM head WHERE name = 'audit'").Scan(&head.Sequence, &hash)
	})
	if err != nil {
		return head, fmt.Errorf("reading the end of the audit chain: %w", err)
	}
	if head.Hash, err = hex.DecodeString(hash); err != nil {
		return head, fmt.Errorf("the end of the audit chain is damaged: %w", err)
	}
	return head, nil
}

const eventQuery = `SELECT e.sequence, e.at, e.agent_id, e.actor, e.address, e.verb, e.subject, e.detail_hash, e.hash, COALESCE(d.detail, '')
	FROM audit e LEFT JOIN audit_detail d ON d.sequence = e.sequence`

// AuditEvents gives the events after a sequence in order, at most limit. Detail is nil where it was removed.
func (s *Store) AuditEvents(ctx context.Context, after int64, limit int) (events []deskhand.AuditEvent, err error) {
	err = s.read(ctx, func(t *tx) error {
		events, err = all(t, scanEvent, eventQuery+" WHERE e.sequence > $1 ORDER BY e.sequence LIMIT $2", after, limit)
		return err
	})
	return events, err
}

// AuditPage gives the events that a filter chooses, the newest first. cursor is empty or what an earlier call returned; next is empty at the end.
func (s *Store) AuditPage(ctx context.Context, f deskhand.AuditFilter, cursor string, limit int) (events []deskhand.AuditEvent, next string, err error) {
	before, err := sequenceCursor(cursor)
	if err != nil {
		return nil, "", err
	}
	where, args := " WHERE e.sequence < $1", []any{before}
	add := func(condition string, value any) {
		args = append(args, value)
		where += fmt.Sprintf(" AND %s $%d", condition, len(args))
	}
	if f.Verb != "" {
		add("e.verb =", f.Verb)
	}
	if f.AgentID != "" {
		add("e.agent_id =", f.AgentID)
	}
	if !f.From.IsZero() {
		add("e.at >=", micros(f.From))
	}
	if !f.Until.IsZero() {
		add("e.at <=", micros(f.Until))
	}
	args = append(args, limit+1)
	err = s.read(ctx, func(t *tx) error {
		events, err = all(t, scanEvent, eventQuery+where+fmt.Sprintf(" ORDER BY e.sequence DESC LIMIT $%d", len(args)), args...)
		return err
	})
	if len(events) > limit {
		events = events[:limit]
		next = strconv.FormatInt(events[limit-1].Sequence, 10)
	}
	return events, next, err
}

// AuditVerbs are the verbs that occur, in order. It leaps from one to the next, however many events there are.
func (s *Store) AuditVerbs(ctx context.Context) (verbs []string, err error) {
	err = s.read(ctx, func(t *tx) error {
		verbs, err = all(t, oneString, `WITH RECURSIVE found (verb) AS (
				SELECT min(verb) FROM audit
				UNION ALL SELECT (SELECT min(a.verb) FROM audit a WHERE a.verb > found.verb) FROM found WHERE found.verb IS NOT NULL
			) SELECT verb FROM found WHERE verb IS NOT NULL ORDER BY verb`)
		return err
	})
	return verbs, err
}

func scanEvent(r scanner) (e deskhand.AuditEvent, err error) {
	var detail string
	err = r.Scan(&e.Sequence, stamp{&e.At}, &e.Actor.AgentID, &e.Actor.Name, &e.Actor.Address, &e.Verb, &e.Subject, &e.DetailHash, &e.Hash, &detail)
	if err != nil || detail == "" {
		return e, err
	}
	e.Detail = map[string]string{}
	if err := json.Unmarshal([]byte(detail), &e.Detail); err != nil {
		// What is no JSON was not written by us. It must not verify, nor stop the reading of the rest.
		e.Detail = map[string]string{"damaged": detail}
	}
	return e, nil
}
