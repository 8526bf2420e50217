package store_test

import (
	"slices"
	"testing"
	"time"

	"deskhand"
	"deskhand/server/store/storetest"
)

func actorOf(a deskhand.Agent) deskhand.Actor {
	return deskhand.Actor{AgentID: a.ID, Name: a.UserName, Address: "192.0.2.1"}
}

func TestSeparate(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, rodney := t.Context(), s.Agent(t, "rodney", deskhand.RoleAgent)
		by := actorOf(rodney)
		id, err := s.CreateConnectionID(ctx, by)
		want(t, err, "")
		one, out := redeem(t, s, id.Code, client("one", "198.51.100.7"))
		two, _ := redeem(t, s, id.Code, client("two", "198.51.100.8"))
		three, _ := redeem(t, s, id.Code, client("three", "198.51.100.9"))
		session := out.Session.ID

		_, _, err = s.Separate(ctx, by, session, one.ID)
		want(t, err, deskhand.CodeConflict)
		_, _, err = s.Separate(ctx, by, session, "nobody")
		want(t, err, deskhand.CodeNotFound)
		_, err = s.ParticipantOffline(ctx, three.ID, three.Epoch)
		want(t, err, "")
		_, _, err = s.Separate(ctx, by, session, three.ID)
		want(t, err, deskhand.CodeOffline)

		own, rest, err := s.Separate(ctx, by, session, two.ID)
		want(t, err, "")
		if names(rest.Session.Line) != "one* three-" || names(own.Session.Line) != "two*" {
			t.Fatalf("lines %q and %q", names(rest.Session.Line), names(own.Session.Line))
		}
		if o := own.Session; o.ID == session || o.State != deskhand.StateReady || o.OwnerID != rodney.ID || o.Computer != "two" || o.Address != "198.51.100.8" {
			t.Errorf("own session %+v", o)
		}
		// The ID was used by it: nobody else comes in.
		_, _, err = s.Redeem(ctx, endUser, id.Code, client("four", "198.51.100.10"))
		want(t, err, deskhand.CodeUsed)
		// A lost connection leads back to the own session.
		two.SecretHash = []byte("secret of two")
		back, out, err := s.ResumeParticipant(ctx, endUser, two)
		want(t, err, "")
		if back.SessionID != own.Session.ID || out.Session.ID != own.Session.ID {
			t.Errorf("back in %s", back.SessionID)
		}
		_, err = s.EndSession(ctx, by, session, deskhand.ReasonEndedByAgent)
		want(t, err, "")
		_, _, err = s.Separate(ctx, by, session, one.ID)
		want(t, err, deskhand.CodeSessionOver)
	})
}

func TestTransferAndCalls(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx := t.Context()
		rodney, ada, gone := s.Agent(t, "rodney", deskhand.RoleAgent), s.Agent(t, "ada", deskhand.RoleAgent), s.Agent(t, "gone", deskhand.RoleAgent)
		by := actorOf(rodney)
		want(t, s.SetAgentDisabled(ctx, deskhand.Server, gone.ID, true), "")
		_, out := redeem(t, s, link(t, s, rodney, "4711"), client("one", "198.51.100.7"))
		id := out.Session.ID

		want(t, s.CallAgent(ctx, by, id, rodney.ID), deskhand.CodeInvalid)
		want(t, s.CallAgent(ctx, by, id, gone.ID), deskhand.CodeInvalid)
		want(t, s.CallAgent(ctx, by, id, ada.ID), "")
		calls, err := s.Calls(ctx, ada.ID)
		want(t, err, "")
		if len(calls) != 1 || calls[0].Kind != deskhand.CallInvited || calls[0].ByName != rodney.Name || calls[0].Ticket != "4711" {
			t.Fatalf("calls %+v", calls)
		}
		want(t, s.DismissCall(ctx, actorOf(ada), id), "")
		if calls, _ := s.Calls(ctx, ada.ID); len(calls) != 0 {
			t.Errorf("dismissed %+v", calls)
		}

		_, err = s.Transfer(ctx, by, id, rodney.ID)
		want(t, err, deskhand.CodeInvalid)
		out, err = s.Transfer(ctx, by, id, ada.ID)
		want(t, err, "")
		if out.Session.OwnerID != ada.ID {
			t.Errorf("owner %s", out.Session.OwnerName)
		}
		if calls, _ := s.Calls(ctx, ada.ID); len(calls) != 1 || calls[0].Kind != deskhand.CallTransferred {
			t.Errorf("calls %+v", calls)
		}
		// Who comes is called no more.
		_, _, err = s.OpenViewer(ctx, actorOf(ada), id, "", deskhand.LevelView)
		want(t, err, "")
		if calls, _ := s.Calls(ctx, ada.ID); len(calls) != 0 {
			t.Errorf("calls after coming %+v", calls)
		}
		want(t, s.CallAgent(ctx, actorOf(ada), id, rodney.ID), "")
		_, err = s.EndSession(ctx, actorOf(ada), id, deskhand.ReasonEndedByAgent)
		want(t, err, "")
		row, err := s.Log(ctx, rodney.ID, id)
		want(t, err, "")
		if row.OwnerName != ada.Name || !slices.Contains(row.Agents, rodney.Name) {
			t.Errorf("the log names %s and %v", row.OwnerName, row.Agents)
		}
		if calls, _ := s.Calls(ctx, rodney.ID); len(calls) != 0 {
			t.Errorf("called to what is over: %+v", calls)
		}
		_, out = redeem(t, s, link(t, s, rodney, "4712"), client("one", "198.51.100.7"))
		want(t, s.CallAgent(ctx, actorOf(ada), out.Session.ID, rodney.ID), "")
		s.Clock.Advance(deskhand.CallLifetime + time.Second)
		if calls, _ := s.Calls(ctx, rodney.ID); len(calls) != 0 {
			t.Errorf("an old call %+v", calls)
		}
	})
}

