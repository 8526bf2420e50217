package store_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"

	"deskhand"
	"deskhand/server/store/storetest"
)

func TestLongLog(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		const rows = 20_000
		agents := fillLog(t, s, rows)
		t.Run("plans", func(t *testing.T) { plans(t, s, logQuestions(agents, rows, s.Clock.Now())) })
		t.Run("export", func(t *testing.T) { exportFlat(t, s, rows) })
		t.Run("cancelled", func(t *testing.T) { exportCancelled(t, s) })
	})
}

// Whatever people ask of a long log, it is reached by an index: nothing reads the table from end to end, and what is many is not sorted.
func plans(t *testing.T, s *storetest.Store, questions []logQuestion) {
	s.SetFew(100)
	for _, q := range questions {
		if q.f.Sort == "" {
			q.f.Sort = deskhand.LogByStart
		}
		plan := strings.Join(s.Explain(t, q.f), "\n")
		if strings.Contains(plan, "Seq Scan on log ") || strings.Contains(plan, "SCAN l\n") || strings.HasSuffix(plan, "SCAN l") {
			t.Errorf("%s reads the whole log:\n%s", q.name, plan)
		}
		// SQLite sorts only the few that were found before, or what a page has chosen.
		if strings.Contains(plan, "TEMP B-TREE") && !strings.Contains(plan, "SCAN f VIRTUAL TABLE") && !strings.Contains(plan, "chosen") {
			t.Errorf("%s sorts more than a few rows:\n%s", q.name, plan)
		}
	}
}

// An export needs no more memory, however long it is.
func exportFlat(t *testing.T, s *storetest.Store, rows int) {
	note := strings.Repeat("n", 2000)
	s.Exec(t, "UPDATE log SET note = $1", note)
	inUse := func() int {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int(m.HeapAlloc)
	}
	before, most, read := inUse(), 0, 0
	for page, err := range s.AllLogs(t.Context(), byStart) {
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page {
			if r.Note != note {
				t.Fatalf("a note of %d bytes", len(r.Note))
			}
			read++
		}
		most = max(most, inUse()-before)
	}
	if whole := rows * len(note); read != rows || most > whole/3 {
		t.Errorf("%d rows of %d, with %d bytes held of %d", read, rows, most, whole)
	}
}

// An export whose reader has gone away ends.
func exportCancelled(t *testing.T, s *storetest.Store) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var pages int
	var last error
	for _, err := range s.AllLogs(ctx, byStart) {
		pages, last = pages+1, err
		cancel()
	}
	if pages != 2 || !errors.Is(last, context.Canceled) {
		t.Errorf("%d pages, %v", pages, last)
	}
	for range s.AllLogs(t.Context(), byStart) {
		break
	}
}
