package store_test

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"deskhand"
	"deskhand/server/audit"
	"deskhand/server/store/storetest"
)

// Whatever clients, agents and the clock do in whatever order: one client of a session shares and the others stand in line as they came, the
// state follows from who is there, what has ended stays ended, limits hold, and the audit chain verifies.
func TestSessionsProperty(t *testing.T) {
	// Rapid's 100 runs take a minute; -rapid.checks asks for them.
	if f := flag.Lookup("rapid.checks"); f.Value.String() == f.DefValue {
		want(t, f.Value.Set("15"), "")
		defer f.Value.Set(f.DefValue)
	}
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		n := 0
		rapid.Check(t, func(rt *rapid.T) {
			n++
			w := newWorld(t, rt, s, n)
			rt.Repeat(map[string]func(*rapid.T){
				"redeem": w.redeem, "resume": w.resume, "offline": w.offline, "leave": w.leave, "share": w.share, "open": w.open, "watch": w.watch,
				"close": w.close, "end": w.end, "time": w.time, "computer": w.computer, "": w.check,
			})
			w.endAll()
		})
		r, err := audit.Verify(t.Context(), s, audit.Options{})
		if err != nil || len(r.Faults) > 0 {
			t.Fatal(r.Faults, err)
		}
	})
}

// world is what a run of the property test knows of.
type world struct {
	t            *testing.T
	rt           *rapid.T
	s            *storetest.Store
	run          int
	agents       []deskhand.Agent
	codes        []string
	pc           deskhand.Computer
	participants []deskhand.Participant // all there ever were
	rank         map[string]int         // of a participant: in which it came
	sessions     map[string]deskhand.Session
	viewers      []string
}

func newWorld(t *testing.T, rt *rapid.T, s *storetest.Store, run int) *world {
	w := &world{t: t, rt: rt, s: s, run: run, rank: map[string]int{}, sessions: map[string]deskhand.Session{}}
	for _, name := range []string{"a", "b"} {
		w.agents = append(w.agents, s.Agent(t, fmt.Sprintf("%s%d", name, run), deskhand.RoleAgent))
	}
	w.codes = []string{link(t, s, w.agents[0], "1"), link(t, s, w.agents[0], "2")}
	id, err := s.CreateConnectionID(t.Context(), storetest.As(w.agents[0]))
	want(t, err, "")
	w.codes = append(w.codes, id.Code)
	w.pc, err = s.EnrolComputer(t.Context(), storetest.As(w.agents[0]), deskhand.Computer{Name: "pc", PublicKey: fmt.Appendf(nil, "%032d", run)})
	want(t, err, "")
	return w
}

// fault fails on an error that is not one of those that a person can bring about.
func (w *world) fault(rt *rapid.T, err error) bool {
	if err == nil {
		return false
	}
	if deskhand.CodeOf(err) == deskhand.CodeInternal || strings.Contains(err.Error(), "A session cannot go from") {
		rt.Fatal(err)
	}
	return true
}

func (w *world) agent(rt *rapid.T) deskhand.Actor {
	return storetest.As(rapid.SampledFrom(w.agents).Draw(rt, "agent"))
}

func (w *world) participant(rt *rapid.T) *deskhand.Participant {
	if len(w.participants) == 0 {
		rt.Skip("nobody has come")
	}
	return &w.participants[rapid.IntRange(0, len(w.participants)-1).Draw(rt, "participant")]
}

func (w *world) redeem(rt *rapid.T) {
	n := rapid.IntRange(0, 9).Draw(rt, "client")
	code := rapid.SampledFrom(w.codes).Draw(rt, "code")
	p, out, err := w.s.Redeem(w.t.Context(), endUser, code, client(fmt.Sprint("pc", n), fmt.Sprintf("10.%d.%d.%d", w.run/256, w.run%256, n/2)))
	if w.fault(rt, err) {
		return
	}
	w.rank[p.ID] = len(w.participants)
	if len(out.Left) == 1 { // it took the place of its lost self
		w.rank[p.ID] = w.rank[out.Left[0].ID]
	}
	w.participants = append(w.participants, p)
}

