package client

import (
	"testing"

	"deskhand/client/capture"
	"deskhand/client/input"
	"deskhand/client/ui"
	"deskhand/internal/win32/win32test"
	"deskhand/server/servertest"
	"deskhand/wire"
)

// An agent sees the real screen of a Windows computer and types into a program there, until the end-user pauses.
func TestControlsWindows(t *testing.T) {
	s := servertest.New(t)
	rodney := s.Login(s.Admin)
	editor := win32test.Notepad(t)
	d := newDesktop(t)
	p := run(t, d, attendedBy(s.URL, func() *system {
		sys := d.system()
		sys.screen, sys.input = capture.Open, input.Open
		return sys
	}, linkCode(t, s)))
	v := connect(t, s, rodney, ready(t, rodney))
	p.answer(ui.AllowControl)
	v.allowed(wire.Level_LEVEL_CONTROL)
	<-v.screens
	for len(v.screens) > 0 {
		<-v.screens
	}

	const text = "Grüße € 漢字 😀"
	v.writes(text)
	servertest.Eventually(t, "the text is in notepad", func() bool { return win32test.TextOf(editor) == text })
	v.say(&wire.Control{Message: &wire.Control_Refresh{Refresh: &wire.RefreshRequest{}}})
	servertest.Eventually(t, "the picture shows that", func() bool { return len(v.screens) > 0 })
	v.input(wire.KeyEvent{Down: true, Code: "KeyA", Key: "a", Modifiers: wire.ModControl}, wire.KeyEvent{Code: "KeyA", Key: "a", Modifiers: wire.ModControl})
	v.presses("KeyX", "x")
	servertest.Eventually(t, "all was replaced by one letter", func() bool { return win32test.TextOf(editor) == "x" })

	p.events <- ui.PauseChosen{}
	v.await("the pause", func(m *wire.Control) bool { return m.GetConsent().GetState() == wire.ConsentState_PAUSED })
	v.writes("not this")
	p.events <- ui.StopChosen{}
	v.bye(wire.ReasonEndedByEndUser)
	p.over(ui.EndedByYou)
	if err := p.ended(); err != nil {
		t.Errorf("ended with %v", err)
	}
	if got := win32test.TextOf(editor); got != "x" {
		t.Errorf("after the pause notepad reads %q", got)
	}
}
