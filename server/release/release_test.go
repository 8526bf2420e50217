package release

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"deskhand"
	"deskhand/authenticode"
	"deskhand/authenticode/authenticodetest"
)

func shelf(t *testing.T) *Shelf {
	t.Helper()
	dir := t.TempDir()
	for _, f := range []string{"linux-amd64/RemoteSupport", "windows-amd64/RemoteSupport.exe", "darwin-arm64/RemoteSupport", "linux-riscv64/RemoteSupport"} {
		path := filepath.Join(dir, f)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("program for "+f), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	s, err := FindShelf(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestClientsAreThoseThatAreThere(t *testing.T) {
	list, err := shelf(t).Clients()
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"windows-amd64", "macos-arm64", "linux-amd64"}
	if len(list) != len(want) {
		t.Fatalf("clients %+v, want %v", list, want)
	}
	for i, c := range list {
		if c.Platform() != want[i] || c.Size == 0 {
			t.Errorf("client %d is %+v, want %s", i, c, want[i])
		}
	}
	none, err := (&Shelf{Dir: filepath.Join(t.TempDir(), "missing")}).Clients()
	if err != nil || len(none) != 0 {
		t.Errorf("a missing directory: %v, %v", none, err)
	}
}

func TestFindTakesNoPath(t *testing.T) {
	s := shelf(t)
	for _, platform := range []string{"", "../linux-amd64", "linux-amd64/..", "linux-riscv64", "linux-amd64/RemoteSupport", "/etc", "windows-amd64\\x"} {
		if c, err := s.Find(platform); deskhand.CodeOf(err) != deskhand.CodeNotFound {
			t.Errorf("Find(%q) = %+v, %v", platform, c, err)
		}
	}
}

// A link that leads out of the directory is not followed.
func TestServeStaysInTheDirectory(t *testing.T) {
	s := shelf(t)
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(s.Dir, "linux-arm64"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(secret, filepath.Join(s.Dir, "linux-arm64", "RemoteSupport")); err != nil {
		t.Fatal(err)
	}
	if c, err := s.Find("linux-arm64"); err == nil {
		t.Fatalf("found %+v", c)
	}
}

func TestArchiveKeepsTheMode(t *testing.T) {
	s := shelf(t)
	c, err := s.Find("linux-amd64")
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	const name = "RemoteSupport_example.com_443_k3x9"
	if err := s.Serve(w, httptest.NewRequest("GET", "/", nil), c, name); err != nil {
		t.Fatal(err)
	}
	if got := w.Header().Get("Content-Disposition"); got != "attachment; filename="+name+".tar.gz" {
		t.Errorf("Content-Disposition %q", got)
	}
	zip, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	r := tar.NewReader(zip)
	h, err := r.Next()
	if err != nil || h.Name != name || h.Mode != 0o755 {
		t.Fatalf("entry %+v, %v", h, err)
	}
	if b, err := io.ReadAll(r); err != nil || string(b) != "program for linux-amd64/RemoteSupport" {
		t.Fatalf("content %q, %v", b, err)
	}
	if _, err := r.Next(); err != io.EOF {
		t.Fatalf("a second entry: %v", err)
	}
}

func TestWindowsGetsTheProgramItself(t *testing.T) {
	s := shelf(t)
	c, err := s.Find("windows-amd64")
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	if err := s.Serve(w, httptest.NewRequest("GET", "/", nil), c, "RemoteSupport_h_1_x"); err != nil {
		t.Fatal(err)
	}
	if w.Body.String() != "program for windows-amd64/RemoteSupport.exe" || w.Header().Get("Content-Disposition") != "attachment; filename=RemoteSupport_h_1_x.exe" {
		t.Fatalf("%q %q", w.Body, w.Header())
	}
}

// A download carries its session in the file as well; the signature stays right, and without a session the file is the one on the shelf.
func TestWindowsDownloadCarriesTheCode(t *testing.T) {
	maker, s := authenticodetest.NewMaker(t), shelf(t)
	file := filepath.Join(s.Dir, "windows-amd64", "RemoteSupport.exe")
	for _, signed := range []bool{false, true} {
		program := authenticodetest.Program(t)
		if signed {
			program = maker.Sign(t, program)
		}
		if err := os.WriteFile(file, program, 0o755); err != nil {
			t.Fatal(err)
		}
		c, err := s.Find("windows-amd64")
		if err != nil {
			t.Fatal(err)
		}
		get := func(code string) []byte {
			w := httptest.NewRecorder()
			if err := s.Serve(w, httptest.NewRequest("GET", "/", nil), c, "RemoteSupport_help.example.com_8443_"+code); err != nil {
				t.Fatal(err)
			}
			if w.Header().Get("Content-Length") != strconv.Itoa(w.Body.Len()) {
				t.Errorf("%d bytes, said were %s", w.Body.Len(), w.Header().Get("Content-Length"))
			}
			return w.Body.Bytes()
		}
		if !bytes.Equal(get(deskhand.NoCode), program) {
			t.Error("the download without a session is another file")
		}
		got := get("k3x9")
		p, err := authenticode.Read(bytes.NewReader(got), int64(len(got)))
		if err != nil {
			t.Fatal(err)
		}
		if code, err := p.Code(); err != nil || code != "k3x9" {
			t.Errorf("code %q, %v", code, err)
		}
		home, _, err := p.Home()
		if want := "https://help.example.com:8443"; err != nil || !signed && home.Server != want {
			t.Errorf("home %+v, %v", home, err)
		}
		if ok, said := maker.Verify(t, got); signed && !ok {
			t.Error(said)
		}
	}
}
