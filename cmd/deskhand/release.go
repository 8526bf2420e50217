package main

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"deskhand"
	"deskhand/server/release"
)

// Release has the verbs for whoever builds the clients. They need no server and no data.
type Release struct {
	Keygen ReleaseKeygen `cmd:"" help:"Make the key that releases of the clients are signed with."`
	Bind   ReleaseBind   `cmd:"" help:"Write a server's address into clients for Windows, to be signed with Authenticode."`
	Sign   ReleaseSign   `cmd:"" help:"Sign the clients, so that unattended computers update themselves to them."`
}

// ReleaseKeygen makes a key.
type ReleaseKeygen struct {
	Key    string `help:"New file for the key. Keep it where no server can read it." required:"" placeholder:"FILE"`
	Public string `help:"New file for its public half, which is built into the clients." placeholder:"FILE"`
}

const keyBlock = "PRIVATE KEY" // PKCS #8

// Run writes the key, readable by this user alone, and prints its public half. It replaces no file.
func (v *ReleaseKeygen) Run(g *Globals, t *Terminal) error {
	if inside(g.Data, v.Key) {
		return &deskhand.Error{
			Code: deskhand.CodeInvalid, Field: "key", Fault: "The key would stand in the server's data directory.",
			Hint: "Whoever breaks into the server must not be able to sign. Choose another place, best on another computer.",
		}
	}
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		return fmt.Errorf("drawing a key: %w", err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return fmt.Errorf("encoding the key: %w", err)
	}
	if err := writeNew(v.Key, pem.EncodeToMemory(&pem.Block{Type: keyBlock, Bytes: der}), 0o600); err != nil {
		return err
	}
	text := base64.RawURLEncoding.EncodeToString(public)
	if v.Public != "" {
		if err := writeNew(v.Public, []byte(text+"\n"), 0o644); err != nil {
			return err
		}
	}
	fmt.Fprintf(t.Out, "public key: %s\n", text)
	return nil
}

// inside reports whether a file would stand in a directory.
func inside(dir, file string) bool {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return false
	}
	file, err = filepath.Abs(file)
	return err == nil && strings.HasPrefix(file, dir+string(filepath.Separator))
}

func writeNew(name string, text []byte, mode fs.FileMode) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if errors.Is(err, fs.ErrExist) {
		return &deskhand.Error{Code: deskhand.CodeConflict, Fault: "There is a file " + name + " already.", Hint: "Choose another name; a key is not replaced."}
	}
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Sync(), f.Close())
}

// ReleaseSign signs what is on a shelf.
type ReleaseSign struct {
	Key     string `help:"File with the key." required:"" type:"existingfile" placeholder:"FILE"`
	Number  uint64 `help:"Number of the release: higher than that of any before." required:"" placeholder:"N"`
	Name    string `help:"Version, for people." placeholder:"TEXT"`
	Clients string `help:"Directory with the clients." required:"" type:"existingdir" placeholder:"DIR"`
}

// Run signs it and puts the result beside the clients.
func (v *ReleaseSign) Run(t *Terminal) error {
	key, err := readKey(v.Key)
	if err != nil {
		return err
	}
	shelf, err := release.FindShelf(v.Clients)
	if err != nil {
		return err
	}
	if _, before, err := shelf.Signed(); err == nil && before.Number > v.Number {
		return &deskhand.Error{
			Code: deskhand.CodeConflict, Field: "number", Fault: fmt.Sprintf("Release %d is signed there already.", before.Number),
			Hint: "Computers that have it never go back. Choose a higher number.",
		}
	}
	r, err := shelf.Describe(v.Number, v.Name)
	if err != nil {
		return err
	}
	if len(r.Clients) == 0 {
		return &deskhand.Error{Code: deskhand.CodeNotFound, Fault: "There are no clients in " + shelf.Dir + ".", Hint: "Build them first."}
	}
	file, err := r.Sign(key)
	if err != nil {
		return err
	}
	if err := shelf.Keep(file); err != nil {
		return err
	}
	fmt.Fprintf(t.Out, "Signed release %d for %d systems.\n", r.Number, len(r.Clients))
	return nil
}

func readKey(name string) (ed25519.PrivateKey, error) {
	bad := &deskhand.Error{Code: deskhand.CodeInvalid, Field: "key", Fault: name + " holds no key of “deskhand release keygen”.", Hint: "Make one by it."}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil || block.Type != keyBlock {
		return nil, bad
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, bad
	}
	private, ok := key.(ed25519.PrivateKey)
	if !ok {
		return nil, bad
	}
	return private, nil
}
