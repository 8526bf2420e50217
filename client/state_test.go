package client

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

func TestEnrolmentIsKept(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "state")
	if _, err := LoadEnrolment(dir); !errors.Is(err, ErrNotEnrolled) {
		t.Fatalf("an empty place gave %v, want ErrNotEnrolled", err)
	}
	want := &Enrolment{Server: "https://support.example.com", ComputerID: "c1", Name: "RECEPTION", PrivateKey: newSeed(), GrantKey: make([]byte, 32)}
	if err := SaveEnrolment(dir, want); err != nil {
		t.Fatal(err)
	}
	got, err := LoadEnrolment(dir)
	if err != nil {
		t.Fatal(err)
	}
	if got.Server != want.Server || got.ComputerID != want.ComputerID || !bytes.Equal(got.Key(), want.Key()) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	st, err := os.Stat(filepath.Join(dir, enrolmentFile))
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && st.Mode().Perm() != 0o600 { // there its access list says so
		t.Errorf("the private key's file has mode %v, want 0600", st.Mode().Perm())
	}
}

func TestEnrolmentDamaged(t *testing.T) {
	for name, content := range map[string]string{
		"no JSON":   "{",
		"short key": `{"server":"https://x","computerId":"c","privateKey":"AAAA"}`,
		"too large": string(make([]byte, maxEnrolment+1)),
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, enrolmentFile), []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := LoadEnrolment(dir); err == nil || errors.Is(err, ErrNotEnrolled) {
				t.Errorf("got %v, want an error that says it is damaged", err)
			}
		})
	}
}

func TestSystemLanguage(t *testing.T) {
	for _, c := range []struct {
		env  map[string]string
		want string
	}{
		{map[string]string{"LANG": "de_DE.UTF-8"}, "de-DE"},
		{map[string]string{"LANG": "C", "LC_ALL": "C.UTF-8"}, "en"},
		{map[string]string{"LANG": "fr_FR@euro", "LC_MESSAGES": "pt_BR.UTF-8"}, "pt-BR"},
		{map[string]string{"LANGUAGE": "es:en", "LANG": "it_IT"}, "es"},
		{nil, "en"},
	} {
		if got := systemLanguage(func(k string) string { return c.env[k] }); got != c.want {
			t.Errorf("%v: got %s, want %s", c.env, got, c.want)
		}
	}
}
