package store_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"deskhand"
	"deskhand/server/store/storetest"
)

func TestLogs(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, a, b := t.Context(), s.Agent(t, "rodney", deskhand.RoleAgent), s.Agent(t, "anna", deskhand.RoleAgent)
		_, out := redeem(t, s, link(t, s, a, "4711"), client("pc", "198.51.100.7"))
		id := out.Session.ID
		s.Clock.Advance(time.Minute)
		for _, agent := range []deskhand.Agent{a, b, a} {
			v, _, err := s.OpenViewer(ctx, deskhand.Actor{AgentID: agent.ID, Name: agent.UserName, Address: "192.0.2." + agent.UserName}, id, "", deskhand.LevelControl)
			want(t, err, "")
			_, err = s.SetViewerState(ctx, endUser, v.ID, deskhand.ViewerWatching, deskhand.LevelControl)
			want(t, err, "")
			s.Clock.Advance(time.Minute)
		}
		want(t, s.SetNote(ctx, storetest.As(a), id, " printer\r\nsolved\u0000 \n"), "")
		_, err := s.EndSession(ctx, storetest.As(a), id, deskhand.ReasonEndedByAgent)
		want(t, err, "")
		for _, agentID := range []string{a.ID, b.ID, ""} {
			rows, next, err := s.Logs(ctx, agentID, "", 50)
			if err != nil || next != "" || len(rows) != 1 {
				t.Fatal(rows, next, err)
			}
			r := rows[0]
			if r.Duration != 3*time.Minute || strings.Join(r.Agents, ",") != "rodney,anna" || r.AgentAddress != "192.0.2.rodney" || r.ComputerAddress != "198.51.100.7" ||
				r.OwnerName != "rodney" || r.Ticket != "4711" || r.Computer != "pc" || r.Consent != deskhand.ConsentControl || r.EndReason != deskhand.ReasonEndedByAgent ||
				r.EndedBy != "rodney" || r.Note != "printer\nsolved" || !r.EndedAt.Equal(s.Clock.Now()) {
				t.Fatalf("row %+v", r)
			}
		}
		if rows, _, err := s.Logs(ctx, s.Agent(t, "kim", deskhand.RoleAgent).ID, "", 50); err != nil || len(rows) != 0 {
			t.Fatal(rows, err)
		}
		want(t, s.SetNote(ctx, storetest.As(a), id, "later"), "")
		if rows, _, _ := s.Logs(ctx, a.ID, "", 50); rows[0].Note != "later" {
			t.Fatalf("note %q", rows[0].Note)
		}
		want(t, s.SetNote(ctx, storetest.As(a), "nothing", "x"), deskhand.CodeNotFound)
	})
}

// Every row is on one page, newest first, also where many ended at the same moment.
func TestLogPages(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, a := t.Context(), s.Agent(t, "rodney", deskhand.RoleAgent)
		const n = 23
		for i := range n {
			_, out := redeem(t, s, link(t, s, a, fmt.Sprint(i)), client("pc", "198.51.100.7"))
			if i%5 == 0 {
				s.Clock.Advance(time.Second)
			}
			_, err := s.EndSession(ctx, endUser, out.Session.ID, deskhand.ReasonEndedByEndUser)
			want(t, err, "")
		}
		redeem(t, s, link(t, s, a, "open"), client("pc", "198.51.100.7"))
		for _, agentID := range []string{"", a.ID} {
			seen, last, cursor := map[string]bool{}, s.Clock.Now(), ""
			for pages := 0; ; pages++ {
				rows, next, err := s.Logs(ctx, agentID, cursor, 4)
				want(t, err, "")
				for _, r := range rows {
					if seen[r.ID] || r.EndedAt.After(last) {
						t.Fatalf("row %s at %v after %v", r.ID, r.EndedAt, last)
					}
					seen[r.ID], last = true, r.EndedAt
				}
				if next == "" {
					if pages != n/4 {
						t.Fatalf("%d pages", pages+1)
					}
					break
				}
				cursor = next
			}
			if len(seen) != n {
				t.Fatalf("%d rows, want %d", len(seen), n)
			}
		}
		for _, bad := range []string{"x", "-", "-abc", "!-abc", "0-abc", "zzzzzzzzzzzzzzzzzzzzzz-a", "1-" + strings.Repeat("a", 65)} {
			_, _, err := s.Logs(ctx, "", bad, 10)
			want(t, err, deskhand.CodeInvalid)
		}
	})
}

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

func BenchmarkLogPage(b *testing.B) {
	for _, db := range []struct {
		name string
		open func(testing.TB) *storetest.Store
	}{{"sqlite", storetest.SQLite}, {"postgres", storetest.Postgres}} {
		s := db.open(b)
		a := s.Agent(b, "rodney", deskhand.RoleAgent)
		fill(b, s, a, 100_000)
		for _, which := range []struct{ name, agentID string }{{"all", ""}, {"mine", a.ID}} {
			for _, where := range []struct{ name, cursor string }{{"first", ""}, {"middle", strconv.FormatInt(50_000_500, 36) + "-00050000"}} {
				b.Run(db.name+"/"+which.name+"/"+where.name, func(b *testing.B) {
					for b.Loop() {
						rows, _, err := s.Logs(b.Context(), which.agentID, where.cursor, 50)
						if err != nil || len(rows) != 50 {
							b.Fatal(len(rows), err)
						}
					}
				})
			}
		}
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
