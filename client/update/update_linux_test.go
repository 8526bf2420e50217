package update

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"

	"deskhand"
)

// shop is a source with one release.
type shop struct {
	key     ed25519.PrivateKey
	release deskhand.Release
	program []byte
	asked   int
	fault   error // of the program's download
}

func (s *shop) Release(context.Context) ([]byte, error) { return s.release.Sign(s.key) }

func (s *shop) Program(_ context.Context, platform string) (io.ReadCloser, error) {
	s.asked++
	if platform != "linux-amd64" {
		return nil, errors.New("another platform")
	}
	if s.fault != nil {
		return io.NopCloser(io.MultiReader(bytes.NewReader(s.program[:len(s.program)/2]), iotest.ErrReader(s.fault))), nil
	}
	return io.NopCloser(bytes.NewReader(s.program)), nil
}

// keys are the same in every process of a test.
func keys() (ed25519.PublicKey, ed25519.PrivateKey) {
	private := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
	return private.Public().(ed25519.PublicKey), private
}

func offering(number uint64, program string) *shop {
	_, private := keys()
	hash := sha256.Sum256([]byte(program))
	return &shop{key: private, program: []byte(program), release: deskhand.Release{
		Number: number, Clients: []deskhand.ReleaseClient{{Platform: "linux-amd64", Size: int64(len(program)), SHA256: hex.EncodeToString(hash[:])}},
	}}
}

// placeIn is a place whose program is a text; what is tried is content.
func placeIn(dir string, own uint64) *Place {
	public, _ := keys()
	return &Place{
		Program: filepath.Join(dir, "RemoteSupport"), Platform: "linux-amd64", Own: own, Key: public,
		Try: func(context.Context, string, uint64) error { return nil },
	}
}

func newPlace(t *testing.T, own uint64) *Place {
	t.Helper()
	p := placeIn(t.TempDir(), own)
	write(t, p.Program, "old program")
	return p
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
}

func has(t *testing.T, name, want string) {
	t.Helper()
	text, err := os.ReadFile(name)
	if want == "" && errors.Is(err, os.ErrNotExist) {
		return
	}
	if err != nil || string(text) != want {
		t.Errorf("%s is %q, %v; want %q", filepath.Base(name), text, err, want)
	}
}

func begins(t *testing.T, p *Place, want Start) {
	t.Helper()
	if got, err := p.Begin(); err != nil || got != want {
		t.Errorf("Begin: %d, %v; want %d", got, err, want)
	}
}

func TestUpdate(t *testing.T) {
	p := newPlace(t, 5)
	if err := p.Usable(); err != nil {
		t.Fatal(err)
	}
	begins(t, p, Usual)
	if n, err := p.Update(t.Context(), offering(6, "new program")); n != 6 || err != nil {
		t.Fatal(n, err)
	}
	has(t, p.Program, "new program")
	has(t, p.previous(), "old program")
	has(t, p.newProgram(), "")
	info, err := os.Stat(p.Program)
	if err != nil || info.Mode().Perm() != 0o755 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	now := placeIn(filepath.Dir(p.Program), 6)
	begins(t, now, Trial)
	if err := now.Good(); err != nil {
		t.Fatal(err)
	}
	begins(t, now, Usual)
	has(t, p.Program, "new program")
	has(t, p.previous(), "old program")
	names, err := filepath.Glob(filepath.Join(filepath.Dir(p.Program), "*"))
	if err != nil || len(names) != 3 {
		t.Errorf("what is left: %q, %v", names, err)
	}
}

// A release that never said that it works is taken back at the next start, and not tried again; a later one is.
func TestTakenBack(t *testing.T) {
	p := newPlace(t, 5)
	if _, err := p.Update(t.Context(), offering(7, "sick program")); err != nil {
		t.Fatal(err)
	}
	sick := placeIn(filepath.Dir(p.Program), 7)
	begins(t, sick, Trial)
	begins(t, sick, TookBack)
	has(t, p.Program, "old program")
	begins(t, p, Usual)
	if p.Bad() != 7 {
		t.Errorf("bad is %d", p.Bad())
	}
	for _, number := range []uint64{6, 7} {
		if n, err := p.Update(t.Context(), offering(number, "sick program")); n != 0 || err != nil {
			t.Errorf("release %d: %d, %v", number, n, err)
		}
	}
	if n, err := p.Update(t.Context(), offering(8, "well program")); n != 8 || err != nil {
		t.Errorf("a later one: %d, %v", n, err)
	}
	has(t, p.previous(), "old program")
}

