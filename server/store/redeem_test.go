package store_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"deskhand"
	"deskhand/server/store/storetest"
)

var endUser = deskhand.Actor{Name: "end-user", Address: "198.51.100.7"}

// client is one end-user's client in a test.
func client(name, address string) deskhand.Participant {
	return deskhand.Participant{
		SecretHash: []byte("secret of " + name), Computer: name, UserName: "user", System: "Debian", Address: address, Language: "de", Displays: 1,
	}
}

func link(t testing.TB, s *storetest.Store, a deskhand.Agent, ticket string) string {
	t.Helper()
	i, err := s.PutLink(t.Context(), deskhand.Server, a.ID, ticket, "A. Martin")
	want(t, err, "")
	return i.Code
}

func redeem(t testing.TB, s *storetest.Store, code string, p deskhand.Participant) (deskhand.Participant, deskhand.Outcome) {
	t.Helper()
	p, out, err := s.Redeem(t.Context(), endUser, code, p)
	want(t, err, "")
	return p, out
}

func names(line []deskhand.Participant) (s string) {
	for i, p := range line {
		if i > 0 {
			s += " "
		}
		s += p.Computer
		if p.Sharing {
			s += "*"
		}
		if !p.Online {
			s += "-"
		}
		if p.Place != i {
			s += fmt.Sprintf("(place %d at %d)", p.Place, i)
		}
	}
	return s
}

func TestRedeem(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, a := t.Context(), s.Agent(t, "rodney", deskhand.RoleAgent)
		code := link(t, s, a, "4711")
		if live, err := s.LiveSessions(ctx, ""); err != nil || len(live) != 0 {
			t.Fatalf("a link began %d sessions, %v", len(live), err)
		}
		one, out := redeem(t, s, code, client("one", "198.51.100.7"))
		if one.ID == "" || !one.Sharing || one.Place != 0 || one.Epoch != 1 {
			t.Fatalf("first participant %+v", one)
		}
		got := out.Session
		if got.State != deskhand.StateReady || got.Ticket != "4711" || got.EndUserName != "A. Martin" || got.Computer != "one" || got.UserName != "user" ||
			got.OwnerUserName != "rodney" || got.Consent != deskhand.ConsentNotAsked || got.Displays != 1 || got.Type != deskhand.TypeAttended {
			t.Fatalf("session %+v", got)
		}
		two, out := redeem(t, s, code, client("two", "198.51.100.8"))
		if two.Place != 1 || two.Sharing || out.Session.ID != got.ID || names(out.Session.Line) != "one* two" {
			t.Fatalf("second %+v in %s", two, names(out.Session.Line))
		}
		s.Clock.Advance(time.Second)
		other, out := redeem(t, s, link(t, s, a, "4712"), client("three", "198.51.100.9"))
		if other.Place != 0 || out.Session.ID == got.ID {
			t.Fatal("another ticket led to the same session")
		}
		// A short link with the same words leads to the same session as the long one.
		short, err := s.CreateShortLink(ctx, storetest.As(a), "4711", "A. Martin")
		want(t, err, "")
		_, out = redeem(t, s, short.Code, client("four", "198.51.100.10"))
		if out.Session.ID != got.ID || names(out.Session.Line) != "one* two four" {
			t.Fatalf("by the short link: %s", names(out.Session.Line))
		}
		live, err := s.LiveSessions(ctx, a.ID)
		if err != nil || len(live) != 2 || names(live[0].Line) != "one* two four" || names(live[1].Line) != "three*" {
			t.Fatalf("live %+v %v", live, err)
		}
		if mine, err := s.LiveSessions(ctx, s.Agent(t, "anna", deskhand.RoleAgent).ID); err != nil || len(mine) != 0 {
			t.Fatalf("anna's: %+v %v", mine, err)
		}
		// After its end the link leads to a new one.
		_, err = s.EndSession(ctx, storetest.As(a), got.ID, deskhand.ReasonEndedByAgent)
		want(t, err, "")
		_, out = redeem(t, s, code, client("one", "198.51.100.7"))
		if out.Session.ID == got.ID || names(out.Session.Line) != "one*" {
			t.Fatalf("after the end: %s", names(out.Session.Line))
		}
	})
}