func (w *world) resume(rt *rapid.T) {
	p := w.participant(rt)
	back, _, err := w.s.ResumeParticipant(w.t.Context(), endUser, *p)
	if !w.fault(rt, err) {
		*p = back
	}
}

func (w *world) offline(rt *rapid.T) {
	p := w.participant(rt)
	_, err := w.s.ParticipantOffline(w.t.Context(), p.ID, p.Epoch-int64(rapid.IntRange(0, 1).Draw(rt, "older")))
	w.fault(rt, err)
}

func (w *world) leave(rt *rapid.T) {
	_, err := w.s.LeaveParticipant(w.t.Context(), endUser, w.participant(rt).ID, deskhand.ReasonEndedByEndUser)
	w.fault(rt, err)
}

func (w *world) share(rt *rapid.T) {
	p := w.participant(rt)
	_, err := w.s.Pick(w.t.Context(), w.agent(rt), p.SessionID, p.ID)
	w.fault(rt, err)
}

func (w *world) open(rt *rapid.T) {
	p, picked := w.participant(rt), ""
	if rapid.Bool().Draw(rt, "pick") {
		picked = p.ID
	}
	v, _, err := w.s.OpenViewer(w.t.Context(), w.agent(rt), p.SessionID, picked, deskhand.LevelControl)
	if !w.fault(rt, err) {
		w.viewers = append(w.viewers, v.ID)
	}
}

func (w *world) viewer(rt *rapid.T) string {
	if len(w.viewers) == 0 {
		rt.Skip("no viewer")
	}
	return rapid.SampledFrom(w.viewers).Draw(rt, "viewer")
}

func (w *world) watch(rt *rapid.T) {
	state := rapid.SampledFrom([]deskhand.ViewerState{deskhand.ViewerWatching, deskhand.ViewerPaused}).Draw(rt, "state")
	_, err := w.s.SetViewerState(w.t.Context(), endUser, w.viewer(rt), state, deskhand.LevelControl)
	w.fault(rt, err)
}

func (w *world) close(rt *rapid.T) {
	reason := rapid.SampledFrom([]deskhand.Reason{deskhand.ReasonViewerClosed, deskhand.ReasonDenied, deskhand.ReasonUnanswered}).Draw(rt, "reason")
	_, err := w.s.CloseViewer(w.t.Context(), endUser, w.viewer(rt), reason, 1, 1)
	w.fault(rt, err)
}

func (w *world) end(rt *rapid.T) {
	if rapid.IntRange(0, 3).Draw(rt, "seldom") == 0 {
		_, err := w.s.EndSession(w.t.Context(), w.agent(rt), w.participant(rt).SessionID, deskhand.ReasonEndedByAgent)
		w.fault(rt, err)
	}
}

func (w *world) time(rt *rapid.T) {
	w.s.Clock.Advance(time.Duration(rapid.IntRange(1, 200).Draw(rt, "seconds")) * time.Second)
	_, err := w.s.EndStale(w.t.Context())
	w.fault(rt, err)
}

func (w *world) computer(rt *rapid.T) {
	switch rapid.SampledFrom([]string{"online", "offline", "open"}).Draw(rt, "computer") {
	case "online":
		c, err := w.s.ComputerOnline(w.t.Context(), w.pc)
		if !w.fault(rt, err) {
			w.pc = c
		}
	case "offline":
		w.fault(rt, w.s.ComputerOffline(w.t.Context(), w.pc.ID, w.pc.Epoch))
	case "open":
		v, _, err := w.s.OpenComputer(w.t.Context(), w.agent(rt), w.pc.ID, deskhand.LevelControl)
		if !w.fault(rt, err) {
			w.viewers = append(w.viewers, v.ID)
		}
	}
}

