package store

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/pressly/goose/v3"

	"deskhand"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the schema to this program's version. The caller holds the schema's lock.
func (s *Store) migrate(ctx context.Context, o Options) error {
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	if err := s.migrateFrom(ctx, dir, o); err != nil {
		return err
	}
	if err := s.prepareSearch(ctx); err != nil || !o.Server {
		return err
	}
	return s.fillLog(ctx)
}

func (s *Store) migrateFrom(ctx context.Context, dir fs.FS, o Options) error {
	dialect := goose.DialectSQLite3
	if s.postgres {
		dialect = goose.DialectPostgres
	}
	p, err := goose.NewProvider(dialect, s.writer, dir, goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return fmt.Errorf("reading the migrations: %w", err)
	}
	// p.Close would close the database, which is not its own.
	has, want, err := p.GetVersions(ctx)
	if err != nil {
		return s.openFault(err)
	}
	switch {
	case has == want:
		return nil
	case has > want:
		return &deskhand.Error{
			Code:  deskhand.CodeConflict,
			Fault: fmt.Sprintf("The data were written by a newer Deskhand (version %d of the data, this program knows %d).", has, want),
			Hint:  "Start that newer program, or restore the backup that it made before its update.",
		}
	case has == 0 && o.Existing:
		return nothingThere("this database")
	case has > 0 && !o.Server:
		return &deskhand.Error{
			Code:  deskhand.CodeConflict,
			Fault: fmt.Sprintf("The data are of an older version (%d, this program needs %d).", has, want),
			Hint:  "Start the server of this version once; it backs them up and updates them.",
		}
	}
	if has > 0 && !s.postgres {
		file := filepath.Join(s.data, fmt.Sprintf("backup-version%d-%s.db", has, s.now().Format("20060102T150405Z")))
		if err := s.Backup(ctx, file); err != nil {
			return fmt.Errorf("backing up before the update: %w", err)
		}
		s.log.InfoContext(ctx, "backed up before the update", "file", file)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("updating the data from version %d to %d: %w", has, want, err)
	}
	if has > 0 {
		s.log.InfoContext(ctx, "updated the data", "from", has, "to", want)
	}
	return nil
}

// openFault explains the first query's error.
func (s *Store) openFault(err error) error {
	if s.postgres {
		return fmt.Errorf("reading the version of the data: %w", err)
	}
	return dataFault(s.data, err)
}
