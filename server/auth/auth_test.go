package auth_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"deskhand"
	"deskhand/server/auth"
	"deskhand/server/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

const password = "correct horse battery"

var from = deskhand.Actor{Address: "198.51.100.7"}

// start is a Service on a fresh SQLite database with the agent rodney.
func start(t testing.TB) (*auth.Service, *storetest.Store, deskhand.Agent) {
	t.Helper()
	s := storetest.SQLite(t)
	hash, err := auth.HashPassword(password)
	want(t, err, "")
	a, err := s.CreateAgent(t.Context(), deskhand.Server, deskhand.Agent{UserName: "rodney"}, hash)
	want(t, err, "")
	service, err := auth.New(s, auth.Options{Now: s.Clock.Now, Log: slog.New(slog.DiscardHandler)})
	want(t, err, "")
	t.Cleanup(service.Close)
	return service, s, a
}

func want(t testing.TB, err error, code deskhand.Code) {
	t.Helper()
	if code == "" && err != nil || code != "" && (err == nil || deskhand.CodeOf(err) != code) {
		t.Fatalf("error %v, want code %q", err, code)
	}
}

func TestLogin(t *testing.T) {
	service, s, a := start(t)
	ctx := t.Context()
	in, err := service.Login(ctx, " Rodney ", password, from, "Firefox")
	want(t, err, "")
	agent, login, secret := in.Agent, in.Login, in.Secret
	if agent != a || login.AgentID != a.ID || login.Address != from.Address || login.UserAgent != "Firefox" || len(secret) != 43 ||
		!login.ExpiresAt.Equal(s.Clock.Now().Add(auth.Absolute)) {
		t.Fatalf("%+v %+v %q", agent, login, secret)
	}
	agent, again, _, err := service.Check(ctx, secret)
	want(t, err, "")
	if agent != a || again.ID != login.ID {
		t.Fatalf("%+v %+v", agent, again)
	}
	second, err := service.Login(ctx, "rodney", password, from, "Firefox")
	want(t, err, "")
	other, secret2 := second.Login, second.Secret
	if secret2 == secret || other.ID == login.ID {
		t.Fatal("the secret was not new")
	}
	for _, bad := range []string{"", "x", secret + "x", strings.ToUpper(secret)} {
		_, _, _, err := service.Check(ctx, bad)
		want(t, err, deskhand.CodeUnauthorized)
	}
	want(t, service.Logout(ctx, from, login), "")
	_, _, _, err = service.Check(ctx, secret)
	want(t, err, deskhand.CodeUnauthorized)
	_, _, _, err = service.Check(ctx, secret2)
	want(t, err, "")

	// Used, it lives on; unused for 12 hours, it ends; after 7 days in any case.
	for range 14 {
		s.Clock.Advance(auth.Idle - time.Minute)
		if s.Clock.Now().Before(other.ExpiresAt) {
			_, _, _, err = service.Check(ctx, secret2)
			want(t, err, "")
		}
	}
	s.Clock.Advance(time.Hour)
	_, _, _, err = service.Check(ctx, secret2)
	want(t, err, deskhand.CodeUnauthorized)
	third, err := service.Login(ctx, "rodney", password, from, "")
	want(t, err, "")
	s.Clock.Advance(auth.Idle)
	_, _, _, err = service.Check(ctx, third.Secret)
	want(t, err, deskhand.CodeUnauthorized)
}

// Whatever is wrong, the answer is the same.
func TestWrongLoginsAreAlike(t *testing.T) {
	service, s, _ := start(t)
	ctx := t.Context()
	hash, err := auth.HashPassword(password)
	want(t, err, "")
	gone, err := s.CreateAgent(ctx, deskhand.Server, deskhand.Agent{UserName: "gone", Disabled: true}, hash)
	want(t, err, "")
	_ = gone
	texts := map[string]bool{}
	for i, try := range []struct{ user, password string }{
		{"rodney", "wrong password"},
		{"rodney", ""},
		{"rodney", strings.Repeat("x", 5000)},
		{"rodney", password + " "},
		{"nobody", password},
		{"", password},
		{"'; --", password},
		{"gone", password},
		{strings.Repeat("y", 5000), password},
	} {
		_, err := service.Authenticate(ctx, try.user, try.password, fmt.Sprint("198.51.100.", i))
		want(t, err, deskhand.CodeUnauthorized)
		texts[err.Error()] = true
	}
	if len(texts) != 1 {
		t.Fatalf("answers %v", texts)
	}
	// Composed or not, it is the same password.
	hash, err = auth.HashPassword("Gru\u0308\u00dfe aus Ko\u0308ln")
	want(t, err, "")
	_, err = s.CreateAgent(ctx, deskhand.Server, deskhand.Agent{UserName: "kim"}, hash)
	want(t, err, "")
	_, err = service.Authenticate(ctx, "kim", "Gr\u00fc\u00dfe aus K\u00f6ln", "198.51.100.99")
	want(t, err, "")
}

