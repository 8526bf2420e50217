package store_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"deskhand"
	"deskhand/server/store/storetest"
)

func hook(t testing.TB, s *storetest.Store, a deskhand.Agent, events ...deskhand.WebhookEvent) deskhand.Webhook {
	t.Helper()
	w, err := s.CreateWebhook(t.Context(), storetest.As(a), deskhand.Webhook{URL: "https://example.com/hook", Events: events})
	want(t, err, "")
	return w
}

// deliveries are a webhook's events, the oldest first.
func deliveries(t testing.TB, s *storetest.Store, id string) []deskhand.Delivery {
	t.Helper()
	list, _, err := s.Deliveries(t.Context(), id, "", 100)
	want(t, err, "")
	slices.Reverse(list)
	return list
}

func TestWebhookChecks(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, admin := t.Context(), s.Agent(t, "admin", deskhand.RoleAdministrator)
		all := []deskhand.WebhookEvent{deskhand.WebhookSessionEnded}
		for _, bad := range []string{
			"", "example.com", "http://example.com/x", "ftp://example.com", "https://", "https://user:pw@example.com/", "https://example.com/#x", "https://:443/",
			"https://example.com/" + strings.Repeat("x", 1000), "javascript:alert(1)", "http://127.0.0.1.example.com/",
		} {
			_, err := s.CreateWebhook(ctx, storetest.As(admin), deskhand.Webhook{URL: bad, Events: all})
			want(t, err, deskhand.CodeInvalid)
		}
		_, err := s.CreateWebhook(ctx, storetest.As(admin), deskhand.Webhook{URL: "https://example.com", Events: []deskhand.WebhookEvent{"test", "nothing"}})
		want(t, err, deskhand.CodeInvalid)
		w, err := s.CreateWebhook(ctx, storetest.As(admin), deskhand.Webhook{URL: " http://localhost:8080/x ", Events: append(all, deskhand.WebhookSessionWaiting, "no")})
		want(t, err, "")
		if w.URL != "http://localhost:8080/x" || len(w.Events) != 2 || w.Events[0] != deskhand.WebhookSessionWaiting || !strings.HasPrefix(w.Secret, "whsec_") || w.AgentName != "admin" {
			t.Fatalf("%+v", w)
		}
		renewed, err := s.RenewWebhookSecret(ctx, storetest.As(admin), w.ID)
		if err != nil || renewed.Secret == w.Secret {
			t.Fatal(renewed.Secret, err)
		}
		for range deskhand.MaxWebhooks - 1 {
			hook(t, s, admin, all...)
		}
		_, err = s.CreateWebhook(ctx, storetest.As(admin), deskhand.Webhook{URL: "https://example.com", Events: all})
		want(t, err, deskhand.CodeConflict)
		want(t, s.RemoveWebhook(ctx, storetest.As(admin), w.ID), "")
		want(t, s.RemoveWebhook(ctx, storetest.As(admin), w.ID), deskhand.CodeNotFound)
		_, err = s.RenewWebhookSecret(ctx, storetest.As(admin), w.ID)
		want(t, err, deskhand.CodeNotFound)
	})
}

// What happens to a session and to a computer is written for the webhooks that want it, in order.
func TestWebhookEvents(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, a := t.Context(), s.Agent(t, "rodney", deskhand.RoleAgent)
		w, other := hook(t, s, a, deskhand.WebhookEvents...), hook(t, s, a, deskhand.WebhookSessionEnded)
		_, out := redeem(t, s, link(t, s, a, "4711"), client("pc", "198.51.100.7"))
		v, _, err := s.OpenViewer(ctx, storetest.As(a), out.Session.ID, "", deskhand.LevelControl)
		want(t, err, "")
		for range 2 { // the second view begins nothing
			_, err = s.SetViewerState(ctx, endUser, v.ID, deskhand.ViewerWatching, deskhand.LevelControl)
			want(t, err, "")
		}
		_, err = s.EndSession(ctx, storetest.As(a), out.Session.ID, deskhand.ReasonEndedByAgent)
		want(t, err, "")
		c, err := s.EnrolComputer(ctx, storetest.As(a), deskhand.Computer{Name: "SERVER", PublicKey: make([]byte, 32)})
		want(t, err, "")
		c, err = s.ComputerOnline(ctx, c)
		want(t, err, "")
		c, err = s.ComputerOnline(ctx, c) // again, by another connection
		want(t, err, "")
		want(t, s.ComputerOffline(ctx, c.ID, c.Epoch), "")
		want(t, s.ComputerOffline(ctx, c.ID, c.Epoch), "")
		_, err = s.ComputerOnline(ctx, c)
		want(t, err, "")
		want(t, s.MarkAllOffline(ctx), "")

		var events []string
		for _, d := range deliveries(t, s, w.ID) {
			events = append(events, string(d.Event))
			if !json.Valid([]byte(d.Body)) || d.State != deskhand.DeliveryWaiting || !strings.Contains(d.Body, d.EventID) {
				t.Errorf("delivery %+v", d)
			}
		}
		got := strings.Join(events, " ")
		if got != "session.waiting session.started session.ended computer.online computer.offline computer.online computer.offline" {
			t.Fatalf("events %s", got)
		}
		list := deliveries(t, s, other.ID)
		if len(list) != 1 || list[0].Event != deskhand.WebhookSessionEnded {
			t.Fatalf("%+v", list)
		}
		for _, part := range []string{`"ticket":"4711"`, `"endReason":"ended-by-agent"`, `"agents":[{"userName":"rodney","name":"rodney"}]`, `"consent":"control"`} {
			if !strings.Contains(list[0].Body, part) {
				t.Errorf("body %s lacks %s", list[0].Body, part)
			}
		}
	})
}

