package store

import (
	"context"
	"fmt"

	"deskhand"
)

// Stats counts what is there now.
func (s *Store) Stats(ctx context.Context) (st deskhand.Stats, err error) {
	st.Sessions = map[deskhand.State]int{}
	err = s.read(ctx, func(t *tx) error {
		type row struct {
			state deskhand.State
			n     int
		}
		rows, err := all(t, func(r scanner) (v row, err error) { return v, r.Scan(&v.state, &v.n) }, "SELECT state, count(*) FROM session WHERE ended_at = 0 GROUP BY state")
		if err != nil {
			return err
		}
		for _, r := range rows {
			st.Sessions[r.state] = r.n
		}
		for query, to := range map[string]*int{
			"SELECT count(*) FROM computer WHERE removed_at = 0":            &st.Computers,
			"SELECT count(*) FROM computer WHERE removed_at = 0 AND online": &st.ComputersOnline,
			"SELECT count(*) FROM viewer WHERE closed_at = 0":               &st.Viewers,
			"SELECT count(*) FROM webhook WHERE gave_up":                    &st.WebhooksGivenUp,
		} {
			if err := t.row(query).Scan(to); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		err = fmt.Errorf("counting: %w", err)
	}
	return st, err
}

// Size is how large the database is, in bytes, and which one it is.
func (s *Store) Size(ctx context.Context) (kind string, bytes int64, err error) {
	kind = "SQLite"
	query := "SELECT c.page_count * s.page_size FROM pragma_page_count() c, pragma_page_size() s"
	if s.postgres {
		kind, query = "PostgreSQL", "SELECT pg_database_size(current_database())"
	}
	err = s.read(ctx, func(t *tx) error { return t.row(query).Scan(&bytes) })
	return kind, bytes, err
}
