// Package storetest runs a test on both databases: SQLite in a temporary directory, and PostgreSQL in a private cluster that the test process
// starts from the system's PostgreSQL programs and ends again. There is no way to skip one.
package storetest

import (
	"log/slog"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"deskhand"
	"deskhand/server/store"
)

// Main is TestMain's body: it runs the tests, ends the cluster and fails when a goroutine is left.
func Main(m *testing.M) { goleak.VerifyTestMain(ending{m}) }

type ending struct{ m *testing.M }

func (e ending) Run() int {
	code := e.m.Run()
	if err := stopCluster(); err != nil {
		println("ending the PostgreSQL cluster:", err.Error())
		return 1
	}
	return code
}

// Run runs f once for each database, on a fresh one.
func Run(t *testing.T, f func(t *testing.T, s *Store)) {
	t.Run("sqlite", func(t *testing.T) { f(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { f(t, Postgres(t)) })
}

// Store is an open store with a clock that stands still until it is moved.
type Store struct {
	*store.Store
	Clock *Clock
	// Options open the same data again.
	Options store.Options
}

// SQLite opens a fresh SQLite database.
func SQLite(t testing.TB) *Store {
	dir := t.TempDir()
	Seed(t, dir)
	return open(t, store.Options{Data: dir})
}

// Postgres opens a fresh PostgreSQL database.
func Postgres(t testing.TB) *Store { return open(t, store.Options{Database: Database(t)}) }

func open(t testing.TB, o store.Options) *Store {
	t.Helper()
	c := &Clock{now: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}
	o.Now, o.Server, o.Log = c.Now, true, slog.New(slog.DiscardHandler)
	s, err := store.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return &Store{Store: s, Clock: c, Options: o}
}

// Reopen opens the data of a store that was closed.
func Reopen(t testing.TB, closed *Store) *Store {
	t.Helper()
	s, err := store.Open(t.Context(), closed.Options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return &Store{Store: s, Clock: closed.Clock, Options: closed.Options}
}

// Agent adds an agent whose password hash is "hash" and returns it.
func (s *Store) Agent(t testing.TB, userName string, role deskhand.Role) deskhand.Agent {
	t.Helper()
	a, err := s.CreateAgent(t.Context(), deskhand.Server, deskhand.Agent{UserName: userName, Role: role}, "hash")
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// As is the actor that an agent acts as.
func As(a deskhand.Agent) deskhand.Actor {
	return deskhand.Actor{AgentID: a.ID, Name: a.UserName, Address: "192.0.2.1"}
}

// Clock is a clock for tests; safe for concurrent use.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// Now is the time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the time.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}
