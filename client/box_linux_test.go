package client

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"deskhand/client/update"
	"deskhand/server/release"
	"deskhand/server/servertest"
)

// signed is a release 6 that a server offers, and who signed it.
func signed(t *testing.T, s *servertest.Server) (key ed25519.PublicKey, file []byte) {
	t.Helper()
	key = shelve(t, s, 6)
	shelf, err := release.FindShelf(s.Clients())
	if err != nil {
		t.Fatal(err)
	}
	if file, _, err = shelf.Signed(); err != nil {
		t.Fatal(err)
	}
	return key, file
}

// The parent puts in the program's place only what is signed, whatever the worker put into the box.
func TestBox(t *testing.T) {
	s := servertest.New(t)
	key, file := signed(t, s)
	program := filepath.Join(t.TempDir(), "RemoteSupport")
	if err := os.WriteFile(program, []byte("the program"), 0o755); err != nil {
		t.Fatal(err)
	}
	place := &update.Place{Program: program, Platform: "linux-amd64", Own: 5, Key: key}
	k := &keep{updates: &Updates{Program: place, Trial: true}, log: slog.New(slog.DiscardHandler)}
	whole := append(append(bytes.Clone(file), 0), "the next program"...)
	for name, content := range map[string][]byte{
		"empty": nil, "no zero": file, "only zeros": make([]byte, 100_000), "no program": append(bytes.Clone(file), 0), "cut off": whole[:len(whole)-1],
		"more": append(bytes.Clone(whole), '!'), "another program": append(append(bytes.Clone(file), 0), "the NEXT program"...), "another release": append([]byte("A"), whole[1:]...),
	} {
		if n, err := k.Offer(bytes.NewReader(content)); n != 0 || err == nil || k.placed {
			t.Errorf("%s: %d, %v", name, n, err)
		}
	}
	// What is signed is tried before it takes the place, and this one is no program.
	if n, err := k.Offer(bytes.NewReader(whole)); n != 0 || err == nil {
		t.Errorf("what does not run: %d, %v", n, err)
	}
	if text, err := os.ReadFile(program); err != nil || string(text) != "the program" {
		t.Errorf("the program is %q, %v", text, err)
	}
	from := box{bytes.NewReader(whole)}
	if got, err := from.Release(t.Context()); err != nil || !bytes.Equal(got, file) {
		t.Errorf("the release is %q, %v", got, err)
	}
	body, err := from.Program(t.Context(), "linux-amd64")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(body); err != nil || string(got) != "the next program" {
		t.Errorf("the program is %q, %v", got, err)
	}
	if !k.trial() || k.Good() != nil || k.trial() {
		t.Error("a trial does not end with Good")
	}
	if _, err := (&keep{}).Offer(bytes.NewReader(whole)); err == nil {
		t.Error("a program that never updates itself takes a release")
	}
}

// fickle is a box whose worker changes what stands in it: each byte is so many times read as it was, and then as something else.
type fickle struct {
	was, is []byte
	times   int
	read    []int
}

func (f *fickle) ReadAt(b []byte, at int64) (int, error) {
	if at >= int64(len(f.was)) {
		return 0, io.EOF
	}
	n := min(len(b), len(f.was)-int(at))
	for i := range n {
		b[i] = f.was[int(at)+i]
		if f.read[int(at)+i] >= f.times {
			b[i] = f.is[int(at)+i]
		}
		f.read[int(at)+i]++
	}
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

// A worker cannot change the program between the check and its use, whenever it tries: what is checked is the parent's own copy.
func TestFickleBox(t *testing.T) {
	s := servertest.New(t)
	key, file := signed(t, s)
	good := append(append(bytes.Clone(file), 0), "the next program"...)
	rogue := append(append(bytes.Clone(file), 0), "the evil program"...)
	placed := 0
	for times := range 8 {
		for _, f := range []*fickle{{was: good, is: rogue}, {was: rogue, is: good}} {
			f.times, f.read = times, make([]int, len(good))
			program := filepath.Join(t.TempDir(), "RemoteSupport")
			if err := os.WriteFile(program, []byte("the program"), 0o755); err != nil {
				t.Fatal(err)
			}
			place := &update.Place{Program: program, Platform: "linux-amd64", Own: 5, Key: key, Try: func(_ context.Context, next string, _ uint64) error {
				if text, err := os.ReadFile(next); err != nil || string(text) != "the next program" {
					t.Errorf("%q would run, %v", text, err)
				}
				return nil
			}}
			k := &keep{updates: &Updates{Program: place, Trial: true}, log: slog.New(slog.DiscardHandler)}
			want := "the program"
			if n, err := k.Offer(f); n == 6 && err == nil {
				want = "the next program"
				placed++
			}
			if text, err := os.ReadFile(program); err != nil || string(text) != want {
				t.Errorf("after %d times: the program is %q, %v; want %q", times, text, err, want)
			}
		}
	}
	if placed == 0 || placed == 16 {
		t.Errorf("%d of 16 were placed", placed)
	}
}
