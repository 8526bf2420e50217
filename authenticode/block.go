package authenticode

import (
	"bytes"
	"encoding/binary"
	"errors"
)

// A block stands behind the last section: what it holds, zeros up to a multiple of 8, its kind, its length, the mark. The last one ends the file, or stands right
// before the table of certificates; blocks before it follow backwards.
const (
	blockMark   = "DHblock\x01"
	blockFooter = 4 + 4 + len(blockMark)
	maxBlock    = 4096 // bytes that one holds
	maxBlocks   = 4
)

// Kinds of blocks.
const (
	kindHome = 1
	kindCode = 2
)

// Home is the server that a program belongs to.
type Home struct {
	Server      string `json:"server"`                // https://support.example.com
	Fingerprint string `json:"fingerprint,omitempty"` // of a self-signed certificate, as deskhand.ClientName has it
}

// errTooLong says that a block would hold too much.
var errTooLong = errors.New("what the program is to carry is too long")

// block makes one.
func block(kind uint32, body []byte) []byte {
	b := append([]byte{}, body...)
	b = append(b, make([]byte, -len(b)&7)...)
	b = binary.LittleEndian.AppendUint32(b, kind)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(body)))
	return append(b, blockMark...)
}

// blocks reads those that are there, and where the first one begins.
func (p *Program) blocks() (found map[uint32][]byte, start int64, err error) {
	found, start = map[uint32][]byte{}, p.tableAt
	for range maxBlocks {
		footer := make([]byte, blockFooter)
		if start-int64(blockFooter) < p.imageEnd {
			break
		}
		if err := p.at(footer, start-int64(blockFooter)); err != nil {
			return nil, 0, err
		}
		if !bytes.HasSuffix(footer, []byte(blockMark)) {
			break
		}
		kind, length := binary.LittleEndian.Uint32(footer), int64(binary.LittleEndian.Uint32(footer[4:]))
		begin := start - int64(blockFooter) - (length+7)&^7
		if length > maxBlock || begin < p.imageEnd {
			return nil, 0, ErrForeign
		}
		body := make([]byte, length)
		if err := p.at(body, begin); err != nil {
			return nil, 0, err
		}
		if found[kind] == nil {
			found[kind] = body
		}
		start = begin
	}
	return found, start, nil
}
