package store_test

import (
	"strings"
	"testing"
	"time"

	"deskhand"
	"deskhand/server/store/storetest"
)

func invited(t testing.TB, s *storetest.Store, a deskhand.Agent, kind deskhand.UnattendedKind) (string, deskhand.UnattendedInvite) {
	t.Helper()
	code, i, err := s.CreateUnattendedInvite(t.Context(), storetest.As(a), deskhand.UnattendedInvite{Kind: kind, AgentID: a.ID, Name: " till "})
	want(t, err, "")
	return code, i
}

func TestUnattendedInvites(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, a, b := t.Context(), s.Agent(t, "rodney", deskhand.RoleAgent), s.Agent(t, "anna", deskhand.RoleAgent)
		code, i := invited(t, s, a, deskhand.UnattendedEndUser)
		if !deskhand.IsUnattendedCode(code) || i.Name != "till" || i.ExpiresAt.Sub(i.CreatedAt) != 48*time.Hour {
			t.Fatalf("code %s, %+v", code, i)
		}
		invited(t, s, a, deskhand.UnattendedOwn)
		list, err := s.UnattendedInvites(ctx, a.ID)
		want(t, err, "")
		if len(list) != 1 || list[0].ID != i.ID {
			t.Fatalf("open %+v", list)
		}
		if list, err := s.UnattendedInvites(ctx, b.ID); err != nil || len(list) != 0 {
			t.Fatalf("anna's %+v, %v", list, err)
		}
		for range 3 { // looking uses nothing up
			_, err = s.UnattendedInvite(ctx, strings.ToUpper(code))
			want(t, err, "")
		}

		c, err := s.EnrolInvited(ctx, endUser, code, deskhand.Computer{Name: "TILL", PublicKey: key(1), Machine: "m1"})
		want(t, err, "")
		if c.OwnerID != a.ID || c.Visibility != deskhand.VisibleToOwner {
			t.Fatalf("enrolled %+v", c)
		}
		_, err = s.EnrolInvited(ctx, endUser, code, deskhand.Computer{Name: "OTHER", PublicKey: key(2)})
		want(t, err, deskhand.CodeUsed)
		_, err = s.UnattendedInvite(ctx, code)
		want(t, err, deskhand.CodeUsed)

		// The same machine by a second link: the same owner's is replaced, another's is not, and that link stays good.
		again, _ := invited(t, s, a, deskhand.UnattendedOwn)
		r, err := s.EnrolInvited(ctx, endUser, again, deskhand.Computer{Name: "TILL", PublicKey: key(3), Machine: "m1"})
		want(t, err, "")
		if r.ID != c.ID {
			t.Errorf("another row: %+v", r)
		}
		annas, _ := invited(t, s, b, deskhand.UnattendedEndUser)
		_, err = s.EnrolInvited(ctx, endUser, annas, deskhand.Computer{Name: "TILL", PublicKey: key(4), Machine: "m1"})
		want(t, err, deskhand.CodeConflict)
		_, err = s.UnattendedInvite(ctx, annas)
		want(t, err, "")

		// Taken back, expired, wrong, of an agent who is gone.
		gone, g := invited(t, s, a, deskhand.UnattendedEndUser)
		want(t, s.RevokeUnattendedInvite(ctx, storetest.As(b), g.ID), deskhand.CodeNotFound)
		want(t, s.RevokeUnattendedInvite(ctx, storetest.As(a), g.ID), "")
		want(t, s.RevokeUnattendedInvite(ctx, storetest.As(a), g.ID), deskhand.CodeNotFound)
		late, _ := invited(t, s, a, deskhand.UnattendedOwn)
		s.Clock.Advance(15 * time.Minute)
		for code, wanted := range map[string]deskhand.Code{
			gone: deskhand.CodeRevoked, late: deskhand.CodeExpired, "u" + strings.Repeat("0", 26): deskhand.CodeNotFound, "": deskhand.CodeNotFound,
		} {
			_, err = s.UnattendedInvite(ctx, code)
			want(t, err, wanted)
			_, err = s.EnrolInvited(ctx, endUser, code, deskhand.Computer{Name: "x", PublicKey: key(5)})
			want(t, err, wanted)
		}
		want(t, s.SetAgentDisabled(ctx, deskhand.Server, b.ID, true), "")
		_, err = s.EnrolInvited(ctx, endUser, annas, deskhand.Computer{Name: "x", PublicKey: key(6)})
		want(t, err, deskhand.CodeAgentUnavailable)
		_, _, err = s.CreateUnattendedInvite(ctx, storetest.As(b), deskhand.UnattendedInvite{Kind: deskhand.UnattendedEndUser, AgentID: b.ID})
		want(t, err, deskhand.CodeAgentUnavailable)
		_, _, err = s.CreateUnattendedInvite(ctx, storetest.As(a), deskhand.UnattendedInvite{Kind: "other", AgentID: a.ID})
		want(t, err, deskhand.CodeInvalid)
	})
}

func TestTooManyUnattendedInvites(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		a := s.Agent(t, "rodney", deskhand.RoleAgent)
		for range deskhand.MaxUnattendedInvites {
			invited(t, s, a, deskhand.UnattendedEndUser)
		}
		again := func() error {
			_, _, err := s.CreateUnattendedInvite(t.Context(), storetest.As(a), deskhand.UnattendedInvite{Kind: deskhand.UnattendedEndUser, AgentID: a.ID})
			return err
		}
		want(t, again(), deskhand.CodeConflict)
		s.Clock.Advance(48 * time.Hour)
		want(t, again(), "")
	})
}
