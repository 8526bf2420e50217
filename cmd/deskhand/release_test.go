package main

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"deskhand"
)

// Whoever builds the clients makes a key that no server has, and signs with it what unattended computers take.
func TestReleaseVerbs(t *testing.T) {
	dir := t.TempDir()
	data, clients := filepath.Join(dir, "data"), filepath.Join(dir, "clients")
	key, public := filepath.Join(dir, "release.key"), filepath.Join(dir, "release.pub")
	is := func(want int, words string, args ...string) {
		t.Helper()
		if code, out, fault := command(t, "", append(args, "--data="+data)...); code != want || !strings.Contains(out+fault, words) {
			t.Fatalf("%q: code %d, %q, %q; want %d, %q", args, code, out, fault, want, words)
		}
	}
	is(1, "The key would stand in the server's data directory.", "release", "keygen", "--key="+filepath.Join(data, "release.key"))
	is(0, "public key: ", "release", "keygen", "--key="+key, "--public="+public)
	is(1, "a key is not replaced", "release", "keygen", "--key="+key)
	if info, err := os.Stat(key); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key's file: %v, %v", info.Mode(), err)
	}
	if err := os.MkdirAll(filepath.Join(clients, "linux-amd64"), 0o755); err != nil {
		t.Fatal(err)
	}
	sign := func(number string) []string {
		return []string{"release", "sign", "--key=" + key, "--number=" + number, "--name=v1", "--clients=" + clients}
	}
	is(1, "There are no clients in", sign("5")...)
	if err := os.WriteFile(filepath.Join(clients, "linux-amd64", "RemoteSupport"), []byte("a program"), 0o755); err != nil {
		t.Fatal(err)
	}
	is(0, "Signed release 5 for 1 systems.", sign("5")...)
	is(0, "Signed release 5 for 1 systems.", sign("5")...)
	is(1, "Release 5 is signed there already.", sign("4")...)
	is(0, "Signed release 6 for 1 systems.", sign("6")...)
	is(1, "holds no key", "release", "sign", "--key="+public, "--number=7", "--clients="+clients)

	text, err := os.ReadFile(public)
	if err != nil {
		t.Fatal(err)
	}
	known, err := base64.RawURLEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(filepath.Join(clients, "release.signed"))
	if err != nil {
		t.Fatal(err)
	}
	if r, err := deskhand.OpenRelease(file, known); err != nil || r.Number != 6 || r.Version != "v1" {
		t.Errorf("%+v, %v", r, err)
	}
}
