package client

import (
	"context"
	"log/slog"
	"net/http"
	"testing"

	"deskhand"
	"deskhand/client/ui"
	"deskhand/server/httpapi"
	"deskhand/server/servertest"
	"deskhand/wire"
)

func (v *view) wish() {
	v.say(&wire.Control{Message: &wire.Control_KeepWish{KeepWish: &wire.KeepWish{}}})
}

func (v *view) kept(what string, state wire.KeepState_State) (k *wire.KeepState) {
	v.t.Helper()
	v.await(what, func(m *wire.Control) bool {
		k = m.GetKeepState()
		return k.GetState() == state
	})
	return k
}

// From a running session: the agent wishes, the end-user allows, the computer appears among the agent's, and the session goes on.
func TestKeep(t *testing.T) {
	s := servertest.New(t)
	rodney := s.Login(s.Admin)
	d, second := newDesktop(t), newDesktop(t)
	dir, code := t.TempDir(), linkCode(t, s)
	p := run(t, d, func(ctx context.Context) error {
		return Attended(ctx, AttendedConfig{
			Server: s.URL, LinkCode: code, Version: "test", Log: slog.New(slog.DiscardHandler), system: inTurn(d, second), StateDir: dir,
			Keep: func(string) (Kept, error) { return KeptProgram, nil },
		})
	})
	v := connect(t, s, rodney, ready(t, rodney))
	v.await("that it can be asked for", func(m *wire.Control) bool {
		for _, c := range m.GetHello().GetCapabilities() {
			if c == wire.CapabilityKeep {
				return true
			}
		}
		return false
	})
	v.wish() // before the session's own question is answered it means nothing
	p.answer(ui.AllowControl)
	v.allowed(wire.Level_LEVEL_CONTROL)

	v.wish()
	v.kept("that the end-user is asked", wire.KeepState_ASKING)
	if asked := p.answer(ui.Deny); asked.Ask != ui.AskKeep || asked.Agent.Name != rodney.Me.Name {
		t.Errorf("asked %+v", asked)
	}
	v.kept("the no", wire.KeepState_DENIED)
	if len(computersOf(t, rodney)) != 0 {
		t.Fatal("denied, and there is a computer")
	}

	v.wish()
	p.answer(ui.Allow)
	v.kept("that it is being done", wire.KeepState_WORKING)
	done := v.kept("that it is done", wire.KeepState_DONE)
	online(t, rodney)
	<-v.screens // the session goes on
	computer := computersOf(t, rodney)[0]
	if done.GetReach() != KeptProgram || done.GetComputerId() != computer.ID {
		t.Errorf("told %v, the computer is %s", done, computer.ID)
	}
	u := connect(t, s, rodney, "/api/computers/"+computer.ID)
	u.allowed(wire.Level_LEVEL_CONTROL)
	<-u.screens
	var events httpapi.List[httpapi.AuditEvent]
	rodney.Must(http.MethodGet, "/api/audit?verb=unattended.use", nil, &events)
	if len(events.Items) != 1 || events.Items[0].Detail["kind"] != string(deskhand.UnattendedKeep) || events.Items[0].Detail["session"] == "" {
		t.Errorf("the audit has %+v", events.Items)
	}
	p.events <- ui.StopChosen{}
	v.bye(wire.ReasonEndedByEndUser)
	p.stop()
	u.bye(wire.ReasonClientLost)
}

// An agent who may not add computers is told so, though the end-user allows it.
func TestKeepNotAllowed(t *testing.T) {
	s := servertest.New(t)
	st := s.Store()
	role, err := st.CreateRole(t.Context(), deskhand.Server, deskhand.RoleInfo{
		Name: "Trainee", Permissions: deskhand.PermissionsOf(deskhand.MayView, deskhand.MayControl, deskhand.MayMakeLinks),
	})
	if err != nil {
		t.Fatal(err)
	}
	trainee := s.AddAgent("trainee", role.Role)
	agent, code := s.Login(trainee), linkCodeOf(t, s, trainee.UserName)
	d := newDesktop(t)
	p := run(t, d, func(ctx context.Context) error {
		return Attended(ctx, AttendedConfig{
			Server: s.URL, LinkCode: code, Version: "test", Log: slog.New(slog.DiscardHandler), system: d.system(), StateDir: t.TempDir(),
			Keep: func(string) (Kept, error) { return KeptAlways, nil },
		})
	})
	v := connect(t, s, agent, ready(t, agent))
	p.answer(ui.AllowControl)
	v.allowed(wire.Level_LEVEL_CONTROL)
	v.wish()
	p.answer(ui.Allow)
	if k := v.kept("why not", wire.KeepState_FAILED); k.GetReason() != string(wire.KeepNotAllowed) {
		t.Errorf("%+v", k)
	}
	p.events <- ui.StopChosen{}
	v.bye(wire.ReasonEndedByEndUser)
}
