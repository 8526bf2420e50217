// Package authenticode reads and writes what a program for Windows carries beside itself, so that each download can say to whom it leads while the
// maker's signature stays whole.
//
// A signature covers everything but three things: the checksum in the header, the directory entry of the table of certificates, and that table, in
// which the signature stands. So there are two places. Blocks that are appended before signing are signed with the rest: the server's address goes
// there (Bind). An unauthenticated attribute of the signature can be added afterwards by anybody: a session's code goes there (Stamp), and nothing that must be
// believed. What nobody signed takes both as blocks.
package authenticode

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// ErrForeign says that a file is no program for Windows, or one that is put together in a way that is not understood here.
var ErrForeign = errors.New("this is no program for Windows that can be read")

// maxTable bounds the table of certificates, in bytes. Real ones have about ten thousand.
const maxTable = 1 << 20

// Program is where the parts of a program for Windows are.
type Program struct {
	file       io.ReaderAt
	size       int64
	checksumAt int64 // of the header's checksum
	entryAt    int64 // of the directory entry of the table of certificates: offset and size, 4 bytes each
	imageEnd   int64 // behind the last section
	tableAt    int64 // the table of certificates, which ends the file; size when there is none
}

// Read finds the parts; ErrForeign.
func Read(file io.ReaderAt, size int64) (*Program, error) {
	p := &Program{file: file, size: size}
	dos := make([]byte, 64)
	if err := p.at(dos, 0); err != nil {
		return nil, err
	}
	if dos[0] != 'M' || dos[1] != 'Z' {
		return nil, ErrForeign
	}
	coffAt := int64(binary.LittleEndian.Uint32(dos[60:]))
	coff := make([]byte, 24) // the mark, then the header
	if err := p.at(coff, coffAt); err != nil {
		return nil, err
	}
	if string(coff[:4]) != "PE\x00\x00" {
		return nil, ErrForeign
	}
	optional := make([]byte, binary.LittleEndian.Uint16(coff[20:]))
	if err := p.at(optional, coffAt+24); err != nil {
		return nil, err
	}
	if err := p.readOptional(optional, coffAt+24); err != nil {
		return nil, err
	}
	sections := make([]byte, 40*int(binary.LittleEndian.Uint16(coff[6:])))
	sectionsAt := coffAt + 24 + int64(len(optional))
	if err := p.at(sections, sectionsAt); err != nil {
		return nil, err
	}
	p.imageEnd = sectionsAt + int64(len(sections))
	for s := sections; len(s) > 0; s = s[40:] {
		p.imageEnd = max(p.imageEnd, int64(binary.LittleEndian.Uint32(s[20:]))+int64(binary.LittleEndian.Uint32(s[16:])))
	}
	if p.imageEnd > p.tableAt || p.checksumAt%2 != 0 {
		return nil, ErrForeign
	}
	return p, nil
}

// readOptional reads the optional header, which every program has.
func (p *Program) readOptional(b []byte, at int64) error {
	if len(b) < 2 {
		return ErrForeign
	}
	directories := 96
	switch binary.LittleEndian.Uint16(b) {
	case 0x10b: // 32 bit
	case 0x20b: // 64 bit
		directories = 112
	default:
		return ErrForeign
	}
	entry := directories + 4*8
	if len(b) < entry+8 || binary.LittleEndian.Uint32(b[directories-4:]) < 5 {
		return ErrForeign
	}
	p.checksumAt, p.entryAt = at+64, at+int64(entry)
	table, length := int64(binary.LittleEndian.Uint32(b[entry:])), int64(binary.LittleEndian.Uint32(b[entry+4:]))
	if table == 0 && length == 0 {
		p.tableAt = p.size
		return nil
	}
	if table%8 != 0 || length < 8 || length > maxTable || table+length != p.size {
		return ErrForeign
	}
	p.tableAt = table
	return nil
}

// at reads len(b) bytes from a place; ErrForeign when they are not there.
func (p *Program) at(b []byte, offset int64) error {
	if offset < 0 || offset > p.size-int64(len(b)) {
		return ErrForeign
	}
	if _, err := io.ReadFull(io.NewSectionReader(p.file, offset, int64(len(b))), b); err != nil {
		return fmt.Errorf("reading a program: %w", err)
	}
	return nil
}

// Signed reports whether there is a signature; whether it is right is for Windows to say.
func (p *Program) Signed() bool { return p.tableAt < p.size }

// table is the table of certificates.
func (p *Program) table() ([]byte, error) {
	b := make([]byte, p.size-p.tableAt)
	return b, p.at(b, p.tableAt)
}