var (
	taken   = deskhand.WebhookAnswer{Status: 204}
	refused = deskhand.WebhookAnswer{Status: 500, Text: "no"}
)

// take takes the next delivery; fails the test when there is none.
func take(t testing.TB, s *storetest.Store, id string) deskhand.Delivery {
	t.Helper()
	_, d, ok, err := s.TakeDelivery(t.Context(), id, 30*time.Second)
	if err != nil || !ok {
		t.Fatal("nothing is due", err)
	}
	return d
}

func nothingDue(t testing.TB, s *storetest.Store, id string) {
	t.Helper()
	if _, d, ok, err := s.TakeDelivery(t.Context(), id, time.Second); ok || err != nil {
		t.Fatalf("due: %+v %v", d, err)
	}
	if ids, err := s.DueWebhooks(t.Context()); slices.Contains(ids, id) || err != nil {
		t.Fatal(ids, err)
	}
}

func TestDeliveryOrderAndRetries(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, a := t.Context(), s.Agent(t, "rodney", deskhand.RoleAgent)
		w := hook(t, s, a, deskhand.WebhookSessionWaiting)
		nothingDue(t, s, w.ID)
		for _, ticket := range []string{"1", "2"} {
			redeem(t, s, link(t, s, a, ticket), client("pc"+ticket, "198.51.100.7"))
		}
		first := take(t, s, w.ID)
		nothingDue(t, s, w.ID) // the second one waits for the first
		s.Clock.Advance(31 * time.Second)
		if again := take(t, s, w.ID); again.Sequence != first.Sequence { // nobody has answered: the server was ended meanwhile
			t.Fatalf("%+v", again)
		}
		want(t, s.Answered(ctx, first, refused, time.Minute), "")
		nothingDue(t, s, w.ID)
		// A test waits for nothing.
		want(t, s.TestWebhook(ctx, storetest.As(a), w.ID), "")
		test := take(t, s, w.ID)
		if test.Event != deskhand.WebhookTest {
			t.Fatalf("%+v", test)
		}
		want(t, s.Answered(ctx, test, refused, time.Minute), "")
		if list := deliveries(t, s, w.ID); list[2].State != deskhand.DeliveryFailed || list[2].Last.Text != "no" || list[2].Attempts != 1 {
			t.Fatalf("a test is tried once: %+v", list[2])
		}
		s.Clock.Advance(time.Minute)
		if d := take(t, s, w.ID); d.Sequence != first.Sequence || d.Attempts != 1 {
			t.Fatalf("%+v", d)
		}
		want(t, s.Answered(ctx, first, taken, time.Minute), "")
		second := take(t, s, w.ID)
		s.Clock.Advance(24 * time.Hour)
		want(t, s.Answered(ctx, second, refused, time.Minute), "")
		nothingDue(t, s, w.ID)
		list := deliveries(t, s, w.ID)
		if list[0].State != deskhand.DeliveryDelivered || list[0].Attempts != 2 || list[1].State != deskhand.DeliveryFailed {
			t.Fatalf("%+v", list)
		}
		want(t, s.SendAgain(ctx, storetest.As(a), w.ID, second.Sequence), "")
		if d := take(t, s, w.ID); d.EventID != second.EventID || d.Body != second.Body || d.Sequence == second.Sequence {
			t.Fatalf("%+v", d)
		}
		want(t, s.SendAgain(ctx, storetest.As(a), w.ID, 999), deskhand.CodeNotFound)
		want(t, s.RemoveWebhook(ctx, storetest.As(a), w.ID), "")
		want(t, s.Answered(ctx, second, taken, 0), "") // removed while it was on its way
	})
}

func TestWebhookIsGivenUp(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, a := t.Context(), s.Agent(t, "rodney", deskhand.RoleAgent)
		w := hook(t, s, a, deskhand.WebhookSessionWaiting)
		for day := range 4 {
			redeem(t, s, link(t, s, a, string(rune('a'+day))), client("pc", "198.51.100.7"))
			want(t, s.Answered(ctx, take(t, s, w.ID), refused, 25*time.Hour), "")
			got, err := s.Webhook(ctx, w.ID)
			if err != nil || got.FailingSince.IsZero() || got.GaveUp != (day == 3) || got.DisabledAt.IsZero() != (day < 3) {
				t.Fatalf("day %d: %+v %v", day, got, err)
			}
			s.Clock.Advance(24 * time.Hour)
		}
		before := len(deliveries(t, s, w.ID))
		redeem(t, s, link(t, s, a, "later"), client("pc2", "198.51.100.8"))
		if n := len(deliveries(t, s, w.ID)); n != before {
			t.Fatalf("%d deliveries, want %d: it is off", n, before)
		}
		want(t, s.SendAgain(ctx, storetest.As(a), w.ID, 1), deskhand.CodeConflict)
		w.DisabledAt = time.Time{}
		w, err := s.UpdateWebhook(ctx, storetest.As(a), w)
		if err != nil || w.GaveUp || !w.FailingSince.IsZero() || !w.DisabledAt.IsZero() {
			t.Fatalf("%+v %v", w, err)
		}
		redeem(t, s, link(t, s, a, "last"), client("pc3", "198.51.100.9"))
		want(t, s.Answered(ctx, take(t, s, w.ID), taken, 0), "")
	})
}
