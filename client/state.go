package client

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Enrolment is what an unattended computer keeps: where it belongs, who it is, and its private key, which never leaves it.
type Enrolment struct {
	Server      string `json:"server"` // base URL
	Fingerprint string `json:"fingerprint,omitempty"`
	ComputerID  string `json:"computerId"`
	Name        string `json:"name"`
	PrivateKey  []byte `json:"privateKey"` // Ed25519 seed, 32 bytes
	GrantKey    []byte `json:"grantKey"`   // the server's Ed25519 public key, pinned at enrolment
}

// Key is the computer's signing key.
func (e *Enrolment) Key() ed25519.PrivateKey { return ed25519.NewKeyFromSeed(e.PrivateKey) }

// ErrNotEnrolled says that the state directory holds no enrolment.
var ErrNotEnrolled = errors.New("this computer is not set up for unattended access")

const (
	enrolmentFile = "computer.json"
	maxEnrolment  = 16 << 10 // bytes
)

// LoadEnrolment reads the enrolment in dir; ErrNotEnrolled when there is none.
func LoadEnrolment(dir string) (*Enrolment, error) {
	root, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotEnrolled
	}
	if err != nil {
		return nil, fmt.Errorf("opening the state directory: %w", err)
	}
	defer root.Close()
	if err := trusted(dir); err != nil {
		return nil, err
	}
	b, err := readLimited(root, enrolmentFile, maxEnrolment)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotEnrolled
	}
	if err != nil {
		return nil, fmt.Errorf("reading the enrolment: %w", err)
	}
	var e Enrolment
	if err := json.Unmarshal(b, &e); err != nil {
		return nil, fmt.Errorf("reading the enrolment in %s: %w", dir, err)
	}
	if len(e.PrivateKey) != ed25519.SeedSize || e.ComputerID == "" || e.Server == "" {
		return nil, fmt.Errorf("the enrolment in %s is damaged; set the computer up again", dir)
	}
	return &e, nil
}

func readLimited(root *os.Root, name string, limit int64) ([]byte, error) {
	st, err := root.Stat(name)
	if err != nil {
		return nil, err
	}
	if st.Size() > limit {
		return nil, fmt.Errorf("%s has %d bytes, more than %d", name, st.Size(), limit)
	}
	return root.ReadFile(name)
}

// SaveEnrolment writes e into dir, readable by this user alone (on Windows also by the system and administrators), whole or not at all.
func SaveEnrolment(dir string, e *Enrolment) error {
	if err := makePrivate(dir); err != nil {
		return fmt.Errorf("making the state directory: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("opening the state directory: %w", err)
	}
	defer root.Close()
	b, err := json.MarshalIndent(e, "", "  ")
	if err != nil {
		return fmt.Errorf("encoding the enrolment: %w", err)
	}
	tmp := enrolmentFile + ".new"
	f, err := root.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("writing the enrolment: %w", err)
	}
	if err = protect(filepath.Join(dir, tmp)); err == nil {
		_, err = f.Write(b)
	}
	err = errors.Join(err, f.Chmod(0o600), f.Sync(), f.Close())
	if err == nil {
		err = root.Rename(tmp, enrolmentFile)
	}
	if err != nil {
		_ = root.Remove(tmp)
		return fmt.Errorf("writing the enrolment: %w", err)
	}
	return nil
}

// ForgetEnrolment takes the enrolment in dir away, its key with it, and dir when nothing else is in it.
func ForgetEnrolment(dir string) error {
	for _, name := range []string{enrolmentFile, enrolmentFile + ".new"} {
		if err := os.Remove(filepath.Join(dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("taking the enrolment away: %w", err)
		}
	}
	_ = os.Remove(dir) // only when it is empty
	return nil
}

// newSeed makes the seed of a computer's key.
func newSeed() []byte {
	seed := make([]byte, ed25519.SeedSize)
	_, _ = rand.Read(seed) // never fails, by its documentation
	return seed
}