// Nothing that is not exactly the signed next release changes anything.
func TestRefused(t *testing.T) {
	thief := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{8}, ed25519.SeedSize))
	for name, tt := range map[string]struct {
		change  func(*shop, *Place)
		fails   bool
		fetches bool
	}{
		"the same release": {func(s *shop, _ *Place) { s.release.Number = 5 }, false, false},
		"an old release":   {func(s *shop, _ *Place) { s.release.Number = 4 }, false, false},
		"another's key":    {func(s *shop, _ *Place) { s.key = thief }, true, false},
		"another platform": {func(s *shop, _ *Place) { s.release.Clients[0].Platform = "macos-arm64" }, false, false},
		"wrong content":    {func(s *shop, _ *Place) { s.program = []byte("new prøgram") }, true, true},
		"same size":        {func(s *shop, _ *Place) { s.program = []byte("bad program") }, true, true},
		"truncated":        {func(s *shop, _ *Place) { s.program = s.program[:4] }, true, true},
		"empty":            {func(s *shop, _ *Place) { s.program = nil }, true, true},
		"too long":         {func(s *shop, _ *Place) { s.program = append(s.program, '!') }, true, true},
		"connection lost":  {func(s *shop, _ *Place) { s.fault = io.ErrUnexpectedEOF }, true, true},
		"does not run":     {func(_ *shop, p *Place) { p.Try = nil }, true, true},
		"another number": {func(_ *shop, p *Place) {
			p.Try = func(context.Context, string, uint64) error { return errors.New("it says another") }
		}, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			p, s := newPlace(t, 5), offering(6, "new program")
			tt.change(s, p)
			n, err := p.Update(t.Context(), s)
			if n != 0 || (err != nil) != tt.fails || (s.asked > 0) != tt.fetches {
				t.Errorf("%d, %v; the program was asked for %d times", n, err, s.asked)
			}
			has(t, p.Program, "old program")
			has(t, p.newProgram(), "")
			begins(t, p, Usual)
		})
	}
}

func TestNever(t *testing.T) {
	p := newPlace(t, 0)
	if err := p.Usable(); !errors.Is(err, ErrNever) {
		t.Errorf("without a number: %v", err)
	}
	p.Own, p.Key = 1, nil
	if err := p.Usable(); !errors.Is(err, ErrNever) {
		t.Errorf("without a key: %v", err)
	}
	p = placeIn(filepath.Join(t.TempDir(), "not there"), 1)
	if err := p.Usable(); !errors.Is(err, ErrNever) {
		t.Errorf("where it may not write: %v", err)
	}
}

// A state that cannot be read keeps nothing from starting.
func TestDamagedState(t *testing.T) {
	for _, text := range []string{"", "{", `{"trying":-1}`, strings.Repeat(" ", maxState+1), `{"trying":5,"started":true}`} {
		p := newPlace(t, 5)
		write(t, p.statePath(), text)
		if start, _ := p.Begin(); start != Usual {
			t.Errorf("%.20q: %d", text, start)
		}
		begins(t, p, Usual)
	}
}

// The environment of a process that is to be killed: the step, the directory, the release that it is.
const (
	killAt  = "UPDATE_TEST_KILL_AT"
	killIn  = "UPDATE_TEST_DIR"
	killing = "UPDATE_TEST_DOES"
)

