package session

import (
	"testing"

	"deskhand/wire"
)

// A viewer is told of its company once for each change, and what it points and wishes reaches the desktop.
func TestCompany(t *testing.T) {
	r := granted(t, wire.Level_LEVEL_CONTROL)
	r.await("whose control it is", func(m *wire.Control) bool { return m.GetControlOwner().GetAgentId() == "a1" })
	at := &wire.AgentPointer{AgentId: "a2", Display: 1, X: 3, Y: 4}
	r.desktop.meets(func(c *Company) {
		c.Question = &wire.ControlQuestion{AgentId: "a2", Name: "Ann", State: wire.ControlQuestion_OPEN, SecondsLeft: 30}
		c.Pointers = []*wire.AgentPointer{at}
	})
	r.await("the question", func(m *wire.Control) bool { return m.GetControlQuestion().GetName() == "Ann" })
	r.await("the pointer", func(m *wire.Control) bool { return m.GetAgentPointer().GetX() == 3 })
	r.desktop.meets(func(c *Company) { c.Pointers = nil })
	r.await("that the pointer is gone", func(m *wire.Control) bool {
		if m.GetControlQuestion() != nil || m.GetWatchers() != nil || m.GetControlOwner() != nil {
			t.Errorf("told again: %v", m)
		}
		return m.GetAgentPointer().GetGone()
	})
	r.say(&wire.Control{Message: &wire.Control_ControlWish{ControlWish: &wire.ControlWish{Action: wire.ControlWish_ASK}}})
	if w := <-r.desktop.wishes; w.Action != wire.ControlWish_ASK {
		t.Errorf("wish %v", w)
	}
	r.say(&wire.Control{Message: &wire.Control_AgentPointer{AgentPointer: &wire.AgentPointer{X: 5}}})
	if p := <-r.desktop.points; p.X != 5 {
		t.Errorf("pointer %v", p)
	}
	if r.desktop.several {
		t.Error("a viewer that announced nothing passes for one that knows of several agents")
	}
}

// While another agent has control, input is dropped, and what that one holds is not let go when this viewer leaves.
func TestInputWithoutControl(t *testing.T) {
	r := granted(t, wire.Level_LEVEL_CONTROL)
	r.desktop.deaf.Store(true)
	r.do(wire.TextEvent{Text: "x"}, wire.ReleaseAllEvent{})
	r.bye()
	r.ended(wire.ReasonViewerClosed)
	if log := r.input.Log(); len(log) != 0 {
		t.Errorf("input %q", log)
	}
}
