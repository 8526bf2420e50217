package deskhand

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"reflect"
	"strings"
	"testing"
)

func TestSignedRelease(t *testing.T) {
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	r := Release{Number: 812, Version: "v1.2", Clients: []ReleaseClient{{Platform: "linux-amd64", Size: 30 << 20, SHA256: strings.Repeat("0f", 32)}}}
	file, err := r.Sign(private)
	if err != nil {
		t.Fatal(err)
	}
	if back, err := OpenRelease(file, public); err != nil || !reflect.DeepEqual(back, r) {
		t.Fatalf("%+v, %v", back, err)
	}
	if back, err := ReadRelease(file); err != nil || !reflect.DeepEqual(back, r) {
		t.Fatalf("%+v, %v", back, err)
	}
	other, _, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := OpenRelease(file, other); !errors.Is(err, ErrReleaseSignature) {
		t.Errorf("another key: %v", err)
	}
	for _, key := range []ed25519.PublicKey{nil, public[:31]} {
		if _, err := OpenRelease(file, key); err == nil {
			t.Errorf("a key of %d bytes signed it", len(key))
		}
	}
	for i := range file {
		changed := bytes.Clone(file)
		changed[i] ^= 1
		if _, err := OpenRelease(changed, public); err == nil {
			t.Errorf("byte %d may be another", i)
		}
		if _, err := OpenRelease(file[:i], public); err == nil {
			t.Errorf("%d bytes are enough", i)
		}
	}
	if _, err := OpenRelease(append(bytes.Clone(file), ' '), public); err == nil {
		t.Error("there may be more behind it")
	}
}

func TestReleasesThatAreNone(t *testing.T) {
	_, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	hash := strings.Repeat("0f", 32)
	for name, r := range map[string]Release{
		"no number":  {},
		"too large":  {Number: 1 << 53},
		"no size":    {Number: 1, Clients: []ReleaseClient{{"linux-amd64", 0, hash}}},
		"huge":       {Number: 1, Clients: []ReleaseClient{{"linux-amd64", MaxProgram + 1, hash}}},
		"short hash": {Number: 1, Clients: []ReleaseClient{{"linux-amd64", 1, hash[2:]}}},
		"a path":     {Number: 1, Clients: []ReleaseClient{{"../linux-amd64", 1, hash}}},
		"twice":      {Number: 1, Clients: []ReleaseClient{{"linux-amd64", 1, hash}, {"linux-amd64", 2, hash}}},
	} {
		if _, err := r.Sign(private); err == nil {
			t.Errorf("%s: it is signed", name)
		}
	}
}

func FuzzReadRelease(f *testing.F) {
	_, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		f.Fatal(err)
	}
	file, err := Release{Number: 3, Clients: []ReleaseClient{{"linux-amd64", 1, strings.Repeat("0f", 32)}}}.Sign(private)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(file)
	f.Add([]byte("\n{}"))
	f.Fuzz(func(t *testing.T, file []byte) {
		r, err := ReadRelease(file)
		if err != nil {
			return
		}
		signed, err := r.Sign(private)
		if err != nil {
			t.Fatalf("what was read cannot be signed: %v", err)
		}
		if len(signed) > MaxSignedRelease {
			return
		}
		if back, err := ReadRelease(signed); err != nil || !reflect.DeepEqual(back, r) {
			t.Errorf("%+v became %+v, %v", r, back, err)
		}
	})
}
