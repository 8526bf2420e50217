package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"deskhand/authenticode"
	"deskhand/authenticode/authenticodetest"
)

// What is bound and then signed belongs to its server, and to no other one any more.
func TestReleaseBind(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "RemoteSupport.exe")
	put := func(b []byte) {
		t.Helper()
		if err := os.WriteFile(file, b, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	is := func(want int, words string, args ...string) {
		t.Helper()
		args = append([]string{"release", "bind"}, append(args, file, "--data="+dir)...)
		if code, out, fault := command(t, "", args...); code != want || !strings.Contains(out+fault, words) {
			t.Fatalf("%q: code %d, %q, %q; want %d, %q", args, code, out, fault, want, words)
		}
	}
	put([]byte("no program"))
	is(1, "is no program for Windows", "--server=https://help.example.com")
	put(authenticodetest.Program(t))
	is(1, "is no address of a server", "--server=http://help.example.com")
	is(1, "24 hex digits", "--server=https://help.example.com", "--fingerprint=xyz")
	is(0, "Sign it now", "--server=https://old.example.com")
	is(0, "belongs to https://help.example.com:8443", "--server=https://help.example.com:8443/", "--fingerprint=0123456789abcdef01234567")

	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	maker := authenticodetest.NewMaker(t)
	put(maker.Sign(t, b))
	is(1, "is signed already", "--server=https://other.example.com")
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	p, err := authenticode.Read(f, info.Size())
	if err != nil {
		t.Fatal(err)
	}
	if home, ok, err := p.Home(); !ok || err != nil || home.Server != "https://help.example.com:8443" || home.Fingerprint != "0123456789abcdef01234567" {
		t.Errorf("home %+v, %t, %v", home, ok, err)
	}
	if info.Mode().Perm() != 0o755 {
		t.Errorf("mode %v", info.Mode())
	}
}
