package store_test

import (
	"slices"
	"strings"
	"testing"

	"deskhand"
	"deskhand/server/store/storetest"
)

func group(t testing.TB, s *storetest.Store, a deskhand.Agent, owner, parent, name string) deskhand.Group {
	t.Helper()
	g, err := s.CreateGroup(t.Context(), storetest.As(a), deskhand.Group{OwnerID: owner, ParentID: parent, Name: name})
	want(t, err, "")
	return g
}

func TestGroups(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, a, b := t.Context(), s.Agent(t, "rodney", deskhand.RoleAgent), s.Agent(t, "anna", deskhand.RoleAgent)
		mine, team := group(t, s, a, a.ID, "", "Kitchen"), group(t, s, a, "", "", "Berlin")
		floor := group(t, s, b, "", team.ID, "2nd floor")
		names := func(a deskhand.Agent) (out []string) {
			list, err := s.ListGroups(ctx, a.ID)
			want(t, err, "")
			for _, g := range list {
				out = append(out, g.Name)
			}
			return out
		}
		if got := names(a); !slices.Equal(got, []string{"2nd floor", "Berlin", "Kitchen"}) {
			t.Fatalf("rodney sees %q", got)
		}
		if got := names(b); !slices.Equal(got, []string{"2nd floor", "Berlin"}) {
			t.Fatalf("anna sees %q", got)
		}
		attempt := func(g deskhand.Group) error { _, err := s.CreateGroup(ctx, storetest.As(b), g); return err }
		want(t, attempt(deskhand.Group{Name: " berlin "}), deskhand.CodeConflict)
		want(t, attempt(deskhand.Group{Name: "\t"}), deskhand.CodeInvalid)
		want(t, attempt(deskhand.Group{Name: strings.Repeat("x", 10_000)}), deskhand.CodeInvalid)
		want(t, attempt(deskhand.Group{Name: "x", ParentID: "nothing"}), deskhand.CodeNotFound)
		want(t, attempt(deskhand.Group{Name: "x", ParentID: mine.ID, OwnerID: b.ID}), deskhand.CodeNotFound)
		want(t, attempt(deskhand.Group{Name: "x", ParentID: team.ID, OwnerID: b.ID}), deskhand.CodeConflict)
		want(t, attempt(deskhand.Group{Name: "x", OwnerID: a.ID}), deskhand.CodeForbidden)

		change := func(who deskhand.Agent, id string, name, parent *string) error {
			_, err := s.UpdateGroup(ctx, storetest.As(who), id, name, parent)
			return err
		}
		want(t, change(b, mine.ID, new("Mine now"), nil), deskhand.CodeNotFound)
		want(t, change(b, team.ID, nil, &team.ID), deskhand.CodeConflict)
		want(t, change(b, team.ID, nil, &floor.ID), deskhand.CodeConflict)
		want(t, change(a, mine.ID, nil, &team.ID), deskhand.CodeConflict)
		want(t, change(b, floor.ID, new("Third floor"), new("")), "")
		if list, _ := s.ListGroups(ctx, b.ID); list[1].Name != "Third floor" || list[1].ParentID != "" {
			t.Fatalf("%+v", list)
		}
		want(t, change(b, floor.ID, nil, &team.ID), "")

		// Twelve levels, not thirteen; nor by moving two levels below the eleventh.
		at := team.ID
		for range deskhand.MaxGroupDepth - 1 {
			at = group(t, s, a, "", at, "deeper").ID
		}
		want(t, attempt(deskhand.Group{Name: "x", ParentID: at}), deskhand.CodeConflict)
		want(t, change(a, floor.ID, nil, &at), deskhand.CodeConflict)
	})
}

func TestRemovedGroup(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, a, b := t.Context(), s.Agent(t, "rodney", deskhand.RoleAgent), s.Agent(t, "anna", deskhand.RoleAgent)
		outer := group(t, s, a, a.ID, "", "Outer")
		inner := group(t, s, a, a.ID, outer.ID, "Inner")
		innermost := group(t, s, a, a.ID, inner.ID, "Innermost")
		c := enrol(t, s, a, "RECEPTION", 1)
		want(t, only(s.MoveComputers(ctx, storetest.As(a), []string{c.ID}, deskhand.ComputerPlace{Visibility: deskhand.VisibleToOwner, GroupID: inner.ID})), "")

		want(t, s.RemoveGroup(ctx, storetest.As(b), inner.ID), deskhand.CodeNotFound)
		same := group(t, s, a, a.ID, outer.ID, "innermost")
		want(t, s.RemoveGroup(ctx, storetest.As(a), inner.ID), deskhand.CodeConflict)
		want(t, s.RemoveGroup(ctx, storetest.As(a), same.ID), "")
		want(t, s.RemoveGroup(ctx, storetest.As(a), inner.ID), "")
		want(t, s.RemoveGroup(ctx, storetest.As(a), inner.ID), deskhand.CodeNotFound)
		if got, _ := s.ComputerByID(ctx, c.ID); got.GroupID != outer.ID {
			t.Fatalf("the computer is in %q", got.GroupID)
		}
		list, err := s.ListGroups(ctx, a.ID)
		if err != nil || len(list) != 2 || list[0].ID != innermost.ID || list[0].ParentID != outer.ID {
			t.Fatalf("%+v, %v", list, err)
		}
	})
}

