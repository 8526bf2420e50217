package store_test

import (
	"testing"
	"time"

	"deskhand"
	"deskhand/server/audit"
	"deskhand/server/store/storetest"
)

func TestRetention(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, a := t.Context(), s.Agent(t, "rodney", deskhand.RoleAgent)
		w := hook(t, s, a, deskhand.WebhookSessionEnded)
		session := func(ticket string) (id string) {
			_, out := redeem(t, s, link(t, s, a, ticket), client("pc", "198.51.100.7"))
			v, _, err := s.OpenViewer(ctx, storetest.As(a), out.Session.ID, "", deskhand.LevelControl)
			want(t, err, "")
			_, err = s.SetViewerState(ctx, endUser, v.ID, deskhand.ViewerWatching, deskhand.LevelControl)
			want(t, err, "")
			_, err = s.EndSession(ctx, storetest.As(a), out.Session.ID, deskhand.ReasonEndedByAgent)
			want(t, err, "")
			return out.Session.ID
		}
		old := session("4711")
		want(t, s.Answered(ctx, take(t, s, w.ID), taken, 0), "")
		waiting := session("4712")
		s.Clock.Advance(40 * 24 * time.Hour)
		young := session("4713")

		// Nothing is set: nothing but the webhooks' answers goes.
		got, err := s.Retain(ctx)
		if err != nil || got != (deskhand.Retained{Deliveries: 1}) {
			t.Fatalf("%+v %v", got, err)
		}
		if list := deliveries(t, s, w.ID); len(list) != 2 || list[0].State != deskhand.DeliveryWaiting {
			t.Fatalf("what waits stays: %+v", list)
		}
		_, err = s.UpdatePolicy(ctx, storetest.As(a), func(p *deskhand.Policy) { p.KeepLogDays, p.KeepAuditDays = 30, 35 })
		want(t, err, "")
		got, err = s.Retain(ctx)
		if err != nil || got.Sessions != 2 || got.AuditDetails == 0 || got.Deliveries != 0 {
			t.Fatalf("%+v %v", got, err)
		}
		for _, id := range []string{old, waiting} {
			_, err = s.Session(ctx, id)
			want(t, err, deskhand.CodeNotFound)
		}
		_, err = s.Session(ctx, young)
		want(t, err, "")
		// The link of a deleted session leads to a new one.
		if next := session("4711"); next == old {
			t.Fatal("the session is there still")
		}
		r, err := audit.Verify(ctx, s, audit.Options{})
		if err != nil || len(r.Faults) > 0 || r.WithoutDetail != int64(got.AuditDetails) {
			t.Fatalf("%+v %v", r, err)
		}
		events, _, err := s.AuditPage(ctx, deskhand.AuditFilter{Verb: "retention.delete"}, "", 10)
		if err != nil || len(events) != 3 {
			t.Fatalf("%+v %v", events, err)
		}
		if got, err = s.Retain(ctx); err != nil || got != (deskhand.Retained{}) {
			t.Fatalf("again: %+v %v", got, err)
		}
	})
}

// What is deleted leaves nothing behind: no row that hangs on it, no word in the search.
func TestRetentionLeavesNothing(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, a, b := t.Context(), s.Agent(t, "rodney", deskhand.RoleAgent), s.Agent(t, "ada", deskhand.RoleAgent)
		session := func(ticket string) string {
			_, out := redeem(t, s, link(t, s, a, ticket), client("pc-of-"+ticket, "198.51.100.7"))
			id := out.Session.ID
			redeem(t, s, link(t, s, a, ticket), client("second-"+ticket, "198.51.100.8"))
			v, _, err := s.OpenViewer(ctx, storetest.As(a), id, "", deskhand.LevelControl)
			want(t, err, "")
			_, err = s.SetViewerState(ctx, endUser, v.ID, deskhand.ViewerWatching, deskhand.LevelControl)
			want(t, err, "")
			_, err = s.Transfer(ctx, storetest.As(a), id, b.ID)
			want(t, err, "")
			want(t, s.SetNote(ctx, storetest.As(b), id, "note about "+ticket), "")
			_, err = s.EndSession(ctx, storetest.As(b), id, deskhand.ReasonEndedByAgent)
			want(t, err, "")
			return id
		}
		old := session("quarterly")
		s.Clock.Advance(40 * 24 * time.Hour)
		young := session("yearly")
		_, err := s.UpdatePolicy(ctx, storetest.As(a), func(p *deskhand.Policy) { p.KeepLogDays = 30 })
		want(t, err, "")
		if got, err := s.Retain(ctx); err != nil || got.Sessions != 1 {
			t.Fatalf("%+v %v", got, err)
		}
		for _, table := range []string{"viewer", "participant", "session_agent", "session_owner", "session_call", "log", "invite"} {
			if n := s.Count(t, "SELECT count(*) FROM "+table+" WHERE session_id = $1", old); n != 0 {
				t.Errorf("%d rows of %s are left", n, table)
			}
			if n := s.Count(t, "SELECT count(*) FROM "+table+" WHERE session_id = $1", young); n == 0 && table != "session_call" {
				t.Errorf("%s has lost what is kept", table)
			}
		}
		if n := s.Count(t, "SELECT count(*) FROM log_agent WHERE NOT EXISTS (SELECT 1 FROM log l WHERE l.place = log_agent.place)"); n != 0 {
			t.Errorf("%d rows of agents are left", n)
		}
		for text, found := range map[string]int{"quarterly": 0, "yearly": 1} {
			f := byStart
			f.Search = text
			if n, _, err := s.CountLogs(ctx, f); err != nil || n != found {
				t.Errorf("%s is found %d times: %v", text, n, err)
			}
			if s.Options.Database == "" {
				if n := s.Count(t, "SELECT count(*) FROM log_text WHERE log_text MATCH $1", `"`+text+`"`); n != found {
					t.Errorf("%s is in the index %d times", text, n)
				}
			}
		}
		if s.Options.Database == "" {
			s.Exec(t, "INSERT INTO log_text (log_text, rank) VALUES ('integrity-check', 0)")
		}
	})
}

// More than one write deletes is deleted all the same.
func TestRetentionOfMany(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, a := t.Context(), s.Agent(t, "rodney", deskhand.RoleAgent)
		fill(t, s, a, 1200)
		_, err := s.UpdatePolicy(ctx, storetest.As(a), func(p *deskhand.Policy) { p.KeepLogDays = 1 })
		want(t, err, "")
		if got, err := s.Retain(ctx); err != nil || got.Sessions != 1200 {
			t.Fatalf("%+v %v", got, err)
		}
	})
}
