package client

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"deskhand"
	"deskhand/client/ui"
	"deskhand/server/httpapi"
	"deskhand/server/servertest"
	"deskhand/wire"
)

// madeLink is a link of an agent's that adds a computer.
func madeLink(t testing.TB, a *servertest.Agent, kind deskhand.UnattendedKind) (made httpapi.NewUnattendedLink) {
	t.Helper()
	a.Must(http.MethodPost, "/api/computers/links", httpapi.UnattendedLinkRequest{Kind: kind}, &made)
	return made
}

func openLinks(t testing.TB, a *servertest.Agent) int {
	t.Helper()
	var l httpapi.List[httpapi.UnattendedLink]
	a.Must(http.MethodGet, "/api/computers/links", nil, &l)
	return len(l.Items)
}

func computersOf(t testing.TB, a *servertest.Agent) []httpapi.Computer {
	t.Helper()
	var l httpapi.List[httpapi.Computer]
	a.Must(http.MethodGet, "/api/computers", nil, &l)
	return l.Items
}

// startSetUp starts the client as a link's page gave it away.
func startSetUp(t testing.TB, s *servertest.Server, code, dir string, reach Kept) *program {
	t.Helper()
	d := newDesktop(t)
	return run(t, d, func(ctx context.Context) error {
		return SetUp(ctx, SetUpConfig{
			Server: s.URL, Code: code, StateDir: dir, Version: "test", Log: slog.New(slog.DiscardHandler), system: d.system(),
			Keep: func(string) (Kept, error) { return reach, nil },
		})
	})
}

// The client asks before anything happens, says for whom, enrols once it is allowed, and the link is used up.
func TestSetUp(t *testing.T) {
	s := servertest.New(t)
	rodney := s.Login(s.Admin)
	made, dir := madeLink(t, rodney, deskhand.UnattendedEndUser), t.TempDir()

	p := startSetUp(t, s, made.Code, dir, KeptAlways)
	asked := p.answer(ui.Deny)
	if asked.Ask != ui.AskSetUp || asked.Agent.Name != rodney.Me.Name || asked.Server != s.URL.Host {
		t.Errorf("asked %+v", asked)
	}
	p.over(ui.SetUpDenied)
	if err := p.ended(); err != nil {
		t.Errorf("denied, it ends with %v", err)
	}
	if len(computersOf(t, rodney)) != 0 || openLinks(t, rodney) != 1 {
		t.Fatal("denied, there is a computer, or the link is used up")
	}

	p = startSetUp(t, s, strings.ToUpper(made.Code), dir, KeptAlways)
	p.answer(ui.Allow)
	p.over(ui.SetUpAlways)
	if err := p.ended(); err != nil {
		t.Errorf("allowed, it ends with %v", err)
	}
	e, err := LoadEnrolment(dir)
	if list := computersOf(t, rodney); err != nil || len(list) != 1 || list[0].ID != e.ComputerID || list[0].Owner.ID != rodney.Me.ID || openLinks(t, rodney) != 0 {
		t.Fatalf("computers %+v, %v", list, err)
	}

	// Again with the same link: used. With one for the agent's own computer: the same computer, set up anew.
	p = startSetUp(t, s, made.Code, dir, KeptAlways)
	p.over(ui.LinkUsed)
	var refused *RefusedError
	if err := p.ended(); !errors.As(err, &refused) || refused.Code != deskhand.CodeUsed {
		t.Errorf("used, it ends with %v", err)
	}
	p = startSetUp(t, s, madeLink(t, rodney, deskhand.UnattendedOwn).Code, dir, KeptUser)
	if asked := p.answer(ui.Allow); asked.Ask != ui.AskSetUpOwn {
		t.Errorf("asked %+v", asked)
	}
	p.over(ui.SetUpUser)
	again, err := LoadEnrolment(dir)
	if err != nil || machineID() != "" && (again.ComputerID != e.ComputerID || string(again.PrivateKey) == string(e.PrivateKey)) {
		t.Errorf("set up again it is %s, was %s; %v", again.ComputerID, e.ComputerID, err)
	}
}

// Each link that is over says why, and nothing is asked.
func TestSetUpRefused(t *testing.T) {
	s := servertest.New(t)
	rodney := s.Login(s.Admin)
	gone := madeLink(t, rodney, deskhand.UnattendedEndUser)
	rodney.Must(http.MethodDelete, "/api/computers/links/"+gone.ID, nil, nil)
	for code, want := range map[string]ui.Reason{gone.Code: ui.LinkInvalid, "u" + strings.Repeat("0", 26): ui.LinkInvalid} {
		p := startSetUp(t, s, code, t.TempDir(), KeptAlways)
		p.over(want)
		var refused *RefusedError
		if err := p.ended(); !errors.As(err, &refused) {
			t.Errorf("%s: %v", code, err)
		}
	}
	made := madeLink(t, rodney, deskhand.UnattendedEndUser)
	s.Stop()
	p := startSetUp(t, s, made.Code, t.TempDir(), KeptAlways)
	p.over(ui.ServerUnreachable)
	var unreachable *UnreachableError
	if err := p.ended(); !errors.As(err, &unreachable) {
		t.Errorf("without the server: %v", err)
	}
}

