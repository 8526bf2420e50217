package release

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"strconv"

	"deskhand"
)

// manifestFile is where the shelf keeps the signed release of its clients.
const manifestFile = "release.signed"

// Describe is the release that the clients on the shelf are, to be signed.
func (s *Shelf) Describe(number uint64, version string) (deskhand.Release, error) {
	r := deskhand.Release{Number: number, Version: version}
	list, err := s.Clients()
	if err != nil {
		return r, err
	}
	root, err := os.OpenRoot(s.Dir)
	if err != nil {
		return r, fmt.Errorf("reading the clients: %w", err)
	}
	defer root.Close()
	for _, c := range list {
		f, err := root.Open(c.path())
		if err != nil {
			return r, fmt.Errorf("reading a client: %w", err)
		}
		h := sha256.New()
		n, err := io.Copy(h, f)
		if err := errors.Join(err, f.Close()); err != nil {
			return r, fmt.Errorf("reading a client: %w", err)
		}
		r.Clients = append(r.Clients, deskhand.ReleaseClient{Platform: c.Platform(), Size: n, SHA256: hex.EncodeToString(h.Sum(nil))})
	}
	return r, nil
}

// Keep puts a signed release on the shelf, whole or not at all.
func (s *Shelf) Keep(file []byte) error {
	root, err := os.OpenRoot(s.Dir)
	if err != nil {
		return fmt.Errorf("writing the release: %w", err)
	}
	defer root.Close()
	const tmp = manifestFile + ".new"
	err = root.WriteFile(tmp, file, 0o644)
	if err == nil {
		err = root.Rename(tmp, manifestFile)
	}
	if err != nil {
		return fmt.Errorf("writing the release: %w", err)
	}
	return nil
}

// Signed is the signed release on the shelf and what it says; CodeNotFound when there is none.
func (s *Shelf) Signed() (file []byte, r deskhand.Release, err error) {
	root, err := os.OpenRoot(s.Dir)
	if err == nil {
		defer root.Close()
		file, err = readManifest(root)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, r, deskhand.Errorf(deskhand.CodeNotFound, "There is no signed release.")
	}
	if err != nil {
		return nil, r, fmt.Errorf("reading the release: %w", err)
	}
	r, err = deskhand.ReadRelease(file)
	return file, r, err
}

func readManifest(root *os.Root) ([]byte, error) {
	f, err := root.Open(manifestFile)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, deskhand.MaxSignedRelease+1))
}

// ServeProgram answers with the client itself, as the release describes it.
func (s *Shelf) ServeProgram(w http.ResponseWriter, r *http.Request, c Client) error {
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
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", strconv.FormatInt(info.Size(), 10))
	if r.Method == http.MethodHead {
		return nil
	}
	_, err = io.Copy(w, f)
	return err
}
