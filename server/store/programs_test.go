package store_test

import (
	"slices"
	"testing"

	"deskhand"
	"deskhand/server/store/storetest"
)

// Which clients are in use is what computers said last; how they stand to a release follows from it.
func TestPrograms(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		a := s.Agent(t, "rodney", deskhand.RoleAgent)
		for i, p := range []deskhand.Program{
			{Version: "v2", Release: 20},
			{Version: "v1", Release: 10},
			{Version: "v1", Release: 10, Bad: 20},
			{Version: "v1", Release: 10, Bad: 15},
			{Version: "old"},
			{Version: "liar", Release: 1 << 63, Bad: 1 << 63},
		} {
			c := enrol(t, s, a, "PC", byte(i+1))
			c.Program = deskhand.Program{Version: "before", Release: 1}
			for _, c.Program = range []deskhand.Program{c.Program, p} {
				if _, err := s.ComputerOnline(t.Context(), c); err != nil {
					t.Fatal(err)
				}
			}
		}
		enrol(t, s, a, "SILENT", 100)
		list, u, err := s.Programs(t.Context(), 20)
		want := []deskhand.ProgramCount{
			{Version: "v2", Release: 20, Computers: 1}, {Version: "v1", Release: 10, Computers: 3}, {Version: "liar", Computers: 1}, {Version: "old", Computers: 1},
		}
		if err != nil || !slices.Equal(list, want) {
			t.Errorf("%+v, %v", list, err)
		}
		if (u != deskhand.UpdateCount{Waiting: 2, TakenBack: 1, Never: 3}) {
			t.Errorf("%+v", u)
		}
		if _, u, err := s.Programs(t.Context(), 0); err != nil || u.Waiting != 0 || u.TakenBack != 0 {
			t.Errorf("with no release: %+v, %v", u, err)
		}
	})
}
