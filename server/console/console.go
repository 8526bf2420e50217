// Package console serves the web console: files under /assets/ whose names carry their hash, and index.html for every page of it.
package console

import (
	"bytes"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
)

// compressed ends the name of a file's twin in brotli.
const compressed = ".br"

// Handler serves the built console.
type Handler struct {
	files   fs.FS // nil: not built
	index   []byte
	started time.Time // for If-Modified-Since: embedded files have no time
}

// New serves files, which holds index.html and assets/. Without files, every page is the missing one.
func New(files fs.FS, missing []byte) (*Handler, error) {
	h := &Handler{files: files, index: missing, started: time.Now()}
	if files == nil {
		return h, nil
	}
	index, err := fs.ReadFile(files, "index.html")
	if err != nil {
		return nil, err
	}
	h.index = index
	return h, nil
}

func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "This address is a page.", http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(r.URL.Path, "/")
	if h.files != nil && name != "index.html" && fs.ValidPath(name) && path.Ext(name) != compressed && h.serveFile(w, r, name) {
		return
	}
	if path.Ext(name) != "" && name != "index.html" {
		http.NotFound(w, r)
		return
	}
	// Every page is the same file; the console knows its own routes. It names hashed assets, so it must be fresh.
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	http.ServeContent(w, r, "", h.started, bytes.NewReader(h.index))
}

// serveFile answers with a file of the build; false: there is none.
func (h *Handler) serveFile(w http.ResponseWriter, r *http.Request, name string) bool {
	info, err := fs.Stat(h.files, name)
	if err != nil || info.IsDir() {
		return false
	}
	b, err := fs.ReadFile(h.files, name)
	if err != nil {
		return false
	}
	if strings.HasPrefix(name, "assets/") {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	switch path.Ext(name) {
	case ".wasm":
		w.Header().Set("Content-Type", "application/wasm")
	case ".js":
		w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	}
	if small, err := fs.ReadFile(h.files, name+compressed); err == nil {
		w.Header().Set("Vary", "Accept-Encoding")
		if takesBrotli(r) {
			w.Header().Set("Content-Encoding", "br")
			b = small
		}
	}
	http.ServeContent(w, r, name, h.started, bytes.NewReader(b))
	return true
}

// takesBrotli reads Accept-Encoding. A range of the compressed form would be of no use to anybody, so those get the plain one.
func takesBrotli(r *http.Request) bool {
	if r.Header.Get("Range") != "" {
		return false
	}
	for coding := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, q, _ := strings.Cut(strings.TrimSpace(coding), ";")
		if strings.EqualFold(strings.TrimSpace(name), "br") {
			return strings.Trim(strings.ReplaceAll(q, " ", ""), "0.") != "q="
		}
	}
	return false
}
