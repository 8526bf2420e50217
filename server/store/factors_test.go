package store_test

import (
	"bytes"
	"slices"
	"strconv"
	"testing"

	"deskhand"
	"deskhand/server/store/storetest"
)

// verbs are the acts that the audit holds about a subject, in order.
func verbs(t testing.TB, s *storetest.Store, subject string) (list []string) {
	t.Helper()
	events, err := s.AuditEvents(t.Context(), 0, 1000)
	want(t, err, "")
	for _, e := range events {
		if e.Subject == subject {
			list = append(list, e.Verb)
		}
	}
	return list
}

func factor(t testing.TB, s *storetest.Store, a deskhand.Agent) deskhand.SecondFactor {
	t.Helper()
	f, err := s.SecondFactor(t.Context(), a.ID)
	want(t, err, "")
	return f
}

var recovery = [][]byte{bytes.Repeat([]byte{1}, 32), bytes.Repeat([]byte{2}, 32)}

func TestAuthenticator(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, a := t.Context(), s.Agent(t, "rodney", deskhand.RoleAgent)
		by := storetest.As(a)
		_, err := s.TOTP(ctx, a.ID, false)
		want(t, err, deskhand.CodeNotFound)
		_, err = s.ConfirmTOTP(ctx, by, a.ID, 7, recovery)
		want(t, err, deskhand.CodeConflict)

		// Whoever begins twice has the second secret, and none counts before it is confirmed.
		want(t, s.BeginTOTP(ctx, a.ID, []byte("first")), "")
		want(t, s.BeginTOTP(ctx, a.ID, []byte("second")), "")
		if secret, err := s.TOTP(ctx, a.ID, false); err != nil || string(secret) != "second" {
			t.Fatalf("%q %v", secret, err)
		}
		_, err = s.TOTP(ctx, a.ID, true)
		want(t, err, deskhand.CodeNotFound)
		want(t, s.UseTOTP(ctx, a.ID, 8), deskhand.CodeUnauthorized)
		if f := factor(t, s, a); f.Set() {
			t.Fatalf("%+v", f)
		}
		kept, err := s.ConfirmTOTP(ctx, by, a.ID, 7, recovery)
		if err != nil || !kept {
			t.Fatal(kept, err)
		}
		if f := factor(t, s, a); !f.Authenticator || f.RecoveryCodes != 2 {
			t.Fatalf("%+v", f)
		}
		want(t, s.BeginTOTP(ctx, a.ID, []byte("third")), deskhand.CodeConflict)

		// No code counts twice, nor one from before.
		for _, one := range []struct {
			counter int64
			code    deskhand.Code
		}{{7, deskhand.CodeUnauthorized}, {9, ""}, {9, deskhand.CodeUnauthorized}, {8, deskhand.CodeUnauthorized}, {10, ""}} {
			want(t, s.UseTOTP(ctx, a.ID, one.counter), one.code)
		}
		// What it was recovered by goes with it.
		want(t, s.RemoveTOTP(ctx, by, a.ID), "")
		if f := factor(t, s, a); f.Set() || f.RecoveryCodes != 0 {
			t.Fatalf("%+v", f)
		}
		want(t, s.RemoveTOTP(ctx, by, a.ID), "")
		if got := verbs(t, s, a.ID); !slices.Equal(got, []string{"agent.create", "agent.factor-add", "agent.factor-remove"}) {
			t.Fatal(got)
		}
	})
}

func passkey(a deskhand.Agent, id string) deskhand.Passkey {
	return deskhand.Passkey{AgentID: a.ID, Name: "Key " + id, CredentialID: []byte(id), Credential: []byte("credential of " + id)}
}

