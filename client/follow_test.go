package client

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"deskhand/client/capture"
	"deskhand/client/input"
	"deskhand/client/ui"
	"deskhand/server/servertest"
	"deskhand/wire"
)

// seats is a computer where somebody may sit at one of several displays.
type seats struct {
	displays map[string]*desktop

	mu sync.Mutex
	at place // guarded by mu
}

func (s *seats) sit(p place) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at = p
}

func (s *seats) where() (place, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.at, nil
}

// system opens what belongs to the display that is named.
func (s *seats) system() *system {
	of := func(display string) *system {
		if d := s.displays[display]; d != nil {
			return d.system()
		}
		return nil
	}
	sys := s.displays[":0"].system()
	sys.windows = func(display string, o ui.Options) (windows, error) {
		if sys := of(display); sys != nil {
			return sys.windows(display, o)
		}
		return nil, ui.ErrNoDisplay
	}
	sys.screen = func(display string) (capture.Source, error) {
		if sys := of(display); sys != nil {
			return sys.screen(display)
		}
		return nil, capture.ErrDisplayGone
	}
	sys.input = func(display string) (input.Injector, error) { return of(display).input(display) }
	return sys
}

// An agent watches the login screen, stays while somebody logs in, is switched to another display, and sees the login screen again.
func TestFollowsWhoSitsThere(t *testing.T) {
	s := servertest.New(t)
	rodney := s.Login(s.Admin)
	computer := &seats{displays: map[string]*desktop{":0": newDesktop(t), ":1": newDesktop(t)}}
	computer.sit(place{display: ":0", greeter: true})
	dir := t.TempDir()
	e, err := Enrol(t.Context(), EnrolRequest{Server: s.URL, UserName: s.Admin.UserName, Password: s.Admin.Password, StateDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	p := run(t, computer.displays[":1"], func(ctx context.Context) error {
		return Unattended(ctx, UnattendedConfig{
			StateDir: dir, Version: "test", Log: slog.New(slog.DiscardHandler), system: computer.system(), where: computer.where, every: 50 * time.Millisecond,
		})
	})
	online(t, rodney)
	v := connect(t, s, rodney, "/api/computers/"+e.ComputerID)
	v.allowed(wire.Level_LEVEL_CONTROL)
	<-v.screens
	computer.displays[":0"].until("the bar at the login screen", func() bool { return computer.displays[":0"].bar != nil })

	noPicture := func(why wire.NoPictureReason) {
		t.Helper()
		v.await("that there is no picture: "+string(why), func(m *wire.Control) bool {
			return m.GetNoPicture() != nil && m.GetNoPicture().GetReason() == string(why)
		})
	}
	pictureAt := func(display string) {
		t.Helper()
		noPicture("")
		v.await("the displays", func(m *wire.Control) bool { return m.GetDisplays() != nil })
		d := computer.displays[display]
		d.until("the bar at "+display, func() bool { return d.bar != nil && len(d.screens) > 0 })
		for len(v.screens) > 0 {
			<-v.screens
		}
		v.say(&wire.Control{Message: &wire.Control_Refresh{Refresh: &wire.RefreshRequest{}}})
		<-v.screens
	}

	computer.sit(place{display: ":1", user: "ada"})
	pictureAt(":1")
	if first := computer.displays[":0"]; !first.closed {
		t.Error("the windows of the first display are still there")
	}

	computer.displays[":0"].closed = false // its X server was started anew
	computer.sit(place{fault: "there is no graphical session"})
	noPicture(wire.NoPictureNoDisplay)
	computer.sit(place{display: ":0", greeter: true})
	pictureAt(":0")

	// The display ends before anybody knows where the next one is.
	computer.displays[":0"].events <- ui.Closed{}
	noPicture(wire.NoPictureDisplayGone)
	computer.displays[":1"].closed = false
	computer.sit(place{display: ":1", user: "grace"})
	pictureAt(":1")

	p.stop()
	v.bye(wire.ReasonClientLost)
}
