package client

import (
	"bytes"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"deskhand/client/update"
	"deskhand/server/release"
	"deskhand/server/servertest"
)

// The parent puts in the program's place only what is signed, whatever the worker put into the box.
func TestBox(t *testing.T) {
	s := servertest.New(t)
	key := shelve(t, s, 6)
	shelf, err := release.FindShelf(s.Clients())
	if err != nil {
		t.Fatal(err)
	}
	file, _, err := shelf.Signed()
	if err != nil {
		t.Fatal(err)
	}
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