func TestPasskeys(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, a, other := t.Context(), s.Agent(t, "rodney", deskhand.RoleAgent), s.Agent(t, "ada", deskhand.RoleAgent)
		by := storetest.As(a)
		_, _, err := s.AddPasskey(ctx, by, deskhand.Passkey{AgentID: a.ID, Name: " ", CredentialID: []byte("x")}, recovery)
		want(t, err, deskhand.CodeInvalid)
		one, kept, err := s.AddPasskey(ctx, by, passkey(a, "one"), recovery)
		if err != nil || !kept || one.ID == "" || !one.CreatedAt.Equal(s.Clock.Now()) {
			t.Fatal(one, kept, err)
		}
		// The codes that the agent has stay, and a passkey is one agent's only.
		two, kept, err := s.AddPasskey(ctx, by, passkey(a, "two"), [][]byte{bytes.Repeat([]byte{3}, 32)})
		if err != nil || kept {
			t.Fatal(kept, err)
		}
		_, _, err = s.AddPasskey(ctx, storetest.As(other), passkey(other, "one"), nil)
		want(t, err, deskhand.CodeConflict)

		want(t, s.UsePasskey(ctx, []byte("two"), []byte("newer")), "")
		want(t, s.RenamePasskey(ctx, by, a.ID, one.ID, " Laptop "), "")
		want(t, s.RenamePasskey(ctx, by, a.ID, one.ID, "\t"), deskhand.CodeInvalid)
		want(t, s.RenamePasskey(ctx, storetest.As(other), other.ID, one.ID, "mine"), deskhand.CodeNotFound)
		want(t, s.RemovePasskey(ctx, storetest.As(other), other.ID, one.ID), deskhand.CodeNotFound)
		f := factor(t, s, a)
		if len(f.Passkeys) != 2 || f.RecoveryCodes != 2 {
			t.Fatalf("%+v", f)
		}
		for _, p := range f.Passkeys {
			switch {
			case p.ID == one.ID && p.Name == "Laptop" && p.LastUsedAt.IsZero() && string(p.Credential) == "credential of one":
			case p.ID == two.ID && p.Name == "Key two" && p.LastUsedAt.Equal(s.Clock.Now()) && string(p.Credential) == "newer":
			default:
				t.Errorf("%+v", p)
			}
		}
		want(t, s.RemovePasskey(ctx, by, a.ID, one.ID), "")
		if f := factor(t, s, a); f.RecoveryCodes != 2 {
			t.Fatalf("the codes go before the last passkey: %+v", f)
		}
		want(t, s.RemovePasskey(ctx, by, a.ID, two.ID), "")
		if f := factor(t, s, a); f.Set() || f.RecoveryCodes != 0 {
			t.Fatalf("%+v", f)
		}
		for i := range 20 {
			_, _, err = s.AddPasskey(ctx, by, passkey(a, strconv.Itoa(i)), nil)
			want(t, err, "")
		}
		_, _, err = s.AddPasskey(ctx, by, passkey(a, "more"), nil)
		want(t, err, deskhand.CodeConflict)
	})
}

func TestRecoveryCodes(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, a, other := t.Context(), s.Agent(t, "rodney", deskhand.RoleAgent), s.Agent(t, "ada", deskhand.RoleAgent)
		by := storetest.As(a)
		want(t, s.SetRecoveryCodes(ctx, by, a.ID, recovery), deskhand.CodeConflict)
		_, _, err := s.AddPasskey(ctx, by, passkey(a, "one"), recovery)
		want(t, err, "")

		want(t, s.UseRecoveryCode(ctx, by, other.ID, recovery[0]), deskhand.CodeUnauthorized)
		want(t, s.UseRecoveryCode(ctx, by, a.ID, recovery[0]), "")
		want(t, s.UseRecoveryCode(ctx, by, a.ID, recovery[0]), deskhand.CodeUnauthorized)
		fresh := [][]byte{bytes.Repeat([]byte{4}, 32)}
		want(t, s.SetRecoveryCodes(ctx, by, a.ID, fresh), "")
		want(t, s.UseRecoveryCode(ctx, by, a.ID, recovery[1]), deskhand.CodeUnauthorized)
		want(t, s.UseRecoveryCode(ctx, by, a.ID, fresh[0]), "")
		if f := factor(t, s, a); f.RecoveryCodes != 0 || !f.Set() {
			t.Fatalf("%+v", f)
		}
	})
}

func TestResetSecondFactor(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, boss, a := t.Context(), s.Agent(t, "boss", deskhand.RoleAdministrator), s.Agent(t, "rodney", deskhand.RoleAgent)
		for _, one := range []deskhand.Agent{boss, a} {
			want(t, s.BeginTOTP(ctx, one.ID, []byte("secret")), "")
			_, err := s.ConfirmTOTP(ctx, storetest.As(one), one.ID, 1, recovery)
			want(t, err, "")
			_, _, err = s.AddPasskey(ctx, storetest.As(one), passkey(one, "of "+one.UserName), nil)
			want(t, err, "")
		}
		want(t, s.ResetSecondFactor(ctx, storetest.As(boss), boss.ID), deskhand.CodeForbidden)
		want(t, s.ResetSecondFactor(ctx, storetest.As(a), boss.ID), deskhand.CodeForbidden)
		want(t, s.ResetSecondFactor(ctx, storetest.As(boss), "nobody"), deskhand.CodeNotFound)
		want(t, s.ResetSecondFactor(ctx, storetest.As(boss), a.ID), "")
		if f := factor(t, s, a); f.Set() || f.RecoveryCodes != 0 {
			t.Fatalf("%+v", f)
		}
		if f := factor(t, s, boss); !f.Authenticator || len(f.Passkeys) != 1 || f.RecoveryCodes != 2 {
			t.Fatalf("%+v", f)
		}
	})
}
