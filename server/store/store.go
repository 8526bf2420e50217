// Package store keeps what is true: agents, logins, invites, sessions, computers, settings and the audit chain, in SQLite
// (one file in the data directory) or PostgreSQL, with the same SQL.
//
// Every write runs alone (SQLite has one writer, PostgreSQL takes an advisory lock), so that what a method checks still holds when it
// writes. It appends its audit event and its hints for other readers ([deskhand.Change]) in the same transaction. Connects and
// heartbeats are not audited. Errors that a person may read are [deskhand.Error]; a method's comment names their codes.
package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"io"
	"log/slog"
	"os"
	"time"
)

// Options say where the data is and who opens it.
type Options struct {
	Data     string // directory of the SQLite database; it is made when missing
	Database string // postgres://…; empty: SQLite in Data

	// Server is set by the one server of a data directory: it keeps others out and brings an older database up to date. Without it
	// only a fresh database is set up, so that a newer admin verb never changes the schema under a running older server.
	Server bool
	// Existing refuses to set up what is not there, with CodeNotFound: for verbs that only read or change.
	Existing bool

	Now      func() time.Time // nil: time.Now
	Rand     io.Reader        // nil: crypto/rand
	Log      *slog.Logger     // nil: slog.Default
	LockWait time.Duration    // how long to wait for another server to end; 0: 3 s

	// Changed is called after a write that left changes, so that readers need not wait until they look again; nil: nobody is told. It
	// must not wait.
	Changed func()
}

// Store is an open database. Its methods are safe for concurrent use.
type Store struct {
	writer   *sql.DB
	reader   *sql.DB // the same as writer on PostgreSQL
	postgres bool
	data     string
	locks    []*os.File // held until Close
	clock    func() time.Time
	rand     io.Reader
	log      *slog.Logger
	changed  func()
	linkKey  []byte // makes the codes of links; read once at the start
	few      int    // see the constants
	walked   int
}

// Open opens the database, sets up a fresh one and, for a server, updates an older one after backing it up.
func Open(ctx context.Context, o Options) (*Store, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.LockWait == 0 {
		o.LockWait = 3 * time.Second
	}
	s := &Store{postgres: o.Database != "", data: o.Data, clock: o.Now, rand: o.Rand, log: o.Log, changed: o.Changed, few: few, walked: walked}
	open := s.openSQLite
	if s.postgres {
		open = s.openPostgres
	}
	if err := open(ctx, o); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	var err error
	if s.linkKey, err = s.secret(ctx, "link key"); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Close closes the database and lets go of the data directory.
func (s *Store) Close() error {
	var errs []error
	if s.reader != nil && s.reader != s.writer {
		errs = append(errs, s.reader.Close())
	}
	if s.writer != nil {
		errs = append(errs, s.writer.Close()) // last: SQLite then folds its log into the database
	}
	for _, f := range s.locks {
		errs = append(errs, f.Close())
	}
	s.locks = nil
	return errors.Join(errs...)
}

// Ping reports whether the database answers.
func (s *Store) Ping(ctx context.Context) error { return s.reader.PingContext(ctx) }

// now is the time as the database keeps it.
func (s *Store) now() time.Time { return s.clock().UTC().Truncate(time.Microsecond) }
