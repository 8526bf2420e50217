package release

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"deskhand"
)

func TestSignedRelease(t *testing.T) {
	s := shelf(t)
	if _, _, err := s.Signed(); deskhand.CodeOf(err) != deskhand.CodeNotFound {
		t.Errorf("without one: %v", err)
	}
	r, err := s.Describe(7, "v7")
	if err != nil || r.Number != 7 || len(r.Clients) != 3 {
		t.Fatalf("%+v, %v", r, err)
	}
	const text = "program for linux-amd64/RemoteSupport"
	hash := sha256.Sum256([]byte(text))
	if c, ok := r.For("linux-amd64"); !ok || c.Size != int64(len(text)) || c.SHA256 != hex.EncodeToString(hash[:]) {
		t.Errorf("%+v", c)
	}
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := r.Sign(private)
	if err == nil {
		err = s.Keep(signed)
	}
	if err != nil {
		t.Fatal(err)
	}
	file, back, err := s.Signed()
	if err != nil || !reflect.DeepEqual(back, r) {
		t.Errorf("%+v, %v", back, err)
	}
	if _, err := deskhand.OpenRelease(file, public); err != nil {
		t.Error(err)
	}
	if list, err := s.Clients(); err != nil || len(list) != 3 {
		t.Errorf("the release counts as a client: %+v, %v", list, err)
	}
	c, err := s.Find("linux-amd64")
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	if err := s.ServeProgram(w, httptest.NewRequest("GET", "/", nil), c); err != nil || w.Body.String() != text || w.Header().Get("Content-Length") != "37" {
		t.Errorf("served %q, %v, %v", w.Body, w.Header(), err)
	}
	for name, content := range map[string][]byte{"damaged": signed[:50], "empty": nil, "huge": bytes.Repeat([]byte("A"), deskhand.MaxSignedRelease*2)} {
		if err := os.WriteFile(filepath.Join(s.Dir, manifestFile), content, 0o644); err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.Signed(); err == nil || deskhand.CodeOf(err) == deskhand.CodeNotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, err := (&Shelf{Dir: filepath.Join(t.TempDir(), "none")}).Signed(); deskhand.CodeOf(err) != deskhand.CodeNotFound {
		t.Errorf("without a shelf: %v", err)
	}
}