// Another agent's computer is not taken over by a link.
func TestSetUpTaken(t *testing.T) {
	if machineID() == "" {
		t.Log("this machine has no identity; the key tells")
	}
	s := servertest.New(t)
	rodney, dir := s.Login(s.Admin), t.TempDir()
	anna := s.AddAgent("anna", deskhand.RoleAgent)
	if _, err := Enrol(t.Context(), EnrolRequest{Server: s.URL, UserName: anna.UserName, Password: anna.Password, StateDir: dir}); err != nil {
		t.Fatal(err)
	}
	_, err := Enrol(t.Context(), EnrolRequest{Server: s.URL, UserName: anna.UserName, Password: anna.Password, StateDir: dir})
	var refused *RefusedError
	if !errors.As(err, &refused) || refused.Field != FieldReplace {
		t.Errorf("a second enrolment of her own: %v", err)
	}
	if machineID() == "" {
		return
	}
	p := startSetUp(t, s, madeLink(t, rodney, deskhand.UnattendedEndUser).Code, dir, KeptAlways)
	p.answer(ui.Allow)
	p.over(ui.SetUpTaken)
	if openLinks(t, rodney) != 1 {
		t.Error("the link is used up")
	}
}

// Where nothing else keeps the computer in reach the program does so itself, until it is ended.
func TestSetUpServes(t *testing.T) {
	s := servertest.New(t)
	rodney, dir := s.Login(s.Admin), t.TempDir()
	d, second := newDesktop(t), newDesktop(t)
	made := madeLink(t, rodney, deskhand.UnattendedEndUser)
	p := run(t, d, func(ctx context.Context) error {
		return SetUp(ctx, SetUpConfig{
			Server: s.URL, Code: made.Code, StateDir: dir, Version: "test", Log: slog.New(slog.DiscardHandler), system: inTurn(d, second),
			Keep: func(string) (Kept, error) { return 0, errors.New("no service manager") },
		})
	})
	p.answer(ui.Allow)
	p.over(ui.SetUpProgram)
	online(t, rodney)
	v := connect(t, s, rodney, "/api/computers/"+computersOf(t, rodney)[0].ID)
	v.allowed(wire.Level_LEVEL_CONTROL)
	<-v.screens
	second.until("the bar", func() bool { return second.bar != nil })
	p.stop()
	v.bye(wire.ReasonClientLost)
	if err := p.ended(); !errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v", err)
	}
}

// inTurn opens the windows of one desktop after the other's.
func inTurn(d *desktop, others ...*desktop) *system {
	sys, next := d.system(), append([]*desktop{d}, others...)
	open := sys.windows
	sys.windows = func(display string, o ui.Options) (windows, error) {
		if len(next) == 0 {
			return open(display, o)
		}
		w := next[0]
		next = next[1:]
		return w, nil
	}
	sys.screen = next[len(next)-1].system().screen
	sys.input = next[len(next)-1].system().input
	return sys
}

// Two clients with a copy of one key: the newer one counts, and the owner is told.
func TestCopiedStateDir(t *testing.T) {
	if machineID() == "" {
		t.Log("this machine has no identity; only taking turns tells")
	}
	s := servertest.New(t)
	rodney := s.Login(s.Admin)
	dir, copied := t.TempDir(), filepath.Join(t.TempDir(), "copy")
	e, err := Enrol(t.Context(), EnrolRequest{Server: s.URL, UserName: s.Admin.UserName, Password: s.Admin.Password, StateDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	serve := func(dir string) {
		d := newDesktop(t)
		run(t, d, func(ctx context.Context) error {
			return Unattended(ctx, UnattendedConfig{StateDir: dir, Version: "test", Log: slog.New(slog.DiscardHandler), system: d.system()})
		})
	}
	serve(dir)
	online(t, rodney)
	b, err := os.ReadFile(filepath.Join(dir, enrolmentFile))
	if err := errors.Join(err, os.Mkdir(copied, 0o700), os.WriteFile(filepath.Join(copied, enrolmentFile), b, 0o600)); err != nil {
		t.Fatal(err)
	}
	serve(copied)
	servertest.Eventually(t, "the alarm", func() bool { return computersOf(t, rodney)[0].ClonedAt != nil })
	if c, err := s.Store().ComputerByID(t.Context(), e.ComputerID); err != nil || c.Epoch < 2 || c.ClonedAt.IsZero() {
		t.Errorf("%+v, %v", c, err)
	}
}
