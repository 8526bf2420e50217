package storetest

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // registers "pgx"

	"deskhand/server/store"
)

// The test process's cluster, started by the first test that needs it.
var (
	startCluster = sync.OnceValues(newCluster)
	clusterUsed  atomic.Bool
	databases    atomic.Int64
)

// cluster is a PostgreSQL server that listens on a socket in its own directory only.
type cluster struct {
	dir  string
	stop func() error
}

func (c *cluster) url(database string) string {
	return "postgres:///" + database + "?host=" + c.dir + "&user=postgres"
}

// Database makes a fresh, migrated PostgreSQL database and returns its address.
func Database(t testing.TB) string {
	t.Helper()
	return newDatabase(t, "migrated")
}

// EmptyDatabase makes a PostgreSQL database without tables and returns its address.
func EmptyDatabase(t testing.TB) string {
	t.Helper()
	return newDatabase(t, "template0")
}

func newDatabase(t testing.TB, template string) string {
	t.Helper()
	clusterUsed.Store(true)
	c, err := startCluster()
	if err != nil {
		t.Fatalf("starting PostgreSQL: %v", err)
	}
	name := fmt.Sprintf("test%d", databases.Add(1))
	if err := c.create(t.Context(), name, template); err != nil {
		t.Fatal(err)
	}
	return c.url(name)
}

func stopCluster() error {
	if !clusterUsed.Load() {
		return nil
	}
	c, err := startCluster()
	if err != nil {
		return nil // the tests have failed of it
	}
	return c.stop()
}

func newCluster() (*cluster, error) {
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "pg") // short: a socket's path has at most 107 bytes
	if err != nil {
		return nil, err
	}
	attr, err := unprivileged(dir)
	if err != nil {
		return nil, err
	}
	data := filepath.Join(dir, "data")
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions")
	initdb.Dir, initdb.SysProcAttr = dir, attr
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, errors.Join(fmt.Errorf("initdb: %w: %s", err, out), os.RemoveAll(dir))
	}
	c := &cluster{dir: dir}
	if err := c.start(filepath.Join(bin, "postgres"), data, attr); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if err := c.prepare(); err != nil {
		return nil, errors.Join(err, c.stop())
	}
	return c, nil
}

// start runs the server. Were this process killed, the server would end too; that hangs on the thread that started it, so the thread
// stays.
func (c *cluster) start(program, data string, attr *syscall.SysProcAttr) error {
	var output bytes.Buffer
	server := exec.Command(program, "-D", data, "-k", c.dir, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "synchronous_commit=off",
		"-c", "full_page_writes=off", "-c", "max_connections=300")
	endWithUs(attr)
	server.Dir, server.SysProcAttr, server.Stdout, server.Stderr = c.dir, attr, &output, &output
	started, ended := make(chan error), make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := server.Start()
		started <- err
		if err == nil {
			ended <- server.Wait()
		}
	}()
	if err := <-started; err != nil {
		return err
	}
	c.stop = func() error {
		err := server.Process.Signal(syscall.SIGQUIT) // at once: nothing of it is kept
		<-ended
		return errors.Join(err, os.RemoveAll(c.dir))
	}
	admin, err := sql.Open("pgx", c.url("postgres"))
	if err != nil {
		return err
	}
	defer admin.Close()
	deadline := time.Now().Add(30 * time.Second)
	for admin.Ping() != nil {
		select {
		case err := <-ended:
			return fmt.Errorf("postgres ended: %v: %s", err, output.String())
		case <-time.After(10 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			return errors.Join(errors.New("postgres does not answer"), c.stop())
		}
	}
	return nil
}

// prepare makes the migrated database that tests copy.
func (c *cluster) prepare() error {
	ctx := context.Background() // the cluster outlives the test that happens to start it
	if err := c.create(ctx, "migrated", "template0"); err != nil {
		return err
	}
	s, err := store.Open(ctx, store.Options{Database: c.url("migrated"), Server: true})
	if err != nil {
		return err
	}
	return s.Close()
}

func (c *cluster) create(ctx context.Context, name, template string) error {
	admin, err := sql.Open("pgx", c.url("postgres"))
	if err != nil {
		return err
	}
	defer admin.Close()
	_, err = admin.ExecContext(ctx, "CREATE DATABASE "+name+" TEMPLATE "+template+" STRATEGY FILE_COPY")
	return err
}

// programs finds the newest PostgreSQL of the system.
func programs() (string, error) {
	dirs, err := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if err != nil {
		return "", err
	}
	if len(dirs) == 0 {
		path, err := exec.LookPath("postgres")
		if err != nil {
			return "", errors.New("PostgreSQL is not installed; on Debian: apt-get install postgresql")
		}
		return filepath.Dir(path), nil
	}
	version := func(p string) int {
		n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(p))))
		return n
	}
	return filepath.Dir(slices.MaxFunc(dirs, func(a, b string) int { return version(a) - version(b) })), nil
}
