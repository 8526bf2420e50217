package client

import (
	"errors"
	"slices"
	"testing"
	"time"

	"deskhand"
	"deskhand/client/ui"
	"deskhand/server/servertest"
	"deskhand/wire"
)

// From the link to control: the end-user is asked with the words that the agent sees, then shares, pauses, and stops.
func TestFromLinkToControl(t *testing.T) {
	s := servertest.New(t)
	rodney := s.Login(s.Admin)
	p := startAttended(t, s, linkCode(t, s))
	path := ready(t, rodney)
	p.until("who invites", func() bool { return p.main.Stage == ui.Waiting && p.main.Agent.Name != "" && p.main.Ticket == "4711" })
	v := connect(t, s, rodney, path)
	asked := p.answer(ui.AllowControl)
	if asked.Words != v.words || asked.Agent.Name != rodney.Me.Name || asked.Ticket != "4711" || asked.Ask != ui.AskControl || asked.Server != s.URL.Host {
		t.Errorf("asked %+v, the viewer's words are %v", asked, v.words)
	}
	v.allowed(wire.Level_LEVEL_CONTROL)
	<-v.screens
	p.until("the bar, and no window over the picture", func() bool {
		return p.bar != nil && slices.Equal(p.bar.Viewers, []string{rodney.Me.Name}) && p.bar.Level == ui.BarControlling && p.main == nil && p.consent == nil
	})
	b, _ := wire.AppendInput(nil, wire.PointerEvent{X: 3, Y: 4})
	if err := v.link.Send(t.Context(), wire.ChannelInput, b); err != nil {
		t.Fatal(err)
	}
	servertest.Eventually(t, "the pointer moves", func() bool { return slices.Contains(p.injector().Log(), "pointer 3 4") })

	p.events <- ui.PauseChosen{}
	v.await("the pause", func(m *wire.Control) bool { return m.GetConsent().GetState() == wire.ConsentState_PAUSED })
	p.until("the bar says so", func() bool { return p.bar.Level == ui.BarPaused })
	p.events <- ui.ResumeChosen{}
	v.await("the end of the pause", func(m *wire.Control) bool { return m.GetConsent().GetState() == wire.ConsentState_RESUMED })

	p.events <- ui.StopChosen{}
	v.bye(wire.ReasonEndedByEndUser)
	p.until("the bar is gone", func() bool { return p.bar == nil })
	p.over(ui.EndedByYou)
	if err := p.ended(); err != nil {
		t.Errorf("ended with %v", err)
	}
	if r := row(t, rodney); r.EndReason != deskhand.ReasonEndedByEndUser || r.EndedBy != "end-user" || r.Consent != deskhand.ConsentControl {
		t.Errorf("row %+v", r)
	}
}

func TestConsentIsRememberedAndDeniedIsNot(t *testing.T) {
	s := servertest.New(t)
	rodney := s.Login(s.Admin)
	p := startAttended(t, s, linkCode(t, s))
	path := ready(t, rodney)
	v := connect(t, s, rodney, path)
	p.answer(ui.Deny)
	v.bye(wire.ReasonDenied)
	if ready(t, rodney) != path {
		t.Error("another session")
	}
	v = connect(t, s, rodney, path)
	p.answer(ui.ViewOnly)
	v.allowed(wire.Level_LEVEL_VIEW)
	v.say(&wire.Control{Message: &wire.Control_Bye{Bye: &wire.Bye{}}})
	p.stage(ui.Waiting)
	p.events <- ui.Leave{}
	if err := p.ended(); err != nil {
		t.Errorf("ended with %v", err)
	}
	if r := row(t, rodney); r.EndReason != deskhand.ReasonEndedByEndUser || r.Consent != deskhand.ConsentView {
		t.Errorf("row %+v", r)
	}
}