func TestMovedComputers(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, a, b := t.Context(), s.Agent(t, "rodney", deskhand.RoleAgent), s.Agent(t, "anna", deskhand.RoleAgent)
		one, two, hers := enrol(t, s, a, "one", 1), enrol(t, s, a, "two", 2), enrol(t, s, b, "hers", 3)
		team, mine := group(t, s, a, "", "", "Berlin"), group(t, s, a, a.ID, "", "Kitchen")
		move := func(who deskhand.Agent, v deskhand.Visibility, group string, ids ...string) error {
			return only(s.MoveComputers(ctx, storetest.As(who), ids, deskhand.ComputerPlace{Visibility: v, GroupID: group}))
		}
		const me, everyone = deskhand.VisibleToOwner, deskhand.VisibleToEveryone
		want(t, move(a, "nobody", "", one.ID), deskhand.CodeInvalid)
		want(t, move(a, me, team.ID, one.ID), deskhand.CodeInvalid)
		want(t, move(b, me, mine.ID, hers.ID), deskhand.CodeNotFound)
		want(t, move(b, me, "", one.ID), deskhand.CodeNotFound)
		want(t, move(a, everyone, team.ID, one.ID, hers.ID), deskhand.CodeNotFound)
		if got, _ := s.ComputerByID(ctx, one.ID); got.GroupID != "" || got.Visibility != me {
			t.Fatal("half of a move was kept")
		}
		want(t, move(a, everyone, team.ID, one.ID, two.ID), "")
		if list, err := s.ListComputers(ctx, b.ID, nil); err != nil || len(list) != 3 || list[1].GroupID != team.ID {
			t.Fatalf("anna sees %+v, %v", list, err)
		}
		want(t, move(b, everyone, "", one.ID), "")               // whoever sees it may arrange it
		want(t, move(b, me, "", one.ID), deskhand.CodeForbidden) // but not hide it
		want(t, move(a, me, mine.ID, one.ID), "")
		boss := s.Agent(t, "boss", deskhand.RoleAdministrator)
		want(t, move(boss, me, "", one.ID), deskhand.CodeForbidden)
		if list, err := s.ListComputers(ctx, b.ID, nil); err != nil || len(list) != 2 {
			t.Fatalf("anna sees %+v, %v", list, err)
		}
	})
}

func TestUpdatedComputer(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, a, b := t.Context(), s.Agent(t, "rodney", deskhand.RoleAgent), s.Agent(t, "anna", deskhand.RoleAgent)
		boss := s.Agent(t, "boss", deskhand.RoleAdministrator)
		c := enrol(t, s, a, "RECEPTION", 1)
		change := func(who deskhand.Agent, change deskhand.ComputerChange) (deskhand.Computer, error) {
			c, _, err := s.UpdateComputer(ctx, storetest.As(who), c.ID, change)
			return c, err
		}
		_, err := change(b, deskhand.ComputerChange{Note: new("mine")})
		want(t, err, deskhand.CodeNotFound)
		got, err := change(a, deskhand.ComputerChange{Name: new(" Front desk "), Note: new("Behind the\nplant"), Tags: &[]string{"till", "", "Till", "ground floor"}})
		if err != nil || got.Name != "Front desk" || got.Note != "Behind the\nplant" || !slices.Equal(got.Tags, []string{"till", "ground floor"}) {
			t.Fatalf("%+v, %v", got, err)
		}
		if got, err = change(a, deskhand.ComputerChange{}); err != nil || got.Name != "Front desk" || len(got.Tags) != 2 {
			t.Fatalf("%+v, %v", got, err)
		}
		want(t, only(s.MoveComputers(ctx, storetest.As(a), []string{c.ID}, deskhand.ComputerPlace{Visibility: deskhand.VisibleToEveryone})), "")
		_, err = change(b, deskhand.ComputerChange{Note: new("Moved")})
		want(t, err, "")
		_, err = change(b, deskhand.ComputerChange{Name: new("Hers")})
		want(t, err, deskhand.CodeForbidden)
		_, err = change(a, deskhand.ComputerChange{Name: new("\n")})
		want(t, err, deskhand.CodeInvalid)
		many := strings.Split(strings.Repeat("x.", 30), ".")
		for i := range many {
			many[i] += strings.Repeat("y", i)
		}
		_, err = change(a, deskhand.ComputerChange{Tags: &many})
		want(t, err, deskhand.CodeInvalid)

		// Handed on by an administrator, out of the former owner's group.
		mine := group(t, s, a, a.ID, "", "Kitchen")
		want(t, only(s.MoveComputers(ctx, storetest.As(a), []string{c.ID}, deskhand.ComputerPlace{Visibility: deskhand.VisibleToOwner, GroupID: mine.ID})), "")
		_, err = change(boss, deskhand.ComputerChange{OwnerID: new("nobody")})
		want(t, err, deskhand.CodeInvalid)
		got, err = change(boss, deskhand.ComputerChange{OwnerID: &b.ID})
		if err != nil || got.OwnerID != b.ID || got.GroupID != "" {
			t.Fatalf("%+v, %v", got, err)
		}
	})
}
