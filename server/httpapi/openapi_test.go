package httpapi

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
)

const openAPIFile = "../../web/src/api/openapi.json"

// The console's types are generated from this file: it is what the server serves, but for the examples.
func TestOpenAPIDocumentIsCurrent(t *testing.T) {
	got := New(Config{}).Contract()
	want, err := os.ReadFile(openAPIFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Fatalf("%s is stale; run: make gen", openAPIFile)
	}
}

func TestDocsPageNeedsNoScript(t *testing.T) {
	a := New(Config{})
	w := httptest.NewRecorder()
	a.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/api/docs", nil))
	body := w.Body.String()
	if w.Code != http.StatusOK || bytes.Contains([]byte(body), []byte("<script")) || bytes.Contains([]byte(body), []byte("http://")) {
		t.Fatalf("status %d, or the page loads something:\n%s", w.Code, body)
	}
	var doc struct {
		Paths map[string]map[string]struct{ OperationID string }
	}
	if err := json.Unmarshal(a.OpenAPI(), &doc); err != nil {
		t.Fatal(err)
	}
	for path, ops := range doc.Paths {
		for method, op := range ops {
			if !bytes.Contains([]byte(body), []byte(`id="`+op.OperationID+`"`)) {
				t.Errorf("%s %s is not on the page", method, path)
			}
		}
	}
}
