package store_test

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"deskhand"
	"deskhand/server/store/storetest"
)

// logRows is how many rows the benchmarks of the log have: LOG_ROWS, or a number that keeps a run of all benchmarks short.
func logRows(b *testing.B) int {
	if n, err := strconv.Atoi(os.Getenv("LOG_ROWS")); err == nil && n > 0 {
		return n
	}
	return 20_000
}

// logAgents is how many agents the rows are spread over.
const logAgents = 40

// fillLog adds n rows to the log, of logAgents agents over the years before the clock, as if they had been written one by one. Names, computers and
// tickets are as common as in a help desk: a few hundred people, a thousand computers, a ticket for each.
func fillLog(t testing.TB, s *storetest.Store, n int) []deskhand.Agent {
	t.Helper()
	agents := make([]deskhand.Agent, logAgents)
	for i := range agents {
		agents[i] = s.Agent(t, fmt.Sprintf("agent%02d", i), deskhand.RoleAgent)
	}
	series := "WITH RECURSIVE series (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM series WHERE i < CAST($1 AS BIGINT)) "
	const (
		id       = "'s' || substr('00000000' || CAST(i AS TEXT), length(CAST(i AS TEXT)) + 1)"
		endUser  = "'person' || CAST(i * 7919 % 997 AS TEXT) || ' ' || substr('martinschmidtgarciarossisilvadubois', CAST(i % 29 AS INTEGER) + 1, 7)"
		computer = "'pc-' || CAST(i * 104729 % 1009 AS TEXT) || '-' || substr('receptionbuchhaltunglabor', CAST(i % 19 AS INTEGER) + 1, 6)"
		ticket   = "'inc' || CAST(100000 + i AS TEXT)"
		note     = "CASE WHEN i % 3 = 0 THEN 'driver replaced number ' || CAST(i % 5003 AS TEXT) ELSE '' END"
		kind     = "CASE WHEN i % 10 = 0 THEN 'unattended' ELSE 'attended' END"
		address  = "'203.0.113.' || CAST(i % 251 AS TEXT)"
	)
	first := s.Clock.Now().UnixMicro() - int64(n)*60_000_000
	if s.Options.Database != "" {
		s.Exec(t, "DROP INDEX log_text") // it is made quicker at the end
	}
	s.Exec(t, series+`INSERT INTO session (id, type, state, since, owner_id, invite_id, computer_id, ticket, end_user_name, computer, user_name,
		system, address, elevated, displays, created_at, ready_at, connected_at, ended_at, consent, end_reason, ended_by, note)
		SELECT `+id+`, `+kind+`, 'ended', 0, $2, '', '', '', '', '', '', '', '', FALSE, 1, 0, 0, 0, 1, 'control', 'ended-by-agent', '', '' FROM series`, n, agents[0].ID)
	s.Exec(t, series+`INSERT INTO log (session_id, place, started_at, ended_at, duration, type, owner_id, owner, agents, end_user, computer, ticket,
			agent_address, computer_address, consent, end_reason, ended_by, note, owner_key, agents_key, end_user_key, computer_key, ticket_key, search)
		SELECT `+id+`, CAST($3 AS BIGINT) + i * 60000000, CAST($3 AS BIGINT) + i * 60000000, CAST($3 AS BIGINT) + i * 60000000 + (i * 31 % 3600) * 1000000, (i * 31 % 3600) * 1000000, `+kind+`, a.id, a.name, a.name,
			`+endUser+`, `+computer+`, `+ticket+`, '192.0.2.1', `+address+`, 'control', 'ended-by-agent', a.name, `+note+`, a.name, a.name,
			`+endUser+`, `+computer+`, `+ticket+`, ' ' || `+endUser+` || ' ' || `+computer+` || ' ' || `+ticket+` || ' ' || a.name || ' 192.0.2.1 ' || `+address+` || ' ' || `+note+` || ' ' || a.name || ' '
		FROM series JOIN agent a ON a.user_name = 'agent' || substr('00' || CAST(i * 13 % CAST($2 AS BIGINT) AS TEXT), length(CAST(i * 13 % CAST($2 AS BIGINT) AS TEXT)) + 1)`, n, logAgents, first)
	s.Exec(t, "INSERT INTO log_agent (agent_id, place, type) SELECT owner_id, place, type FROM log")
	if s.Options.Database != "" {
		if err := s.PrepareSearch(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.Exec(t, "CHECKPOINT")     // what is not on the disk is not seen as settled
		s.Exec(t, "VACUUM ANALYZE") // PostgreSQL does so by itself after a while
	}
	return agents
}

type logQuestion struct {
	name string
	f    deskhand.LogFilter
}

// logQuestions are what people ask of the log.
func logQuestions(agents []deskhand.Agent, rows int, now time.Time) []logQuestion {
	old := now.Add(-time.Duration(rows) * time.Minute * 3 / 4)
	return []logQuestion{
		{"page", deskhand.LogFilter{}},
		{"page-mine", deskhand.LogFilter{Of: agents[3].ID}},
		{"filter-agent", deskhand.LogFilter{AgentID: agents[5].ID}},
		{"filter-agent-type", deskhand.LogFilter{AgentID: agents[5].ID, Type: deskhand.TypeUnattended}},
		{"filter-type", deskhand.LogFilter{Type: deskhand.TypeUnattended}},
		{"filter-type-none", deskhand.LogFilter{Type: deskhand.TypeCommandPrompt, Sort: deskhand.LogByComputer}},
		{"filter-dates", deskhand.LogFilter{From: old, To: old.Add(30 * 24 * time.Hour)}},
		{"filter-dates-by-end", deskhand.LogFilter{From: old, To: old.Add(30 * 24 * time.Hour), Sort: deskhand.LogByEnd}},
		{"filter-ticket", deskhand.LogFilter{Ticket: strconv.Itoa(100000 + rows/3)}},
		{"filter-computer", deskhand.LogFilter{Computer: "pc-77-", Sort: deskhand.LogByEndUser}},
		{"filter-end-user", deskhand.LogFilter{EndUser: "person12 martin"}},
		{"search-rare", deskhand.LogFilter{Search: "number 4711"}},
		{"search-none", deskhand.LogFilter{Search: "nowhere", Sort: deskhand.LogByDuration}},
		{"search-common", deskhand.LogFilter{Search: "driver replaced"}},
		{"search-common-by-duration", deskhand.LogFilter{Search: "driver", Sort: deskhand.LogByDuration}},
		{"search-mine", deskhand.LogFilter{Search: "person12", Of: agents[12].ID}},
		{"search-short", deskhand.LogFilter{Search: "pc"}},
		{"sort-end", deskhand.LogFilter{Sort: deskhand.LogByEnd}},
		{"sort-duration", deskhand.LogFilter{Sort: deskhand.LogByDuration, Ascending: true}},
		{"sort-computer-mine", deskhand.LogFilter{Sort: deskhand.LogByComputer, Of: agents[3].ID}},
		{"sort-ticket", deskhand.LogFilter{Sort: deskhand.LogByTicket}},
	}
}

// BenchmarkLog measures reading the log: a page, its total, and an export in rows per second. LOG_ROWS=1000000 makes it as long as it may get.
func BenchmarkLog(b *testing.B) {
	n := logRows(b)
	for _, db := range []struct {
		name string
		open func(testing.TB) *storetest.Store
	}{{"sqlite", storetest.SQLite}, {"postgres", storetest.Postgres}} {
		s := db.open(b)
		agents := fillLog(b, s, n)
		for _, q := range logQuestions(agents, n, s.Clock.Now()) {
			if q.f.Sort == "" {
				q.f.Sort = deskhand.LogByStart
			}
			b.Run(db.name+"/"+q.name, func(b *testing.B) {
				for b.Loop() {
					if _, _, err := s.Logs(b.Context(), q.f, "", 100); err != nil {
						b.Fatal(err)
					}
				}
			})
			b.Run(db.name+"/total-"+q.name, func(b *testing.B) {
				for b.Loop() {
					if _, _, err := s.CountLogs(b.Context(), q.f); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
		b.Run(db.name+"/worst", func(b *testing.B) { worst(b, s, agents, n) })
		b.Run(db.name+"/export", func(b *testing.B) {
			rows, start := 0, time.Now()
			for b.Loop() {
				for page, err := range s.AllLogs(b.Context(), deskhand.LogFilter{Sort: deskhand.LogByStart}) {
					if err != nil {
						b.Fatal(err)
					}
					rows += len(page)
				}
			}
			b.ReportMetric(float64(rows)/time.Since(start).Seconds(), "rows/s")
		})
	}
}

// worst asks every question in every order, for its first and its second page, and says which took longest of all, each at its best.
func worst(b *testing.B, s *storetest.Store, agents []deskhand.Agent, rows int) {
	took := map[string]time.Duration{}
	measure := func(name string, do func() error) {
		start := time.Now()
		if err := do(); err != nil {
			b.Fatal(name, err)
		}
		now := time.Since(start)
		if before, measured := took[name]; !measured || now < before {
			took[name] = now
		}
	}
	for b.Loop() {
		for _, q := range logQuestions(agents, rows, s.Clock.Now()) {
			for _, sort := range []deskhand.LogSort{
				deskhand.LogByStart, deskhand.LogByEnd, deskhand.LogByDuration, deskhand.LogByAgents, deskhand.LogByOwner, deskhand.LogByEndUser,
				deskhand.LogByComputer, deskhand.LogByType, deskhand.LogByTicket,
			} {
				for order, ascending := range map[string]bool{"up": true, "down": false} {
					q.f.Sort, q.f.Ascending = sort, ascending
					cursor := ""
					for _, page := range []string{"first", "second"} {
						measure(fmt.Sprintf("page: %s by %s %s, %s", q.name, sort, order, page), func() (err error) {
							_, cursor, err = s.Logs(b.Context(), q.f, cursor, 100)
							return err
						})
						if cursor == "" {
							break
						}
					}
				}
			}
			measure("total: "+q.name, func() error { _, _, err := s.CountLogs(b.Context(), q.f); return err })
		}
	}
	for _, what := range []string{"page", "total"} {
		var slowest []string
		for name := range took {
			if strings.HasPrefix(name, what) {
				slowest = append(slowest, name)
			}
		}
		slices.SortFunc(slowest, func(x, y string) int { return cmp.Compare(took[y], took[x]) })
		b.ReportMetric(took[slowest[0]].Seconds()*1000, what+"-ms")
		for _, name := range slowest[:5] {
			b.Logf("%v  %s", took[name].Round(time.Millisecond/10), name)
		}
	}
}
