package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"deskhand"
)

// tx is one transaction; it never leaves the package. It keeps its context because it lives for one call only.
type tx struct {
	*sql.Tx
	ctx   context.Context
	store *Store
	now   time.Time

	// Of a write only: who acts, and what is appended at its end.
	actor   deskhand.Actor
	events  []deskhand.AuditEvent
	changes []deskhand.Change

	happenings []happening // what webhooks are told
}

// write runs fn alone and commits what it wrote with its audit events and changes, or nothing.
func (s *Store) write(ctx context.Context, actor deskhand.Actor, fn func(*tx) error) error {
	db, err := s.writer.BeginTx(ctx, nil)
	if err != nil {
		return busy(fmt.Errorf("beginning a write: %w", err))
	}
	defer db.Rollback() // does nothing after Commit
	t := &tx{Tx: db, ctx: ctx, store: s, actor: actor, now: s.now()}
	if s.postgres {
		if _, err := t.exec("SELECT pg_advisory_xact_lock($1)", int64(writeLockKey)); err != nil {
			return err
		}
	}
	if err := fn(t); err != nil {
		return err
	}
	if err := t.appendEvents(); err != nil {
		return err
	}
	if err := t.appendDeliveries(); err != nil {
		return err
	}
	if err := t.appendChanges(); err != nil {
		return err
	}
	if err := db.Commit(); err != nil {
		return busy(fmt.Errorf("committing: %w", err))
	}
	if s.changed != nil && len(t.changes) > 0 {
		s.changed()
	}
	return nil
}

// read runs fn on one consistent picture of the data.
func (s *Store) read(ctx context.Context, fn func(*tx) error) error {
	var options *sql.TxOptions
	if s.postgres {
		options = &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	}
	db, err := s.reader.BeginTx(ctx, options)
	if err != nil {
		return fmt.Errorf("beginning a read: %w", err)
	}
	defer db.Rollback()
	return fn(&tx{Tx: db, ctx: ctx, store: s, now: s.now()})
}

// audit appends an event. detail is names and values in turn.
func (t *tx) audit(verb, subject string, detail ...string) {
	d := map[string]string{}
	for i := 0; i+1 < len(detail); i += 2 {
		if detail[i+1] != "" {
			d[detail[i]] = detail[i+1]
		}
	}
	t.events = append(t.events, deskhand.AuditEvent{At: t.now, Actor: t.actor, Verb: verb, Subject: subject, Detail: d})
}

// changed tells other readers; agentID empty: everyone.
func (t *tx) changed(topic deskhand.Topic, agentID, subject string) {
	for _, c := range t.changes {
		if c.Topic == topic && c.AgentID == agentID && c.Subject == subject {
			return
		}
	}
	t.changes = append(t.changes, deskhand.Change{Topic: topic, AgentID: agentID, Subject: subject, At: t.now})
}

func (t *tx) appendEvents() error {
	if len(t.events) == 0 {
		return nil
	}
	var head deskhand.AuditHead
	var hash string
	if err := t.row("SELECT sequence, hash FROM head WHERE name = 'audit'").Scan(&head.Sequence, &hash); err != nil {
		return fmt.Errorf("reading the end of the audit chain: %w", err)
	}
	head.Hash, _ = hex.DecodeString(hash) // a damaged head breaks the chain, which verify finds
	for _, e := range t.events {
		head.Sequence++
		e.Sequence = head.Sequence
		e.DetailHash = e.HashDetail()
		e.Hash = e.HashAfter(head.Hash)
		head.Hash = e.Hash
		detail, err := json.Marshal(e.Detail)
		if err != nil {
			return err
		}
		_, err = t.exec(`INSERT INTO audit (sequence, at, agent_id, actor, address, verb, subject, detail_hash, hash)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			e.Sequence, micros(e.At), e.Actor.AgentID, e.Actor.Name, e.Actor.Address, e.Verb, e.Subject, e.DetailHash, e.Hash)
		if err != nil {
			return fmt.Errorf("appending to the audit chain: %w", err)
		}
		if _, err := t.exec("INSERT INTO audit_detail (sequence, detail) VALUES ($1, $2)", e.Sequence, string(detail)); err != nil {
			return err
		}
	}
	_, err := t.exec("UPDATE head SET sequence = $1, hash = $2 WHERE name = 'audit'", head.Sequence, hex.EncodeToString(head.Hash))
	return err
}

func (t *tx) appendChanges() error {
	if len(t.changes) == 0 {
		return nil
	}
	var last int64
	err := t.row("UPDATE head SET sequence = sequence + $1 WHERE name = 'change' RETURNING sequence", len(t.changes)).Scan(&last)
	if err != nil {
		return fmt.Errorf("numbering changes: %w", err)
	}
	for i, c := range t.changes {
		_, err := t.exec("INSERT INTO change (sequence, topic, agent_id, subject, at) VALUES ($1, $2, $3, $4, $5)",
			last-int64(len(t.changes)-1-i), c.Topic, c.AgentID, c.Subject, micros(c.At))
		if err != nil {
			return fmt.Errorf("appending a change: %w", err)
		}
	}
	return nil
}

// exec runs a statement and returns how many rows it changed.
func (t *tx) exec(query string, args ...any) (int64, error) {
	res, err := t.ExecContext(t.ctx, query, args...)
	if err != nil {
		return 0, fmt.Errorf("%.40s…: %w", query, err)
	}
	return res.RowsAffected()
}

func (t *tx) row(query string, args ...any) *sql.Row { return t.QueryRowContext(t.ctx, query, args...) }

// scanner is a *sql.Row or *sql.Rows.
type scanner interface{ Scan(...any) error }

// all runs a query and scans every row.
func all[T any](t *tx, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := t.QueryContext(t.ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("%.40s…: %w", query, err)
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("%.40s…: %w", query, err)
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// oneString scans a row of one text.
func oneString(r scanner) (v string, err error) { return v, r.Scan(&v) }

// none says whether err is that there is no row.
func none(err error) bool { return errors.Is(err, sql.ErrNoRows) }

// busy explains that another process held the database for too long.
func busy(err error) error {
	var lite *sqlite.Error
	if errors.As(err, &lite) && lite.Code()&0xff == sqlite3.SQLITE_BUSY {
		return &deskhand.Error{Code: deskhand.CodeUnavailable, Fault: "The database is busy.", Hint: "Try again in a moment.", Err: err}
	}
	return err
}

// micros is a time as a column keeps it.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// stamp scans a column of micros.
type stamp struct{ to *time.Time }

// Scan implements sql.Scanner.
func (s stamp) Scan(v any) error {
	n, ok := v.(int64)
	if !ok {
		return fmt.Errorf("a time is a %T, want a number", v)
	}
	*s.to = timeOf(n)
	return nil
}

// timeOf is the time that micros wrote.
func timeOf(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMicro(n).UTC()
}
