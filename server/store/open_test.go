package store_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"deskhand"
	"deskhand/server/store"
	"deskhand/server/store/storetest"
)

// says fails unless err is a fault with these words and a hint.
func says(t testing.TB, err error, words string) {
	t.Helper()
	var e *deskhand.Error
	if !errors.As(err, &e) || !strings.Contains(e.Fault, words) || e.Hint == "" {
		t.Fatalf("error %v, want a fault with %q and a hint", err, words)
	}
}

func TestOneServerADirectory(t *testing.T) {
	s := storetest.SQLite(t)
	second := s.Options
	second.LockWait = time.Millisecond
	_, err := store.Open(t.Context(), second)
	says(t, err, "Another server uses the data directory")

	// An admin verb works beside the server.
	verb := s.Options
	verb.Server = false
	v, err := store.Open(t.Context(), verb)
	want(t, err, "")
	_, err = v.CreateAgent(t.Context(), deskhand.Server, deskhand.Agent{UserName: "rodney"}, "h")
	want(t, err, "")
	if _, err := s.AgentByUserName(t.Context(), "rodney"); err != nil {
		t.Fatal(err)
	}
	_, err = store.Restore(t.Context(), s.Options.Data, "backup")
	says(t, err, "in use")
	want(t, v.Close(), "")
	want(t, s.Close(), "")
	s2, err := store.Open(t.Context(), second)
	want(t, err, "")
	want(t, s2.Close(), "")
}

// A server that is restarted waits for the one before to end.
func TestServerWaitsForTheOneBefore(t *testing.T) {
	s := storetest.SQLite(t)
	next := s.Options
	next.LockWait = 30 * time.Second
	opened := make(chan error, 1)
	go func() {
		s2, err := store.Open(t.Context(), next)
		if err == nil {
			err = s2.Close()
		}
		opened <- err
	}()
	select {
	case err := <-opened:
		t.Fatal("two servers", err)
	case <-time.After(50 * time.Millisecond):
	}
	want(t, s.Close(), "")
	want(t, <-opened, "")
}

// Many open a fresh database at once: a server, and verbs.
func TestOpenFreshAtOnce(t *testing.T) {
	for name, o := range map[string]store.Options{
		"sqlite": {Data: filepath.Join(t.TempDir(), "not", "yet")}, "postgres": {Database: storetest.EmptyDatabase(t)},
	} {
		t.Run(name, func(t *testing.T) {
			var wg sync.WaitGroup
			keys := make(chan string, 6)
			for n := range 6 {
				o := o
				o.Server = n == 0
				wg.Go(func() {
					s, err := store.Open(t.Context(), o)
					if err != nil {
						t.Error(err)
						return
					}
					defer s.Close()
					key, err := s.GrantKey(t.Context())
					if err != nil {
						t.Error(err)
					}
					keys <- string(key)
				})
			}
			wg.Wait()
			close(keys)
			first := <-keys
			for k := range keys {
				if k != first {
					t.Fatal("two keys")
				}
			}
			if o.Database == "" {
				private(t, filepath.Dir(o.Data))
			}
		})
	}
}

// private fails when anybody but the owner can read what is in a directory.
func private(t testing.TB, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		i, err := d.Info()
		if err == nil && path != dir && i.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has the mode %v", path, i.Mode())
		}
		return err
	})
	want(t, err, "")
}

func TestDurability(t *testing.T) {
	s := storetest.SQLite(t)
	for pragma, value := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1"} {
		if got := s.Pragma(t, pragma); got != value {
			t.Errorf("%s is %s, want %s", pragma, got, value)
		}
	}
}

// newer is this program's schema with one more migration.
func newer(t testing.TB) fs.FS {
	t.Helper()
	all := fstest.MapFS{"00099_later.sql": {Data: []byte("-- +goose Up\nCREATE TABLE later (id TEXT PRIMARY KEY);\n")}}
	files, err := filepath.Glob("migrations/*.sql")
	want(t, err, "")
	for _, f := range files {
		b, err := os.ReadFile(f)
		want(t, err, "")
		all[filepath.Base(f)] = &fstest.MapFile{Data: b}
	}
	return all
}

func TestMigrate(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx := t.Context()
		s.Agent(t, "rodney", deskhand.RoleAgent)
		says(t, s.MigrateFrom(ctx, newer(t), store.Options{}), "older version")
		want(t, s.MigrateFrom(ctx, newer(t), store.Options{Server: true}), "")
		s.Exec(t, "INSERT INTO later VALUES ('x')")
		want(t, s.Close(), "")

		o := s.Options
		_, err := store.Open(ctx, o)
		says(t, err, "newer Deskhand")
		o.Server = false
		_, err = store.Open(ctx, o)
		says(t, err, "newer Deskhand")
		if o.Database != "" {
			return
		}
		// The way back: the backup that was made before.
		backups, err := filepath.Glob(filepath.Join(o.Data, "backup-version*-*.db"))
		if err != nil || len(backups) != 1 {
			t.Fatal(backups, err)
		}
		kept, err := store.Restore(ctx, o.Data, backups[0])
		want(t, err, "")
		if _, err := os.Stat(kept); err != nil {
			t.Fatal(err)
		}
		old, err := store.Open(ctx, o)
		want(t, err, "")
		defer old.Close()
		if _, err := old.AgentByUserName(ctx, "rodney"); err != nil {
			t.Fatal(err)
		}
		private(t, o.Data)
	})
}

