package update

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"deskhand"
)

const runsVariable = "DESKHAND_TEST_RUNS"

// A copy of the test that runs until its input ends.
func TestMain(m *testing.M) {
	if os.Getenv(runsVariable) != "" {
		os.Stdout.WriteString("runs")
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}
	os.Exit(m.Run())
}

type shop struct{ release, program []byte }

func (s shop) Release(context.Context) ([]byte, error) { return s.release, nil }

func (s shop) Program(context.Context, string) (io.ReadCloser, error) {
	return io.NopCloser(bytes.NewReader(s.program)), nil
}

// start runs the program where it stands; the function ends it.
func start(t *testing.T, program string) func() {
	t.Helper()
	cmd := exec.Command(program)
	cmd.Env = append(os.Environ(), runsVariable+"=1")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(out, make([]byte, 4)); err != nil {
		t.Fatal(err)
	}
	return func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	}
}

// A program that runs is replaced, and what replaced it is taken back while it runs.
func TestRunningProgramIsReplaced(t *testing.T) {
	own, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(own)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	place := func(number uint64) *Place {
		return &Place{Program: filepath.Join(dir, "RemoteSupport.exe"), Platform: "windows-amd64", Own: number, Key: public, Try: func(context.Context, string, uint64) error { return nil }}
	}
	p := place(5)
	if err := os.WriteFile(p.Program, text, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := p.Usable(); err != nil {
		t.Fatal(err)
	}
	end := start(t, p.Program)

	next := append(bytes.Clone(text), "new"...)
	hash := sha256.Sum256(next)
	signed, err := deskhand.Release{Number: 6, Clients: []deskhand.ReleaseClient{{Platform: "windows-amd64", Size: int64(len(next)), SHA256: hex.EncodeToString(hash[:])}}}.Sign(private)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := p.Update(t.Context(), shop{signed, next}); n != 6 || err != nil {
		t.Fatal(n, err)
	}
	is := func(file string, want []byte) {
		t.Helper()
		if got, err := os.ReadFile(file); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s has %d bytes, want %d: %v", filepath.Base(file), len(got), len(want), err)
		}
	}
	is(p.Program, next)
	is(p.previous(), text)
	end()

	now := place(6)
	end = start(t, now.Program)
	defer end()
	for _, want := range []Start{Trial, TookBack} {
		if got, err := now.Begin(); got != want || err != nil {
			t.Fatalf("Begin: %d, %v; want %d", got, err, want)
		}
	}
	is(p.Program, text)
	if _, err := os.Stat(p.newProgram()); err == nil {
		t.Error("the new program is still there")
	}
	if p.Bad() != 6 {
		t.Errorf("bad is %d", p.Bad())
	}
}
