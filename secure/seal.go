package secure

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"fmt"

	"deskhand/wire"
)

// The layout of a sealed frame. See "Sealed frame" in docs/protocol.md.
const (
	partHeader = 2 // channel and flags
	tagSize    = 16
	overhead   = partHeader + tagSize

	// MaxPart is the most data of one part in bytes.
	MaxPart = wire.MaxRelay - overhead

	flagLast = 1
)

// part is the plaintext of a sealed frame.
type part struct {
	channel wire.Channel
	last    bool // the message ends with it
	data    []byte
}

// direction seals or opens the frames of one direction. Not for concurrent use.
type direction struct {
	aead  cipher.AEAD
	iv    [12]byte
	next  uint64 // number of the next frame
	frame wire.Frame
}

func newDirection(k *directionKeys) (*direction, error) {
	block, err := aes.NewCipher(k.key[:])
	if err != nil {
		return nil, fmt.Errorf("preparing AES: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("preparing AES-GCM: %w", err)
	}
	return &direction{aead: aead, iv: k.iv}, nil
}

// seal returns the frame of the next part; it is valid until the next call. The data is at most MaxPart.
func (d *direction) seal(p part) wire.Frame {
	flags := byte(0)
	if p.last {
		flags = flagLast
	}
	f := wire.AppendHeader(d.frame[:0], wire.FrameSealed, overhead+len(p.data))
	f = append(f, byte(p.channel), flags)
	f = append(f, p.data...)
	nonce := d.nonce()
	f = d.aead.Seal(f[:wire.HeaderSize], nonce[:], f[wire.HeaderSize:], nil)
	d.next++
	d.frame = f
	return f
}

// open decrypts a sealed frame in place; the part is a view of it.
func (d *direction) open(f wire.Frame) (part, error) {
	b := f.Payload()
	if len(b) < overhead || len(b) > wire.MaxRelay {
		return part{}, wire.Violation("sealed frame of %d bytes", len(b))
	}
	nonce := d.nonce()
	plain, err := d.aead.Open(b[:0], nonce[:], b, nil)
	if err != nil && d.next == 0 {
		return part{}, badKey("the two ends do not have the same keys")
	}
	if err != nil {
		return part{}, wire.Violation("sealed frame %d is not the other end's next one", d.next)
	}
	d.next++
	return part{channel: wire.Channel(plain[0]), last: plain[1]&flagLast != 0, data: plain[partHeader:]}, nil
}

func (d *direction) nonce() [12]byte {
	n := d.iv
	binary.BigEndian.PutUint64(n[4:], binary.BigEndian.Uint64(n[4:])^d.next)
	return n
}
