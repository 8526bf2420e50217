package store

import (
	"context"
	"io/fs"
	"testing"
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

// Pragma is the value of one of SQLite's settings, as the writer has it.
func (s *Store) Pragma(t testing.TB, name string) (value string) {
	t.Helper()
	if err := s.writer.QueryRowContext(t.Context(), "PRAGMA "+name).Scan(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

// SetFew changes up to how many rows are sorted by themselves.
func (s *Store) SetFew(n int) { s.few = n }
