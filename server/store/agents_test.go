package store_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"deskhand"
	"deskhand/server/store/storetest"
)

// want fails unless err is a deskhand.Error with the code; the code "" wants no error.
func want(t testing.TB, err error, code deskhand.Code) {
	t.Helper()
	if code == "" {
		if err != nil {
			t.Fatal(err)
		}
		return
	}
	if err == nil || deskhand.CodeOf(err) != code {
		t.Fatalf("error %v, want code %s", err, code)
	}
}

func TestCreateAgent(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		a, err := s.CreateAgent(t.Context(), deskhand.Server, deskhand.Agent{
			UserName: " Rodney ", Name: "Rodney\u202e M.", Email: "rodney@example.com", Title: "Help desk", Language: "de", Theme: "dark",
		}, "secret hash")
		want(t, err, "")
		if a.UserName != "rodney" || a.Name != "Rodney M." || a.Role != deskhand.RoleAgent || a.ID == "" {
			t.Fatalf("created %+v", a)
		}
		byName, err := s.AgentByUserName(t.Context(), "RODNEY")
		want(t, err, "")
		byID, err := s.AgentByID(t.Context(), a.ID)
		want(t, err, "")
		if byName != a || byID != a {
			t.Fatalf("stored %+v and %+v, want %+v", byName, byID, a)
		}
		if hash, err := s.PasswordHash(t.Context(), a.ID); err != nil || hash != "secret hash" {
			t.Fatalf("hash %q, %v", hash, err)
		}
		_, err = s.AgentByUserName(t.Context(), "nobody")
		want(t, err, deskhand.CodeNotFound)
		_, err = s.PasswordHash(t.Context(), "nobody")
		want(t, err, deskhand.CodeNotFound)
		_, err = s.CreateAgent(t.Context(), deskhand.Server, deskhand.Agent{UserName: "rodney"}, "x")
		want(t, err, deskhand.CodeConflict)

		for _, bad := range []deskhand.Agent{
			{UserName: "r"},
			{UserName: "a b"},
			{UserName: "anna", Email: "anna"},
			{UserName: "anna", Email: "a@b\nc"},
			{UserName: "anna", Theme: "pink"},
			{UserName: "anna", Role: "root"},
			{UserName: "anna", Language: "a language that is far too long for a tag"},
		} {
			_, err := s.CreateAgent(t.Context(), deskhand.Server, bad, "x")
			want(t, err, deskhand.CodeInvalid)
		}
		list, err := s.ListAgents(t.Context())
		if err != nil || len(list) != 1 {
			t.Fatalf("%d agents, %v", len(list), err)
		}
	})
}

func TestFirstAdministratorOnce(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		s.Agent(t, "anna", deskhand.RoleAgent) // an ordinary agent does not count
		var made atomic.Int32
		var wg sync.WaitGroup
		for _, name := range []string{"a1", "a2", "a3", "a4", "a5", "a6"} {
			wg.Go(func() {
				_, err := s.CreateFirstAdministrator(t.Context(), deskhand.Server, deskhand.Agent{UserName: name}, "h")
				if err == nil {
					made.Add(1)
				} else if deskhand.CodeOf(err) != deskhand.CodeConflict {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if made.Load() != 1 {
			t.Fatalf("%d first administrators", made.Load())
		}
		if has, err := s.HasAdministrator(t.Context()); err != nil || !has {
			t.Fatal(has, err)
		}
	})
}

func TestLastAdministratorStays(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		boss, other := s.Agent(t, "boss", deskhand.RoleAdministrator), s.Agent(t, "other", deskhand.RoleAdministrator)
		want(t, s.SetAgentDisabled(t.Context(), storetest.As(boss), other.ID, true), "")
		want(t, s.SetAgentDisabled(t.Context(), storetest.As(boss), boss.ID, true), deskhand.CodeConflict)
		boss.Role = deskhand.RoleAgent
		_, err := s.UpdateAgent(t.Context(), storetest.As(boss), boss)
		want(t, err, deskhand.CodeConflict)
		want(t, s.SetAgentDisabled(t.Context(), storetest.As(boss), other.ID, false), "")
		got, err := s.UpdateAgent(t.Context(), storetest.As(boss), boss)
		want(t, err, "")
		if got.Role != deskhand.RoleAgent {
			t.Fatalf("role %s", got.Role)
		}
	})
}

