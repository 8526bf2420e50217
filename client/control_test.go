package client

import (
	"log/slog"
	"net/http"
	"slices"
	"testing"
	"time"

	"deskhand"
	"deskhand/client/input/inputtest"
	"deskhand/client/ui"
	"deskhand/server/httpapi"
	"deskhand/server/servertest"
	"deskhand/wire"
)

// twoViews is a session by the link of owner, with a view of each of the two agents, whom the end-user let control.
func twoViews(t *testing.T, s *servertest.Server, owner string, a, b *servertest.Agent) (p *program, path string, first, second *view) {
	t.Helper()
	p = startAttended(t, s, linkCodeOf(t, s, owner))
	path = ready(t, a)
	open := func(a *servertest.Agent) *view {
		v := connect(t, s, a, path)
		p.answer(ui.AllowControl)
		v.allowed(wire.Level_LEVEL_CONTROL)
		servertest.Eventually(t, "the server knows that it watches", func() bool {
			var now httpapi.Session
			a.Must(http.MethodGet, path, nil, &now)
			return now.State == deskhand.StateConnected
		})
		return v
	}
	return p, path, open(a), open(b)
}

// Two agents in one session: the client takes the input of the one in control alone, and control is asked for and handed over.
func TestTwoAgents(t *testing.T) {
	s := servertest.New(t)
	rodney, ada := s.Login(s.Admin), s.Login(s.AddAgent("ada", deskhand.RoleAgent))
	p, _, first, second := twoViews(t, s, s.Admin.UserName, rodney, ada)

	var both *wire.Watchers
	second.await("who is there", func(m *wire.Control) bool { both = m.GetWatchers(); return len(both.GetWatchers()) == 2 })
	if a, b := both.Watchers[0], both.Watchers[1]; a.Name != rodney.Me.Name || a.You || b.AgentId != ada.Me.ID || !b.You || a.Colour == b.Colour || b.MayTake {
		t.Errorf("watchers %v", both)
	}
	second.await("whose control it is", func(m *wire.Control) bool { return m.GetControlOwner().GetAgentId() == rodney.Me.ID })
	p.until("the bar names them", func() bool { return len(p.bar.Viewers) == 2 && p.bar.Control == rodney.Me.Name })

	second.types(t, 'b')
	second.wishes(wire.ControlWish_ASK, "")
	first.await("the question", func(m *wire.Control) bool {
		q := m.GetControlQuestion()
		return q.GetState() == wire.ControlQuestion_OPEN && q.GetAgentId() == ada.Me.ID && q.GetSecondsLeft() == 30
	})
	first.wishes(wire.ControlWish_HAND_OVER, ada.Me.ID)
	second.await("that it has control", func(m *wire.Control) bool { return m.GetControlOwner().GetViewerId() == second.ticket.ViewerID })
	second.await("the answer", func(m *wire.Control) bool {
		return m.GetControlQuestion().GetState() == wire.ControlQuestion_HANDED_OVER
	})
	p.until("the bar says so", func() bool { return p.bar.Control == ada.Me.Name })
	first.types(t, 'a')
	second.types(t, 'c')
	servertest.Eventually(t, "what the one in control typed", func() bool { return slices.Contains(p.injector().Log(), `text "c"`) })
	if log := p.injector().Log(); slices.Contains(log, `text "a"`) || slices.Contains(log, `text "b"`) {
		t.Errorf("others typed, too: %q", log)
	}

	// They see each other's pointers.
	first.say(&wire.Control{Message: &wire.Control_AgentPointer{AgentPointer: &wire.AgentPointer{AgentId: "somebody", Display: 1, X: 20, Y: 30}}})
	second.await("the pointer", func(m *wire.Control) bool {
		at := m.GetAgentPointer()
		return at.GetAgentId() == rodney.Me.ID && at.GetDisplay() == 1 && at.GetX() == 20 && at.GetY() == 30
	})

	// The session's owner takes it back, another agent cannot.
	first.wishes(wire.ControlWish_TAKE, "")
	second.await("that it is gone", func(m *wire.Control) bool { return m.GetControlOwner().GetAgentId() == rodney.Me.ID })
	second.wishes(wire.ControlWish_TAKE, "")
	second.types(t, 'd')
	first.say(&wire.Control{Message: &wire.Control_Bye{Bye: &wire.Bye{}}})
	second.await("that nobody has it", func(m *wire.Control) bool {
		return m.GetControlOwner() != nil && m.GetControlOwner().GetAgentId() == ""
	})
	second.await("that the pointer is gone", func(m *wire.Control) bool { return m.GetAgentPointer().GetGone() })
	second.wishes(wire.ControlWish_ASK, "")
	second.await("that it is theirs", func(m *wire.Control) bool { return m.GetControlOwner().GetAgentId() == ada.Me.ID })
	if log := p.injector().Log(); slices.Contains(log, `text "d"`) {
		t.Errorf("taken without the right: %q", log)
	}
}