func (w *world) check(rt *rapid.T) {
	pc, err := w.s.ComputerByID(w.t.Context(), w.pc.ID)
	if err != nil {
		rt.Fatal(err)
	}
	live := map[string]bool{}
	waiting := 0
	for _, a := range w.agents {
		list, err := w.s.LiveSessions(w.t.Context(), a.ID)
		if err != nil {
			rt.Fatal(err)
		}
		for _, l := range list {
			live[l.ID] = true
			if was, ok := w.sessions[l.ID]; ok && was.State == deskhand.StateEnded {
				rt.Fatalf("session %s came back", l.ID)
			}
			w.sessions[l.ID] = l.Session
			w.checkLive(rt, l, pc)
			for _, p := range l.Line {
				if !p.Sharing || l.State != deskhand.StateConnected {
					waiting++
				}
			}
		}
	}
	// A view that was closed lets its client wait again, so the limit holds where clients come in, not at any time.
	if waiting > deskhand.MaxWaitingPerAgent+len(live) {
		rt.Fatalf("%d wait", waiting)
	}
	for id, was := range w.sessions {
		if live[id] {
			continue
		}
		got, err := w.s.Session(w.t.Context(), id)
		if err != nil || got.State != deskhand.StateEnded || got.EndReason == "" || got.EndedBy == "" || got.EndedAt.IsZero() || len(got.Viewers)+len(got.Line) != 0 {
			rt.Fatalf("ended %+v %v", got, err)
		}
		if was.State == deskhand.StateEnded && got.Session != was {
			rt.Fatalf("changed after its end: %+v, was %+v", got.Session, was)
		}
		w.sessions[id] = got.Session
	}
}

func (w *world) checkLive(rt *rapid.T, l deskhand.LiveSession, pc deskhand.Computer) {
	there, asked := pc.Online, false
	if l.Type == deskhand.TypeAttended {
		if len(l.Line) == 0 || !l.Line[0].Sharing || slices.ContainsFunc(l.Line[1:], func(p deskhand.Participant) bool { return p.Sharing }) {
			rt.Fatalf("line %s", names(l.Line))
		}
		if !slices.IsSortedFunc(l.Line[1:], func(p, q deskhand.Participant) int { return w.rank[p.ID] - w.rank[q.ID] }) {
			rt.Fatalf("line out of order: %s", names(l.Line))
		}
		for i, p := range l.Line {
			if p.Place != i {
				rt.Fatalf("places %s", names(l.Line))
			}
		}
		there = l.Line[0].Online
		if l.Computer != l.Line[0].Computer || l.Address != l.Line[0].Address {
			rt.Fatalf("the session shows %s, %s shares", l.Computer, l.Line[0].Computer)
		}
	} else if len(l.Viewers) == 0 {
		rt.Fatal("an unattended session without a view")
	}
	want := deskhand.StateReady
	for _, v := range l.Viewers {
		switch v.State {
		case deskhand.ViewerAsking:
			asked = true
		case deskhand.ViewerWatching, deskhand.ViewerPaused:
			want = deskhand.StateConnected
		default:
			rt.Fatalf("an open view is %s", v.State)
		}
	}
	if want == deskhand.StateReady && asked && l.Type == deskhand.TypeAttended {
		want = deskhand.StateAsking
	}
	if !there {
		want = deskhand.StateReconnecting
	}
	if l.State != want {
		rt.Fatalf("%s session is %s, want %s: %s, %+v", l.Type, l.State, want, names(l.Line), l.Viewers)
	}
}

// endAll leaves nothing for the next run's sweeps.
func (w *world) endAll() {
	for _, a := range w.agents {
		list, err := w.s.LiveSessions(w.t.Context(), a.ID)
		want(w.t, err, "")
		for _, l := range list {
			_, err := w.s.EndSession(w.t.Context(), deskhand.Server, l.ID, deskhand.ReasonEndedByAgent)
			want(w.t, err, "")
		}
	}
}