// TestKilledProcess is what the processes of TestKilled run.
func TestKilledProcess(t *testing.T) {
	at := os.Getenv(killAt)
	if at == "" {
		return
	}
	own := uint64(5)
	if os.Getenv(killing) == "takes back" {
		own = 6
	}
	p := placeIn(os.Getenv(killIn), own)
	p.step = func(name string) {
		if name == at {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
	}
	if own == 6 {
		begins(t, p, TookBack)
		return
	}
	if _, err := p.Update(t.Context(), offering(6, "new program")); err != nil {
		t.Error(err)
	}
}

// killed runs a process of its own that is killed at a step.
func killed(t *testing.T, dir, does, at string) {
	t.Helper()
	c := exec.Command(os.Args[0], "-test.run=^TestKilledProcess$")
	c.Env = append(os.Environ(), killAt+"="+at, killIn+"="+dir, killing+"="+does)
	out, err := c.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Fatalf("%s: %v, %s", at, err, out)
	}
}

// Wherever an update is killed, there is a whole program, it knows which one it is, and the update succeeds afterwards.
func TestKilled(t *testing.T) {
	for _, at := range []string{stepWrite, stepCheck, stepTry, stepKeep, stepNote, stepSwap, stepDone} {
		t.Run(at, func(t *testing.T) {
			p := newPlace(t, 5)
			dir := filepath.Dir(p.Program)
			killed(t, dir, "updates", at)
			if at == stepDone {
				has(t, p.Program, "new program")
				begins(t, placeIn(dir, 6), Trial)
				return
			}
			has(t, p.Program, "old program")
			begins(t, p, Usual)
			if n, err := p.Update(t.Context(), offering(6, "new program")); n != 6 || err != nil {
				t.Fatal(n, err)
			}
			has(t, p.Program, "new program")
			has(t, p.previous(), "old program")
			begins(t, placeIn(dir, 6), Trial)
		})
	}
}

// Wherever taking back is killed, the next start finishes it.
func TestKilledTakingBack(t *testing.T) {
	for _, at := range []string{stepBack, stepForget} {
		t.Run(at, func(t *testing.T) {
			p := newPlace(t, 5)
			dir := filepath.Dir(p.Program)
			if _, err := p.Update(t.Context(), offering(6, "sick program")); err != nil {
				t.Fatal(err)
			}
			sick := placeIn(dir, 6)
			begins(t, sick, Trial)
			killed(t, dir, "takes back", at)
			if at == stepBack {
				has(t, p.Program, "sick program")
				begins(t, sick, TookBack)
			}
			has(t, p.Program, "old program")
			begins(t, p, Usual)
			if p.Bad() != 6 {
				t.Errorf("bad is %d", p.Bad())
			}
		})
	}
}

// build builds the test's program as a release.
func build(t *testing.T, to, number, sick string) {
	t.Helper()
	c := exec.Command("go", "build", "-ldflags", "-s -w -X main.release="+number+" -X main.sick="+sick, "-o", to, "./updatetest")
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

// Real programs update themselves; the one that does not work is taken back by its next start.
func TestRealPrograms(t *testing.T) {
	dir := t.TempDir()
	p := placeIn(dir, 1)
	p.Try = nil
	build(t, p.Program, "1", "")
	runs := func(want ...string) {
		t.Helper()
		out, err := exec.Command(p.Program, "run").CombinedOutput()
		if got := strings.Split(strings.TrimSpace(string(out)), "\n"); err != nil || !slices.Equal(got, want) {
			t.Fatalf("it says %q, %v; want %q", got, err, want)
		}
	}
	runs("release 1 runs")
	for _, next := range []struct {
		number uint64
		text   string
		sick   string
	}{{2, "2", ""}, {3, "3", "yes"}} {
		file := filepath.Join(t.TempDir(), "program")
		build(t, file, next.text, next.sick)
		program, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Update(t.Context(), offering(next.number+10, string(program))); err == nil {
			t.Error("a program that says another number takes the place")
		}
		if n, err := p.Update(t.Context(), offering(next.number, string(program))); n != next.number || err != nil {
			t.Fatal(n, err)
		}
		runs("release " + next.text + " runs")
		if next.sick == "" {
			runs("release " + next.text + " runs")
			p.Own = next.number
		}
	}
	runs("release 3 is taken back", "release 2 runs")
	runs("release 2 runs")
	if p.Bad() != 3 {
		t.Errorf("bad is %d", p.Bad())
	}
}
