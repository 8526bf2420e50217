package authenticode

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// ErrSigned says that a program is signed already: what is to be in the signed part comes before.
var ErrSigned = errors.New("the program is signed already")

// Home is the server that the program belongs to; ok is false when it belongs to none.
func (p *Program) Home() (h Home, ok bool, err error) {
	found, _, err := p.blocks()
	if err != nil || found[kindHome] == nil {
		return h, false, err
	}
	if err := json.Unmarshal(found[kindHome], &h); err != nil {
		return h, false, ErrForeign
	}
	return h, true, nil
}

// Code is the code that the program carries; empty: none. A signed program has it beside its signature, never in what is signed.
func (p *Program) Code() (string, error) {
	if !p.Signed() {
		found, _, err := p.blocks()
		return string(found[kindCode]), err
	}
	table, err := p.table()
	if err != nil {
		return "", err
	}
	s, _, err := readSignature(table)
	if err != nil {
		return "", err
	}
	return s.code()
}

// Copy is a program as it is to be written.
type Copy struct {
	program *Program
	body    int64  // how much of the file goes first
	tail    []byte // what follows
	signed  int64  // of the tail, what is the table of certificates
}

// Bind is the program as one that belongs to a server, to be signed then; ErrSigned.
func (p *Program) Bind(h Home) (*Copy, error) {
	if p.Signed() {
		return nil, ErrSigned
	}
	return p.withBlocks(h, "")
}

// Stamp is the program with a code. Signed, it has the code beside the signature, which stays right, and the server that it is bound to, if any; unsigned, it gets both
// as blocks.
func (p *Program) Stamp(h Home, code string) (*Copy, error) {
	if len(code) > maxBlock {
		return nil, errTooLong
	}
	if !p.Signed() {
		return p.withBlocks(h, code)
	}
	table, err := p.table()
	if err != nil {
		return nil, err
	}
	s, rest, err := readSignature(table)
	if err != nil {
		return nil, err
	}
	if err := s.setCode(code); err != nil {
		return nil, err
	}
	entry, err := s.entry()
	if err != nil {
		return nil, fmt.Errorf("writing a signature: %w", err)
	}
	tail := append(entry, rest...)
	if len(tail) > maxTable {
		return nil, errTooLong
	}
	return &Copy{program: p, body: p.tableAt, tail: tail, signed: int64(len(tail))}, nil
}

// withBlocks replaces the blocks of a program that nobody signed.
func (p *Program) withBlocks(h Home, code string) (*Copy, error) {
	_, start, err := p.blocks()
	if err != nil {
		return nil, err
	}
	home, err := json.Marshal(h)
	if err != nil {
		return nil, err
	}
	if len(home) > maxBlock {
		return nil, errTooLong
	}
	tail := make([]byte, -start&7) // signatures begin at a multiple of 8, and what fills up to it would part them from the blocks
	tail = append(tail, block(kindHome, home)...)
	if code != "" {
		tail = append(tail, block(kindCode, []byte(code))...)
	}
	return &Copy{program: p, body: start, tail: tail}, nil
}

// Size is the copy's, in bytes.
func (c *Copy) Size() int64 { return c.body + int64(len(c.tail)) }

// WriteTo writes it, with a header that says where everything is and a checksum that is right. It reads the program twice.
func (c *Copy) WriteTo(w io.Writer) (int64, error) {
	p := c.program
	entry := make([]byte, 8)
	if c.signed > 0 {
		binary.LittleEndian.PutUint32(entry, uint32(c.body))
		binary.LittleEndian.PutUint32(entry[4:], uint32(c.signed))
	}
	header := make([]byte, p.entryAt+8)
	if err := p.at(header, 0); err != nil {
		return 0, err
	}
	copy(header[p.entryAt:], entry)
	clear(header[p.checksumAt : p.checksumAt+4])
	rest := func() io.Reader {
		return io.NewSectionReader(p.file, int64(len(header)), c.body-int64(len(header)))
	}
	var sum checksum
	sum.Write(header)
	if _, err := io.Copy(&sum, rest()); err != nil {
		return 0, fmt.Errorf("reading a program: %w", err)
	}
	sum.Write(c.tail)
	binary.LittleEndian.PutUint32(header[p.checksumAt:], sum.value())
	var written int64
	n, err := w.Write(header)
	written += int64(n)
	if err == nil {
		var copied int64
		copied, err = io.Copy(w, rest())
		written += copied
	}
	if err == nil {
		n, err = w.Write(c.tail)
		written += int64(n)
	}
	return written, err
}

// checksum is the one of a program's header: 16-bit words added with their carries, and the length.
type checksum struct {
	sum    uint64
	length int64
}

func (c *checksum) Write(b []byte) (int, error) {
	n := len(b)
	if c.length%2 == 1 && len(b) > 0 {
		c.sum += uint64(b[0]) << 8
		c.length++
		b = b[1:]
	}
	c.length += int64(len(b))
	for len(b) >= 4 { // two words at once; the upper one's carries come back in value
		c.sum += uint64(binary.LittleEndian.Uint32(b))
		b = b[4:]
	}
	for i, x := range b {
		c.sum += uint64(x) << (8*(i%2) + 16*(i/2))
	}
	return n, nil
}

func (c *checksum) value() uint32 {
	s := c.sum
	for s > 0xffff {
		s = s>>16 + s&0xffff
	}
	return uint32(s) + uint32(c.length)
}