// A transfer counts for views that are open: the new owner takes control, the old one does not any more.
func TestTransferredControl(t *testing.T) {
	s := servertest.New(t)
	rodney, ada := s.Login(s.AddAgent("rodney", deskhand.RoleAgent)), s.Login(s.AddAgent("ada", deskhand.RoleAgent))
	p, path, first, second := twoViews(t, s, rodney.Me.UserName, rodney, ada)
	rodney.Must(http.MethodPost, path+"/transfer", httpapi.CallRequest{AgentID: ada.Me.ID}, nil)
	mayTake := func(of *servertest.Agent, may bool) func(*wire.Control) bool {
		return func(m *wire.Control) bool {
			return slices.ContainsFunc(m.GetWatchers().GetWatchers(), func(w *wire.Watcher) bool { return w.You && w.AgentId == of.Me.ID && w.MayTake == may })
		}
	}
	second.await("that it may take control", mayTake(ada, true))
	first.await("that it may not take control", mayTake(rodney, false))
	second.wishes(wire.ControlWish_TAKE, "")
	first.await("that it is gone", func(m *wire.Control) bool { return m.GetControlOwner().GetAgentId() == ada.Me.ID })
	first.wishes(wire.ControlWish_TAKE, "")
	first.types(t, 'a')
	second.types(t, 'c')
	servertest.Eventually(t, "what the new owner typed", func() bool { return slices.Contains(p.injector().Log(), `text "c"`) })
	if log := p.injector().Log(); slices.Contains(log, `text "a"`) {
		t.Errorf("the old owner typed, too: %q", log)
	}
}

func (v *view) wishes(action wire.ControlWish_Action, agent string) {
	v.say(&wire.Control{Message: &wire.Control_ControlWish{ControlWish: &wire.ControlWish{Action: action, AgentId: agent}}})
}

