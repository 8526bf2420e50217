package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"deskhand"
)

const postgresConnections = 16

// Keys of the advisory locks that we take in our database.
const (
	writeLockKey   = 0x6465736b0001
	migrateLockKey = 0x6465736b0002
)

func (s *Store) openPostgres(ctx context.Context, o Options) error {
	config, err := pgx.ParseConfig(o.Database)
	if err != nil {
		return &deskhand.Error{
			Code: deskhand.CodeInvalid, Field: "database", Fault: "The address of the database is not understood.",
			Hint: "Write it as postgres://user:password@host:5432/name.", Err: err,
		}
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "deskhand"
	}
	s.writer = stdlib.OpenDB(*config)
	s.reader = s.writer
	s.writer.SetMaxOpenConns(postgresConnections)
	s.writer.SetMaxIdleConns(postgresConnections)
	s.writer.SetConnMaxIdleTime(5 * time.Minute)

	lock, err := s.writer.Conn(ctx)
	if err != nil {
		return &deskhand.Error{
			Code: deskhand.CodeUnavailable, Fault: fmt.Sprintf("The database %s on %s cannot be reached.", config.Database, config.Host),
			Hint: "Check that PostgreSQL runs, and the address, user and password in --database.", Err: err,
		}
	}
	defer lock.Close()
	if _, err := lock.ExecContext(ctx, "SELECT pg_advisory_lock($1)", int64(migrateLockKey)); err != nil {
		return fmt.Errorf("locking the schema: %w", err)
	}
	// The connection goes back to the pool, so the lock must be given up even when ctx is over.
	defer lock.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", int64(migrateLockKey))
	return s.migrate(ctx, o)
}
