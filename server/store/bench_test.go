package store_test

import (
	"fmt"
	"testing"

	"deskhand"
	"deskhand/server/store/storetest"
)

// fill adds n ended sessions with a viewer each, without going through their lives.
func fill(t testing.TB, s *storetest.Store, a deskhand.Agent, n int) {
	t.Helper()
	series := "WITH RECURSIVE series (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM series WHERE i < $1) "
	// 8 digits, so that ids sort as numbers do.
	const id = "substr('00000000' || CAST(i AS TEXT), length(CAST(i AS TEXT)) + 1)"
	s.Exec(t, `INSERT INTO session (id, type, state, since, owner_id, invite_id, computer_id, ticket, end_user_name, computer, user_name,
		system, address, elevated, displays, created_at, ready_at, connected_at, ended_at, consent, end_reason, ended_by, note) `+series+`
		SELECT `+id+`, 'attended', 'ended', i, $2, '', '', CAST(i AS TEXT), 'A. Martin', 'pc', 'user', 'Debian', '198.51.100.7', FALSE, 1,
		i * 1000, i * 1000, i * 1000, i * 1000 + 500, 'control', 'ended-by-agent', 'rodney', '' FROM series`, n, a.ID)
	s.Exec(t, "INSERT INTO session_agent (session_id, agent_id, ended_at) SELECT id, owner_id, ended_at FROM session")
	s.Exec(t, `INSERT INTO viewer (id, session_id, agent_id, address, level, state, since, opened_at, closed_at, reason, bytes_down, bytes_up)
		SELECT 'v' || id, id, owner_id, '192.0.2.1', 'control', 'closed', ended_at, connected_at, ended_at, 'viewer-closed', 0, 0 FROM session`)
	if s.Options.Database != "" {
		s.Exec(t, "ANALYZE") // PostgreSQL does so by itself after a while
	}
}

func BenchmarkRedeem(b *testing.B) {
	for _, db := range []struct {
		name string
		open func(testing.TB) *storetest.Store
	}{{"sqlite", storetest.SQLite}, {"postgres", storetest.Postgres}} {
		s := db.open(b)
		a := s.Agent(b, "rodney", deskhand.RoleAgent)
		fill(b, s, a, 100_000)
		code := link(b, s, a, "1")
		b.Run(db.name, func(b *testing.B) {
			for b.Loop() {
				_, out := redeem(b, s, code, client("pc", "198.51.100.7"))
				b.StopTimer()
				_, err := s.EndSession(b.Context(), endUser, out.Session.ID, deskhand.ReasonEndedByEndUser)
				want(b, err, "")
				b.StartTimer()
			}
		})
	}
}

func BenchmarkLiveSessions(b *testing.B) {
	for _, db := range []struct {
		name string
		open func(testing.TB) *storetest.Store
	}{{"sqlite", storetest.SQLite}, {"postgres", storetest.Postgres}} {
		s := db.open(b)
		a := s.Agent(b, "rodney", deskhand.RoleAgent)
		fill(b, s, a, 100_000)
		for i := range 20 {
			redeem(b, s, link(b, s, a, fmt.Sprint("live", i)), client("pc", fmt.Sprintf("198.51.100.%d", i)))
		}
		b.Run(db.name, func(b *testing.B) {
			for b.Loop() {
				list, err := s.LiveSessions(b.Context(), a.ID)
				if err != nil || len(list) != 20 {
					b.Fatal(len(list), err)
				}
			}
		})
	}
}
