package auth

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"strings"

	"deskhand"
)

// secret draws 256 random bits, of which the caller keeps the hash only.
func (s *Service) secret(what string) (secret string, hash []byte, err error) {
	b := make([]byte, 32)
	if _, err := io.ReadFull(s.rand, b); err != nil {
		return "", nil, fmt.Errorf("drawing %s: %w", what, err)
	}
	secret = base64.RawURLEncoding.EncodeToString(b)
	return secret, tokenHash(secret), nil
}

func tokenHash(secret string) []byte {
	h := sha256.Sum256([]byte(secret))
	return h[:]
}

const (
	recoveryCodes   = 10
	recoveryLetters = "23456789abcdefghjkmnpqrstuvwxyz"
	recoveryLength  = 16 // letters: 79 bits
)

// recoveryCodes draws a set of recovery codes like k7m2-9fqx-…, and their hashes.
func (s *Service) drawRecoveryCodes() (codes []string, hashes [][]byte, err error) {
	for range recoveryCodes {
		var b strings.Builder
		for i := range recoveryLength {
			if i > 0 && i%4 == 0 {
				b.WriteByte('-')
			}
			letter, err := s.letter()
			if err != nil {
				return nil, nil, err
			}
			b.WriteByte(letter)
		}
		codes, hashes = append(codes, b.String()), append(hashes, recoveryHash(b.String()))
	}
	return codes, hashes, nil
}

// letter draws one; each is as likely.
func (s *Service) letter() (byte, error) {
	var b [1]byte
	for {
		if _, err := io.ReadFull(s.rand, b[:]); err != nil {
			return 0, fmt.Errorf("drawing recovery codes: %w", err)
		}
		if n := int(b[0]); n < 256/len(recoveryLetters)*len(recoveryLetters) {
			return recoveryLetters[n%len(recoveryLetters)], nil
		}
	}
}

// recoveryHash is the hash of a recovery code however it was typed: capitals, blanks and dashes do not count.
func recoveryHash(code string) []byte {
	return tokenHash(strings.Map(func(r rune) rune {
		if strings.ContainsRune(recoveryLetters, r) {
			return r
		}
		return -1
	}, strings.ToLower(deskhand.CleanText(code, 100))))
}
