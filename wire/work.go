package wire

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"math/bits"
)

// MaxWorkBits is the most work that a client does for a server: about half a minute of a slow processor.
const MaxWorkBits = 26

// WorkDone reports whether work answers the challenge: SHA-256(challenge ‖ work) begins with n zero bits. See "Signalling"
// in docs/protocol.md, refusal code "work-needed".
func WorkDone(challenge, work []byte, n uint32) bool {
	if len(work) != 8 {
		return false
	}
	h := sha256.New()
	h.Write(challenge)
	h.Write(work)
	return zeroBits(h.Sum(nil)) >= int(n)
}

// Solve finds the work that answers the challenge. It takes 2ⁿ hashes on average and ends early with ctx; a server that
// asks for more than MaxWorkBits breaks the protocol.
func Solve(ctx context.Context, challenge []byte, n uint32) ([]byte, error) {
	if n > MaxWorkBits || len(challenge) > MaxHello {
		return nil, Violation("the server asks for %d bits of work over %d bytes", n, len(challenge))
	}
	b := append(append(make([]byte, 0, len(challenge)+8), challenge...), make([]byte, 8)...)
	work := b[len(challenge):]
	for i := uint64(0); ; i++ {
		if i%4096 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		binary.BigEndian.PutUint64(work, i)
		sum := sha256.Sum256(b)
		if zeroBits(sum[:]) >= int(n) {
			return work, nil
		}
	}
}

func zeroBits(b []byte) int {
	n := 0
	for _, v := range b {
		n += bits.LeadingZeros8(v)
		if v != 0 {
			break
		}
	}
	return n
}
