package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"deskhand"
	"deskhand/server/audit"
	"deskhand/server/store/storetest"
)

func verify(t testing.TB, s *storetest.Store) audit.Report {
	t.Helper()
	r, err := audit.Verify(t.Context(), s, audit.Options{})
	want(t, err, "")
	return r
}

func TestAuditChain(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, a := t.Context(), s.Agent(t, "rodney", deskhand.RoleAgent)
		_, out := redeem(t, s, link(t, s, a, "47\"11 <b>"), client("pc ☃", "198.51.100.7"))
		v, _, err := s.OpenViewer(ctx, storetest.As(a), out.Session.ID, "", deskhand.LevelControl)
		want(t, err, "")
		_, err = s.SetViewerState(ctx, endUser, v.ID, deskhand.ViewerWatching, deskhand.LevelControl)
		want(t, err, "")
		_, err = s.EndSession(ctx, storetest.As(a), out.Session.ID, deskhand.ReasonEndedByAgent)
		want(t, err, "")
		events, err := s.AuditEvents(ctx, 0, 100)
		want(t, err, "")
		var verbs []string
		for _, e := range events {
			verbs = append(verbs, e.Verb+" by "+e.Actor.Name)
		}
		got := fmt.Sprint(verbs)
		if got != "[settings.key by server agent.create by server session.start by end-user viewer.open by rodney viewer.allow by end-user viewer.close by rodney session.end by rodney]" {
			t.Error(got)
		}
		if d := events[2].Detail; d["ticket"] != "47\"11 <b>" || d["computer"] != "pc ☃" {
			t.Errorf("detail %v", d)
		}
		if r := verify(t, s); len(r.Faults) != 0 || r.Events != 7 || r.WithoutDetail != 0 {
			t.Fatalf("%+v", r)
		}
		head, err := s.AuditHead(ctx)
		want(t, err, "")

		// What failed is not in the chain.
		_, err = s.CreateAgent(ctx, deskhand.Server, deskhand.Agent{UserName: "rodney"}, "x")
		want(t, err, deskhand.CodeConflict)
		if again, _ := s.AuditHead(ctx); again.Sequence != head.Sequence {
			t.Fatalf("%d events", again.Sequence)
		}
		s.Exec(t, "DELETE FROM audit_detail WHERE sequence = 3")
		if r := verify(t, s); len(r.Faults) != 0 || r.WithoutDetail != 1 {
			t.Fatalf("a detail removed: %+v", r)
		}
		for _, spoil := range []struct{ query, found string }{
			{"UPDATE audit_detail SET detail = '{}' WHERE sequence = 7", "edited"},
			{"UPDATE audit_detail SET detail = 'no JSON' WHERE sequence = 6", "edited"},
			{"UPDATE audit SET actor = 'anna' WHERE sequence = 4", "edited"},
			{"DELETE FROM audit WHERE sequence = 2", "deleted"},
			{"DELETE FROM audit WHERE sequence > 4", "truncated"},
		} {
			before := len(verify(t, s).Faults)
			s.Exec(t, spoil.query)
			r := verify(t, s)
			found := false
			for _, f := range r.Faults {
				found = found || string(f.Kind) == spoil.found
			}
			if len(r.Faults) <= before && spoil.found != "truncated" || !found {
				t.Errorf("%s: faults %v", spoil.query, r.Faults)
			}
		}
		// A spoiled chain does not stop the work.
		s.Agent(t, "anna", deskhand.RoleAgent)
	})
}

