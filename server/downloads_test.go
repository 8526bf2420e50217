package server_test

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"deskhand/server/httpapi"
	"deskhand/server/servertest"
)

// What the list says of a client is what whoever downloads it gets, also after another one was put on the shelf.
func TestDownloadsAreWhatTheListSays(t *testing.T) {
	s := servertest.New(t)
	shelf(t, s)
	windows := filepath.Join(s.Clients(), "windows-amd64", "RemoteSupport.exe")
	if err := os.MkdirAll(filepath.Dir(windows), 0o755); err != nil {
		t.Fatal(err)
	}
	rodney := s.Login(s.Admin)
	for _, program := range []string{"a program", "a program that is newer"} {
		if err := os.WriteFile(windows, []byte(program), 0o755); err != nil {
			t.Fatal(err)
		}
		var list struct{ Items []httpapi.Download }
		rodney.Must(http.MethodGet, "/api/downloads", nil, &list)
		if len(list.Items) != 2 {
			t.Fatalf("downloads %+v", list.Items)
		}
		for _, d := range list.Items {
			address, err := url.Parse(d.URL)
			if err != nil {
				t.Fatal(err)
			}
			resp := s.Nobody().Get(address.Path, nil)
			hash := sha256.New()
			size, err := io.Copy(hash, resp.Body)
			if err != nil || resp.StatusCode != http.StatusOK {
				t.Fatalf("%s: %d, %v", d.URL, resp.StatusCode, err)
			}
			if got := hex.EncodeToString(hash.Sum(nil)); got != d.SHA256 || size != d.Size {
				t.Errorf("%s: %d bytes with %s, said were %d with %s", d.URL, size, got, d.Size, d.SHA256)
			}
			if plain := sha256.Sum256([]byte(program)); d.System == "windows" && d.SHA256 != hex.EncodeToString(plain[:]) {
				t.Errorf("%s is another file than the one on the shelf", d.URL)
			}
		}
	}
}
