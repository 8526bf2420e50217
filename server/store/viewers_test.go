package store_test

import (
	"testing"
	"time"

	"deskhand"
	"deskhand/server/store/storetest"
)

func TestViewers(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, a, b := t.Context(), s.Agent(t, "rodney", deskhand.RoleAgent), s.Agent(t, "anna", deskhand.RoleAgent)
		_, out := redeem(t, s, link(t, s, a, "1"), client("pc", "198.51.100.7"))
		id := out.Session.ID
		is := func(state deskhand.State, consent deskhand.Consent, viewers int) {
			t.Helper()
			got, err := s.Session(ctx, id)
			want(t, err, "")
			if got.State != state || got.Consent != consent || len(got.Viewers) != viewers {
				t.Fatalf("%s, consent %s, %d viewers; want %s, %s, %d", got.State, got.Consent, len(got.Viewers), state, consent, viewers)
			}
		}
		open := func(a deskhand.Agent, level deskhand.Level) deskhand.Viewer {
			t.Helper()
			v, _, err := s.OpenViewer(ctx, storetest.As(a), id, "", level)
			want(t, err, "")
			return v
		}
		set := func(v deskhand.Viewer, state deskhand.ViewerState, level deskhand.Level, code deskhand.Code) {
			t.Helper()
			_, err := s.SetViewerState(ctx, endUser, v.ID, state, level)
			want(t, err, code)
		}
		closeIt := func(v deskhand.Viewer, reason deskhand.Reason, closed int) {
			t.Helper()
			out, err := s.CloseViewer(ctx, endUser, v.ID, reason, 100, 10)
			want(t, err, "")
			if len(out.Closed) != closed {
				t.Fatalf("%d closed, want %d", len(out.Closed), closed)
			}
		}

		v := open(a, deskhand.LevelControl)
		if v.AgentName != "rodney" || v.State != deskhand.ViewerAsking || v.SessionID != id {
			t.Fatalf("viewer %+v", v)
		}
		is(deskhand.StateAsking, deskhand.ConsentNotAsked, 1)
		_, _, err := s.OpenViewer(ctx, storetest.As(b), id, "", deskhand.LevelView)
		want(t, err, deskhand.CodeConflict)
		closeIt(v, deskhand.ReasonDenied, 1)
		is(deskhand.StateReady, deskhand.ConsentDenied, 0)
		closeIt(v, deskhand.ReasonViewerClosed, 0)
		is(deskhand.StateReady, deskhand.ConsentDenied, 0)
		set(v, deskhand.ViewerWatching, deskhand.LevelView, deskhand.CodeConflict)

		v = open(a, deskhand.LevelControl)
		closeIt(v, deskhand.ReasonUnanswered, 1)
		is(deskhand.StateReady, deskhand.ConsentUnanswered, 0)

		// The page is reloaded while the end-user is asked.
		v = open(a, deskhand.LevelControl)
		w, out, err := s.OpenViewer(ctx, storetest.As(a), id, "", deskhand.LevelView)
		want(t, err, "")
		if len(out.Closed) != 1 || out.Closed[0].ID != v.ID || out.Closed[0].Reason != deskhand.ReasonReplaced {
			t.Fatalf("closed %+v", out.Closed)
		}
		is(deskhand.StateAsking, deskhand.ConsentUnanswered, 1)
		set(w, deskhand.ViewerPaused, "", deskhand.CodeConflict)
		set(w, deskhand.ViewerWatching, deskhand.LevelControl, "") // more than was asked for is not allowed
		is(deskhand.StateConnected, deskhand.ConsentView, 1)
		if got, _ := s.Viewer(ctx, w.ID); got.Level != deskhand.LevelView || got.State != deskhand.ViewerWatching {
			t.Fatalf("viewer %+v", got)
		}
		set(w, deskhand.ViewerPaused, "", "")
		is(deskhand.StateConnected, deskhand.ConsentView, 1)
		set(w, deskhand.ViewerAsking, "", deskhand.CodeConflict)

		// Another agent joins and is denied, joins again and is allowed; the first one goes.
		x := open(b, deskhand.LevelControl)
		is(deskhand.StateConnected, deskhand.ConsentView, 2)
		closeIt(x, deskhand.ReasonDenied, 1)
		is(deskhand.StateConnected, deskhand.ConsentView, 1)
		x = open(b, deskhand.LevelControl)
		closeIt(w, deskhand.ReasonViewerClosed, 1)
		is(deskhand.StateAsking, deskhand.ConsentView, 1)
		set(x, deskhand.ViewerWatching, deskhand.LevelControl, "")
		is(deskhand.StateConnected, deskhand.ConsentControl, 1)
		closeIt(x, deskhand.ReasonViewerClosed, 1)
		is(deskhand.StateReady, deskhand.ConsentControl, 0)

		_, _, err = s.OpenViewer(ctx, storetest.As(a), id, "", "everything")
		want(t, err, deskhand.CodeInvalid)
		_, _, err = s.OpenViewer(ctx, storetest.As(a), "nothing", "", deskhand.LevelView)
		want(t, err, deskhand.CodeNotFound)

		v = open(a, deskhand.LevelView)
		out, err = s.EndSession(ctx, endUser, id, deskhand.ReasonEndedByEndUser)
		want(t, err, "")
		if len(out.Closed) != 1 || len(out.Left) != 1 || out.Session.EndedBy != "end-user" {
			t.Fatalf("outcome %+v", out)
		}
		out, err = s.EndSession(ctx, storetest.As(a), id, deskhand.ReasonEndedByAgent)
		want(t, err, "")
		if len(out.Closed) != 0 || out.Session.EndReason != deskhand.ReasonEndedByEndUser {
			t.Fatalf("ended again: %+v", out)
		}
		is(deskhand.StateEnded, deskhand.ConsentControl, 0)
		_, _, err = s.OpenViewer(ctx, storetest.As(a), id, "", deskhand.LevelView)
		want(t, err, deskhand.CodeSessionOver)
		if got, _ := s.Viewer(ctx, v.ID); got.State != deskhand.ViewerClosed || got.Reason != deskhand.ReasonEndedByEndUser {
			t.Fatalf("viewer %+v", got)
		}
		if got, _ := s.Viewer(ctx, w.ID); got.BytesDown != 100 || got.BytesUp != 10 {
			t.Fatalf("bytes %d, %d", got.BytesDown, got.BytesUp)
		}
	})
}