// A wrong ID can be typed again; a second click while it is tried changes nothing; who comes second stands in line.
func TestConnectionIDs(t *testing.T) {
	s := servertest.New(t)
	rodney := s.Login(s.Admin)
	id := rodney.ConnectionID().Code
	wrong := "000000"
	if id == wrong {
		wrong = "000001"
	}
	p := startAttended(t, s, "")
	p.stage(ui.AskID)
	p.events <- ui.IDEntered{ID: wrong}
	p.problem(ui.IDUnknown)
	p.events <- ui.IDEntered{ID: id}
	p.events <- ui.IDEntered{ID: wrong}
	p.stage(ui.Waiting)
	second := startAttended(t, s, "")
	second.events <- ui.IDEntered{ID: id}
	second.until("its place in line", func() bool { return second.main != nil && second.main.Stage == ui.Waiting && second.main.Place == 1 })
	if n := len(rodney.Sessions()[0].Line); n != 2 {
		t.Errorf("%d stand in line", n)
	}
	p.events <- ui.MainClosed{}
	if err := p.ended(); err != nil {
		t.Error(err)
	}
	second.until("its turn", func() bool { return second.main.Place == 0 })
	rodney.Must("POST", "/api/sessions/"+rodney.Sessions()[0].ID+"/end", nil, nil)
	second.over(ui.EndedByAgent)
	if err := second.ended(); err != nil {
		t.Error(err)
	}
}

func TestWrongLink(t *testing.T) {
	p := startAttended(t, servertest.New(t), "nosuchlinkcode")
	p.over(ui.LinkInvalid)
	var refused *RefusedError
	if err := p.ended(); !errors.As(err, &refused) {
		t.Errorf("ended with %v", err)
	}
}

// After too many wrong tries of the network a link waits, says until when, and then gets in by itself.
func TestThrottledLink(t *testing.T) {
	s := servertest.New(t)
	code := linkCode(t, s)
	c := s.Client("X")
	for range 5 {
		c.Redeem("000000")
	}
	p := startAttended(t, s, code)
	p.until("why it waits", func() bool {
		return p.main != nil && p.main.Stage == ui.Connecting && p.main.Problem == ui.TooManyTries && p.main.RetryAt.After(time.Now().Add(-time.Second))
	})
	p.stage(ui.Waiting)
	p.problem(ui.NoProblem)
}

// The server is stopped and started again while an agent watches: the client comes back by itself, and the agent needs no new consent.
func TestServerRestarts(t *testing.T) {
	s := servertest.New(t)
	rodney := s.Login(s.Admin)
	p := startAttended(t, s, linkCode(t, s))
	path := ready(t, rodney)
	v := connect(t, s, rodney, path)
	p.answer(ui.AllowControl)
	v.allowed(wire.Level_LEVEL_CONTROL)
	s.Stop()
	p.stage(ui.Reconnecting)
	p.until("nothing is shared", func() bool { return p.bar == nil })
	s.Start()
	p.stage(ui.Waiting)
	if again := ready(t, rodney); again != path {
		t.Fatalf("it came back to %s", again)
	}
	v = connect(t, s, rodney, path)
	v.allowed(wire.Level_LEVEL_CONTROL)
	p.until("the bar again, without a question", func() bool { return p.bar != nil && p.consent == nil })
	<-v.screens
}

// How the client ends while an agent watches, what the agent hears, and what stands in the log.
func TestEnds(t *testing.T) {
	for name, tt := range map[string]struct {
		end    func(*program)
		reason wire.Reason
		fails  bool
	}{
		"terminated":          {func(p *program) { p.stop() }, wire.ReasonEndedByEndUser, true},
		"the display is gone": {func(p *program) { p.events <- ui.Closed{Err: errors.New("lost")} }, wire.ReasonDisplayGone, true},
	} {
		t.Run(name, func(t *testing.T) {
			s := servertest.New(t)
			rodney := s.Login(s.Admin)
			p := startAttended(t, s, linkCode(t, s))
			v := connect(t, s, rodney, ready(t, rodney))
			p.answer(ui.ViewOnly)
			v.allowed(wire.Level_LEVEL_VIEW)
			<-v.screens
			tt.end(p)
			v.bye(tt.reason)
			if err := p.ended(); (err != nil) != tt.fails {
				t.Errorf("ended with %v", err)
			}
			if r := row(t, rodney); r.EndReason != deskhand.Reason(tt.reason) || r.EndedBy != "end-user" {
				t.Errorf("row %+v", r)
			}
		})
	}
}

// While the end-user is asked the question stands alone; afterwards the client waits again.
func TestQuestionStandsAlone(t *testing.T) {
	s := servertest.New(t)
	rodney := s.Login(s.Admin)
	p := startAttended(t, s, linkCode(t, s))
	path := ready(t, rodney)
	p.until("the waiting window", func() bool { return p.main != nil && p.main.Stage == ui.Waiting })
	connect(t, s, rodney, path)
	p.until("the question alone", func() bool { return p.consent != nil && p.main == nil })
	p.answer(ui.Deny)
	p.until("waiting again", func() bool { return p.consent == nil && p.main != nil && p.main.Stage == ui.Waiting })
}
