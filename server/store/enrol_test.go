package store_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"deskhand"
	"deskhand/server/store/storetest"
)

func key(n byte) []byte { return bytes.Repeat([]byte{n}, 32) }

// events are the audit's verbs about a subject, in order.
func events(t testing.TB, s *storetest.Store, subject string) (verbs []string) {
	t.Helper()
	list, err := s.AuditEvents(t.Context(), 0, 1000)
	want(t, err, "")
	for _, e := range list {
		if e.Subject == subject {
			verbs = append(verbs, e.Verb)
		}
	}
	return verbs
}

// The same installation is asked about before it is replaced, whether it is known by its key or by its machine; it keeps what agents have set.
func TestEnrolAgain(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, a, b := t.Context(), s.Agent(t, "rodney", deskhand.RoleAgent), s.Agent(t, "anna", deskhand.RoleAgent)
		first := deskhand.Computer{Name: "RECEPTION", System: "Debian 12", PublicKey: key(1), Machine: "m1"}
		c, err := s.EnrolComputer(ctx, storetest.As(a), first)
		want(t, err, "")
		note, tags := "below the desk", []string{"front"}
		_, _, err = s.UpdateComputer(ctx, storetest.As(a), c.ID, deskhand.ComputerChange{Note: &note, Tags: &tags})
		want(t, err, "")
		c, err = s.ComputerOnline(ctx, deskhand.Computer{ID: c.ID, PublicKey: key(1), Machine: "m1", Run: "r1"})
		want(t, err, "")

		sameKey, sameMachine := first, first
		sameKey.Machine, sameMachine.PublicKey, sameMachine.System = "m2", key(2), "Debian 13"
		for _, again := range []deskhand.Computer{first, sameKey, sameMachine} {
			_, err = s.EnrolComputer(ctx, storetest.As(a), again)
			want(t, err, deskhand.CodeConflict)
			if e := err.(*deskhand.Error); e.Field != "replace" {
				t.Errorf("the field is %q", e.Field)
			}
			for _, enrol := range []func() error{
				func() error { _, err := s.EnrolComputer(ctx, storetest.As(b), again); return err },
				func() error { _, err := s.ReplaceComputer(ctx, storetest.As(b), again); return err },
			} {
				err := enrol()
				want(t, err, deskhand.CodeConflict)
				if e := err.(*deskhand.Error); e.Field != "" || e.Fault != "This computer belongs to rodney already." {
					t.Errorf("another agent is told %+v", e)
				}
			}
		}
		got, err := s.ReplaceComputer(ctx, storetest.As(a), sameMachine)
		want(t, err, "")
		if got.ID != c.ID || got.Note != note || !slices.Equal(got.Tags, tags) || got.System != "Debian 13" || !bytes.Equal(got.PublicKey, key(2)) || got.Online || got.Epoch <= c.Epoch {
			t.Errorf("replaced: %+v", got)
		}
		_, err = s.ComputerOnline(ctx, deskhand.Computer{ID: c.ID, PublicKey: key(1), Machine: "m1", Run: "r1"})
		want(t, err, deskhand.CodeForbidden)
		_, err = s.ComputerOnline(ctx, deskhand.Computer{ID: c.ID, PublicKey: key(2), Machine: "m1", Run: "r2"})
		want(t, err, "")

		// Removed, it is another computer.
		_, err = s.RemoveComputer(ctx, storetest.As(a), c.ID)
		want(t, err, "")
		other, err := s.EnrolComputer(ctx, storetest.As(b), first)
		want(t, err, "")
		if other.ID == c.ID || other.OwnerID != b.ID {
			t.Errorf("after the removal: %+v", other)
		}
		// Two that do not say which machine they are on are two.
		for n := range 2 {
			_, err = s.EnrolComputer(ctx, storetest.As(a), deskhand.Computer{Name: "x", PublicKey: key(byte(10 + n))})
			want(t, err, "")
		}
	})
}

// A copy of the state directory is noticed: on another machine at once, on the same kind of machine as soon as the two take turns.
func TestClonedKey(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, a := t.Context(), s.Agent(t, "rodney", deskhand.RoleAgent)
		online := func(id, machine, run string) deskhand.Computer {
			t.Helper()
			c, err := s.ComputerOnline(ctx, deskhand.Computer{ID: id, Machine: machine, Run: run, Address: "198.51.100.7"})
			want(t, err, "")
			return c
		}
		enrolled := func(n byte, machine string) string {
			t.Helper()
			c, err := s.EnrolComputer(ctx, storetest.As(a), deskhand.Computer{Name: "pc", PublicKey: key(n), Machine: machine})
			want(t, err, "")
			return c.ID
		}
		cloned := func(id string) (n int) {
			for _, verb := range events(t, s, id) {
				if verb == "computer.cloned" {
					n++
				}
			}
			return n
		}

		// It connects again and again, is started anew, and moves to another machine: no alarm.
		id := enrolled(1, "m1")
		for _, run := range []string{"a", "a", "b", "b", "c"} {
			if c := online(id, "m1", run); !c.ClonedAt.IsZero() {
				t.Fatalf("an alarm for run %s", run)
			}
		}
		c := online(id, "", "d")
		want(t, s.ComputerOffline(ctx, id, c.Epoch), "")
		if c := online(id, "m2", "e"); !c.ClonedAt.IsZero() || c.Machine != "m2" || !slices.Contains(events(t, s, id), "computer.machine") {
			t.Errorf("moved: %+v", c)
		}

		// On another machine, while the first is there.
		id = enrolled(2, "n1")
		one := online(id, "n1", "a")
		two := online(id, "n2", "b")
		if two.ClonedAt.IsZero() || two.Machine != "n1" || two.Epoch <= one.Epoch || cloned(id) != 1 {
			t.Errorf("another machine: %+v", two)
		}
		online(id, "n1", "a")
		online(id, "n2", "b")
		if cloned(id) != 1 {
			t.Error("an alarm for each connection")
		}
		s.Clock.Advance(time.Hour)
		online(id, "n1", "a")
		online(id, "n2", "b")
		if cloned(id) != 2 {
			t.Errorf("%d alarms after an hour", cloned(id))
		}
		// Set up anew, it is settled.
		got, err := s.ReplaceComputer(ctx, storetest.As(a), deskhand.Computer{Name: "pc", PublicKey: key(3), Machine: "n1"})
		want(t, err, "")
		if got.ID != id || !got.ClonedAt.IsZero() {
			t.Errorf("replaced: %+v", got)
		}

		// A copy of the whole machine: the first comes back after the second took its place.
		id = enrolled(4, "o1")
		online(id, "o1", "a")
		if c := online(id, "o1", "b"); !c.ClonedAt.IsZero() {
			t.Error("a program that was started again is taken for a copy")
		}
		if c := online(id, "o1", "a"); c.ClonedAt.IsZero() {
			t.Error("two at once are not noticed")
		}
	})
}
