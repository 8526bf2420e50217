package authenticode

import (
	"bytes"
	"crypto/sha256"
	"debug/pe"
	"encoding/binary"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

var home = Home{Server: "https://help.example.com", Fingerprint: "0123456789abcdef01234567"}

// program is the smallest program for Windows that has a section.
func program(t testing.TB) []byte {
	t.Helper()
	b := make([]byte, 0x400)
	copy(b, "MZ")
	b[60] = 0x80
	copy(b[0x80:], "PE\x00\x00")
	for at, v := range map[int]uint16{4: 0x8664, 6: 1, 20: 240, 22: 0x22, 24: 0x20b, 24 + 40: 10, 24 + 48: 10, 24 + 68: 3} {
		binary.LittleEndian.PutUint16(b[0x80+at:], v)
	}
	for at, v := range map[int]uint32{24 + 16: 0x1000, 24 + 32: 0x1000, 24 + 36: 0x200, 24 + 56: 0x2000, 24 + 60: 0x200, 24 + 108: 16} {
		binary.LittleEndian.PutUint32(b[0x80+at:], v)
	}
	section := b[0x80+24+240:]
	copy(section, ".text")
	for at, v := range map[int]uint32{8: 1, 12: 0x1000, 16: 0x200, 20: 0x200, 36: 0x60000020} {
		binary.LittleEndian.PutUint32(section[at:], v)
	}
	b[0x200] = 0xc3 // ret
	if _, err := pe.NewFile(bytes.NewReader(b)); err != nil {
		t.Fatal(err)
	}
	return b
}

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

// maker signs with a certificate of its own.
type maker struct{ dir string }

func newMaker(t testing.TB) maker {
	t.Helper()
	m := maker{t.TempDir()}
	m.run(t, "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "cert.pem", "-days", "2",
		"-subj", "/CN=Deskhand Tests", "-addext", "extendedKeyUsage=codeSigning")
	return m
}

func (m maker) run(t testing.TB, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = m.dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

func (m maker) sign(t testing.TB, b []byte) []byte {
	t.Helper()
	in, out := filepath.Join(m.dir, "in.exe"), filepath.Join(m.dir, "out.exe")
	if err := os.WriteFile(in, b, 0o600); err != nil {
		t.Fatal(err)
	}
	_ = os.Remove(out) // of the signature before
	m.run(t, "osslsigncode", "sign", "-certs", "cert.pem", "-key", "key.pem", "-n", "Remote Support", "-in", in, "-out", out)
	b, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// verify has another program than ours say whether the signature is right.
func (m maker) verify(t testing.TB, b []byte) (ok bool, said string) {
	t.Helper()
	file := filepath.Join(m.dir, "verify.exe")
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("osslsigncode", "verify", "-CAfile", filepath.Join(m.dir, "cert.pem"), "-in", file)
	out, err := cmd.CombinedOutput()
	return err == nil && strings.Contains(string(out), "Signature verification: ok"), string(out)
}

func TestSignedProgramTakesACode(t *testing.T) {
	m := newMaker(t)
	p := read(t, program(t))
	c, err := p.Bind(home)
	signed := m.sign(t, written(t, c, err))
	carries(t, signed, true, home, "")
	for _, code := range []string{"u0123456789abcdefghijklmnop", "k3x9", strings.Repeat("x", 3000), ""} {
		c, err := read(t, signed).Stamp(Home{Server: "https://other.example.com"}, code)
		stamped := written(t, c, err)
		carries(t, stamped, true, home, code)
		ok, said := m.verify(t, stamped)
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
	m := newMaker(t)
	c, err := read(t, program(t)).Bind(home)
	signed := m.sign(t, written(t, c, err))
	other := bytes.Replace(signed, []byte("help.example.com"), []byte("evil.example.com"), 1)
	carries(t, other, true, Home{Server: "https://evil.example.com", Fingerprint: home.Fingerprint}, "")
	if ok, said := m.verify(t, other); ok {
		t.Errorf("it verifies:\n%s", said)
	}
	if _, err := read(t, signed).Bind(home); !errors.Is(err, ErrSigned) {
		t.Errorf("binding what is signed: %v", err)
	}
}

func TestUnsignedProgramTakesBlocks(t *testing.T) {
	for _, cut := range []int{0, 1, 5} { // what stands behind the last section need not be full
		plain := append(program(t), make([]byte, cut)...)
		c, err := read(t, plain).Stamp(home, "k3x9")
		stamped := written(t, c, err)
		carries(t, stamped, false, home, "k3x9")
		c, err = read(t, stamped).Stamp(Home{Server: "https://b.example.com"}, "other")
		carries(t, written(t, c, err), false, Home{Server: "https://b.example.com"}, "other")
		if _, err := pe.NewFile(bytes.NewReader(stamped)); err != nil {
			t.Error(err)
		}
	}
	carries(t, program(t), false, Home{}, "")
}

// A code that stood there before the signature is nobody's word about who comes later.
func TestACodeInTheSignedPartDoesNotCount(t *testing.T) {
	c, err := read(t, program(t)).Stamp(home, "old")
	carries(t, newMaker(t).sign(t, written(t, c, err)), true, home, "")
}

func TestTooLong(t *testing.T) {
	if _, err := read(t, program(t)).Stamp(home, strings.Repeat("x", maxBlock+1)); err == nil {
		t.Error("a long code is taken")
	}
	if _, err := read(t, program(t)).Bind(Home{Server: strings.Repeat("x", maxBlock)}); err == nil {
		t.Error("a long address is taken")
	}
}
