package store

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"

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

// AuditEvents gives the events after a sequence in order, at most limit. Detail is nil where it was removed.
func (s *Store) AuditEvents(ctx context.Context, after int64, limit int) (events []deskhand.AuditEvent, err error) {
	err = s.read(ctx, func(t *tx) error {
		events, err = all(t, scanEvent, `SELECT e.sequence, e.at, e.agent_id, e.actor, e.address, e.verb, e.subject, e.detail_hash, e.hash, COALESCE(d.detail, '')
			FROM audit e LEFT JOIN audit_detail d ON d.sequence = e.sequence WHERE e.sequence > $1 ORDER BY e.sequence LIMIT $2`, after, limit)
		return err
	})
	return events, err
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
