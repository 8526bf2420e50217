package store

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"io"
	"math/big"
)

// readable is base32 in lower case without i, l, o and u, which are taken for others when read out.
var readable = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// newID is 130 random bits in 26 letters and digits: for ids, and for codes that nobody may guess.
func (s *Store) newID() (string, error) {
	b := make([]byte, 17)
	if _, err := io.ReadFull(s.rand, b); err != nil {
		return "", fmt.Errorf("drawing an id: %w", err)
	}
	return readable.EncodeToString(b)[:26], nil
}

// sixDigits draws a connection ID; each of the million is as likely.
func (s *Store) sixDigits() (string, error) {
	n, err := rand.Int(s.rand, big.NewInt(1_000_000))
	if err != nil {
		return "", fmt.Errorf("drawing a connection ID: %w", err)
	}
	return fmt.Sprintf("%06d", n.Int64()), nil
}

// linkCode is the code of an agent's link with its ticket and name: the same ones have the same code. 60 bits, so that a file's name
// stays short; it lets someone stand in line and no more. Nobody without the key can tell which ticket a code stands for.
func (s *Store) linkCode(agentID, ticket, name string) string {
	mac := hmac.New(sha256.New, s.linkKey)
	for _, part := range []string{agentID, ticket, name} {
		mac.Write(binary.BigEndian.AppendUint32(nil, uint32(len(part))))
		mac.Write([]byte(part))
	}
	return readable.EncodeToString(mac.Sum(nil))[:12]
}