// Who watches goes on watching when only the signalling was lost; a view that still asks is closed.
func TestViewersWhileReconnecting(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, a := t.Context(), s.Agent(t, "rodney", deskhand.RoleAgent)
		p, out := redeem(t, s, link(t, s, a, "1"), client("pc", "198.51.100.7"))
		id := out.Session.ID
		v, _, err := s.OpenViewer(ctx, storetest.As(a), id, "", deskhand.LevelControl)
		want(t, err, "")
		out, err = s.ParticipantOffline(ctx, p.ID, p.Epoch)
		want(t, err, "")
		if out.Session.State != deskhand.StateReconnecting || len(out.Session.Viewers) != 0 {
			t.Fatalf("%+v", out.Session)
		}
		_, _, err = s.OpenViewer(ctx, storetest.As(a), id, "", deskhand.LevelControl)
		want(t, err, deskhand.CodeOffline)
		p, _, err = s.ResumeParticipant(ctx, endUser, p)
		want(t, err, "")
		v, _, err = s.OpenViewer(ctx, storetest.As(a), id, "", deskhand.LevelControl)
		want(t, err, "")
		_, err = s.SetViewerState(ctx, endUser, v.ID, deskhand.ViewerWatching, deskhand.LevelControl)
		want(t, err, "")
		_, err = s.ParticipantOffline(ctx, p.ID, p.Epoch)
		want(t, err, "")
		s.Clock.Advance(time.Minute)
		_, out, err = s.ResumeParticipant(ctx, endUser, p)
		want(t, err, "")
		if out.Session.State != deskhand.StateConnected || len(out.Session.Viewers) != 1 || !out.Session.Since.Equal(s.Clock.Now()) {
			t.Fatalf("%+v", out.Session)
		}
	})
}

// An agent picks somebody else in line while connecting; not while another agent is connected.
func TestOpenViewerPicks(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, a, b := t.Context(), s.Agent(t, "rodney", deskhand.RoleAgent), s.Agent(t, "anna", deskhand.RoleAgent)
		code := link(t, s, a, "1")
		redeem(t, s, code, client("one", "198.51.100.7"))
		two, out := redeem(t, s, code, client("two", "198.51.100.8"))
		id := out.Session.ID
		one, _, err := s.OpenViewer(ctx, storetest.As(a), id, "", deskhand.LevelView)
		want(t, err, "")
		_, out, err = s.OpenViewer(ctx, storetest.As(a), id, two.ID, deskhand.LevelView)
		want(t, err, "")
		if names(out.Session.Line) != "two* one" || len(out.Closed) != 1 || out.Closed[0].ID != one.ID || out.Session.State != deskhand.StateAsking {
			t.Fatalf("%s %s %+v", out.Session.State, names(out.Session.Line), out.Closed)
		}
		v := out.Session.Viewers[0]
		_, err = s.SetViewerState(ctx, endUser, v.ID, deskhand.ViewerWatching, deskhand.LevelView)
		want(t, err, "")
		_, _, err = s.OpenViewer(ctx, storetest.As(b), id, out.Session.Line[1].ID, deskhand.LevelView)
		want(t, err, deskhand.CodeConflict)
	})
}
