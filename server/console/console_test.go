package console

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func get(h http.Handler, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w
}

func TestEveryPageIsTheConsole(t *testing.T) {
	h, err := New(fstest.MapFS{
		"index.html":          {Data: []byte("<html>console")},
		"assets/index-1a.js":  {Data: []byte("code")},
		"assets/zstd-2b.wasm": {Data: []byte("wasm")},
		"favicon.svg":         {Data: []byte("<svg/>")},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		path, body, kind, cache string
		status                  int
	}{
		{"/", "<html>console", "text/html", "no-cache", 200},
		{"/index.html", "<html>console", "text/html", "no-cache", 200},
		{"/sessions/abc/viewer", "<html>console", "text/html", "no-cache", 200},
		{"/assets/index-1a.js", "code", "javascript", "immutable", 200},
		{"/assets/zstd-2b.wasm", "wasm", "application/wasm", "immutable", 200},
		{"/favicon.svg", "<svg/>", "image/svg+xml", "", 200},
		{"/assets/missing.js", "", "", "", 404},
		{"/assets", "<html>console", "text/html", "no-cache", 200},
		{"/assets/../../etc/passwd.txt", "", "", "", 404},
	} {
		w := get(h, tt.path)
		if w.Code != tt.status || !strings.Contains(w.Header().Get("Content-Type"), tt.kind) ||
			!strings.Contains(w.Header().Get("Cache-Control"), tt.cache) || tt.status == 200 && w.Body.String() != tt.body {
			t.Errorf("%s: %d %q %q %q", tt.path, w.Code, w.Header().Get("Content-Type"), w.Header().Get("Cache-Control"), w.Body)
		}
	}
}

func TestWithoutBuildThePageSaysSo(t *testing.T) {
	h, err := New(nil, []byte("not built"))
	if err != nil {
		t.Fatal(err)
	}
	if w := get(h, "/sessions"); w.Code != 200 || w.Body.String() != "not built" {
		t.Fatalf("%d %q", w.Code, w.Body)
	}
}

func TestBrotliForThoseWhoTakeIt(t *testing.T) {
	h, err := New(fstest.MapFS{
		"index.html":            {Data: []byte("<html>console")},
		"assets/index-1a.js":    {Data: []byte("code")},
		"assets/index-1a.js.br": {Data: []byte("c")},
		"assets/plain-2b.woff2": {Data: []byte("font")},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		path, accept, ranges, body, encoding string
		status                               int
	}{
		{"/assets/index-1a.js", "gzip, deflate, br, zstd", "", "c", "br", 200},
		{"/assets/index-1a.js", "gzip, br;q=0.5", "", "c", "br", 200},
		{"/assets/index-1a.js", "gzip, br; q=0.0", "", "code", "", 200},
		{"/assets/index-1a.js", "gzip", "", "code", "", 200},
		{"/assets/index-1a.js", "", "", "code", "", 200},
		{"/assets/index-1a.js", "br", "bytes=1-2", "od", "", 206},
		{"/assets/index-1a.js.br", "br", "", "404 page not found\n", "", 404},
		{"/assets/plain-2b.woff2", "br", "", "font", "", 200},
	} {
		r := httptest.NewRequest(http.MethodGet, tt.path, nil)
		r.Header.Set("Accept-Encoding", tt.accept)
		if tt.ranges != "" {
			r.Header.Set("Range", tt.ranges)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != tt.status || w.Body.String() != tt.body || w.Header().Get("Content-Encoding") != tt.encoding {
			t.Errorf("%s, %q: %d %q %q", tt.path, tt.accept, w.Code, w.Header().Get("Content-Encoding"), w.Body)
		}
		if twin := strings.HasSuffix(tt.path, ".js"); twin != (w.Header().Get("Vary") != "") {
			t.Errorf("%s: Vary is %q", tt.path, w.Header().Get("Vary"))
		}
		if tt.status == 200 && strings.HasSuffix(tt.path, ".js") && !strings.HasPrefix(w.Header().Get("Content-Type"), "text/javascript") {
			t.Errorf("%s is %q", tt.path, w.Header().Get("Content-Type"))
		}
	}
}