// A user name that nobody has costs the same work as one that somebody has: one comparison by the same parameters.
func TestUnknownUserCostsAsMuch(t *testing.T) {
	service, _, _ := start(t)
	cost := func(user string) (compared []argon2id.Params) {
		auth.ObserveCompare(service, func(hash string) {
			params, _, _, err := argon2id.DecodeHash(hash)
			want(t, err, "")
			compared = append(compared, *params)
		})
		_, err := service.Authenticate(t.Context(), user, "wrong password", "198.51.100.7")
		want(t, err, deskhand.CodeUnauthorized)
		return compared
	}
	known, unknown := cost("rodney"), cost("nobody")
	if len(known) != 1 || !slices.Equal(known, unknown) {
		t.Errorf("known %+v, unknown %+v", known, unknown)
	}
}

func TestThrottle(t *testing.T) {
	service, s, _ := start(t)
	ctx, n := t.Context(), 0
	wrong := func(user string, code deskhand.Code) error {
		t.Helper()
		n++
		_, err := service.Authenticate(ctx, user, "wrong password", fmt.Sprintf("198.51.%d.%d", n/256, n%256))
		want(t, err, code)
		return err
	}
	for range 5 {
		wrong("rodney", deskhand.CodeUnauthorized)
	}
	for i, seconds := range []int{1, 2, 4, 8, 16, 32, 60, 60} {
		err := wrong("rodney", deskhand.CodeThrottled)
		var e *deskhand.Error
		if !errors.As(err, &e) || e.RetryAfter != time.Duration(seconds)*time.Second || !strings.Contains(e.Hint, fmt.Sprint(seconds)) {
			t.Fatalf("%d: %+v, want %d seconds", i, e, seconds)
		}
		if _, err := service.Authenticate(ctx, " RODNEY", password, "192.0.2.1"); deskhand.CodeOf(err) != deskhand.CodeThrottled {
			t.Fatalf("the right password did not wait: %v", err)
		}
		wrong("anna"+fmt.Sprint(i), deskhand.CodeUnauthorized) // others do not wait
		s.Clock.Advance(time.Duration(seconds)*time.Second - time.Millisecond)
		wrong("rodney", deskhand.CodeThrottled)
		s.Clock.Advance(time.Millisecond)
		wrong("rodney", deskhand.CodeUnauthorized)
	}
	s.Clock.Advance(time.Minute)
	_, err := service.Authenticate(ctx, "rodney", password, "192.0.2.1")
	want(t, err, "")
	for range 4 { // a right one forgives the wrong ones
		wrong("rodney", deskhand.CodeUnauthorized)
	}
	_, err = service.Authenticate(ctx, "rodney", password, "192.0.2.1")
	want(t, err, "")
}

func TestThrottleByAddress(t *testing.T) {
	service, s, _ := start(t)
	ctx := t.Context()
	for i := range 5 {
		_, err := service.Authenticate(ctx, fmt.Sprint("user", i), "wrong password", fmt.Sprintf("2001:db8::%x", i))
		want(t, err, deskhand.CodeUnauthorized)
	}
	_, err := service.Authenticate(ctx, "rodney", password, "2001:db8::ffff")
	want(t, err, deskhand.CodeThrottled)
	_, err = service.Authenticate(ctx, "rodney", password, "2001:db8:0:1::1")
	want(t, err, "")
	s.Clock.Advance(time.Second)
	_, err = service.Authenticate(ctx, "rodney", password, "2001:db8::ffff")
	want(t, err, "")
	// One right login does not forgive an address its wrong ones; time does.
	_, err = service.Authenticate(ctx, "user", "wrong password", "2001:db8::1")
	want(t, err, deskhand.CodeUnauthorized)
	_, err = service.Authenticate(ctx, "rodney", password, "2001:db8::1")
	want(t, err, deskhand.CodeThrottled)
	s.Clock.Advance(time.Hour)
	for i := range 5 {
		_, err := service.Authenticate(ctx, fmt.Sprint("other", i), "wrong password", "2001:db8::1")
		want(t, err, deskhand.CodeUnauthorized)
	}
}