func (v *view) types(t *testing.T, r rune) {
	t.Helper()
	b, err := wire.AppendInput(nil, wire.TextEvent{Text: string(r)})
	if err == nil {
		err = v.link.Send(t.Context(), wire.ChannelInput, b)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// deskWith is a desk with visitors who may control, named as their agents.
func deskWith(t *testing.T, agents ...string) (*desk, []*visitor) {
	t.Helper()
	w := newDesktop(t)
	d := &desk{system: w.system(), bar: w, log: slog.New(slog.DiscardHandler), now: time.Now, changed: make(chan struct{}, 1)}
	var all []*visitor
	for i, name := range agents {
		v := &visitor{id: "view " + name, agent: name, name: name, level: wire.Level_LEVEL_CONTROL, several: true, mayTake: func() bool { return i == 0 }}
		if _, err := d.attend(v); err != nil {
			t.Fatal(err)
		}
		all = append(all, v)
	}
	t.Cleanup(func() {
		for _, v := range all {
			v.Close()
		}
	})
	return d, all
}

func wish(v *visitor, action wire.ControlWish_Action, agent string) {
	v.Wish(&wire.ControlWish{Action: action, AgentId: agent})
}

func TestOneQuestionAtATime(t *testing.T) {
	d, v := deskWith(t, "a", "b", "c")
	wish(v[1], wire.ControlWish_ASK, "")
	wish(v[1], wire.ControlWish_ASK, "")
	wish(v[2], wire.ControlWish_ASK, "")
	if q := v[2].Company().Question; q.GetState() != wire.ControlQuestion_NOT_NOW {
		t.Errorf("who asks second hears %v", q)
	}
	if q := v[0].Company().Question; q.GetState() != wire.ControlQuestion_OPEN || q.GetAgentId() != "b" || q.GetName() != "b" {
		t.Errorf("the one in control hears %v", q)
	}
	wish(v[2], wire.ControlWish_HAND_OVER, "c") // it is not theirs
	wish(v[1], wire.ControlWish_NOT_NOW, "b")   // nor theirs to answer
	wish(v[0], wire.ControlWish_HAND_OVER, "nobody")
	wish(v[0], wire.ControlWish_NOT_NOW, "b")
	if q := v[1].Company().Question; q.GetState() != wire.ControlQuestion_NOT_NOW {
		t.Errorf("who asked hears %v", q)
	}
	if !v[0].Hears() || v[1].Hears() || v[2].Hears() {
		t.Error("control changed")
	}
	// Without a question it can be handed over, too.
	wish(v[0], wire.ControlWish_HAND_OVER, "c")
	if v[0].Hears() || !v[2].Hears() {
		t.Error("control was not handed over")
	}
	// Who leaves leaves it to who has asked.
	wish(v[1], wire.ControlWish_ASK, "")
	v[2].Close()
	if !v[1].Hears() || v[1].Company().Question.GetState() != wire.ControlQuestion_HANDED_OVER {
		t.Error("who asked has no control")
	}
	// A question goes with who asked.
	wish(v[0], wire.ControlWish_ASK, "")
	wish(v[0], wire.ControlWish_RELEASE, "")
	if q := v[1].Company().Question; q.GetState() != wire.ControlQuestion_WITHDRAWN || d.question != nil {
		t.Errorf("after the question is taken back %v", q)
	}
	wish(v[1], wire.ControlWish_RELEASE, "")
	if v[0].Hears() || v[1].Hears() {
		t.Error("somebody has what was given back")
	}
}

func TestQuestionWithoutAnswer(t *testing.T) {
	d, v := deskWith(t, "a", "b")
	d.patience = time.Millisecond
	wish(v[1], wire.ControlWish_ASK, "")
	servertest.Eventually(t, "the end of the question", func() bool {
		q := v[1].Company().Question
		return q.GetState() == wire.ControlQuestion_UNANSWERED
	})
	if !v[0].Hears() || v[1].Hears() {
		t.Error("control changed")
	}
}

// What is held is let go when control changes; two views of one agent share it; who may only view never gets it.
func TestControlBelongsToAgents(t *testing.T) {
	d, v := deskWith(t, "a", "b", "a")
	if !v[0].Hears() || !v[2].Hears() || v[0].colour != v[2].colour || v[1].colour == v[0].colour {
		t.Error("two views of one agent differ")
	}
	v[0].Close()
	if !v[2].Hears() {
		t.Error("one view took the control away from the other")
	}
	released := func() int { return len(d.injector.(*inputtest.Fake).Log()) }
	before := released()
	wish(v[2], wire.ControlWish_HAND_OVER, "b")
	if released() != before+1 {
		t.Errorf("input %q", d.injector.(*inputtest.Fake).Log())
	}
	d.mu.Lock()
	v[2].level = wire.Level_LEVEL_VIEW
	d.mu.Unlock()
	v[2].mayTake = func() bool { return true }
	for _, action := range []wire.ControlWish_Action{wire.ControlWish_ASK, wire.ControlWish_TAKE} {
		wish(v[2], action, "")
	}
	if v[2].Hears() || !v[1].Hears() {
		t.Error("who may only view has control")
	}
}

// A console that does not know how to ask takes what nobody has by its input.
func TestOldConsole(t *testing.T) {
	_, v := deskWith(t, "a", "b")
	v[1].several = false
	if v[1].Hears() {
		t.Error("it took another's control")
	}
	v[0].Close()
	if !v[1].Hears() {
		t.Error("nobody has control, and it does not get it")
	}
	if c := v[1].Company(); len(c.Watchers.Watchers) > 0 || len(c.Watchers.Names) != 1 {
		t.Errorf("it is told %v", c.Watchers)
	}
}

func TestPointersAreLimited(t *testing.T) {
	_, v := deskWith(t, "a", "b")
	for x := range 1000 {
		v[0].Point(&wire.AgentPointer{X: int32(x)})
	}
	if p := v[1].Company().Pointers; len(p) != 1 || p[0].X > 100 || p[0].AgentId != "a" {
		t.Errorf("pointers %v", p)
	}
	if p := v[0].Company().Pointers; len(p) != 0 {
		t.Errorf("one's own pointer %v", p)
	}
}
