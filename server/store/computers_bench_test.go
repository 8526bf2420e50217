package store_test

import (
	"testing"

	"deskhand"
	"deskhand/server/store/storetest"
)

// fillComputers adds n computers of an agent in 300 groups of the team, nested five deep, without going through their enrolment.
func fillComputers(t testing.TB, s *storetest.Store, a deskhand.Agent, n int) {
	t.Helper()
	bytes := "BLOB"
	if s.Options.Database != "" {
		bytes = "BYTEA"
	}
	series := "WITH RECURSIVE series (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM series WHERE i < $1) "
	s.Exec(t, `INSERT INTO computer_group (id, parent_id, owner_id, name, created_at) `+series+`
		SELECT 'g' || CAST(i AS TEXT), CASE WHEN i <= 60 THEN '' ELSE 'g' || CAST(i - 60 AS TEXT) END, '', 'Group ' || CAST(i AS TEXT), 1 FROM series`, 300)
	s.Exec(t, `INSERT INTO computer (id, owner_id, name, user_name, system, address, public_key, visibility, online, epoch, created_at, last_seen_at, removed_at,
		group_id, note, tags, sites) `+series+`
		SELECT 'c' || CAST(i AS TEXT), $2, 'COMPUTER-' || CAST(i AS TEXT), 'user' || CAST(i AS TEXT), 'Debian GNU/Linux 13 (trixie)', '192.0.2.7',
		CAST('key ' || CAST(i AS TEXT) AS `+bytes+`), 'everyone', i % 3 <> 0, 1, 1, i * 1000, 0, 'g' || CAST(i % 300 + 1 AS TEXT), '', 'till', '192.0.2.7 10.0.0.0/24' FROM series`, n, a.ID)
	if s.Options.Database != "" {
		s.Exec(t, "ANALYZE")
	}
}

func BenchmarkListComputers(b *testing.B) {
	const n = 10_000
	for _, db := range []struct {
		name string
		open func(testing.TB) *storetest.Store
	}{{"sqlite", storetest.SQLite}, {"postgres", storetest.Postgres}} {
		s := db.open(b)
		a := s.Agent(b, "rodney", deskhand.RoleAgent)
		fillComputers(b, s, a, n)
		b.Run(db.name, func(b *testing.B) {
			for b.Loop() {
				if list, err := s.ListComputers(b.Context(), a.ID, nil); err != nil || len(list) != n {
					b.Fatal(len(list), err)
				}
			}
		})
		b.Run(db.name+"/one", func(b *testing.B) {
			for b.Loop() {
				if list, err := s.ListComputers(b.Context(), a.ID, []string{"c77"}); err != nil || len(list) != 1 {
					b.Fatal(len(list), err)
				}
			}
		})
	}
}