// Many wrong ones at once do not get past the throttle; many right ones are all let in.
func TestAtOnce(t *testing.T) {
	service, _, _ := start(t)
	run := func(n int, password string) (in, checked int32) {
		var ok, wrong atomic.Int32
		var wg sync.WaitGroup
		for range n {
			wg.Go(func() {
				_, err := service.Authenticate(t.Context(), "rodney", password, "198.51.100.7")
				switch {
				case err == nil:
					ok.Add(1)
				case deskhand.CodeOf(err) == deskhand.CodeUnauthorized:
					wrong.Add(1)
				case deskhand.CodeOf(err) != deskhand.CodeThrottled:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		return ok.Load(), ok.Load() + wrong.Load()
	}
	if in, _ := run(20, password); in != 20 {
		t.Errorf("%d of 20 right ones were let in", in)
	}
	if _, checked := run(20, "wrong password"); checked > 6 {
		t.Errorf("%d wrong ones were checked", checked)
	}
}

func TestQueueIsBounded(t *testing.T) {
	service, _, _ := start(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var refused atomic.Int32
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			_, err := service.Authenticate(ctx, fmt.Sprint("user", i), password, fmt.Sprint("198.51.100.", i))
			if deskhand.CodeOf(err) == deskhand.CodeUnavailable {
				if refused.Add(1) == 1 {
					cancel() // the others need not be waited for
				}
			}
		})
	}
	wg.Wait()
	if refused.Load() == 0 {
		t.Error("200 at once were all queued")
	}
}

func TestFirstAdministrator(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		s.Agent(t, "admin", deskhand.RoleAgent)
		name, password, made, err := auth.FirstAdministrator(t.Context(), s)
		want(t, err, "")
		if !made || name != "admin2" || len(password) != 24 {
			t.Fatalf("%q %q %v", name, password, made)
		}
		service, err := auth.New(s, auth.Options{Now: s.Clock.Now})
		want(t, err, "")
		a, err := service.Authenticate(t.Context(), name, password, "192.0.2.1")
		want(t, err, "")
		if a.Role != deskhand.RoleAdministrator {
			t.Fatalf("%+v", a)
		}
		_, _, made, err = auth.FirstAdministrator(t.Context(), s)
		if made || err != nil {
			t.Fatal("a second first administrator", err)
		}
	})
}

// noStore fails every question to the database.
type noStore struct{ auth.Store }

// A cookie that was made up is known without a look into the database.
func TestMadeUpCookies(t *testing.T) {
	service, s, _ := start(t)
	in, err := service.Login(t.Context(), "rodney", password, from, "")
	want(t, err, "")
	_, _, _, err = service.Check(t.Context(), in.Secret)
	want(t, err, "")

	key := []byte("the key of all servers on the data")
	one, err := auth.New(s, auth.Options{Now: s.Clock.Now, CookieKey: key})
	want(t, err, "")
	t.Cleanup(one.Close)
	in, err = one.Login(t.Context(), "rodney", password, from, "")
	want(t, err, "")
	two, err := auth.New(s, auth.Options{Now: s.Clock.Now, CookieKey: key})
	want(t, err, "")
	t.Cleanup(two.Close)
	_, _, _, err = two.Check(t.Context(), in.Secret)
	want(t, err, "")
	blind, err := auth.New(noStore{}, auth.Options{CookieKey: key})
	want(t, err, "")
	t.Cleanup(blind.Close)
	for i := range in.Secret {
		changed := []byte(in.Secret)
		changed[i] ^= 1
		_, _, _, err := blind.Check(t.Context(), string(changed))
		want(t, err, deskhand.CodeUnauthorized)
	}
	for _, bad := range []string{"", "x", strings.Repeat("A", 43), in.Secret + "A", in.Secret[:42], strings.Repeat("A", 100)} {
		_, _, _, err := blind.Check(t.Context(), bad)
		want(t, err, deskhand.CodeUnauthorized)
	}
}
