package store_test

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"deskhand"
	"deskhand/server/store"
	"deskhand/server/store/storetest"
)

func TestPutLink(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, a, b := t.Context(), s.Agent(t, "rodney", deskhand.RoleAgent), s.Agent(t, "anna", deskhand.RoleAgent)
		put := func(agent deskhand.Agent, ticket, name string) deskhand.Invite {
			t.Helper()
			i, err := s.PutLink(ctx, deskhand.Server, agent.ID, ticket, name)
			want(t, err, "")
			return i
		}
		one := put(a, "4711", "A. Müller")
		if len(one.Code) != 12 || strings.Trim(one.Code, "0123456789abcdefghjkmnpqrstvwxyz") != "" {
			t.Fatalf("code %q", one.Code)
		}
		if same := put(a, " 4711 ", "A. Mu\u0308ller "); same != one {
			t.Fatalf("%+v, want %+v", same, one)
		}
		codes := map[string]bool{one.Code: true}
		for _, other := range []deskhand.Invite{
			put(b, "4711", "A. Müller"), put(a, "4712", "A. Müller"), put(a, "4711", "a. müller"), put(a, "", "4711A. Müller"), put(a, "4711A. Müller", ""),
		} {
			if codes[other.Code] {
				t.Errorf("code %q twice", other.Code)
			}
			codes[other.Code] = true
		}
		// It lives for two days from when it was last asked for.
		s.Clock.Advance(47 * time.Hour)
		if again := put(a, "4711", "A. Müller"); again.ID != one.ID || again.ExpiresAt.Sub(s.Clock.Now()) != deskhand.LinkCodeLifetime {
			t.Fatalf("again %+v", again)
		}
		s.Clock.Advance(47 * time.Hour)
		if _, err := s.InviteByCode(ctx, strings.ToUpper(one.Code)); err != nil {
			t.Fatal(err)
		}
		s.Clock.Advance(time.Hour)
		_, err := s.InviteByCode(ctx, one.Code)
		want(t, err, deskhand.CodeNotFound)
		want(t, s.Prune(ctx, time.Hour), "")
		if again := put(a, "4711", "A. Müller"); again.Code != one.Code {
			t.Fatalf("code %q, want %q", again.Code, one.Code)
		}
		want(t, s.SetAgentDisabled(ctx, deskhand.Server, a.ID, true), "")
		_, err = s.PutLink(ctx, deskhand.Server, a.ID, "1", "")
		want(t, err, deskhand.CodeAgentUnavailable)
	})
}

func TestShortLink(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		a := s.Agent(t, "rodney", deskhand.RoleAgent)
		i, err := s.CreateShortLink(t.Context(), storetest.As(a), "4711", "A. Martin")
		want(t, err, "")
		j, err := s.CreateShortLink(t.Context(), storetest.As(a), "4711", "A. Martin")
		want(t, err, "")
		if i.Code == j.Code || len(i.Code)*5 < 128 {
			t.Fatalf("codes %q, %q", i.Code, j.Code)
		}
		got, err := s.InviteByCode(t.Context(), i.Code)
		if err != nil || got.Ticket != "4711" || got.EndUserName != "A. Martin" || got.AgentID != a.ID {
			t.Fatalf("%+v %v", got, err)
		}
		s.Clock.Advance(deskhand.ShortLinkLifetime)
		_, err = s.InviteByCode(t.Context(), i.Code)
		want(t, err, deskhand.CodeNotFound)
	})
}

func TestConnectionIDs(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, a := t.Context(), s.Agent(t, "rodney", deskhand.RoleAgent)
		create := func(code deskhand.Code) deskhand.Invite {
			t.Helper()
			i, err := s.CreateConnectionID(ctx, storetest.As(a))
			want(t, err, code)
			return i
		}
		codes := map[string]bool{}
		var first deskhand.Invite
		for n := range deskhand.MaxConnectionIDs {
			i := create("")
			if len(i.Code) != 6 || strings.Trim(i.Code, "0123456789") != "" || codes[i.Code] {
				t.Fatalf("code %q", i.Code)
			}
			codes[i.Code] = true
			if n == 0 {
				first = i
			}
		}
		create(deskhand.CodeConflict)
		other := s.Agent(t, "anna", deskhand.RoleAgent)
		want(t, s.RemoveConnectionID(ctx, storetest.As(other), first.ID), deskhand.CodeNotFound)
		want(t, s.RemoveConnectionID(ctx, storetest.As(a), first.ID), "")
		want(t, s.RemoveConnectionID(ctx, storetest.As(a), first.ID), deskhand.CodeNotFound)
		_, err := s.InviteByCode(ctx, first.Code)
		want(t, err, deskhand.CodeNotFound)
		create("")
		s.Clock.Advance(deskhand.ConnectionIDLifetime)
		if ids, err := s.ConnectionIDs(ctx, a.ID); err != nil || len(ids) != 0 {
			t.Fatalf("%d open, %v", len(ids), err)
		}
		create("")
	})
}

// Six digits that are taken are drawn again. The reader gives the same digits three times before others.
func TestConnectionIDCollision(t *testing.T) {
	c := storetest.SQLite(t)
	a := c.Agent(t, "rodney", deskhand.RoleAgent)
	want(t, c.Close(), "")
	digits := func(n byte) []byte { return []byte{0, 0, n} } // what crypto/rand.Int reads for a number below a million
	id := bytes.Repeat([]byte{7}, 17)
	id2 := bytes.Repeat([]byte{8}, 17)
	o := c.Options
	o.Rand = io.MultiReader(bytes.NewReader(digits(9)), bytes.NewReader(id), bytes.NewReader(digits(9)), bytes.NewReader(digits(9)),
		bytes.NewReader(digits(10)), bytes.NewReader(id2))
	s, err := store.Open(t.Context(), o)
	want(t, err, "")
	defer s.Close()
	for _, digits := range []string{"000009", "000010"} {
		i, err := s.CreateConnectionID(t.Context(), storetest.As(a))
		if err != nil || i.Code != digits {
			t.Fatalf("%q %v, want %s", i.Code, err, digits)
		}
	}
	_, err = s.CreateConnectionID(t.Context(), storetest.As(a))
	if err == nil {
		t.Fatal("an id without randomness")
	}
}
