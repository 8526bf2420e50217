package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"deskhand"
)

// Backup writes the whole database into a new file, as it is at one moment, while others go on working. SQLite only. The file is the owner's
// alone to read: it holds password hashes and the server's key.
func (s *Store) Backup(ctx context.Context, file string) error {
	if s.postgres {
		return &deskhand.Error{Code: deskhand.CodeInvalid, Fault: "The data are in PostgreSQL.", Hint: "Back them up with pg_dump."}
	}
	f, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return &deskhand.Error{Code: deskhand.CodeConflict, Fault: fmt.Sprintf("The file %s exists already.", file), Hint: "Choose another name."}
	}
	if err != nil {
		return fmt.Errorf("making the backup's file: %w", err)
	}
	defer f.Close()
	if _, err := s.writer.ExecContext(ctx, "VACUUM INTO $1", file); err != nil {
		return errors.Join(fmt.Errorf("backing up to %s: %w", file, err), os.Remove(file))
	}
	return f.Sync()
}

// Restore puts a backup in place of the database in a data directory that nobody uses. What was there is kept beside it; its new name is returned,
// empty when there was nothing.
func Restore(ctx context.Context, data, file string) (kept string, err error) {
	if err := os.MkdirAll(data, 0o700); err != nil {
		return "", dataFault(data, err)
	}
	lock, err := waitLock(ctx, filepath.Join(data, openLock), lockAlone, 0)
	if errors.Is(err, errLocked) {
		return "", &deskhand.Error{Code: deskhand.CodeConflict, Fault: fmt.Sprintf("The data directory %s is in use.", data), Hint: "Stop the server first."}
	}
	if err != nil {
		return "", dataFault(data, err)
	}
	defer lock.Close()
	fresh := filepath.Join(data, databaseFile+".restore")
	if err := copyFile(file, fresh); err != nil {
		return "", &deskhand.Error{Code: deskhand.CodeInvalid, Fault: fmt.Sprintf("The backup %s cannot be read.", file), Hint: "Check the name.", Err: err}
	}
	defer os.Remove(fresh) // gone already when all went well
	if err := checkBackup(ctx, fresh); err != nil {
		return "", &deskhand.Error{
			Code: deskhand.CodeInvalid, Fault: fmt.Sprintf("%s is not a backup of Deskhand, or it is damaged.", file), Hint: "Nothing was changed. Try another backup.", Err: err,
		}
	}
	now := filepath.Join(data, databaseFile)
	if _, err := os.Stat(now); err == nil {
		kept = filepath.Join(data, "before-restore-"+time.Now().UTC().Format("20060102T150405.000Z")+".db")
		// The log goes first and with the name that belongs to the database's: what it holds is not lost.
		for _, suffix := range []string{"-wal", "-shm", ""} {
			if err := os.Rename(now+suffix, kept+suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return "", fmt.Errorf("keeping the database as it was: %w", err)
			}
		}
	}
	if err := os.Rename(fresh, now); err != nil {
		return kept, fmt.Errorf("putting the backup in place: %w", err)
	}
	return kept, nil
}

// checkBackup opens a copy of a backup and makes sure that it is whole and one of ours.
func checkBackup(ctx context.Context, file string) error {
	db, err := openURL(file, "mode=ro", "immutable=1")
	if err != nil {
		return err
	}
	defer db.Close()
	var result string
	if err := db.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&result); err != nil {
		return err
	}
	if result != "ok" {
		return errors.New(result)
	}
	var n int
	return db.QueryRowContext(ctx, "SELECT count(*) FROM head WHERE name = 'audit'").Scan(&n)
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		out.Close()
		return err
	}
	if err := out.Sync(); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}
