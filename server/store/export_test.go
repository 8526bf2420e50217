package store

import (
	"context"
	"io/fs"
	"testing"

	"deskhand"
)

// MigrateFrom migrates with other migrations than the program's own.
func (s *Store) MigrateFrom(ctx context.Context, dir fs.FS, o Options) error {
	return s.migrateFrom(ctx, dir, o)
}

// Exec changes the database behind the store's back.
func (s *Store) Exec(t testing.TB, query string, args ...any) {
	t.Helper()
	if _, err := s.writer.ExecContext(t.Context(), query, args...); err != nil {
		t.Fatal(err)
	}
}

// Count is the number that a query asks for.
func (s *Store) Count(t testing.TB, query string, args ...any) (n int) {
	t.Helper()
	if err := s.writer.QueryRowContext(t.Context(), query, args...).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

// Pragma is the value of one of SQLite's settings, as the writer has it.
func (s *Store) Pragma(t testing.TB, name string) (value string) {
	t.Helper()
	if err := s.writer.QueryRowContext(t.Context(), "PRAGMA "+name).Scan(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

// PrepareSearch makes the index of texts anew after it was dropped.
func (s *Store) PrepareSearch(ctx context.Context) error { return s.prepareSearch(ctx) }

// SetFew changes up to how many rows are sorted by themselves, and how many are looked at along an order.
func (s *Store) SetFew(n int) { s.few, s.walked = n, n }

// Explain is how the database reaches a page of the log: its plan, a line for each step.
func (s *Store) Explain(t testing.TB, f deskhand.LogFilter) (plan []string) {
	t.Helper()
	by, err := sortOf(f.Sort)
	if err != nil {
		t.Fatal(err)
	}
	err = s.read(t.Context(), func(tx *tx) error {
		search, w, err := tx.planPage(f, by, nil, 101)
		if err != nil {
			return err
		}
		explain := func(query string, args []any) error {
			lines, err := tx.explain(query, args)
			plan = append(plan, lines...)
			return err
		}
		err = explain(search.pageQuery(w, 101))
		if err == nil && w == walk {
			err = explain(search.gatherQuery(101))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

func (t *tx) explain(query string, args []any) ([]string, error) {
	if t.store.postgres {
		return all(t, oneString, "EXPLAIN "+query, args...)
	}
	return all(t, func(r scanner) (line string, err error) {
		var ignored int64
		return line, r.Scan(&ignored, &ignored, &ignored, &line)
	}, "EXPLAIN QUERY PLAN "+query, args...)
}
