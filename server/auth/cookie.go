package auth

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
)

// A login's cookie is 24 random bytes and 8 bytes of their HMAC-SHA-256 by a key of the server's. So what was made up is known without asking the
// database; whether a login is still good only the database says.
const (
	cookieRandom = 24
	cookieMark   = 8
)

func (s *Service) cookieSecret() (secret string, hash []byte, err error) {
	b := make([]byte, cookieRandom, cookieRandom+cookieMark)
	if _, err := io.ReadFull(s.rand, b); err != nil {
		return "", nil, fmt.Errorf("drawing the login's secret: %w", err)
	}
	secret = base64.RawURLEncoding.EncodeToString(append(b, s.cookieMark(b)...))
	return secret, tokenHash(secret), nil
}

// ours reports whether this server, or another one on the same data, made a cookie's secret.
func (s *Service) ours(secret string) bool {
	b, err := base64.RawURLEncoding.Strict().DecodeString(secret)
	return err == nil && len(b) == cookieRandom+cookieMark && hmac.Equal(b[cookieRandom:], s.cookieMark(b[:cookieRandom]))
}

func (s *Service) cookieMark(random []byte) []byte {
	mac := hmac.New(sha256.New, s.options.CookieKey)
	mac.Write(random)
	return mac.Sum(nil)[:cookieMark]
}

// newCookieKey is for a Service of its own.
func newCookieKey() []byte {
	key := make([]byte, sha256.Size)
	_, _ = rand.Read(key) // never fails, by its documentation
	return key
}