// Of two who give a session away at once, or connect at once, one comes first; the other is told.
func TestOneOfTwoAtOnce(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, rodney := t.Context(), s.Agent(t, "rodney", deskhand.RoleAgent)
		others := []deskhand.Agent{s.Agent(t, "ada", deskhand.RoleAgent), s.Agent(t, "maria", deskhand.RoleAgent)}
		_, out := redeem(t, s, link(t, s, rodney, "4711"), client("one", "198.51.100.7"))
		id := out.Session.ID
		both := func(act func(deskhand.Agent) error) (codes []deskhand.Code) {
			done := make(chan error, len(others))
			for _, a := range others {
				go func() { done <- act(a) }()
			}
			for range others {
				if err := <-done; err != nil {
					codes = append(codes, deskhand.CodeOf(err))
				}
			}
			return codes
		}
		refused := both(func(a deskhand.Agent) error {
			_, _, err := s.OpenViewer(ctx, actorOf(a), id, "", deskhand.LevelView)
			return err
		})
		if !slices.Equal(refused, []deskhand.Code{deskhand.CodeConflict}) {
			t.Errorf("two connect at once: %v", refused)
		}
		refused = both(func(a deskhand.Agent) error {
			_, err := s.Transfer(ctx, actorOf(rodney), id, a.ID)
			return err
		})
		if !slices.Equal(refused, []deskhand.Code{deskhand.CodeForbidden}) {
			t.Errorf("given away twice at once: %v", refused)
		}
		s.Clock.Advance(time.Second)
		boss := s.Agent(t, "boss", deskhand.RoleAdministrator)
		_, err := s.Transfer(ctx, actorOf(boss), id, rodney.ID)
		want(t, err, "")
	})
}

func TestLinkMailsAreLimited(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, by := t.Context(), actorOf(s.Agent(t, "rodney", deskhand.RoleAgent))
		for range deskhand.MaxLinkMails {
			want(t, s.CountLinkMail(ctx, by, "4711"), "")
		}
		want(t, s.CountLinkMail(ctx, by, "4711"), deskhand.CodeThrottled)
		want(t, s.CountLinkMail(ctx, actorOf(s.Agent(t, "ada", deskhand.RoleAgent)), ""), "")
		s.Clock.Advance(time.Hour + time.Second)
		want(t, s.CountLinkMail(ctx, by, "4711"), "")
	})
}

func TestNoteKeepsWhoWroteIt(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, rodney := t.Context(), s.Agent(t, "rodney", deskhand.RoleAgent)
		p, out := redeem(t, s, link(t, s, rodney, "1"), client("one", "198.51.100.7"))
		want(t, s.SetNote(ctx, actorOf(rodney), out.Session.ID, "done"), "")
		want(t, s.SetQuality(ctx, p.ID, deskhand.QualityFair), "")
		live, err := s.Session(ctx, out.Session.ID)
		want(t, err, "")
		if live.NoteBy != rodney.Name || live.NoteAt.IsZero() || live.Line[0].Quality != deskhand.QualityFair {
			t.Errorf("session %+v", live)
		}
	})
}
