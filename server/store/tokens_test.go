package store_test

import (
	"crypto/sha256"
	"slices"
	"strconv"
	"testing"
	"time"

	"deskhand"
	"deskhand/server/store/storetest"
)

func hashOf(secret string) []byte {
	h := sha256.Sum256([]byte(secret))
	return h[:]
}

func TestTokens(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, boss, a := t.Context(), s.Agent(t, "boss", deskhand.RoleAdministrator), s.Agent(t, "rodney", deskhand.RoleAgent)
		by, now := storetest.As(a), s.Clock.Now()
		for _, one := range []struct {
			token deskhand.Token
			code  deskhand.Code
		}{
			{deskhand.Token{AgentID: "nobody", Name: "x", Scopes: []string{"a"}}, deskhand.CodeNotFound},
			{deskhand.Token{AgentID: a.ID, Name: " ", Scopes: []string{"a"}}, deskhand.CodeInvalid},
			{deskhand.Token{AgentID: a.ID, Name: "x"}, deskhand.CodeInvalid},
			{deskhand.Token{AgentID: a.ID, Name: "x", Scopes: []string{"a"}, ExpiresAt: now}, deskhand.CodeInvalid},
		} {
			_, err := s.CreateToken(ctx, by, one.token, hashOf("refused"))
			want(t, err, one.code)
		}
		lasting, err := s.CreateToken(ctx, by, deskhand.Token{AgentID: a.ID, Name: "Lasting", Scopes: []string{"logs:read", "sessions:read"}}, hashOf("lasting"))
		want(t, err, "")
		s.Clock.Advance(time.Second)
		short, err := s.CreateToken(ctx, by, deskhand.Token{AgentID: a.ID, Name: "Short", Scopes: []string{"a"}, ExpiresAt: now.Add(time.Hour)}, hashOf("short"))
		want(t, err, "")

		found, agent, err := s.TokenByHash(ctx, hashOf("lasting"))
		if err != nil || agent.ID != a.ID || found.ID != lasting.ID || !slices.Equal(found.Scopes, []string{"logs:read", "sessions:read"}) || !found.ExpiresAt.IsZero() {
			t.Fatalf("%+v %+v %v", found, agent, err)
		}
		_, _, err = s.TokenByHash(ctx, hashOf("refused"))
		want(t, err, deskhand.CodeUnauthorized)

		// It is noted when a token is used, once a minute.
		want(t, s.TouchToken(ctx, found), "")
		touched := s.Clock.Now()
		found, _, err = s.TokenByHash(ctx, hashOf("lasting"))
		want(t, err, "")
		s.Clock.Advance(30 * time.Second)
		want(t, s.TouchToken(ctx, found), "")
		list, err := s.ListTokens(ctx, a.ID)
		if err != nil || len(list) != 2 || list[0].ID != short.ID || !list[0].LastUsedAt.IsZero() || !list[1].LastUsedAt.Equal(touched) {
			t.Fatalf("%+v %v", list, err)
		}

		// One that is over is still listed, but lets nobody in; nor does one of an agent who is disabled.
		s.Clock.Advance(time.Hour)
		_, _, err = s.TokenByHash(ctx, hashOf("short"))
		want(t, err, deskhand.CodeUnauthorized)
		if list, err := s.ListTokens(ctx, a.ID); err != nil || len(list) != 2 {
			t.Fatal(list, err)
		}
		want(t, s.SetAgentDisabled(ctx, storetest.As(boss), a.ID, true), "")
		_, _, err = s.TokenByHash(ctx, hashOf("lasting"))
		want(t, err, deskhand.CodeUnauthorized)
		want(t, s.SetAgentDisabled(ctx, storetest.As(boss), a.ID, false), "")

		want(t, s.RemoveToken(ctx, storetest.As(boss), boss.ID, lasting.ID), deskhand.CodeNotFound)
		want(t, s.RemoveToken(ctx, by, a.ID, lasting.ID), "")
		want(t, s.RemoveToken(ctx, by, a.ID, lasting.ID), deskhand.CodeNotFound)
		_, _, err = s.TokenByHash(ctx, hashOf("lasting"))
		want(t, err, deskhand.CodeUnauthorized)
		if got := verbs(t, s, lasting.ID); !slices.Equal(got, []string{"token.create", "token.remove"}) {
			t.Fatal(got)
		}
		for i := range 49 {
			_, err = s.CreateToken(ctx, by, deskhand.Token{AgentID: a.ID, Name: "x", Scopes: []string{"a"}}, hashOf(strconv.Itoa(i)))
			want(t, err, "")
		}
		_, err = s.CreateToken(ctx, by, deskhand.Token{AgentID: a.ID, Name: "x", Scopes: []string{"a"}}, hashOf("more"))
		want(t, err, deskhand.CodeConflict)
	})
}

