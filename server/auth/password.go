package auth

import (
	"context"
	"crypto/rand"
	_ "embed"
	"fmt"
	"math/big"
	"strings"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"golang.org/x/text/unicode/norm"

	"deskhand"
)

// parameters of argon2id, after OWASP's password storage cheat sheet: 19 MiB, 2 passes, 1 lane.
var parameters = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

const (
	minPassword = 10   // characters
	maxPassword = 1024 // bytes
	atOnce      = 2    // passwords that are checked at the same time: 38 MiB
	maxQueue    = 64   // who waits for that
)

//go:embed commonest.txt
var commonestList string

// CheckPassword says what is wrong with a new password: it needs 10 characters, and must not be the user name or among the commonest.
// CodeInvalid with the field "password".
func CheckPassword(userName, password string) error {
	bad := func(fault, hint string) error {
		return &deskhand.Error{Code: deskhand.CodeInvalid, Field: "password", Fault: fault, Hint: hint}
	}
	const several = "Several words in a row make a good one."
	password = norm.NFC.String(password)
	folded := strings.ToLower(password)
	name := strings.ToLower(strings.TrimSpace(userName))
	different := map[rune]bool{}
	for _, r := range folded {
		different[r] = true
	}
	switch {
	case !utf8.ValidString(password):
		return bad("The password is not text.", "Type it again.")
	case len(password) > maxPassword:
		return bad("The password is too long.", fmt.Sprintf("Use %d characters at most.", maxPassword/4))
	case utf8.RuneCountInString(password) < minPassword:
		return bad("The password is too short.", fmt.Sprintf("Use at least %d characters. %s", minPassword, several))
	case name != "" && strings.ReplaceAll(folded, name, "") == "", name != "" && strings.Trim(folded, "0123456789!.-_ ") == name:
		return bad("The password is the user name.", several)
	case len(different) < 4:
		return bad("The password is the same few characters again and again.", several)
	}
	for common := range strings.Lines(commonestList) {
		if folded == strings.TrimSpace(common) {
			return bad("This password is one of the commonest.", several)
		}
	}
	return nil
}

// HashPassword is what is kept of a password. It takes some 20 ms and 19 MiB.
func HashPassword(password string) (string, error) {
	hash, err := argon2id.CreateHash(norm.NFC.String(password), parameters)
	if err != nil {
		return "", fmt.Errorf("hashing a password: %w", err)
	}
	return hash, nil
}

// GeneratePassword is a random password of 99 bits that can be read out and typed: k7m2-9fqx-….
func GeneratePassword() (string, error) {
	const letters = "23456789abcdefghjkmnpqrstuvwxyz" // none that is taken for another
	var b strings.Builder
	for i := range 20 {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		n, err := rand.Int(rand.Reader, big.NewInt(int64(len(letters))))
		if err != nil {
			return "", fmt.Errorf("drawing a password: %w", err)
		}
		b.WriteByte(letters[n.Int64()])
	}
	return b.String(), nil
}

// checker compares passwords with hashes, a few at a time since each takes 19 MiB and a core.
type checker struct {
	slots   chan struct{}
	queue   chan struct{} // who is in here has a slot or waits for one
	dummy   string        // the hash that nobody's password has
	compare func(password, hash string) (bool, error)
}

func newChecker(atOnce, maxQueue int) (*checker, error) {
	dummy, err := HashPassword(rand.Text())
	if err != nil {
		return nil, err
	}
	return &checker{slots: make(chan struct{}, atOnce), queue: make(chan struct{}, atOnce+maxQueue), dummy: dummy, compare: argon2id.ComparePasswordAndHash}, nil
}

// acquire waits for a slot; release gives it back. CodeUnavailable when too many wait already.
func (c *checker) acquire(ctx context.Context) (release func(), err error) {
	select {
	case c.queue <- struct{}{}:
	default:
		return nil, &deskhand.Error{Code: deskhand.CodeUnavailable, Fault: "Too many log in at once.", Hint: "Try again in a moment."}
	}
	select {
	case c.slots <- struct{}{}:
		return func() { <-c.slots; <-c.queue }, nil
	case <-ctx.Done():
		<-c.queue
		return nil, ctx.Err()
	}
}

// check compares; the caller has a slot.
func (c *checker) check(password, hash string) (bool, error) {
	if len(password) > maxPassword {
		password = "" // takes the same time, and is nobody's
	}
	right, err := c.compare(norm.NFC.String(password), hash)
	if err != nil {
		return false, fmt.Errorf("comparing a password: %w", err)
	}
	return right, nil
}
