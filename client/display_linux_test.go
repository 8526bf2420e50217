package client

import (
	"context"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"testing"

	"deskhand"
	"deskhand/internal/xvfb"
	"deskhand/server/servertest"
	"deskhand/wire"
)

// onDisplay serves this computer, set up as an unattended one, on a real X display.
func onDisplay(t *testing.T, s *servertest.Server, display string) (path string, stop func() error) {
	t.Helper()
	dir := t.TempDir()
	e, err := Enrol(t.Context(), EnrolRequest{Server: s.URL, UserName: s.Admin.UserName, Password: s.Admin.Password, StateDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		done <- Unattended(ctx, UnattendedConfig{StateDir: dir, Display: display, Version: "test", Log: slog.New(slog.DiscardHandler)})
	}()
	stop = func() error {
		cancel()
		err := <-done
		done <- err
		return err
	}
	t.Cleanup(func() { _ = stop() })
	return "/api/computers/" + e.ComputerID, stop
}

// After viewers and after the client's end neither shared memory nor connections to the display stay.
func TestNothingStaysOnTheDisplay(t *testing.T) {
	display := xvfb.Start(t, "640x480x24")
	s := servertest.New(t)
	rodney := s.Login(s.Admin)
	before := connections(t, display)
	path, stop := onDisplay(t, s, display)
	online(t, rodney)
	var idle int
	servertest.Eventually(t, "only the windows are connected", func() bool { idle = connections(t, display); return idle > before && segments(t) == 0 })
	for range 2 {
		v := connect(t, s, rodney, path)
		v.allowed(wire.Level_LEVEL_CONTROL)
		<-v.screens
		if connections(t, display) <= idle {
			t.Error("no connection for capture and input: the count is wrong")
		}
		v.say(&wire.Control{Message: &wire.Control_Bye{Bye: &wire.Bye{}}})
		servertest.Eventually(t, "the display is given back", func() bool { return connections(t, display) == idle && segments(t) == 0 })
	}
	v := connect(t, s, rodney, path)
	v.allowed(wire.Level_LEVEL_CONTROL)
	<-v.screens
	_ = stop()
	servertest.Eventually(t, "nothing stays", func() bool { return connections(t, display) == before && segments(t) == 0 })
}

// The display goes while an agent watches: the agent hears why, the row says why, and the computer stays reachable.
func TestDisplayOfAComputerGoes(t *testing.T) {
	x := xvfb.Run(t, "640x480x24")
	s := servertest.New(t)
	rodney := s.Login(s.Admin)
	path, _ := onDisplay(t, s, x.Display)
	online(t, rodney)
	v := connect(t, s, rodney, path)
	v.allowed(wire.Level_LEVEL_CONTROL)
	<-v.screens
	x.Kill()
	v.bye(wire.ReasonDisplayGone)
	if r := row(t, rodney); r.EndReason != deskhand.ReasonDisplayGone {
		t.Errorf("row %+v", r)
	}
	online(t, rodney)
	if n := segments(t); n != 0 {
		t.Errorf("%d segments of shared memory stay", n)
	}
}

// connections counts the X server's ends of connections to a display.
func connections(t *testing.T, display string) int {
	t.Helper()
	b, err := os.ReadFile("/proc/net/unix")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.Lines(string(b)) {
		if strings.HasSuffix(strings.TrimSpace(line), "/tmp/.X11-unix/X"+strings.TrimPrefix(display, ":")) {
			n++
		}
	}
	return n
}

// segments counts the System V shared memory that this process made.
func segments(t *testing.T) int {
	t.Helper()
	b, err := os.ReadFile("/proc/sysvipc/shm")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.Lines(string(b)) {
		if f := strings.Fields(line); len(f) > 4 && f[4] == strconv.Itoa(os.Getpid()) {
			n++
		}
	}
	return n
}
