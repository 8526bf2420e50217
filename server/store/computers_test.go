package store_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"deskhand"
	"deskhand/server/store/storetest"
)

func enrol(t testing.TB, s *storetest.Store, a deskhand.Agent, name string, key byte) deskhand.Computer {
	t.Helper()
	c, err := s.EnrolComputer(t.Context(), storetest.As(a), deskhand.Computer{
		Name: name, UserName: "root", System: "Debian", Address: "198.51.100.7", PublicKey: bytes.Repeat([]byte{key}, 32),
	})
	want(t, err, "")
	return c
}

func TestComputers(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, a, b := t.Context(), s.Agent(t, "rodney", deskhand.RoleAgent), s.Agent(t, "anna", deskhand.RoleAgent)
		c := enrol(t, s, a, "RECEPTION", 1)
		if c.ID == "" || c.OwnerName != "rodney" || c.Visibility != deskhand.VisibleToOwner || c.Online || c.InUse || c.CreatedAt.IsZero() {
			t.Fatalf("enrolled %+v", c)
		}
		_, err := s.EnrolComputer(ctx, storetest.As(b), deskhand.Computer{Name: "x", PublicKey: c.PublicKey})
		want(t, err, deskhand.CodeConflict)
		_, err = s.EnrolComputer(ctx, storetest.As(b), deskhand.Computer{Name: "x", PublicKey: []byte("short")})
		want(t, err, deskhand.CodeInvalid)
		_, err = s.EnrolComputer(ctx, storetest.As(b), deskhand.Computer{Name: " ", PublicKey: bytes.Repeat([]byte{2}, 32)})
		want(t, err, deskhand.CodeInvalid)

		if list, err := s.ListComputers(ctx, b.ID, nil); err != nil || len(list) != 0 {
			t.Fatalf("anna sees %+v, %v", list, err)
		}
		enrol(t, s, a, "archive", 3)
		list, err := s.ListComputers(ctx, a.ID, nil)
		if err != nil || len(list) != 2 || list[0].Name != "archive" || list[1].Name != "RECEPTION" {
			t.Fatalf("rodney sees %+v, %v", list, err)
		}

		// Of two connections with one key the later one counts.
		one, err := s.ComputerOnline(ctx, deskhand.Computer{ID: c.ID, UserName: "kim", System: "Debian 13", Address: "198.51.100.8"})
		want(t, err, "")
		two, err := s.ComputerOnline(ctx, deskhand.Computer{ID: c.ID, UserName: "kim", System: "Debian 13", Address: "198.51.100.8"})
		want(t, err, "")
		if one.Epoch != 1 || two.Epoch != 2 || two.UserName != "kim" || two.Address != "198.51.100.8" || !two.Online {
			t.Fatalf("online %+v, %+v", one, two)
		}
		want(t, s.ComputerOffline(ctx, c.ID, one.Epoch), "")
		if got, _ := s.ComputerByID(ctx, c.ID); !got.Online {
			t.Fatal("the end of an older connection counted")
		}
		s.Clock.Advance(time.Hour)
		var many []string
		for n := range 700 {
			many = append(many, fmt.Sprint("other", n))
		}
		want(t, s.ComputersSeen(ctx, append(many, c.ID)), "")
		if got, _ := s.ComputerByID(ctx, c.ID); !got.LastSeenAt.Equal(s.Clock.Now()) {
			t.Fatalf("last seen %v", got.LastSeenAt)
		}
		want(t, s.ComputerOffline(ctx, c.ID, two.Epoch), "")
		if got, _ := s.ComputerByID(ctx, c.ID); got.Online {
			t.Fatal("still online")
		}

		_, err = s.RemoveComputer(ctx, storetest.As(b), c.ID)
		want(t, err, deskhand.CodeNotFound)
		want(t, only(s.MoveComputers(ctx, storetest.As(a), []string{c.ID}, deskhand.ComputerPlace{Visibility: deskhand.VisibleToEveryone})), "")
		_, err = s.RemoveComputer(ctx, storetest.As(b), c.ID)
		want(t, err, deskhand.CodeForbidden)
		_, err = s.RemoveComputer(ctx, storetest.As(s.Agent(t, "boss", deskhand.RoleAdministrator)), c.ID)
		want(t, err, "")
		_, err = s.RemoveComputer(ctx, storetest.As(a), c.ID)
		want(t, err, deskhand.CodeNotFound)
		if got, err := s.ComputerByID(ctx, c.ID); err != nil || got.RemovedAt.IsZero() {
			t.Fatalf("removed %+v, %v", got, err)
		}
		_, err = s.ComputerOnline(ctx, c)
		want(t, err, deskhand.CodeForbidden)
		if again := enrol(t, s, b, "RECEPTION", 1); again.ID == c.ID || again.OwnerID != b.ID {
			t.Fatalf("set up again: %+v", again)
		}
		_, err = s.ComputerByID(ctx, "nothing")
		want(t, err, deskhand.CodeNotFound)
	})
}

