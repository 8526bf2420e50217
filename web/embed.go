// Package web holds the console as Vite built it.
package web

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
)

// The pattern also matches dist-missing.html, so that the server compiles where the console has not been built.
//
//go:embed all:dist*
var files embed.FS

// ErrNotBuilt says that this program was compiled without the console.
var ErrNotBuilt = errors.New("the console is not built: run make build")

// Console is the root of the built console: index.html and assets/. Without a build it is ErrNotBuilt.
func Console() (fs.FS, error) {
	dist, err := fs.Sub(files, "dist")
	if err != nil {
		return nil, fmt.Errorf("opening the console: %w", err)
	}
	if _, err := fs.Stat(dist, "index.html"); err != nil {
		return nil, ErrNotBuilt
	}
	return dist, nil
}

// MissingPage is the page that stands where the console would be, and says how to build it.
func MissingPage() []byte {
	b, err := files.ReadFile("dist-missing.html")
	if err != nil {
		panic(err) // it is compiled in
	}
	return b
}
