package main

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"deskhand/internal/systemd"
	"deskhand/server/httpapi"
	clients "deskhand/server/release"
	"deskhand/server/servertest"
)

// buildRelease makes the program as a release that looks for others at once.
func buildRelease(t *testing.T, to, number string, key ed25519.PublicKey) {
	t.Helper()
	flags := "-X main.version=v" + number + " -X main.release=" + number + " -X main.releaseKey=" + base64.RawURLEncoding.EncodeToString(key) + " -X main.updateSpread=1ms"
	c := exec.Command("go", "build", "-ldflags", flags, "-o", to, ".")
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("building the program: %v: %s", err, out)
	}
}

// offeringNext is a server that offers release 2, and the program of release 1 in a directory that everybody may read.
func offeringNext(t *testing.T) (s *servertest.Server, program string) {
	t.Helper()
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	s = servertest.New(t)
	shelf := filepath.Join(s.Clients(), "linux-amd64")
	dir, err := os.MkdirTemp("/var/tmp", "remotesupport") // which a systemd of the test's own has, too
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := errors.Join(os.Chmod(dir, 0o755), os.MkdirAll(shelf, 0o755)); err != nil {
		t.Fatal(err)
	}
	program = filepath.Join(dir, "RemoteSupport")
	buildRelease(t, program, "1", public)
	buildRelease(t, filepath.Join(shelf, "RemoteSupport"), "2", public)
	sh, err := clients.FindShelf(s.Clients())
	if err != nil {
		t.Fatal(err)
	}
	r, err := sh.Describe(2, "v2")
	if err != nil {
		t.Fatal(err)
	}
	signed, err := r.Sign(private)
	if err == nil {
		err = sh.Keep(signed)
	}
	if err != nil {
		t.Fatal(err)
	}
	return s, program
}

// awaitNext waits until the computer is release 2 and has said that it works.
func awaitNext(t *testing.T, s *servertest.Server, program string) {
	t.Helper()
	admin := s.Login(s.Admin)
	servertest.Eventually(t, "the computer is the next release, and says that it works", func() bool {
		var h httpapi.Health
		admin.Must(http.MethodGet, "/api/health", nil, &h)
		text, err := os.ReadFile(program + ".update")
		return len(h.Programs) == 1 && h.Programs[0].Version == "v2" && h.Programs[0].Release == 2 && h.Online == 1 && err == nil && strings.TrimSpace(string(text)) == "{}"
	})
	for file, want := range map[string]string{program: "RemoteSupport v2, release 2\n", program + ".previous": "RemoteSupport v1, release 1\n"} {
		if out, err := exec.Command(file, "version").Output(); err != nil || string(out) != want {
			t.Errorf("%s is %q, %v", filepath.Base(file), out, err)
		}
	}
}

// A computer that can be reached unattended becomes the release that its server offers, for real: one process is replaced by the next program. As root
// that is the privileged parent, whose worker has fetched it.
func TestUpdatesItself(t *testing.T) {
	s, program := offeringNext(t)
	state := filepath.Join(t.TempDir(), "state")
	enrol := exec.Command(program, "/createcomputer", "/username", s.Admin.UserName, "/relayurl", s.URL.String(), "/state", state, "/noservice")
	enrol.Stdin = strings.NewReader(s.Admin.Password + "\n")
	if out, err := enrol.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	client := exec.CommandContext(ctx, program, "unattended", "--state", state, "--log", filepath.Join(t.TempDir(), "log"))
	client.Cancel = func() error { return client.Process.Signal(os.Interrupt) }
	client.WaitDelay = 10 * time.Second
	client.Env = append(os.Environ(), "DISPLAY=")
	if err := client.Start(); err != nil {
		t.Fatal(err)
	}
	awaitNext(t, s, program)
	stop()
	if err := client.Wait(); err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("the client ends with %v", err)
	}
}

// So does the service, within all that its unit shuts it in.
func TestServiceUpdatesItself(t *testing.T) {
	m, err := systemd.Start(t)
	if errors.Is(err, systemd.ErrCannot) {
		return // TestUpdatesItself does the same in the foreground
	}
	s, program := offeringNext(t)
	m.Must(program, "/createcomputer", "/username", s.Admin.UserName, "/password", s.Admin.Password, "/relayurl", s.URL.String())
	admin := s.Login(s.Admin)
	servertest.Eventually(t, "the service is the next release", func() bool {
		var h httpapi.Health
		admin.Must(http.MethodGet, "/api/health", nil, &h)
		return len(h.Programs) == 1 && h.Programs[0].Release == 2 && h.Online == 1
	})
	if out := m.Must("/usr/local/lib/deskhand/RemoteSupport", "version"); out != "RemoteSupport v2, release 2\n" {
		t.Errorf("the service's program is %q", out)
	}
	m.Must("/usr/local/lib/deskhand/RemoteSupport", "removecomputer")
}
