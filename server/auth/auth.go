// Package auth checks passwords and knows who is logged in.
//
// A login is a random secret in the agent's cookie, of which only the SHA-256 is kept. It ends when it was not used for Idle, at Absolute after
// it began, and at once by logging out, a new password or the agent's disabling; whoever holds connections open for it learns that from
// the changes (deskhand.TopicLogins). An agent with a second factor gets half a login for the password, which only FinishLogin takes. Wrong passwords make both the account and the address wait, and a wrong user name takes the same time and
// gets the same answer as a wrong password.
package auth

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/go-webauthn/webauthn/webauthn"

	"deskhand"
)

// When logins end while no policy says otherwise.
const (
	Idle     = 12 * time.Hour
	Absolute = 7 * 24 * time.Hour
)

// Rules are what the operator's policy says about logins.
type Rules struct {
	Idle, Absolute time.Duration // how long an unused login lasts, and any
	SecondFactor   bool          // every agent needs one
	SignOnToo      bool          // also one whom a provider vouches for
}

// Store keeps agents, logins and what logins are made by.
type Store interface {
	Factors
	Resets
	Tokens

	// AgentByUserName: CodeNotFound.
	AgentByUserName(ctx context.Context, userName string) (deskhand.Agent, error)
	// PasswordHash: CodeNotFound, also for an agent who has no password.
	PasswordHash(ctx context.Context, agentID string) (string, error)
	// CreateLogin gives the login its id and times; CodeUnauthorized when the agent is disabled.
	CreateLogin(ctx context.Context, actor deskhand.Actor, l deskhand.Login, tokenHash []byte) (deskhand.Login, error)
	// LoginByTokenHash: CodeUnauthorized when there is none, or its time is over, or the agent is disabled.
	LoginByTokenHash(ctx context.Context, tokenHash []byte, idle time.Duration) (deskhand.Login, deskhand.Agent, error)
	// TouchLogin notes that a login is in use; it writes once a minute at most.
	TouchLogin(ctx context.Context, l deskhand.Login) error
	EndLogin(ctx context.Context, actor deskhand.Actor, id string) error
	ListLogins(ctx context.Context, agentID string, idle time.Duration) ([]deskhand.Login, error)
	// EndLoginOf: CodeNotFound when the agent has no such login.
	EndLoginOf(ctx context.Context, actor deskhand.Actor, agentID, id string) error
	EndLogins(ctx context.Context, actor deskhand.Actor, agentID, except string) error
	// WrongLogin notes in the audit how often somebody was wrong about an agent; agentID empty: about names that nobody has.
	WrongLogin(ctx context.Context, from deskhand.Actor, agentID string, count int) error
	// ChangePassword ends all logins of the agent but one.
	ChangePassword(ctx context.Context, actor deskhand.Actor, agentID, passwordHash, except string) error
}

// Options of a Service; the zero value is right outside tests.
type Options struct {
	Now  func() time.Time // nil: time.Now
	Rand io.Reader        // nil: crypto/rand
	Log  *slog.Logger     // nil: slog.Default

	// CookieKey marks the cookies of all servers on the same data; nil: a key of this Service alone.
	CookieKey []byte
	// Rules of the policy; nil: Idle, Absolute, and a second factor for who wants one.
	Rules func(context.Context) (Rules, error)
	// PublicURL is where passkeys are used; nil, or with an IP address as its host: there are none.
	PublicURL *url.URL
	// Company is what authenticator apps call this server; nil: Deskhand.
	Company func(context.Context) (string, error)
	// SendReset hands a link's token for a new password to the agent by mail; nil: there is no mail.
	SendReset func(ctx context.Context, a deskhand.Agent, token, language string) error
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
	factors   *throttle // by agent; who gets here has the password
	forgotten *throttle // by network: who asks for links
	wrong     *wrongLogins

	options  Options
	passkeys *webauthn.WebAuthn // nil: none here
	mailing  chan struct{}      // holds one for each mail that is on its way
	running  sync.WaitGroup
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
	if o.CookieKey == nil {
		o.CookieKey = newCookieKey()
	}
	c, err := newChecker(atOnce, maxQueue)
	if err != nil {
		return nil, err
	}
	s := &Service{
		store: store, now: o.Now, rand: o.Rand, log: o.Log, checker: c, options: o, mailing: make(chan struct{}, maxMailing),
		accounts: newThrottle(o.Now, mostForAccount), addresses: newThrottle(o.Now, mostForAddress),
		factors: newThrottle(o.Now, mostForFactor), forgotten: newThrottle(o.Now, mostForAddress),
		wrong: newWrongLogins(store.WrongLogin, o.Log),
	}
	if s.passkeys, err = newPasskeys(o.PublicURL); err != nil {
		return nil, err
	}
	return s, nil
}

// Close waits for the mails and the audit events that are on their way.
func (s *Service) Close() {
	s.running.Wait()
	s.wrong.close()
}

// Rules are what the policy says about logins now.
func (s *Service) Rules(ctx context.Context) (Rules, error) {
	if s.options.Rules == nil {
		return Rules{Idle: Idle, Absolute: Absolute}, nil
	}
	r, err := s.options.Rules(ctx)
	if err != nil {
		return r, fmt.Errorf("reading the policy: %w", err)
	}
	return r, nil
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
		s.wrong.add(agent.ID, address)
		s.log.WarnContext(ctx, "wrong login", "address", address) // without the name: somebody may have typed the password there
		return deskhand.Agent{}, err
	}
	return agent, err
}

// check takes the same time whether there is such an agent or not. With CodeUnauthorized the agent is whose name was given, if there is one.
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
		return agent, &deskhand.Error{
			Code: deskhand.CodeUnauthorized, Fault: "The user name or the password is wrong.", Hint: "Check both; the password's capitals count.",
		}
	}
	return agent, nil
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
