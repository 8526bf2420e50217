package authenticode

import (
	"bytes"
	"crypto/sha256"
	"debug/pe"
	"errors"
	"strings"
	"testing"

	"deskhand/authenticode/authenticodetest"
)

var home = Home{Server: "https://help.example.com", Fingerprint: "0123456789abcdef01234567"}

func read(t testing.TB, b []byte) *Program {
	t.Helper()
	p, err := Read(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// written is a copy's bytes.
func written(t testing.TB, c *Copy, err error) []byte {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	n, err := c.WriteTo(&b)
	if err != nil || n != c.Size() || n != int64(b.Len()) {
		t.Fatalf("wrote %d of %d: %v", n, c.Size(), err)
	}
	return b.Bytes()
}

// carries checks what a program says of itself.
func carries(t testing.TB, b []byte, signed bool, want Home, code string) {
	t.Helper()
	p := read(t, b)
	h, ok, err := p.Home()
	if err != nil || h != want || ok != (want != Home{}) {
		t.Errorf("home %+v, %t, %v; want %+v", h, ok, err, want)
	}
	if got, err := p.Code(); err != nil || got != code {
		t.Errorf("code %q, %v; want %q", got, err, code)
	}
	if p.Signed() != signed {
		t.Errorf("signed: %t", p.Signed())
	}
}

func TestSignedProgramTakesACode(t *testing.T) {
	m := authenticodetest.NewMaker(t)
	p := read(t, authenticodetest.Program(t))
	c, err := p.Bind(home)
	signed := m.Sign(t, written(t, c, err))
	carries(t, signed, true, home, "")
	for _, code := range []string{"u0123456789abcdefghijklmnop", "k3x9", strings.Repeat("x", 3000), ""} {
		c, err := read(t, signed).Stamp(Home{Server: "https://other.example.com"}, code)
		stamped := written(t, c, err)
		carries(t, stamped, true, home, code)
		ok, said := m.Verify(t, stamped)
		if !ok || strings.Contains(said, "MISMATCH") {
			t.Fatalf("with %q the signature is wrong:\n%s", code, said)
		}
		again, err := read(t, stamped).Stamp(Home{}, "other")
		carries(t, written(t, again, err), true, home, "other")
		back, err := read(t, stamped).Stamp(Home{}, "")
		if sha256.Sum256(written(t, back, err)) != sha256.Sum256(written(t, mustStamp(t, signed), nil)) {
			t.Error("without its code it is not what it was")
		}
	}
}

func mustStamp(t testing.TB, b []byte) *Copy {
	t.Helper()
	c, err := read(t, b).Stamp(Home{}, "")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Whom a signed program belongs to is in what is signed.
func TestAnotherHomeBreaksTheSignature(t *testing.T) {
	m := authenticodetest.NewMaker(t)
	c, err := read(t, authenticodetest.Program(t)).Bind(home)
	signed := m.Sign(t, written(t, c, err))
	other := bytes.Replace(signed, []byte("help.example.com"), []byte("evil.example.com"), 1)
	carries(t, other, true, Home{Server: "https://evil.example.com", Fingerprint: home.Fingerprint}, "")
	if ok, said := m.Verify(t, other); ok {
		t.Errorf("it verifies:\n%s", said)
	}
	if _, err := read(t, signed).Bind(home); !errors.Is(err, ErrSigned) {
		t.Errorf("binding what is signed: %v", err)
	}
}

func TestUnsignedProgramTakesBlocks(t *testing.T) {
	for _, cut := range []int{0, 1, 5} { // what stands behind the last section need not be full
		plain := append(authenticodetest.Program(t), make([]byte, cut)...)
		c, err := read(t, plain).Stamp(home, "k3x9")
		stamped := written(t, c, err)
		carries(t, stamped, false, home, "k3x9")
		c, err = read(t, stamped).Stamp(Home{Server: "https://b.example.com"}, "other")
		carries(t, written(t, c, err), false, Home{Server: "https://b.example.com"}, "other")
		if _, err := pe.NewFile(bytes.NewReader(stamped)); err != nil {
			t.Error(err)
		}
	}
	carries(t, authenticodetest.Program(t), false, Home{}, "")
}

// A code that stood there before the signature is nobody's word about who comes later.
func TestACodeInTheSignedPartDoesNotCount(t *testing.T) {
	c, err := read(t, authenticodetest.Program(t)).Stamp(home, "old")
	carries(t, authenticodetest.NewMaker(t).Sign(t, written(t, c, err)), true, home, "")
}

func TestTooLong(t *testing.T) {
	if _, err := read(t, authenticodetest.Program(t)).Stamp(home, strings.Repeat("x", maxBlock+1)); err == nil {
		t.Error("a long code is taken")
	}
	if _, err := read(t, authenticodetest.Program(t)).Bind(Home{Server: strings.Repeat("x", maxBlock)}); err == nil {
		t.Error("a long address is taken")
	}
}