func TestChanges(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, a := t.Context(), s.Agent(t, "rodney", deskhand.RoleAgent)
		start, err := s.LastChange(ctx)
		want(t, err, "")
		changes := func(after int64, limit, n int) []deskhand.Change {
			t.Helper()
			list, err := s.Changes(ctx, after, limit)
			if err != nil || len(list) != n {
				t.Fatalf("%d changes, %v, want %d", len(list), err, n)
			}
			return list
		}
		changes(start, 10, 0)
		_, out := redeem(t, s, link(t, s, a, "1"), client("pc", "198.51.100.7"))
		c := changes(start, 10, 1)[0]
		if c.Topic != deskhand.TopicSessions || c.AgentID != a.ID || c.Subject != out.Session.ID || c.Sequence != start+1 || !c.At.Equal(s.Clock.Now()) {
			t.Fatalf("change %+v", c)
		}
		s.Clock.Advance(2 * time.Hour)
		_, err = s.EndSession(ctx, deskhand.Server, out.Session.ID, deskhand.ReasonEndedByAgent)
		want(t, err, "")
		changes(start, 10, 3)
		changes(start, 2, 2)
		want(t, s.Prune(ctx, time.Hour), "")
		if c := changes(start, 10, 2)[0]; c.Sequence != start+2 { // the hole tells that one was forgotten
			t.Fatalf("first %+v", c)
		}
		last, err := s.LastChange(ctx)
		want(t, err, "")
		changes(last, 10, 0)
		s.Clock.Advance(2 * time.Hour)
		want(t, s.Prune(ctx, time.Hour), "")
		changes(start, 10, 0)
		s.Agent(t, "anna", deskhand.RoleAgent)
		if c := changes(start, 10, 1)[0]; c.Sequence != last+1 {
			t.Fatalf("next %+v", c)
		}
	})
}

func TestSettings(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx := t.Context()
		if c, err := s.Company(ctx); err != nil || c != "" {
			t.Fatal(c, err)
		}
		want(t, s.SetCompany(ctx, deskhand.Server, " Acme\n "), "")
		want(t, s.SetCompany(ctx, deskhand.Server, "Acme Ltd"), "")
		if c, err := s.Company(ctx); err != nil || c != "Acme Ltd" {
			t.Fatal(c, err)
		}
		one, err := s.SigningKey(ctx)
		want(t, err, "")
		two, err := s.SigningKey(ctx)
		want(t, err, "")
		public, err := s.GrantKey(ctx)
		want(t, err, "")
		if !one.Equal(two) || !public.Equal(one.Public()) {
			t.Fatal("the key changed")
		}
		for _, e := range func() []deskhand.AuditEvent { e, _ := s.AuditEvents(ctx, 0, 100); return e }() {
			if e.Detail["name"] == "grant key" && len(e.Detail) != 1 {
				t.Fatalf("the audit tells %v", e.Detail)
			}
		}
	})
}

func TestAuditPage(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, a := t.Context(), s.Agent(t, "rodney", deskhand.RoleAgent)
		begin := s.Clock.Now()
		for range 7 {
			s.Clock.Advance(time.Minute)
			want(t, s.SetCompany(ctx, storetest.As(a), "Acme"), "")
		}
		page := func(f deskhand.AuditFilter, cursor string, limit int) ([]deskhand.AuditEvent, string) {
			t.Helper()
			events, next, err := s.AuditPage(ctx, f, cursor, limit)
			want(t, err, "")
			return events, next
		}
		var seen []int64
		for cursor, last := "", false; !last; {
			events, next := page(deskhand.AuditFilter{}, cursor, 3)
			for _, e := range events {
				if len(seen) > 0 && e.Sequence != seen[len(seen)-1]-1 {
					t.Fatalf("event %d after %v", e.Sequence, seen)
				}
				seen = append(seen, e.Sequence)
			}
			cursor, last = next, next == ""
		}
		if seen[len(seen)-1] != 1 || len(seen) < 8 {
			t.Fatal(seen)
		}
		for name, f := range map[string]deskhand.AuditFilter{
			"verb": {Verb: "settings.company"}, "agent": {AgentID: a.ID}, "from": {From: begin.Add(time.Minute), Verb: "settings.company"},
			"all": {Verb: "settings.company", AgentID: a.ID, From: begin, Until: s.Clock.Now()},
		} {
			if events, _ := page(f, "", 100); len(events) != 7 || events[0].Verb != "settings.company" || events[0].Detail["name"] != "Acme" {
				t.Errorf("%s: %+v", name, events)
			}
		}
		if events, _ := page(deskhand.AuditFilter{Until: begin.Add(3 * time.Minute), Verb: "settings.company"}, "", 100); len(events) != 3 {
			t.Errorf("until: %d", len(events))
		}
		verbs, err := s.AuditVerbs(ctx)
		if err != nil || !slices.IsSorted(verbs) || !slices.Contains(verbs, "settings.company") || !slices.Contains(verbs, "agent.create") {
			t.Error(verbs, err)
		}
		_, _, err = s.AuditPage(ctx, deskhand.AuditFilter{}, "x", 10)
		want(t, err, deskhand.CodeInvalid)
	})
}
