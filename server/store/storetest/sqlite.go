package storetest

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"deskhand/server/store"
)

// fresh is a migrated SQLite database without agents: making one takes longer than most tests.
var fresh = sync.OnceValues(func() (file []byte, err error) {
	dir, err := os.MkdirTemp("", "fresh")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	s, err := store.Open(context.Background(), store.Options{Data: dir, Server: true}) // it outlives the test that happens to make it
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, databaseFile))
})

const databaseFile = "deskhand.db"

// Seed puts the database that a server would make at its first start into a directory.
func Seed(t testing.TB, dir string) {
	t.Helper()
	file, err := fresh()
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, databaseFile), file, 0o600)
	}
	if err != nil {
		t.Fatalf("making a database: %v", err)
	}
}