func TestUnattendedSession(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, a, b := t.Context(), s.Agent(t, "rodney", deskhand.RoleAgent), s.Agent(t, "anna", deskhand.RoleAgent)
		c := enrol(t, s, a, "RECEPTION", 1)
		open := func(a deskhand.Agent, code deskhand.Code) (deskhand.Viewer, deskhand.Outcome) {
			t.Helper()
			v, out, err := s.OpenComputer(ctx, storetest.As(a), c.ID, deskhand.LevelControl)
			want(t, err, code)
			return v, out
		}
		open(a, deskhand.CodeOffline)
		open(b, deskhand.CodeNotFound) // it is not hers to see
		c, err := s.ComputerOnline(ctx, c)
		want(t, err, "")
		v, out := open(a, "")
		id := out.Session.ID
		if out.Session.State != deskhand.StateReady || out.Session.Type != deskhand.TypeUnattended || out.Session.Consent != deskhand.ConsentNotNeeded ||
			out.Session.Computer != "RECEPTION" || out.Session.OwnerID != a.ID || len(out.Session.Viewers) != 1 {
			t.Fatalf("session %+v", out.Session)
		}
		out, err = s.SetViewerState(ctx, endUser, v.ID, deskhand.ViewerWatching, deskhand.LevelControl)
		want(t, err, "")
		if out.Session.State != deskhand.StateConnected || out.Session.Consent != deskhand.ConsentNotNeeded {
			t.Fatalf("session %+v", out.Session)
		}
		if got, _ := s.ComputerByID(ctx, c.ID); !got.InUse {
			t.Fatal("not in use")
		}
		// A second view is in the same session; it ends with the last one.
		w, out := open(a, "")
		if out.Session.ID != id || len(out.Session.Viewers) != 2 {
			t.Fatalf("second view in %+v", out.Session)
		}
		out, err = s.CloseViewer(ctx, storetest.As(a), v.ID, deskhand.ReasonViewerClosed, 0, 0)
		want(t, err, "")
		if out.Session.State != deskhand.StateReady {
			t.Fatalf("after the first: %s", out.Session.State)
		}
		out, err = s.CloseViewer(ctx, storetest.As(a), w.ID, deskhand.ReasonViewerClosed, 0, 0)
		want(t, err, "")
		if out.Session.State != deskhand.StateEnded || out.Session.EndReason != deskhand.ReasonViewerClosed || out.Session.EndedBy != "rodney" {
			t.Fatalf("after the last: %+v", out.Session)
		}

		// Lost while watched: it waits, and ends when the computer does not come back.
		v, out = open(a, "")
		_, err = s.SetViewerState(ctx, endUser, v.ID, deskhand.ViewerWatching, deskhand.LevelControl)
		want(t, err, "")
		want(t, s.ComputerOffline(ctx, c.ID, c.Epoch), "")
		if got, _ := s.Session(ctx, out.Session.ID); got.State != deskhand.StateReconnecting {
			t.Fatalf("lost: %s", got.State)
		}
		open(a, deskhand.CodeOffline)
		c, err = s.ComputerOnline(ctx, c)
		want(t, err, "")
		if got, _ := s.Session(ctx, out.Session.ID); got.State != deskhand.StateConnected {
			t.Fatalf("back: %s", got.State)
		}
		want(t, s.ComputerOffline(ctx, c.ID, c.Epoch), "")
		s.Clock.Advance(deskhand.ReconnectGrace)
		outs, err := s.EndStale(ctx)
		want(t, err, "")
		if len(outs) != 1 || outs[0].Session.EndReason != deskhand.ReasonClientLost || len(outs[0].Closed) != 1 {
			t.Fatalf("stale %+v", outs)
		}

		c, err = s.ComputerOnline(ctx, c)
		want(t, err, "")
		open(a, "")
		outs, err = s.RemoveComputer(ctx, storetest.As(a), c.ID)
		want(t, err, "")
		if len(outs) != 1 || outs[0].Session.EndReason != deskhand.ReasonComputerRemoved || len(outs[0].Closed) != 1 {
			t.Fatalf("removed: %+v", outs)
		}
	})
}