func TestRedeemRefuses(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, a := t.Context(), s.Agent(t, "rodney", deskhand.RoleAgent)
		try := func(code, name, address string, fault deskhand.Code) {
			t.Helper()
			_, _, err := s.Redeem(ctx, endUser, code, client(name, address))
			want(t, err, fault)
		}
		try("", "x", "198.51.100.1", deskhand.CodeNotFound)
		try("123456", "x", "198.51.100.1", deskhand.CodeNotFound)
		code := link(t, s, a, "1")
		s.Clock.Advance(deskhand.LinkCodeLifetime)
		try(code, "x", "198.51.100.1", deskhand.CodeNotFound)
		code = link(t, s, a, "1")
		want(t, s.SetAgentDisabled(ctx, deskhand.Server, a.ID, true), "")
		try(code, "x", "198.51.100.1", deskhand.CodeAgentUnavailable)
		want(t, s.SetAgentDisabled(ctx, deskhand.Server, a.ID, false), "")

		// Five from one address: a whole IPv6 network is one.
		for n := range deskhand.MaxWaitingPerAddress {
			try(code, fmt.Sprint("six", n), fmt.Sprintf("2001:db8::%d", n), "")
		}
		try(code, "six5", "2001:db8::5", deskhand.CodeLineFull)
		try(code, "other", "2001:db8:0:1::5", "")
		for n := range deskhand.MaxWaitingPerAgent - deskhand.MaxWaitingPerAddress - 1 {
			try(code, fmt.Sprint("four", n), fmt.Sprintf("198.51.100.%d", n), "")
		}
		try(code, "last", "198.51.100.200", deskhand.CodeLineFull)
		try(link(t, s, a, "2"), "last", "198.51.100.200", deskhand.CodeLineFull)
		try(link(t, s, s.Agent(t, "anna", deskhand.RoleAgent), "2"), "last", "198.51.100.200", "")
	})
}

func TestRedeemAtOnce(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		a := s.Agent(t, "rodney", deskhand.RoleAgent)
		code := link(t, s, a, "1")
		var in atomic.Int32
		var wg sync.WaitGroup
		for n := range 30 {
			wg.Go(func() {
				_, _, err := s.Redeem(t.Context(), endUser, code, client(fmt.Sprint("pc", n), fmt.Sprintf("198.51.100.%d", n)))
				if err == nil {
					in.Add(1)
				} else if deskhand.CodeOf(err) != deskhand.CodeLineFull {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		live, err := s.LiveSessions(t.Context(), a.ID)
		want(t, err, "")
		if len(live) != 1 || len(live[0].Line) != deskhand.MaxWaitingPerAgent || in.Load() != deskhand.MaxWaitingPerAgent {
			t.Fatalf("%d sessions, %d redeemed", len(live), in.Load())
		}
		if _, ok := live[0].Sharing(); !ok {
			t.Fatal("nobody shares")
		}
	})
}

// Redeeming does not use up a connection ID: a lucky guess neither reaches a screen nor displaces who was meant.
func TestConnectionIDIsUsedByPicking(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, a := t.Context(), s.Agent(t, "rodney", deskhand.RoleAgent)
		id, err := s.CreateConnectionID(ctx, storetest.As(a))
		want(t, err, "")
		guess, _ := redeem(t, s, id.Code, client("guess", "203.0.113.5"))
		meant, out := redeem(t, s, id.Code, client("meant", "198.51.100.7"))
		if names(out.Session.Line) != "guess* meant" {
			t.Fatal(names(out.Session.Line))
		}
		out, err = s.Pick(ctx, storetest.As(a), out.Session.ID, meant.ID)
		want(t, err, "")
		if names(out.Session.Line) != "meant* guess" || out.Session.Address != "198.51.100.7" || out.Session.Computer != "meant" {
			t.Fatal(names(out.Session.Line), out.Session.Address)
		}
		_, _, err = s.Redeem(ctx, endUser, id.Code, client("late", "198.51.100.9"))
		want(t, err, deskhand.CodeUsed)
		if ids, err := s.ConnectionIDs(ctx, a.ID); err != nil || len(ids) != 0 {
			t.Fatal(ids, err)
		}
		_, err = s.Pick(ctx, storetest.As(a), out.Session.ID, "nobody")
		want(t, err, deskhand.CodeNotFound)
		_, err = s.ParticipantOffline(ctx, guess.ID, guess.Epoch)
		want(t, err, "")
		_, err = s.Pick(ctx, storetest.As(a), out.Session.ID, guess.ID)
		want(t, err, deskhand.CodeOffline)

		// Opening a view picks too.
		id, err = s.CreateConnectionID(ctx, storetest.As(a))
		want(t, err, "")
		_, out = redeem(t, s, id.Code, client("single", "198.51.100.11"))
		_, _, err = s.OpenViewer(ctx, storetest.As(a), out.Session.ID, "", deskhand.LevelControl)
		want(t, err, "")
		_, _, err = s.Redeem(ctx, endUser, id.Code, client("late", "198.51.100.12"))
		want(t, err, deskhand.CodeUsed)
	})
}

