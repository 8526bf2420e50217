package client

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"deskhand"
	"deskhand/client/ui"
	"deskhand/server/httpapi"
	"deskhand/server/servertest"
	"deskhand/wire"
)

// startUnattended sets this computer up and serves it.
func startUnattended(t testing.TB, s *servertest.Server, sys func(*desktop) *system) (*program, string) {
	t.Helper()
	dir := t.TempDir()
	e, err := Enrol(t.Context(), EnrolRequest{Server: s.URL, UserName: s.Admin.UserName, Password: s.Admin.Password, StateDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	d := newDesktop(t)
	p := run(t, d, func(ctx context.Context) error {
		return Unattended(ctx, UnattendedConfig{StateDir: dir, Version: "test", Log: slog.New(slog.DiscardHandler), system: sys(d)})
	})
	return p, "/api/computers/" + e.ComputerID
}

func online(t testing.TB, a *servertest.Agent) {
	t.Helper()
	servertest.Eventually(t, "the computer is online", func() bool {
		var l httpapi.List[httpapi.Computer]
		a.Must(http.MethodGet, "/api/computers", nil, &l)
		return len(l.Items) == 1 && l.Items[0].Status == "online"
	})
}

// A computer is connected to without a question; Stop ends what is open, and the computer stays reachable until it is removed.
func TestUnattended(t *testing.T) {
	s := servertest.New(t)
	rodney := s.Login(s.Admin)
	p, path := startUnattended(t, s, (*desktop).system)
	online(t, rodney)
	v := connect(t, s, rodney, path)
	v.allowed(wire.Level_LEVEL_CONTROL)
	<-v.screens
	p.until("the bar, without a question", func() bool { return p.bar != nil && p.consent == nil && p.main == nil })
	p.events <- ui.StopChosen{}
	v.bye(wire.ReasonEndedByEndUser)
	if r := row(t, rodney); r.EndReason != deskhand.ReasonEndedByEndUser || r.EndedBy != "end-user" || r.Consent != deskhand.ConsentNotNeeded {
		t.Errorf("row %+v", r)
	}
	online(t, rodney)
	v = connect(t, s, rodney, path)
	v.allowed(wire.Level_LEVEL_CONTROL)
	if _, err := s.Store().RemoveComputer(t.Context(), deskhand.Actor{AgentID: rodney.Me.ID, Name: rodney.Me.UserName}, strings.TrimPrefix(path, "/api/computers/")); err != nil {
		t.Fatal(err)
	}
	s.Stop()
	s.Start()
	var removed *RemovedError
	if err := p.ended(); !errors.As(err, &removed) {
		t.Errorf("a removed computer's client ends with %v", err)
	}
}

// Terminated, the computer says so; the agent is told at once.
func TestUnattendedTerminated(t *testing.T) {
	s := servertest.New(t)
	rodney := s.Login(s.Admin)
	p, path := startUnattended(t, s, (*desktop).system)
	online(t, rodney)
	v := connect(t, s, rodney, path)
	v.allowed(wire.Level_LEVEL_CONTROL)
	p.stop()
	v.bye(wire.ReasonClientLost)
	if err := p.ended(); !errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v", err)
	}
	if r := row(t, rodney); r.EndReason != deskhand.ReasonClientLost {
		t.Errorf("row %+v", r)
	}
}

// Without a display the agent gets in and is told why there is no picture.
func TestUnattendedWithoutDisplay(t *testing.T) {
	s := servertest.New(t)
	rodney := s.Login(s.Admin)
	p, path := startUnattended(t, s, func(d *desktop) *system {
		sys := d.system()
		sys.windows = func(string, ui.Options) (windows, error) { return nil, ui.ErrNoDisplay }
		return sys
	})
	online(t, rodney)
	v := connect(t, s, rodney, path)
	v.allowed(wire.Level_LEVEL_CONTROL)
	v.await("why there is no picture", func(m *wire.Control) bool { return m.GetNoPicture().GetReason() == string(wire.NoPictureNoDisplay) })
	p.stop()
	v.bye(wire.ReasonClientLost)
	<-p.done
	p.done <- nil
	p.Close()
}

func TestEnrolRefused(t *testing.T) {
	s := servertest.New(t)
	_, err := Enrol(t.Context(), EnrolRequest{Server: s.URL, UserName: s.Admin.UserName, Password: "wrong", StateDir: t.TempDir()})
	var refused *RefusedError
	if !errors.As(err, &refused) {
		t.Errorf("a wrong password: %v", err)
	}
	s.Stop()
	var unreachable *UnreachableError
	if _, err = Enrol(t.Context(), EnrolRequest{Server: s.URL, StateDir: t.TempDir()}); !errors.As(err, &unreachable) {
		t.Errorf("no server: %v", err)
	}
}

// Who administers the computer takes it out: the server no longer has it, twice is no error, and what is open on it ends.
func TestLeave(t *testing.T) {
	s := servertest.New(t)
	rodney := s.Login(s.Admin)
	dir := t.TempDir()
	e, err := Enrol(t.Context(), EnrolRequest{Server: s.URL, UserName: s.Admin.UserName, Password: s.Admin.Password, StateDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := Leave(t.Context(), dir, "test", slog.New(slog.DiscardHandler)); err != nil {
			t.Fatal(err)
		}
	}
	if c, err := s.Store().ComputerByID(t.Context(), e.ComputerID); err != nil || c.RemovedAt.IsZero() {
		t.Errorf("the server has %+v, %v", c, err)
	}
	var l httpapi.List[httpapi.Computer]
	if rodney.Must(http.MethodGet, "/api/computers", nil, &l); len(l.Items) != 0 {
		t.Errorf("the list has %+v", l.Items)
	}
	if err := ForgetEnrolment(dir); err != nil {
		t.Fatal(err)
	}
	if err := Leave(t.Context(), dir, "test", slog.New(slog.DiscardHandler)); !errors.Is(err, ErrNotEnrolled) {
		t.Errorf("forgotten, it says %v", err)
	}
}

// A server that does not answer keeps nobody from taking the rest away.
func TestLeaveUnreachable(t *testing.T) {
	s := servertest.New(t)
	dir := t.TempDir()
	if _, err := Enrol(t.Context(), EnrolRequest{Server: s.URL, UserName: s.Admin.UserName, Password: s.Admin.Password, StateDir: dir}); err != nil {
		t.Fatal(err)
	}
	s.Stop()
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	var unreachable *UnreachableError
	if err := Leave(ctx, dir, "test", slog.New(slog.DiscardHandler)); !errors.As(err, &unreachable) {
		t.Errorf("got %v", err)
	}
}