func TestBackupAndRestore(t *testing.T) {
	s := storetest.SQLite(t)
	ctx, a := t.Context(), s.Agent(t, "rodney", deskhand.RoleAgent)
	dir := t.TempDir()
	file := filepath.Join(dir, "it's a backup?.db")
	want(t, s.Backup(ctx, file), "")
	says(t, s.Backup(ctx, file), "exists already")
	if err := s.Backup(ctx, filepath.Join(dir, "no", "directory")); err == nil {
		t.Fatal("backed up to nowhere")
	}
	private(t, dir)
	later := s.Agent(t, "later", deskhand.RoleAgent)
	want(t, s.Close(), "")

	open := func(data string) *store.Store {
		t.Helper()
		s, err := store.Open(ctx, store.Options{Data: data})
		want(t, err, "")
		return s
	}
	for _, data := range []string{s.Options.Data, filepath.Join(dir, "elsewhere")} {
		kept, err := store.Restore(ctx, data, file)
		want(t, err, "")
		r := open(data)
		got, err := r.AgentByID(ctx, a.ID)
		if err != nil || got != a {
			t.Fatalf("restored %+v, %v", got, err)
		}
		_, err = r.AgentByID(ctx, later.ID)
		want(t, err, deskhand.CodeNotFound)
		want(t, r.Close(), "")
		if (kept == "") != (data != s.Options.Data) {
			t.Fatalf("kept %q of %s", kept, data)
		}
		if kept == "" {
			continue
		}
		// What was there before comes back by restoring it.
		_, err = store.Restore(ctx, data, kept)
		want(t, err, "")
		r = open(data)
		if _, err = r.AgentByID(ctx, later.ID); err != nil {
			t.Fatal(err)
		}
		want(t, r.Close(), "")
	}

	// What is no backup changes nothing.
	good, err := os.ReadFile(file)
	want(t, err, "")
	for name, content := range map[string][]byte{"empty": nil, "text": []byte("hello"), "cut": good[:len(good)/2], "damaged": damage(good)} {
		bad := filepath.Join(dir, name)
		want(t, os.WriteFile(bad, content, 0o600), "")
		_, err := store.Restore(ctx, s.Options.Data, bad)
		says(t, err, "is not a backup")
	}
	_, err = store.Restore(ctx, s.Options.Data, filepath.Join(dir, "missing"))
	says(t, err, "cannot be read")
	r := open(s.Options.Data)
	defer r.Close()
	if _, err = r.AgentByID(ctx, later.ID); err != nil {
		t.Fatal(err)
	}
}

// damage overwrites pages in the middle.
func damage(b []byte) []byte {
	b = append([]byte(nil), b...)
	for i := 4096; i < len(b); i += 2 {
		b[i] ^= 0x55
	}
	return b
}

func TestPostgresBackupIsRefused(t *testing.T) {
	says(t, storetest.Postgres(t).Backup(t.Context(), filepath.Join(t.TempDir(), "x")), "PostgreSQL")
}

func TestOpenFaults(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	want(t, os.WriteFile(file, nil, 0o600), "")
	_, err := store.Open(t.Context(), store.Options{Data: filepath.Join(file, "dir")})
	says(t, err, "cannot be used")

	dir := t.TempDir()
	want(t, os.WriteFile(filepath.Join(dir, "deskhand.db"), []byte(strings.Repeat("no database", 1000)), 0o600), "")
	_, err = store.Open(t.Context(), store.Options{Data: dir})
	says(t, err, "damaged")

	_, err = store.Open(t.Context(), store.Options{Database: "postgres://user:secretpassword@/x?host=" + dir})
	says(t, err, "cannot be reached")
	if strings.Contains(err.Error(), "secretpassword") {
		t.Error("the password is in the error")
	}
	_, err = store.Open(t.Context(), store.Options{Database: "mysql://user:secretpassword@x:y"})
	says(t, err, "not understood")
	if strings.Contains(err.Error(), "secretpassword") {
		t.Errorf("the password is in the error: %v", err)
	}
}

// A verb that is given a wrong place sets nothing up there.
func TestOpenExisting(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "mistyped")
	for _, o := range []store.Options{{Data: dir, Existing: true}, {Database: storetest.EmptyDatabase(t), Existing: true}} {
		_, err := store.Open(t.Context(), o)
		want(t, err, deskhand.CodeNotFound)
		says(t, err, "no data of Deskhand")
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the directory was made: %v", err)
	}
}