func TestPasswordResets(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, boss, a := t.Context(), s.Agent(t, "boss", deskhand.RoleAdministrator), s.Agent(t, "rodney", deskhand.RoleAgent)
		until := s.Clock.Now().Add(time.Hour)
		loggedIn := hashOf("login")
		_, err := s.CreateLogin(ctx, storetest.As(a), deskhand.Login{AgentID: a.ID, ExpiresAt: s.Clock.Now().Add(24 * time.Hour)}, loggedIn)
		want(t, err, "")
		want(t, s.CreateReset(ctx, deskhand.Server, "nobody", hashOf("x"), until, false), deskhand.CodeNotFound)
		for _, secret := range []string{"one", "two", "three"} {
			want(t, s.CreateReset(ctx, deskhand.Server, a.ID, hashOf(secret), until, false), "")
		}
		// Nobody's mailbox is filled; an administrator's link is the only one then.
		want(t, s.CreateReset(ctx, deskhand.Server, a.ID, hashOf("four"), until, false), deskhand.CodeThrottled)
		want(t, s.CreateReset(ctx, storetest.As(a), boss.ID, hashOf("up"), until, true), deskhand.CodeForbidden)
		want(t, s.CreateReset(ctx, storetest.As(boss), boss.ID, hashOf("own"), until, true), deskhand.CodeForbidden)
		want(t, s.CreateReset(ctx, storetest.As(boss), a.ID, hashOf("five"), until, true), "")
		_, err = s.AgentByReset(ctx, hashOf("one"))
		want(t, err, deskhand.CodeNotFound)
		want(t, s.UseReset(ctx, "192.0.2.9", hashOf("one"), "other"), deskhand.CodeNotFound)
		if got, err := s.AgentByReset(ctx, hashOf("five")); err != nil || got.ID != a.ID {
			t.Fatal(got, err)
		}

		// It works once, and ends every login and every other link.
		want(t, s.CreateReset(ctx, deskhand.Server, a.ID, hashOf("six"), until, false), "")
		want(t, s.UseReset(ctx, "192.0.2.9", hashOf("five"), "new hash"), "")
		_, _, err = s.LoginByTokenHash(ctx, loggedIn, time.Hour)
		want(t, err, deskhand.CodeUnauthorized)
		for _, secret := range []string{"five", "six"} {
			want(t, s.UseReset(ctx, "192.0.2.9", hashOf(secret), "again"), deskhand.CodeNotFound)
		}
		events, _, err := s.AuditPage(ctx, deskhand.AuditFilter{Verb: "agent.password"}, "", 1)
		if err != nil || len(events) != 1 || events[0].Actor.AgentID != a.ID || events[0].Actor.Address != "192.0.2.9" {
			t.Fatalf("%+v %v", events, err)
		}

		// One that is over, or of an agent who is disabled, is none.
		want(t, s.CreateReset(ctx, deskhand.Server, a.ID, hashOf("late"), until, false), "")
		want(t, s.SetAgentDisabled(ctx, storetest.As(boss), a.ID, true), "")
		_, err = s.AgentByReset(ctx, hashOf("late"))
		want(t, err, deskhand.CodeNotFound)
		want(t, s.CreateReset(ctx, deskhand.Server, a.ID, hashOf("disabled"), until, false), deskhand.CodeNotFound)
		want(t, s.SetAgentDisabled(ctx, storetest.As(boss), a.ID, false), "")
		s.Clock.Advance(time.Hour)
		want(t, s.UseReset(ctx, "192.0.2.9", hashOf("late"), "again"), deskhand.CodeNotFound)
	})
}

func TestHalfLogins(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, a := t.Context(), s.Agent(t, "rodney", deskhand.RoleAgent)
		step := deskhand.LoginStep{Kind: deskhand.StepSecondFactor, AgentID: a.ID, Challenge: []byte("challenge"), ExpiresAt: s.Clock.Now().Add(5 * time.Minute)}
		second := []deskhand.StepKind{deskhand.StepSecondFactor}
		want(t, s.CreateStep(ctx, step, "192.0.2.0/24", hashOf("one")), "")
		_, err := s.TryStep(ctx, []deskhand.StepKind{deskhand.StepRegister}, hashOf("one"))
		want(t, err, deskhand.CodeUnauthorized)
		for range 5 {
			got, err := s.TryStep(ctx, second, hashOf("one"))
			if err != nil || got.AgentID != a.ID || string(got.Challenge) != "challenge" || !got.ExpiresAt.Equal(step.ExpiresAt) {
				t.Fatalf("%+v %v", got, err)
			}
		}
		_, err = s.TryStep(ctx, second, hashOf("one"))
		want(t, err, deskhand.CodeUnauthorized)
		want(t, s.EndStep(ctx, hashOf("one")), "")
		want(t, s.EndStep(ctx, hashOf("one")), deskhand.CodeUnauthorized)

		// The oldest of a network makes room; another network's stay.
		want(t, s.CreateStep(ctx, deskhand.LoginStep{Kind: deskhand.StepPasskey, ExpiresAt: step.ExpiresAt}, "198.51.100.0/24", hashOf("elsewhere")), "")
		for i := range 31 {
			step.ExpiresAt = step.ExpiresAt.Add(time.Second)
			want(t, s.CreateStep(ctx, step, "192.0.2.0/24", hashOf(strconv.Itoa(i))), "")
		}
		_, err = s.TryStep(ctx, second, hashOf("0"))
		want(t, err, deskhand.CodeUnauthorized)
		_, err = s.TryStep(ctx, second, hashOf("1"))
		want(t, err, "")
		got, err := s.TryStep(ctx, []deskhand.StepKind{deskhand.StepSecondFactor, deskhand.StepPasskey}, hashOf("elsewhere"))
		if err != nil || got.Kind != deskhand.StepPasskey || got.AgentID != "" {
			t.Fatalf("%+v %v", got, err)
		}
		s.Clock.Advance(time.Hour)
		_, err = s.TryStep(ctx, second, hashOf("30"))
		want(t, err, deskhand.CodeUnauthorized)
	})
}
