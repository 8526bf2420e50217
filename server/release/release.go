// Package release serves the client programs that the server offers for download. They stand in one directory, one per system:
// linux-amd64/RemoteSupport, windows-amd64/RemoteSupport.exe and so on. No path ever comes from a request.
package release

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"deskhand"
)

// Client is a client program for one system.
type Client struct {
	System string // "windows", "macos" or "linux"
	Arch   string // as Go names it: "amd64", "arm64"
	Size   int64  // of the program, bytes
	file   string
	goos   string
}

// Platform names what the client runs on, as it stands in addresses: "linux-amd64".
func (c Client) Platform() string { return c.System + "-" + c.Arch }

// Extension is what follows the client's name: Windows runs what ends in .exe; elsewhere an archive keeps the permission to run.
func (c Client) Extension() string {
	if c.System == "windows" {
		return ".exe"
	}
	return ".tar.gz"
}

// The systems that clients are built for, in the order in which they are listed.
var platforms = []Client{
	{System: "windows", Arch: "amd64", goos: "windows", file: "RemoteSupport.exe"},
	{System: "windows", Arch: "arm64", goos: "windows", file: "RemoteSupport.exe"},
	{System: "macos", Arch: "arm64", goos: "darwin", file: "RemoteSupport"},
	{System: "macos", Arch: "amd64", goos: "darwin", file: "RemoteSupport"},
	{System: "linux", Arch: "amd64", goos: "linux", file: "RemoteSupport"},
	{System: "linux", Arch: "arm64", goos: "linux", file: "RemoteSupport"},
}

// Shelf is the directory with the clients. It may be missing: then there is none.
type Shelf struct {
	Dir string // absolute

	summing sync.Mutex
	sums    map[summed]Sum
}

// FindShelf is the shelf in dir, or when dir is empty the one beside this program: clients/ or ../dist/clients/.
func FindShelf(dir string) (*Shelf, error) {
	if dir != "" {
		abs, err := filepath.Abs(dir)
		if err != nil {
			return nil, fmt.Errorf("finding the clients: %w", err)
		}
		return &Shelf{Dir: abs}, nil
	}
	program, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("finding the clients: %w", err)
	}
	beside := filepath.Join(filepath.Dir(program), "clients")
	if info, err := os.Stat(beside); err == nil && info.IsDir() {
		return &Shelf{Dir: beside}, nil
	}
	return &Shelf{Dir: filepath.Join(filepath.Dir(program), "..", "dist", "clients")}, nil
}

// Clients are those that are there.
func (s *Shelf) Clients() ([]Client, error) {
	root, err := os.OpenRoot(s.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the clients: %w", err)
	}
	defer root.Close()
	var list []Client
	for _, p := range platforms {
		info, err := root.Stat(p.path())
		if err != nil || !info.Mode().IsRegular() {
			continue
		}
		p.Size = info.Size()
		list = append(list, p)
	}
	return list, nil
}

func (c Client) path() string { return c.goos + "-" + c.Arch + "/" + c.file }

// Find is the client for a platform; CodeNotFound when there is none.
func (s *Shelf) Find(platform string) (Client, error) {
	list, err := s.Clients()
	if err != nil {
		return Client{}, err
	}
	for _, c := range list {
		if c.Platform() == platform {
			return c, nil
		}
	}
	return Client{}, &deskhand.Error{
		Code: deskhand.CodeNotFound, Fault: "There is no client for this system.", Hint: "Choose another one on the download page.",
	}
}

// Serve answers with the client under a name, which deskhand.FormatClientName made: the program itself for Windows, else an archive with
// the one file that may be run.
func (s *Shelf) Serve(w http.ResponseWriter, r *http.Request, c Client, name string) error {
	root, err := os.OpenRoot(s.Dir)
	if err != nil {
		return fmt.Errorf("reading the clients: %w", err)
	}
	defer root.Close()
	f, err := root.Open(c.path())
	if err != nil {
		return fmt.Errorf("reading a client: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("reading a client: %w", err)
	}
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name + c.Extension()}))
	w.Header().Set("Cache-Control", "no-store") // the name carries a code
	if c.Extension() == ".exe" {
		return serveWindows(w, r, f, info.Size(), name)
	}
	w.Header().Set("Content-Type", "application/gzip")
	if r.Method == http.MethodHead {
		return nil
	}
	return archive(w, f, info, name)
}

// archive writes a .tar.gz with one file that everybody may run.
func archive(w io.Writer, f io.Reader, info fs.FileInfo, name string) error {
	if strings.ContainsAny(name, `/\`) {
		return fmt.Errorf("a client's name is a path: %q", name)
	}
	// The program hardly compresses further than at the fastest level; the download should begin at once.
	zip, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
	if err != nil {
		return err
	}
	t := tar.NewWriter(zip)
	err = t.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o755, Size: info.Size(), ModTime: info.ModTime()})
	if err != nil {
		return err
	}
	if _, err := io.Copy(t, f); err != nil {
		return err
	}
	if err := t.Close(); err != nil {
		return err
	}
	return zip.Close()
}
