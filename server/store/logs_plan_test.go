package store_test

import (
	"strings"
	"testing"

	"deskhand"
	"deskhand/server/store/storetest"
)

// Whatever people ask of a long log, it is reached by an index: nothing reads the table from end to end, and what is many is not sorted.
func TestLogPlans(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		const rows = 20_000
		agents := fillLog(t, s, rows)
		s.SetFew(100)
		for _, q := range logQuestions(agents, rows, s.Clock.Now()) {
			if q.f.Sort == "" {
				q.f.Sort = deskhand.LogByStart
			}
			plan := strings.Join(s.Explain(t, q.f), "\n")
			if strings.Contains(plan, "Seq Scan on log ") || strings.Contains(plan, "SCAN l\n") || strings.HasSuffix(plan, "SCAN l") {
				t.Errorf("%s reads the whole log:\n%s", q.name, plan)
			}
			// SQLite sorts only the few that were found before.
			if strings.Contains(plan, "TEMP B-TREE") && !strings.Contains(plan, "SCAN f VIRTUAL TABLE") {
				t.Errorf("%s sorts more than a few rows:\n%s", q.name, plan)
			}
		}
	})
}
