package client

import (
	"context"
	"crypto/ed25519"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"deskhand"
	"deskhand/client/update"
	"deskhand/server/release"
	"deskhand/server/servertest"
	"deskhand/wire"
)

// installed is a program in memory, which any release of a key replaces.
type installed struct {
	key  ed25519.PublicKey
	got  chan string // what came in the program's place
	good atomic.Int32
	gate chan struct{} // nil, or closed when a release may come
}

func (p *installed) Number() uint64 { return 5 }
func (p *installed) Bad() uint64    { return 0 }
func (p *installed) Good() error    { p.good.Add(1); return nil }

func (p *installed) Update(ctx context.Context, from update.Source) (uint64, error) {
	if p.gate != nil {
		select {
		case <-p.gate:
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
	file, err := from.Release(ctx)
	if err != nil {
		return 0, err
	}
	r, err := deskhand.OpenRelease(file, p.key)
	if err != nil {
		return 0, err
	}
	body, err := from.Program(ctx, "linux-amd64")
	if err != nil {
		return 0, err
	}
	defer body.Close()
	text, err := io.ReadAll(body)
	p.got <- string(text)
	return r.Number, err
}

// shelve signs a release of one program on the server's shelf.
func shelve(t *testing.T, s *servertest.Server, number uint64) ed25519.PublicKey {
	t.Helper()
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(s.Clients(), "linux-amd64")
	if err := errors.Join(os.MkdirAll(dir, 0o755), os.WriteFile(filepath.Join(dir, "RemoteSupport"), []byte("the next program"), 0o755)); err != nil {
		t.Fatal(err)
	}
	shelf, err := release.FindShelf(s.Clients())
	if err != nil {
		t.Fatal(err)
	}
	r, err := shelf.Describe(number, "test")
	if err != nil {
		t.Fatal(err)
	}
	file, err := r.Sign(private)
	if err != nil {
		t.Fatal(err)
	}
	if err := shelf.Keep(file); err != nil {
		t.Fatal(err)
	}
	return public
}

func startUpdating(t *testing.T, s *servertest.Server, u *Updates) (*program, string) {
	t.Helper()
	dir := t.TempDir()
	e, err := Enrol(t.Context(), EnrolRequest{Server: s.URL, UserName: s.Admin.UserName, Password: s.Admin.Password, StateDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	d := newDesktop(t)
	return run(t, d, func(ctx context.Context) error {
		return Unattended(ctx, UnattendedConfig{StateDir: dir, Version: "test", Log: slog.New(slog.DiscardHandler), Updates: u, system: d.system()})
	}), "/api/computers/" + e.ComputerID
}

// A computer hears of a newer release when it connects, and is to be started anew once it stands in the program's place.
func TestUpdateFromTheServer(t *testing.T) {
	s := servertest.New(t)
	p := &installed{key: shelve(t, s, 6), got: make(chan string, 1)}
	c, _ := startUpdating(t, s, &Updates{Program: p, Spread: time.Millisecond})
	if err := c.ended(); !errors.Is(err, ErrRestart) {
		t.Fatal(err)
	}
	if got := <-p.got; got != "the next program" {
		t.Errorf("the program is %q", got)
	}
}

// Nobody is cut off by an update: the program is started anew when the last one has gone.
func TestUpdateWaitsForViewers(t *testing.T) {
	s := servertest.New(t)
	rodney := s.Login(s.Admin)
	p := &installed{key: shelve(t, s, 6), got: make(chan string, 1), gate: make(chan struct{})}
	c, path := startUpdating(t, s, &Updates{Program: p, Spread: time.Millisecond, idle: time.Millisecond})
	online(t, rodney)
	v := connect(t, s, rodney, path)
	v.allowed(wire.Level_LEVEL_CONTROL)
	close(p.gate)
	<-p.got
	select {
	case err := <-c.done:
		t.Fatalf("it ended with %v while somebody watched", err)
	default:
	}
	v.say(&wire.Control{Message: &wire.Control_Bye{Bye: &wire.Bye{}}})
	if err := c.ended(); !errors.Is(err, ErrRestart) {
		t.Fatal(err)
	}
}

// The first start of a release says that it works once the server has accepted it; one that is not accepted in time is to be taken back.
func TestTrial(t *testing.T) {
	s := servertest.New(t)
	p := &installed{}
	c, _ := startUpdating(t, s, &Updates{Program: p, Trial: true})
	servertest.Eventually(t, "the release says that it works", func() bool { return p.good.Load() == 1 })
	c.stop()
	if err := c.ended(); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	late := &installed{}
	c, _ = startUpdating(t, s, &Updates{Program: late, Trial: true, within: time.Nanosecond})
	if err := c.ended(); !errors.Is(err, ErrRestart) || late.good.Load() != 0 {
		t.Errorf("not accepted in time: %v, said to work %d times", err, late.good.Load())
	}
}
