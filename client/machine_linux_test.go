package client

import (
	"os"
	"path/filepath"
	"testing"
)

func TestReadMachineID(t *testing.T) {
	for text, want := range map[string]string{
		"0123456789abcdef0123456789abcdef\n": "0123456789abcdef0123456789abcdef", "": "", "uninitialized\n": "", "0123": "",
		"0123456789ABCDEF0123456789abcdeg\n": "",
	} {
		name := filepath.Join(t.TempDir(), "machine-id")
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if got := readMachineID(name); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}

func TestInstallation(t *testing.T) {
	if machineID() == "" {
		if installation("https://a.example", "/x") != "" {
			t.Error("a machine without identity has a name")
		}
		return
	}
	one := installation("https://a.example", "/x")
	if len(one) != 64 || one != installation("https://a.example", "/x/../x") {
		t.Errorf("not stable: %q", one)
	}
	for _, other := range []string{installation("https://b.example", "/x"), installation("https://a.example", "/y")} {
		if other == one {
			t.Error("another server or directory has the same name")
		}
	}
}
