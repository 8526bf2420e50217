package store

import (
	"context"
	"io/fs"
	"testing"
)

// MigrateFrom migrates with other migrations than the program's own.
func (s *Store) MigrateFrom(ctx context.Context, dir fs.FS, server bool) error {
	return s.migrateFrom(ctx, dir, server)
}

// Exec changes the database behind the store's back.
func (s *Store) Exec(t testing.TB, query string, args ...any) {
	t.Helper()
	if _, err := s.writer.ExecContext(t.Context(), query, args...); err != nil {
		t.Fatal(err)
	}
}