func TestRestartedServer(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, a := t.Context(), s.Agent(t, "rodney", deskhand.RoleAgent)
		p, out := redeem(t, s, link(t, s, a, "1"), client("pc", "198.51.100.7"))
		lost, lostOut := redeem(t, s, link(t, s, a, "2"), client("lost", "198.51.100.8"))
		v, _, err := s.OpenViewer(ctx, storetest.As(a), out.Session.ID, "", deskhand.LevelView)
		want(t, err, "")
		c, err := s.ComputerOnline(ctx, enrol(t, s, a, "RECEPTION", 1))
		want(t, err, "")
		_, unattended, err := s.OpenComputer(ctx, storetest.As(a), c.ID, deskhand.LevelView)
		want(t, err, "")

		s.Clock.Advance(time.Minute)
		want(t, s.MarkAllOffline(ctx), "")
		got, err := s.Session(ctx, out.Session.ID)
		want(t, err, "")
		if got.State != deskhand.StateReconnecting || len(got.Viewers) != 0 || names(got.Line) != "pc*-" {
			t.Fatalf("attended %+v", got)
		}
		if got, _ := s.Viewer(ctx, v.ID); got.Reason != deskhand.ReasonServerStopped {
			t.Fatalf("viewer %+v", got)
		}
		if got, _ := s.Session(ctx, unattended.Session.ID); got.EndReason != deskhand.ReasonServerStopped {
			t.Fatalf("unattended %+v", got)
		}
		if got, _ := s.ComputerByID(ctx, c.ID); got.Online {
			t.Fatal("the computer is online")
		}
		s.Clock.Advance(deskhand.ReconnectGrace - time.Second)
		_, back, err := s.ResumeParticipant(ctx, endUser, p)
		want(t, err, "")
		if back.Session.State != deskhand.StateReady {
			t.Fatalf("back %+v", back.Session)
		}
		s.Clock.Advance(time.Second)
		outs, err := s.EndStale(ctx)
		want(t, err, "")
		if len(outs) != 1 || outs[0].Session.ID != lostOut.Session.ID || outs[0].Left[0].ID != lost.ID || outs[0].Session.EndReason != deskhand.ReasonClientLost {
			t.Fatalf("stale %+v", outs)
		}
	})
}

// A client waits half an hour; the log then says why nothing came of it.
func TestForgottenSessions(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, a := t.Context(), s.Agent(t, "rodney", deskhand.RoleAgent)
		for n, tt := range []struct {
			close deskhand.Reason
			allow bool
			want  deskhand.Reason
		}{
			{want: deskhand.ReasonNeverConnected},
			{close: deskhand.ReasonDenied, want: deskhand.ReasonDenied},
			{close: deskhand.ReasonUnanswered, want: deskhand.ReasonUnanswered},
			{close: deskhand.ReasonViewerClosed, want: deskhand.ReasonNeverConnected},
			{close: deskhand.ReasonViewerClosed, allow: true, want: deskhand.ReasonViewerClosed},
		} {
			_, out := redeem(t, s, link(t, s, a, fmt.Sprint(n)), client("pc", "198.51.100.7"))
			s.Clock.Advance(deskhand.ReadyLifetime - time.Second)
			if tt.close != "" {
				v, _, err := s.OpenViewer(ctx, storetest.As(a), out.Session.ID, "", deskhand.LevelView)
				want(t, err, "")
				if tt.allow {
					_, err := s.SetViewerState(ctx, endUser, v.ID, deskhand.ViewerWatching, deskhand.LevelView)
					want(t, err, "")
				}
				_, err = s.CloseViewer(ctx, endUser, v.ID, tt.close, 0, 0)
				want(t, err, "")
				s.Clock.Advance(deskhand.ReadyLifetime - time.Second)
			}
			outs, err := s.EndStale(ctx)
			want(t, err, "")
			if len(outs) != 0 {
				t.Fatalf("%d: too early", n)
			}
			s.Clock.Advance(time.Second)
			outs, err = s.EndStale(ctx)
			want(t, err, "")
			if len(outs) != 1 || outs[0].Session.EndReason != tt.want || outs[0].Session.EndedBy != "server" || len(outs[0].Left) != 1 {
				t.Fatalf("%d: %+v, want %s", n, outs, tt.want)
			}
		}
	})
}
