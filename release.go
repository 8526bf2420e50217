package deskhand

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
)

// Release is what the clients on a server's shelf are, as their maker signed it. Clients that run unattended update themselves by it
// (docs/design/0012-updates.md).
type Release struct {
	Number  uint64          `json:"release"` // rises from each release to the next
	Version string          `json:"version"` // for people
	Clients []ReleaseClient `json:"clients"`
}

// ReleaseClient is the program for one system.
type ReleaseClient struct {
	Platform string `json:"platform"` // "linux-amd64"
	Size     int64  `json:"size"`     // bytes
	SHA256   string `json:"sha256"`   // in hex
}

// Limits of a release.
const (
	MaxSignedRelease = 16 << 10  // bytes
	MaxProgram       = 256 << 20 // bytes of one client
	MaxReleaseNumber = 1<<53 - 1 // what JSON's readers agree on
	maxVersion       = 100       // bytes
	maxClients       = 32
)

// Program is the client on a computer, as it says itself.
type Program struct {
	Version string // for people
	Release uint64 // 0: none, which never updates itself
	Bad     uint64 // the highest release that was taken back; 0: none
}

// ProgramCount is how many computers have a client.
type ProgramCount struct {
	Version   string
	Release   uint64
	Computers int
}

// UpdateCount is how computers stand to the release that is offered.
type UpdateCount struct {
	Waiting   int // have an older one, and will take it
	TakenBack int // took it back
	Never     int // do not update themselves
}

// releaseContext separates the signature from all others.
const releaseContext = "deskhand release v1\x00"

var platformPattern = regexp.MustCompile(`^[a-z]{1,16}-[a-z0-9]{1,16}$`)

// ErrReleaseSignature says that a release was not signed by the key.
var ErrReleaseSignature = errors.New("the release is not signed by the key that this program knows")

// Sign writes a release as clients take it: a line with the signature in base64, then the release as JSON.
func (r Release) Sign(key ed25519.PrivateKey) ([]byte, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("encoding the release: %w", err)
	}
	text = append(text, '\n')
	signature := ed25519.Sign(key, append([]byte(releaseContext), text...))
	return append(base64.StdEncoding.AppendEncode(nil, signature), append([]byte{'\n'}, text...)...), nil
}

// OpenRelease reads what Sign wrote, when the key signed it: ErrReleaseSignature.
func OpenRelease(file []byte, key ed25519.PublicKey) (Release, error) {
	signature, text, err := partRelease(file)
	if err != nil {
		return Release{}, err
	}
	if len(key) != ed25519.PublicKeySize || !ed25519.Verify(key, append([]byte(releaseContext), text...), signature) {
		return Release{}, ErrReleaseSignature
	}
	return readRelease(text)
}

// ReadRelease reads what Sign wrote without asking who signed it: a server only passes it on.
func ReadRelease(file []byte) (Release, error) {
	_, text, err := partRelease(file)
	if err != nil {
		return Release{}, err
	}
	return readRelease(text)
}

func partRelease(file []byte) (signature, text []byte, err error) {
	line, text, ok := bytes.Cut(file, []byte("\n"))
	if !ok || len(file) > MaxSignedRelease || len(line) != base64.StdEncoding.EncodedLen(ed25519.SignatureSize) {
		return nil, nil, errors.New("this is no signed release")
	}
	signature, err = base64.StdEncoding.Strict().AppendDecode(nil, line)
	if err != nil {
		return nil, nil, fmt.Errorf("reading a release's signature: %w", err)
	}
	return signature, text, nil
}

func readRelease(text []byte) (r Release, err error) {
	if err := json.Unmarshal(text, &r); err != nil {
		return Release{}, fmt.Errorf("reading a release: %w", err)
	}
	return r, r.check()
}

func (r Release) check() error {
	if r.Number < 1 || r.Number > MaxReleaseNumber {
		return fmt.Errorf("%d is no number of a release", r.Number)
	}
	if len(r.Version) > maxVersion || len(r.Clients) > maxClients {
		return errors.New("the release says too much")
	}
	seen := map[string]bool{}
	for _, c := range r.Clients {
		hash, err := hex.DecodeString(c.SHA256)
		if err != nil || len(hash) != 32 || c.Size < 1 || c.Size > MaxProgram || !platformPattern.MatchString(c.Platform) || seen[c.Platform] {
			return fmt.Errorf("the release's client %q is described wrongly", CleanText(c.Platform, 40))
		}
		seen[c.Platform] = true
	}
	return nil
}

// For is the program for a platform.
func (r Release) For(platform string) (c ReleaseClient, ok bool) {
	for _, c := range r.Clients {
		if c.Platform == platform {
			return c, true
		}
	}
	return c, false
}
