package release

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"
)

// Sum is what a download without a session is: its bytes and their SHA-256 in hex.
type Sum struct {
	Size   int64
	SHA256 string
}

// summed is what a sum was taken of; when one of them changes, the sum is another.
type summed struct {
	path, name string
	size       int64
	changed    time.Time
}

// Sum is the client's download under a name that carries no session. It is kept until the program on the shelf changes: an archive is made for it.
func (s *Shelf) Sum(c Client, name string) (Sum, error) {
	root, err := os.OpenRoot(s.Dir)
	if err != nil {
		return Sum{}, fmt.Errorf("reading the clients: %w", err)
	}
	defer root.Close()
	f, err := root.Open(c.path())
	if err != nil {
		return Sum{}, fmt.Errorf("reading a client: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return Sum{}, fmt.Errorf("reading a client: %w", err)
	}
	of := summed{path: c.path(), name: name, size: info.Size(), changed: info.ModTime()}
	s.summing.Lock()
	defer s.summing.Unlock()
	if sum, ok := s.sums[of]; ok {
		return sum, nil
	}
	sum, err := sumOf(c, f, info, name)
	if err != nil {
		return Sum{}, fmt.Errorf("reading a client: %w", err)
	}
	for old := range s.sums {
		if old.path == of.path {
			delete(s.sums, old)
		}
	}
	if s.sums == nil {
		s.sums = map[summed]Sum{}
	}
	s.sums[of] = sum
	return sum, nil
}

func sumOf(c Client, f io.Reader, info fs.FileInfo, name string) (Sum, error) {
	hash := sha256.New()
	var size counter
	to := io.MultiWriter(hash, &size)
	var err error
	if c.Extension() == ".exe" {
		_, err = io.Copy(to, f)
	} else {
		err = archive(to, f, info, name)
	}
	return Sum{Size: int64(size), SHA256: hex.EncodeToString(hash.Sum(nil))}, err
}

// counter counts what is written to it.
type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}
