package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"deskhand"
)

const (
	databaseFile = "deskhand.db"
	busyTimeout  = 10 * time.Second
	readers      = 4
	readerCache  = "-16000" // kB
)

// The lock files of a data directory. A lock is the kernel's, so it ends with its process however that ends.
const (
	openLock    = ".open.lock"    // shared by all who have the database open; restore takes it alone
	serverLock  = ".server.lock"  // the one server
	migrateLock = ".migrate.lock" // while the schema is set up
)

func (s *Store) openSQLite(ctx context.Context, o Options) error {
	if o.Existing {
		if _, err := os.Stat(filepath.Join(o.Data, databaseFile)); errors.Is(err, fs.ErrNotExist) {
			return nothingThere("the data directory " + o.Data)
		}
	}
	if err := os.MkdirAll(o.Data, 0o700); err != nil {
		return dataFault(o.Data, err)
	}
	if err := s.hold(ctx, openLock, lockShared, o.LockWait); err != nil {
		if errors.Is(err, errLocked) {
			return &deskhand.Error{
				Code: deskhand.CodeConflict, Fault: fmt.Sprintf("The data directory %s is being restored.", o.Data), Hint: "Try again when that is done.",
			}
		}
		return dataFault(o.Data, err)
	}
	if o.Server {
		if err := s.hold(ctx, serverLock, lockAlone, o.LockWait); err != nil {
			if errors.Is(err, errLocked) {
				return &deskhand.Error{
					Code: deskhand.CodeConflict, Fault: fmt.Sprintf("Another server uses the data directory %s.", o.Data),
					Hint: "Stop that one, or give this one a directory of its own with --data.",
				}
			}
			return dataFault(o.Data, err)
		}
	}
	// Made here, so that nobody but the owner can read it.
	f, err := os.OpenFile(filepath.Join(o.Data, databaseFile), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return dataFault(o.Data, err)
	}
	if err := f.Close(); err != nil {
		return dataFault(o.Data, err)
	}
	file := filepath.Join(o.Data, databaseFile)
	if s.writer, err = openFile(file, "_txlock=immediate"); err != nil {
		return dataFault(o.Data, err)
	}
	s.writer.SetMaxOpenConns(1)
	if err := s.writer.PingContext(ctx); err != nil {
		return dataFault(o.Data, err)
	}
	if s.reader, err = openFile(file, "_query_only=1", "_pragma=cache_size("+readerCache+")"); err != nil {
		return dataFault(o.Data, err)
	}
	s.reader.SetMaxOpenConns(readers)
	s.reader.SetMaxIdleConns(readers)

	lock, err := waitLock(ctx, filepath.Join(o.Data, migrateLock), lockAlone, busyTimeout)
	if err != nil {
		return dataFault(o.Data, err)
	}
	defer lock.Close()
	return s.migrate(ctx, o)
}

// hold takes a lock of the data directory until Close.
func (s *Store) hold(ctx context.Context, name string, how lockMode, wait time.Duration) error {
	f, err := waitLock(ctx, filepath.Join(s.data, name), how, wait)
	if err == nil {
		s.locks = append(s.locks, f)
	}
	return err
}

// openFile opens a SQLite file. Every commit is on the disk when it returns; readers do not wait for the writer.
func openFile(file string, more ...string) (*sql.DB, error) {
	return openURL(file, append([]string{
		fmt.Sprintf("_busy_timeout=%d", busyTimeout.Milliseconds()), "_journal_mode=WAL", "_synchronous=FULL", "_foreign_keys=1", "_dqs=0", "_error_rc=1",
	}, more...)...)
}

func openURL(file string, parameters ...string) (*sql.DB, error) {
	abs, err := filepath.Abs(file)
	if err != nil {
		return nil, err
	}
	path := filepath.ToSlash(abs)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // C:/… on Windows
	}
	u := url.URL{Scheme: "file", Path: path, RawQuery: strings.Join(parameters, "&")}
	return sql.Open("sqlite", u.String())
}

func dataFault(dir string, err error) error {
	e := &deskhand.Error{
		Code: deskhand.CodeUnavailable, Fault: fmt.Sprintf("The data directory %s cannot be used.", dir),
		Hint: "It must be on a local disk, with space left, and be writable for this user.", Err: err,
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		switch lite.Code() & 0xff {
		case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
			e.Fault = fmt.Sprintf("The database %s is damaged.", filepath.Join(dir, databaseFile))
			e.Hint = "Restore a backup with “deskhand restore FILE”."
		}
	}
	return e
}

func nothingThere(where string) error {
	return &deskhand.Error{
		Code: deskhand.CodeNotFound, Fault: "There are no data of Deskhand in " + where + ".", Hint: "Say where they are with --data or --database.",
	}
}