func TestLogins(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, a := t.Context(), s.Agent(t, "rodney", deskhand.RoleAgent)
		const idle = 12 * time.Hour
		login := func(token string) deskhand.Login {
			l, err := s.CreateLogin(ctx, storetest.As(a), deskhand.Login{
				AgentID: a.ID, ExpiresAt: s.Clock.Now().Add(7 * 24 * time.Hour), Address: "192.0.2.1", UserAgent: "Firefox",
			}, []byte(token))
			want(t, err, "")
			return l
		}
		check := func(token string, code deskhand.Code) {
			t.Helper()
			_, _, err := s.LoginByTokenHash(ctx, []byte(token), idle)
			want(t, err, code)
		}
		l := login("one")
		got, agent, err := s.LoginByTokenHash(ctx, []byte("one"), idle)
		if err != nil || got != l || agent != a {
			t.Fatalf("%+v %+v %v", got, agent, err)
		}
		check("two", deskhand.CodeUnauthorized)

		// Used every hour it lives until its absolute end, unused it ends after 12 hours.
		for range 7*24 - 1 {
			s.Clock.Advance(time.Hour)
			got, _, err := s.LoginByTokenHash(ctx, []byte("one"), idle)
			want(t, err, "")
			want(t, s.TouchLogin(ctx, got), "")
		}
		s.Clock.Advance(time.Hour)
		check("one", deskhand.CodeUnauthorized)
		login("three")
		s.Clock.Advance(idle)
		check("three", deskhand.CodeUnauthorized)
		want(t, s.Prune(ctx, idle), "")
		if list, err := s.ListLogins(ctx, a.ID, idle); err != nil || len(list) != 0 {
			t.Fatalf("%+v %v", list, err)
		}

		// Whatever ends a login tells the other readers which one.
		since, err := s.LastChange(ctx)
		want(t, err, "")
		ended := func(ids ...string) {
			t.Helper()
			changes, err := s.Changes(ctx, since, 100)
			want(t, err, "")
			found := map[string]bool{}
			for _, c := range changes {
				if c.Topic == deskhand.TopicLogins && c.AgentID == a.ID {
					found[c.Subject] = true
				}
				since = c.Sequence
			}
			for _, id := range ids {
				if !found[id] {
					t.Errorf("login %s did not end", id)
				}
			}
			if len(found) != len(ids) {
				t.Errorf("%d logins ended, want %d", len(found), len(ids))
			}
		}
		four, five, six := login("four"), login("five"), login("six")
		want(t, s.EndLogin(ctx, storetest.As(a), four.ID), "")
		want(t, s.EndLogin(ctx, storetest.As(a), four.ID), "")
		check("four", deskhand.CodeUnauthorized)
		ended(four.ID)
		want(t, s.EndLogins(ctx, storetest.As(a), a.ID, six.ID), "")
		ended(five.ID)
		check("six", "")
		want(t, s.SetPassword(ctx, storetest.As(a), a.ID, "new"), "")
		ended(six.ID)
		seven := login("seven")
		want(t, s.SetAgentDisabled(ctx, deskhand.Server, a.ID, true), "")
		ended(seven.ID)
		_, err = s.CreateLogin(ctx, storetest.As(a), deskhand.Login{AgentID: a.ID, ExpiresAt: s.Clock.Now().Add(time.Hour)}, []byte("eight"))
		want(t, err, deskhand.CodeUnauthorized)
	})
}

func TestTouchLoginWritesOnceAMinute(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, a := t.Context(), s.Agent(t, "rodney", deskhand.RoleAgent)
		l, err := s.CreateLogin(ctx, storetest.As(a), deskhand.Login{AgentID: a.ID, ExpiresAt: s.Clock.Now().Add(time.Hour)}, []byte("t"))
		want(t, err, "")
		start := l.LastSeenAt
		for _, step := range []struct {
			after, seen time.Duration
		}{{59 * time.Second, 0}, {time.Second, time.Minute}, {30 * time.Second, time.Minute}, {30 * time.Second, 2 * time.Minute}} {
			s.Clock.Advance(step.after)
			want(t, s.TouchLogin(ctx, l), "")
			l, _, err = s.LoginByTokenHash(ctx, []byte("t"), time.Hour)
			want(t, err, "")
			if got := l.LastSeenAt.Sub(start); got != step.seen {
				t.Fatalf("last seen after %v, want %v", got, step.seen)
			}
		}
	})
}
