package store

import (
	"context"
	"fmt"

	"deskhand"
)

const maxChanges = 1000

// LastChange is the newest change's sequence: where a reader begins.
func (s *Store) LastChange(ctx context.Context) (sequence int64, err error) {
	err = s.read(ctx, func(t *tx) error { return t.row("SELECT sequence FROM head WHERE name = 'change'").Scan(&sequence) })
	return sequence, err
}

// ChangesSince gives the changes after a sequence in order, at most 1 000. When some in between were forgotten already, gap is true: the
// reader must then read everything it shows again.
func (s *Store) ChangesSince(ctx context.Context, after int64) (list []deskhand.Change, gap bool, err error) {
	scan := func(r scanner) (c deskhand.Change, err error) {
		return c, r.Scan(&c.Sequence, &c.Topic, &c.AgentID, &c.Subject, stamp{&c.At})
	}
	err = s.read(ctx, func(t *tx) error {
		list, err = all(t, scan, "SELECT sequence, topic, agent_id, subject, at FROM change WHERE sequence > $1 ORDER BY sequence LIMIT $2", after, maxChanges)
		if err != nil {
			return fmt.Errorf("reading changes: %w", err)
		}
		if len(list) > 0 {
			gap = list[0].Sequence != after+1
			return nil
		}
		var last int64
		err = t.row("SELECT sequence FROM head WHERE name = 'change'").Scan(&last)
		gap = last > after
		return err
	})
	return list, gap, err
}
