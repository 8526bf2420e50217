package store

import (
	"context"
	"fmt"

	"deskhand"
)

// LastChange is the newest change's sequence: where a reader begins.
func (s *Store) LastChange(ctx context.Context) (sequence int64, err error) {
	err = s.read(ctx, func(t *tx) error { return t.row("SELECT sequence FROM head WHERE name = 'change'").Scan(&sequence) })
	return sequence, err
}

// Changes gives the changes after a sequence in order, at most limit. Sequences have no holes: when the first one is not the next after the given,
// those in between were forgotten (see Prune) and the reader must read everything it shows again.
func (s *Store) Changes(ctx context.Context, after int64, limit int) (list []deskhand.Change, err error) {
	scan := func(r scanner) (c deskhand.Change, err error) {
		return c, r.Scan(&c.Sequence, &c.Topic, &c.AgentID, &c.Subject, stamp{&c.At})
	}
	err = s.read(ctx, func(t *tx) error {
		list, err = all(t, scan, "SELECT sequence, topic, agent_id, subject, at FROM change WHERE sequence > $1 ORDER BY sequence LIMIT $2", after, limit)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading changes: %w", err)
	}
	return list, nil
}
