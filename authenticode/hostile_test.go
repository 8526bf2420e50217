package authenticode

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"testing"

	"deskhand/authenticode/authenticodetest"
)

func TestHostileFiles(t *testing.T) {
	good := authenticodetest.Program(t)
	change := func(at int, v uint32) []byte {
		b := bytes.Clone(good)
		binary.LittleEndian.PutUint32(b[at:], v)
		return b
	}
	const coff, table = 0x80, 0x80 + 24 + 112 + 32
	for name, b := range map[string][]byte{
		"nothing":                     {},
		"two letters":                 []byte("MZ"),
		"a program for Linux":         append([]byte("\x7fELF"), good[4:]...),
		"a header beyond the end":     change(60, 0xfffffff0),
		"a header at the end":         change(60, uint32(len(good))-2),
		"no mark":                     change(coff, 0),
		"many sections":               change(coff+6, 0xffff),
		"a short optional header":     change(coff+20, 1),
		"another kind":                change(coff+24, 0x107),
		"few directories":             change(coff+24+108, 4),
		"a section beyond the end":    change(coff+24+240+16, 0xffffffff),
		"certificates without a size": change(table, 0x200),
		"certificates without place":  change(table+4, 0x200),
		"certificates in a section":   func() []byte { b := change(table, 0x300); b[table+5] = 1; return b }(),
	} {
		if _, err := Read(bytes.NewReader(b), int64(len(b))); !errors.Is(err, ErrForeign) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestHostileBlocks(t *testing.T) {
	long := block(kindHome, []byte("{}"))
	binary.LittleEndian.PutUint32(long[len(long)-12:], 0xffffffff)
	far := block(kindHome, []byte("{}"))
	binary.LittleEndian.PutUint32(far[len(far)-12:], 1000)
	for name, b := range map[string][]byte{"a long block": long, "a block that begins in the program": far, "no address": block(kindHome, []byte("[]"))} {
		if h, ok, err := read(t, append(authenticodetest.Program(t), b...)).Home(); !errors.Is(err, ErrForeign) || ok {
			t.Errorf("%s: %+v, %v", name, h, err)
		}
	}
	many := authenticodetest.Program(t)
	for range 100 {
		many = append(many, block(kindCode, []byte("x"))...)
	}
	carries(t, many, false, Home{}, "x")
}

func TestHostileTables(t *testing.T) {
	signed := authenticodetest.NewMaker(t).Sign(t, authenticodetest.Program(t))
	at := int(read(t, signed).tableAt)
	for name, change := range map[string]func(b []byte){
		"a length beyond the table": func(b []byte) { binary.LittleEndian.PutUint32(b, 0xffffffff) },
		"no length":                 func(b []byte) { binary.LittleEndian.PutUint32(b, 0) },
		"another revision":          func(b []byte) { b[5] = 1 },
		"another kind":              func(b []byte) { b[6] = 1 },
		"no PKCS #7":                func(b []byte) { clear(b[8:]) },
		"an endless element":        func(b []byte) { b[9] = 0x80 },
		"a huge element":            func(b []byte) { copy(b[9:], "\x84\xff\xff\xff\xff") },
	} {
		b := bytes.Clone(signed)
		change(b[at:])
		p := read(t, b)
		if code, err := p.Code(); !errors.Is(err, ErrForeign) {
			t.Errorf("%s: code %q, %v", name, code, err)
		}
		if _, err := p.Stamp(home, "x"); !errors.Is(err, ErrForeign) {
			t.Errorf("%s: stamped, %v", name, err)
		}
	}
}

// Whatever the file, nothing panics, and what was stamped is read back.
func FuzzProgram(f *testing.F) {
	f.Add(authenticodetest.Program(f))
	f.Add(authenticodetest.NewMaker(f).Sign(f, authenticodetest.Program(f)))
	c, err := read(f, authenticodetest.Program(f)).Stamp(home, "k3x9")
	f.Add(written(f, c, err))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := Read(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return
		}
		_, _, _ = p.Home()
		_, _ = p.Code()
		c, err := p.Stamp(home, "k3x9")
		if err != nil {
			return
		}
		carriesCode(t, written(t, c, err))
	})
}

// FuzzSignature reads tables of certificates, which anybody may have written.
func FuzzSignature(f *testing.F) {
	p := read(f, authenticodetest.NewMaker(f).Sign(f, authenticodetest.Program(f)))
	table, err := p.table()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(table)
	f.Fuzz(func(t *testing.T, table []byte) {
		s, _, err := readSignature(table)
		if err != nil {
			return
		}
		if err := s.setCode("k3x9"); err != nil {
			t.Fatal(err)
		}
		entry, err := s.entry()
		if err != nil {
			t.Fatal(err)
		}
		again, rest, err := readSignature(entry)
		if err != nil || len(rest) != 0 {
			t.Fatalf("what was written cannot be read: %v", err)
		}
		if code, err := again.code(); err != nil || code != "k3x9" {
			t.Fatalf("code %q, %v", code, err)
		}
	})
}

func carriesCode(t *testing.T, b []byte) {
	t.Helper()
	p, err := Read(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatalf("what was stamped cannot be read: %v", err)
	}
	if code, err := p.Code(); err != nil || code != "k3x9" {
		t.Fatalf("code %q, %v", code, err)
	}
}

func BenchmarkStamp(b *testing.B) {
	big := append(authenticodetest.Program(b), make([]byte, 16<<20)...)
	b.SetBytes(int64(len(big)))
	for b.Loop() {
		c, err := read(b, big).Stamp(home, "k3x9")
		if err != nil {
			b.Fatal(err)
		}
		if _, err := c.WriteTo(io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}