func TestLine(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, a := t.Context(), s.Agent(t, "rodney", deskhand.RoleAgent)
		code := link(t, s, a, "1")
		var p [4]deskhand.Participant
		var out deskhand.Outcome
		for i := range p {
			p[i], out = redeem(t, s, code, client(fmt.Sprint("pc", i), fmt.Sprintf("198.51.100.%d", i)))
		}
		id := out.Session.ID
		is := func(state deskhand.State, line string) {
			t.Helper()
			got, err := s.Session(ctx, id)
			want(t, err, "")
			if got.State != state || names(got.Line) != line {
				t.Fatalf("%s %q, want %s %q", got.State, names(got.Line), state, line)
			}
		}
		offline := func(i int) {
			t.Helper()
			_, err := s.ParticipantOffline(ctx, p[i].ID, p[i].Epoch)
			want(t, err, "")
		}
		is(deskhand.StateReady, "pc0* pc1 pc2 pc3")
		offline(1)
		is(deskhand.StateReady, "pc0* pc1- pc2 pc3")

		// Whose turn it is leaves: who is there goes before who is lost.
		out, err := s.LeaveParticipant(ctx, endUser, p[0].ID, deskhand.ReasonEndedByEndUser)
		want(t, err, "")
		if len(out.Left) != 1 || out.Left[0].ID != p[0].ID {
			t.Fatalf("left %+v", out.Left)
		}
		is(deskhand.StateReady, "pc2* pc1- pc3")
		if got, _ := s.Session(ctx, id); got.Computer != "pc2" || got.Address != "198.51.100.2" {
			t.Fatalf("the session shows %s", got.Computer)
		}

		// Lost and back: the same place, unless it took too long.
		offline(2)
		is(deskhand.StateReconnecting, "pc2*- pc1- pc3")
		s.Clock.Advance(deskhand.ReconnectGrace - time.Second)
		back, out, err := s.ResumeParticipant(ctx, endUser, deskhand.Participant{
			ID: p[2].ID, SecretHash: p[2].SecretHash, Computer: "pc2", UserName: "user", System: "Debian 13", Address: "198.51.100.99", Displays: 2,
		})
		want(t, err, "")
		if back.Epoch != 2 || back.Place != 0 || !back.Sharing || back.SessionID != id || out.Session.Displays != 2 || out.Session.Address != "198.51.100.99" {
			t.Fatalf("back %+v in %+v", back, out.Session)
		}
		is(deskhand.StateReady, "pc2* pc1- pc3")
		offline(2) // the end of the connection before: it has the epoch 1
		is(deskhand.StateReady, "pc2* pc1- pc3")
		s.Clock.Advance(time.Second)
		outs, err := s.EndStale(ctx)
		want(t, err, "")
		if len(outs) != 1 || len(outs[0].Left) != 1 || outs[0].Left[0].ID != p[1].ID {
			t.Fatalf("stale %+v", outs)
		}
		is(deskhand.StateReady, "pc2* pc3")
		_, _, err = s.ResumeParticipant(ctx, endUser, p[1])
		want(t, err, deskhand.CodeSessionOver)
		wrong := p[3]
		wrong.SecretHash = []byte("guess")
		_, _, err = s.ResumeParticipant(ctx, endUser, wrong)
		want(t, err, deskhand.CodeNotFound)

		// The agent lets another one share, who then is lost for good: the next one's turn.
		out, err = s.Pick(ctx, storetest.As(a), id, p[3].ID)
		want(t, err, "")
		is(deskhand.StateReady, "pc3* pc2")
		offline(3)
		s.Clock.Advance(deskhand.ReconnectGrace)
		_, err = s.EndStale(ctx)
		want(t, err, "")
		is(deskhand.StateReady, "pc2*")
		out, err = s.LeaveParticipant(ctx, endUser, p[2].ID, deskhand.ReasonEndedByEndUser)
		want(t, err, "")
		if out.Session.EndReason != deskhand.ReasonEndedByEndUser || out.Session.EndedBy != "end-user" {
			t.Fatalf("ended %+v", out.Session.Session)
		}
		is(deskhand.StateEnded, "")
		_, _, err = s.ResumeParticipant(ctx, endUser, p[2])
		want(t, err, deskhand.CodeSessionOver)
		_, err = s.Pick(ctx, storetest.As(a), id, p[2].ID)
		want(t, err, deskhand.CodeSessionOver)
	})
}

