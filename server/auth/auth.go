// Package auth checks passwords and knows who is logged in.
//
// A login is a random secret in the agent's cookie, of which only the SHA-256 is kept. It ends when it was not used for Idle, at Absolute after
// it began, and at once by logging out, a new password or the agent's disabling; whoever holds connections open for it learns that from
// the changes (deskhand.TopicLogins). Wrong passwords make both the account and the address wait, and a wrong user name takes the same time and
// gets the same answer as a wrong password.
package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"deskhand"
)

// When logins end.
const (
	Idle     = 12 * time.Hour
	Absolute = 7 * 24 * time.Hour
)

// Store keeps agents and logins.
type Store interface {
	// AgentByUserName: CodeNotFound.
	AgentByUserName(ctx context.Context, userName string) (deskhand.Agent, error)
	// PasswordHash: CodeNotFound.
	PasswordHash(ctx context.Context, agentID string) (string, error)
	// CreateLogin gives the login its id and times; CodeUnauthorized when the agent is disabled.
	CreateLogin(ctx context.Context, actor deskhand.Actor, l deskhand.Login, tokenHash []byte) (deskhand.Login, error)
	// LoginByTokenHash: CodeUnauthorized when there is none, or its time is over, or the agent is disabled.
	LoginByTokenHash(ctx context.Context, tokenHash []byte, idle time.Duration) (deskhand.Login, deskhand.Agent, error)
	// TouchLogin notes that a login is in use; it writes once a minute at most.
	TouchLogin(ctx context.Context, l deskhand.Login) error
	EndLogin(ctx context.Context, actor deskhand.Actor, id string) error
}

// Options of a Service; the zero value is right outside tests.
type Options struct {
	Now  func() time.Time // nil: time.Now
	Rand io.Reader        // nil: crypto/rand
	Log  *slog.Logger     // nil: slog.Default
}

// Service logs agents in. It is safe for concurrent use.
type Service struct {
	store     Store
	now       func() time.Time
	rand      io.Reader
	log       *slog.Logger
	checker   *checker
	accounts  *throttle
	addresses *throttle
}

// New makes a Service. It computes one password hash, some 20 ms.
func New(store Store, o Options) (*Service, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	c, err := newChecker(atOnce, maxQueue)
	if err != nil {
		return nil, err
	}
	return &Service{
		store: store, now: o.Now, rand: o.Rand, log: o.Log, checker: c,
		accounts: newThrottle(o.Now, mostForAccount), addresses: newThrottle(o.Now, mostForAddress),
	}, nil
}

// Authenticate checks a user name and password for whoever comes from an address. Errors: CodeUnauthorized, CodeThrottled with RetryAfter,
// CodeUnavailable when too many log in at once.
func (s *Service) Authenticate(ctx context.Context, userName, password, address string) (deskhand.Agent, error) {
	account := strings.ToLower(deskhand.CleanText(userName, 128))
	network := deskhand.Network(address)
	wait := func() error {
		if w := max(s.accounts.wait(account), s.addresses.wait(network)); w > 0 {
			return throttled(w)
		}
		return nil
	}
	if err := wait(); err != nil {
		return deskhand.Agent{}, err
	}
	release, err := s.checker.acquire(ctx)
	if err != nil {
		return deskhand.Agent{}, err
	}
	defer release()
	// Again, since others may have been wrong meanwhile; so that no more than atOnce slip through. Right ones are never in each other's way:
	// many computers may be set up at once.
	if err := wait(); err != nil {
		return deskhand.Agent{}, err
	}
	agent, err := s.check(ctx, account, password)
	switch {
	case err == nil:
		s.accounts.forget(account) // the address keeps what it earned: it may be one right login among many wrong ones
	case deskhand.CodeOf(err) == deskhand.CodeUnauthorized:
		s.accounts.wrong(account)
		s.addresses.wrong(network)
	}
	return agent, err
}

// check takes the same time whether there is such an agent or not.
func (s *Service) check(ctx context.Context, account, password string) (deskhand.Agent, error) {
	agent, err := s.store.AgentByUserName(ctx, account)
	if err != nil && deskhand.CodeOf(err) != deskhand.CodeNotFound {
		return agent, fmt.Errorf("finding the agent: %w", err)
	}
	hash, err := s.store.PasswordHash(ctx, agent.ID)
	if err != nil {
		if deskhand.CodeOf(err) != deskhand.CodeNotFound {
			return agent, fmt.Errorf("reading the password's hash: %w", err)
		}
		hash = s.checker.dummy
	}
	right, err := s.checker.check(password, hash)
	if err != nil {
		return deskhand.Agent{}, err
	}
	if !right || agent.ID == "" || agent.Disabled {
		return deskhand.Agent{}, &deskhand.Error{
			Code: deskhand.CodeUnauthorized, Fault: "The user name or the password is wrong.", Hint: "Check both; the password's capitals count.",
		}
	}
	return agent, nil
}

// Login checks a password and begins a login, always with a new secret. from says where the request came from. Errors are those of
// Authenticate.
func (s *Service) Login(ctx context.Context, userName, password string, from deskhand.Actor, userAgent string) (deskhand.Agent, deskhand.Login, string, error) {
	agent, err := s.Authenticate(ctx, userName, password, from.Address)
	if err != nil {
		return deskhand.Agent{}, deskhand.Login{}, "", err
	}
	b := make([]byte, 32)
	if _, err := io.ReadFull(s.rand, b); err != nil {
		return deskhand.Agent{}, deskhand.Login{}, "", fmt.Errorf("drawing the login's secret: %w", err)
	}
	secret := base64.RawURLEncoding.EncodeToString(b)
	by := deskhand.Actor{AgentID: agent.ID, Name: agent.UserName, Address: from.Address}
	login, err := s.store.CreateLogin(ctx, by, deskhand.Login{
		AgentID: agent.ID, ExpiresAt: s.now().Add(Absolute), Address: from.Address, UserAgent: userAgent,
	}, tokenHash(secret))
	if err != nil {
		return deskhand.Agent{}, deskhand.Login{}, "", fmt.Errorf("keeping the login: %w", err)
	}
	return agent, login, secret, nil
}

// Check finds the login of a cookie's secret and its agent, and notes that it is in use. CodeUnauthorized when it has ended.
func (s *Service) Check(ctx context.Context, secret string) (deskhand.Agent, deskhand.Login, error) {
	login, agent, err := s.store.LoginByTokenHash(ctx, tokenHash(secret), Idle)
	if err != nil {
		return deskhand.Agent{}, deskhand.Login{}, err
	}
	if err := s.store.TouchLogin(ctx, login); err != nil && ctx.Err() == nil {
		s.log.WarnContext(ctx, "noting that a login is in use", "err", err) // no reason to refuse the request
	}
	return agent, login, nil
}

// Logout ends a login.
func (s *Service) Logout(ctx context.Context, by deskhand.Actor, login deskhand.Login) error {
	return s.store.EndLogin(ctx, by, login.ID)
}

func tokenHash(secret string) []byte {
	h := sha256.Sum256([]byte(secret))
	return h[:]
}

func throttled(wait time.Duration) error {
	seconds := int((wait + time.Second - 1) / time.Second)
	hint := fmt.Sprintf("Try again in %d seconds.", seconds)
	if seconds == 1 {
		hint = "Try again in 1 second."
	}
	return &deskhand.Error{
		Code: deskhand.CodeThrottled, Fault: "Too many wrong logins.", Hint: hint, RetryAfter: time.Duration(seconds) * time.Second,
	}
}
