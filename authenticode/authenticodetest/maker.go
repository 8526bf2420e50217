// Package authenticodetest makes programs for Windows, and makers who sign them.
package authenticodetest

import (
	"bytes"
	"debug/pe"
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Program is the smallest program for Windows that has a section.
func Program(t testing.TB) []byte {
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

// Maker signs with a certificate of its own.
type Maker struct{ dir string }

// NewMaker makes the certificate.
func NewMaker(t testing.TB) Maker {
	t.Helper()
	m := Maker{t.TempDir()}
	m.run(t, "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "cert.pem", "-days", "2",
		"-subj", "/CN=Deskhand Tests", "-addext", "extendedKeyUsage=codeSigning")
	return m
}

func (m Maker) run(t testing.TB, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = m.dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

// Sign gives a program the maker's signature.
func (m Maker) Sign(t testing.TB, b []byte) []byte {
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

// Verify has another program than ours say whether the signature is right.
func (m Maker) Verify(t testing.TB, b []byte) (ok bool, said string) {
	t.Helper()
	file := filepath.Join(m.dir, "verify.exe")
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("osslsigncode", "verify", "-CAfile", filepath.Join(m.dir, "cert.pem"), "-in", file)
	out, err := cmd.CombinedOutput()
	return err == nil && strings.Contains(string(out), "Signature verification: ok"), string(out)
}