// A client that is started again while its earlier self is lost takes that one's place; while it is not, it stands in line.
func TestRestartedClient(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, a := t.Context(), s.Agent(t, "rodney", deskhand.RoleAgent)
		code := link(t, s, a, "1")
		one, out := redeem(t, s, code, client("pc", "198.51.100.7"))
		_, out = redeem(t, s, code, client("pc", "198.51.100.7"))
		if names(out.Session.Line) != "pc* pc" {
			t.Fatal(names(out.Session.Line))
		}
		_, _, err := s.OpenViewer(ctx, storetest.As(a), out.Session.ID, "", deskhand.LevelView)
		want(t, err, "")
		_, err = s.ParticipantOffline(ctx, one.ID, one.Epoch)
		want(t, err, "")
		_, out = redeem(t, s, code, client("pc", "203.0.113.1"))
		if names(out.Session.Line) != "pc*- pc pc" {
			t.Fatalf("from another address: %s", names(out.Session.Line))
		}
		again, out := redeem(t, s, code, client("pc", "198.51.100.7"))
		if names(out.Session.Line) != "pc* pc pc" || !again.Sharing || again.ID == one.ID || len(out.Left) != 1 || out.Session.State != deskhand.StateReady {
			t.Fatalf("%s %s", out.Session.State, names(out.Session.Line))
		}

		// In the middle of the line too.
		two := out.Session.Line[1]
		_, err = s.ParticipantOffline(ctx, two.ID, two.Epoch)
		want(t, err, "")
		again, out = redeem(t, s, code, client("pc", "198.51.100.7"))
		if again.Place != 1 || out.Session.Line[2].Address != "203.0.113.1" || len(out.Session.Line) != 3 {
			t.Fatalf("place %d: %+v", again.Place, out.Session.Line)
		}
	})
}
