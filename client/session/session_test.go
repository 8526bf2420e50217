package session

import (
	"errors"
	"image"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"deskhand/client/capture"
	"deskhand/client/input"
	"deskhand/client/input/inputtest"
	"deskhand/screen"
	"deskhand/wire"
)

// What a viewer with control is told, in order, what it sees and what its input does, until it says good-bye.
func TestControl(t *testing.T) {
	r := start(t)
	r.draw(image.Rect(3, 4, 20, 30), screen.Color{R: 200})
	r.hello()
	<-r.asked
	r.answer <- Decision{State: wire.ConsentState_GRANTED, Level: wire.Level_LEVEL_CONTROL}
	var got []string
	r.await("the displays", func(m *wire.Control) bool {
		switch x := m.GetMessage().(type) {
		case *wire.Control_Hello:
			got = append(got, "hello "+x.Hello.GetComputerName())
		case *wire.Control_Consent:
			got = append(got, x.Consent.GetState().String()+" "+time.Duration(x.Consent.GetSecondsLeft()).String())
		}
		d := m.GetDisplays().GetDisplays()
		return len(d) == 1 && d[0].GetWidth() == 64 && m.GetDisplays().GetSelected() == 1
	})
	if want := []string{"hello PC", "ASKING 30ns", "ASKING 29ns", "GRANTED 0s"}; !slices.Equal(got, want) {
		t.Errorf("told %q, want %q", got, want)
	}
	r.await("who watches", func(m *wire.Control) bool { return slices.Equal(m.GetWatchers().GetNames(), []string{"Rodney", "Ann"}) })
	r.shows(image.Rect(0, 0, 64, 48))
	for i := range 5 {
		r.draw(image.Rect(10*i, 5, 10*i+9, 20), screen.Color{G: uint8(50 * i), B: 9})
		r.shows(image.Rect(0, 0, 64, 48))
	}
	r.do(wire.PointerEvent{X: 5, Y: 6}, wire.ButtonEvent{Button: 0, Down: true}, wire.ButtonEvent{Button: 0})
	r.do(wire.WheelEvent{DX: 0, DY: 120}, wire.KeyEvent{Down: true, Code: "KeyA", Key: "a"}, wire.TextEvent{Text: "é"})
	r.logged("pointer 5 6", "button 0 down", "button 0 up", "wheel 0 120", `key "KeyA" "a" 0 down`, `text "é"`)
	r.ping()
	r.bye()
	r.ended(wire.ReasonViewerClosed)
	<-r.desktop.closed
	if want := []string{"ASKING UNSPECIFIED", "WATCHING CONTROL"}; !slices.Equal(r.reports, want) {
		t.Errorf("the server hears %q, want %q", r.reports, want)
	}
	if r.cursors == 0 {
		t.Error("no pointer's shape came")
	}
}

func TestNotAllowed(t *testing.T) {
	for _, tt := range []struct {
		state   wire.ConsentState_State
		reason  wire.Reason
		reports []string
	}{
		{wire.ConsentState_DENIED, wire.ReasonDenied, []string{"ASKING UNSPECIFIED", "DENIED UNSPECIFIED denied"}},
		{wire.ConsentState_UNANSWERED, wire.ReasonUnanswered, []string{"ASKING UNSPECIFIED", "UNANSWERED UNSPECIFIED unanswered"}},
	} {
		t.Run(tt.state.String(), func(t *testing.T) {
			r := start(t)
			r.hello()
			r.answer <- Decision{State: tt.state}
			r.await("the answer", func(m *wire.Control) bool { return m.GetConsent().GetState() == tt.state })
			r.await("why it ends", func(m *wire.Control) bool { return m.GetBye().GetReason() == string(tt.reason) })
			r.ended(tt.reason)
			if r.link.reason != tt.reason {
				t.Errorf("closed with %q", r.link.reason)
			}
			if !slices.Equal(r.reports, tt.reports) {
				t.Errorf("the server hears %q", r.reports)
			}
			if calls, _ := r.screen.Grabs(); calls != 0 || len(r.input.Log()) != 0 {
				t.Errorf("%d captures, input %q", calls, r.input.Log())
			}
		})
	}
}

// A viewer that goes when it hears the no does not change the reason.
func TestDeniedViewerGoesAtOnce(t *testing.T) {
	r := start(t)
	r.hello()
	<-r.asked
	go r.bye()
	r.answer <- Decision{State: wire.ConsentState_DENIED}
	got := <-r.result
	if told := slices.Contains(r.reports, "DENIED UNSPECIFIED denied"); told != (got == wire.ReasonDenied) {
		t.Errorf("ended with %q, reports %q", got, r.reports)
	}
}

func TestViewOnlyIgnoresInput(t *testing.T) {
	r := granted(t, wire.Level_LEVEL_VIEW)
	r.shows(image.Rect(0, 0, 64, 48))
	for range 2 * inputQueue {
		r.do(wire.PointerEvent{X: 5, Y: 6}, wire.ReleaseAllEvent{})
	}
	r.ping()
	if log := r.input.Log(); len(log) != 0 {
		t.Errorf("input %q", log)
	}
	r.bye()
	r.ended(wire.ReasonViewerClosed)
}

// Before the answer nothing is injected, and a viewer that goes is heard however much it sent.
func TestInputBeforeTheAnswer(t *testing.T) {
	r := start(t)
	r.hello()
	<-r.asked
	for range 2 * inputQueue {
		r.do(wire.TextEvent{Text: "x"})
		r.send(wire.ChannelAck, wire.Ack{ID: 1}.Append(nil))
	}
	r.ping()
	r.bye()
	r.ended(wire.ReasonViewerClosed)
	if log := r.input.Log(); len(log) != 0 {
		t.Errorf("input %q", log)
	}
}

// The system shows what the client may not see: the agent hears why the picture is black, and when it is there again, in a pause as well.
func TestConcealed(t *testing.T) {
	r := granted(t, wire.Level_LEVEL_CONTROL)
	r.shows(image.Rect(0, 0, 64, 48))
	why := func(reason wire.NoPictureReason) {
		t.Helper()
		r.await("why there is no picture", func(m *wire.Control) bool {
			return m.GetNoPicture() != nil && m.GetNoPicture().GetReason() == string(reason)
		})
	}
	r.screen.Conceal(capture.LoginScreen)
	why(wire.NoPictureLoginScreen)
	r.screen.Conceal(capture.ElevationQuestion)
	why(wire.NoPictureElevation)
	r.screen.Conceal(capture.LockScreen)
	why(wire.NoPictureLocked)
	r.desktop.pause(true)
	why(wire.NoPicturePaused)
	r.desktop.pause(false)
	why(wire.NoPictureLocked)
	r.screen.Conceal(capture.NoCover)
	why("")
	r.bye()
	r.ended(wire.ReasonViewerClosed)
}

func TestPause(t *testing.T) {
	r := granted(t, wire.Level_LEVEL_CONTROL)
	all := image.Rect(0, 0, 64, 48)
	r.shows(all)
	r.do(wire.KeyEvent{Down: true, Code: "ShiftLeft"})
	r.logged(`key "ShiftLeft" "" 0 down`)
	r.desktop.pause(true)
	r.await("the pause", func(m *wire.Control) bool { return m.GetConsent().GetState() == wire.ConsentState_PAUSED })
	r.await("why there is no picture", func(m *wire.Control) bool { return m.GetNoPicture().GetReason() == string(wire.NoPicturePaused) })
	r.eventually("nothing is captured", func() bool { return !r.screen.Watching() })
	updates, _ := r.counts()
	r.draw(image.Rect(1, 1, 30, 30), screen.Color{B: 250})
	r.do(wire.TextEvent{Text: "secret"})
	r.say(&wire.Control{Message: &wire.Control_Refresh{Refresh: &wire.RefreshRequest{}}})
	r.say(&wire.Control{Message: &wire.Control_Stream{Stream: &wire.StreamState{Running: true}}})
	r.ping()
	if now, _ := r.counts(); now != updates || r.screen.Watching() {
		t.Errorf("%d updates in the pause", now-updates)
	}
	r.desktop.pause(false)
	r.await("the end of the pause", func(m *wire.Control) bool { return m.GetConsent().GetState() == wire.ConsentState_RESUMED })
	r.await("that there is a picture", func(m *wire.Control) bool { return m.GetNoPicture() != nil && m.GetNoPicture().GetReason() == "" })
	r.shows(all)
	r.do(wire.TextEvent{Text: "on"})
	r.logged(`key "ShiftLeft" "" 0 down`, `text "on"`)
	r.bye()
	r.ended(wire.ReasonViewerClosed)
	if want := []string{"ASKING UNSPECIFIED", "WATCHING CONTROL", "PAUSED CONTROL", "WATCHING CONTROL"}; !slices.Equal(r.reports, want) {
		t.Errorf("the server hears %q, want %q", r.reports, want)
	}
}

func TestRefreshAndHiddenTab(t *testing.T) {
	r := granted(t, wire.Level_LEVEL_VIEW)
	all := image.Rect(0, 0, 64, 48)
	r.shows(all)
	_, fresh := r.counts()
	r.say(&wire.Control{Message: &wire.Control_Refresh{Refresh: &wire.RefreshRequest{}}})
	r.eventually("a refresh", func() bool { _, now := r.counts(); return now > fresh })
	r.say(&wire.Control{Message: &wire.Control_Stream{Stream: &wire.StreamState{}}})
	r.eventually("nothing is captured for a hidden tab", func() bool { return !r.screen.Watching() })
	r.draw(image.Rect(0, 0, 9, 9), screen.Color{R: 1, G: 2, B: 3})
	r.say(&wire.Control{Message: &wire.Control_Stream{Stream: &wire.StreamState{Running: true}}})
	r.shows(all)
	r.bye()
	r.ended(wire.ReasonViewerClosed)
}

// A viewer that asks for one refresh after the other gets them at a bearable pace, and the last wish is heard.
func TestManyRefreshes(t *testing.T) {
	r := granted(t, wire.Level_LEVEL_VIEW)
	r.shows(image.Rect(0, 0, 64, 48))
	_, before := r.counts()
	begin := time.Now()
	for range 50 {
		r.say(&wire.Control{Message: &wire.Control_Refresh{Refresh: &wire.RefreshRequest{}}})
	}
	r.eventually("a second refresh", func() bool { _, now := r.counts(); return now >= before+2 })
	_, now := r.counts()
	if took := time.Since(begin); now-before > 1+int(took/beginEvery) {
		t.Errorf("%d refreshes in %v", now-before, took)
	}
	r.bye()
	r.ended(wire.ReasonViewerClosed)
}

func TestSelectDisplay(t *testing.T) {
	second := image.Rect(64, 0, 144, 60)
	r := granted(t, wire.Level_LEVEL_CONTROL, func(r *rig) {
		r.screen.SetDisplays(screen.Display{ID: 7, Name: "right", Bounds: second},
			screen.Display{ID: 3, Name: "left", Bounds: image.Rect(0, 0, 64, 48), Primary: true})
	})
	r.shows(image.Rect(0, 0, 64, 48))
	r.draw(image.Rect(70, 10, 90, 40), screen.Color{R: 90})
	r.say(&wire.Control{Message: &wire.Control_SelectDisplay{SelectDisplay: &wire.SelectDisplay{Id: 7}}})
	list := r.await("the choice", func(m *wire.Control) bool { return m.GetDisplays().GetSelected() == 7 }).GetDisplays().GetDisplays()
	if len(list) != 2 || list[0].GetName() != "left" || !list[0].GetPrimary() || list[1].GetX() != 64 || list[1].GetWidth() != 80 {
		t.Errorf("displays %v", list)
	}
	r.shows(second)
	r.do(wire.PointerEvent{X: 1, Y: 2})
	r.logged("pointer 65 2")
	r.screen.SetDisplays(screen.Display{ID: 3, Name: "only", Bounds: image.Rect(0, 0, 50, 40), Primary: true})
	r.await("what is left", func(m *wire.Control) bool { return m.GetDisplays().GetSelected() == 3 })
	r.shows(image.Rect(0, 0, 50, 40))
	r.bye()
	r.ended(wire.ReasonViewerClosed)
}

func TestViewerLost(t *testing.T) {
	for name, lose := range map[string]func(*rig){
		"while it watches": func(r *rig) {
			r.answer <- Decision{State: wire.ConsentState_GRANTED, Level: wire.Level_LEVEL_CONTROL}
			r.do(wire.ButtonEvent{Down: true})
			r.shows(image.Rect(0, 0, 64, 48))
		},
		"while the end-user is asked": func(r *rig) { <-r.asked },
	} {
		t.Run(name, func(t *testing.T) {
			r := start(t)
			r.hello()
			lose(r)
			r.link.end(io.EOF, "")
			r.ended(wire.ReasonViewerLost)
		})
	}
	t.Run("as the relay says", func(t *testing.T) {
		r := granted(t, wire.Level_LEVEL_VIEW)
		r.link.end(&wire.ClosedError{Reason: wire.ReasonServerStopping}, "")
		r.ended(wire.ReasonServerStopping)
	})
}

func TestViewerBreaksTheProtocol(t *testing.T) {
	control := func(r *rig) {
		r.hello()
		r.answer <- Decision{State: wire.ConsentState_GRANTED, Level: wire.Level_LEVEL_CONTROL}
		r.shows(image.Rect(0, 0, 64, 48))
	}
	for name, tt := range map[string]struct {
		do   func(*rig)
		want wire.Reason
	}{
		"first word is no hello": {func(r *rig) { r.say(&wire.Control{Message: &wire.Control_Refresh{Refresh: &wire.RefreshRequest{}}}) }, wire.ReasonProtocol},
		"too old": {func(r *rig) {
			r.say(&wire.Control{Message: &wire.Control_Hello{Hello: &wire.EndHello{}}})
		}, wire.ReasonTooOld},
		"too new": {func(r *rig) {
			r.say(&wire.Control{Message: &wire.Control_Hello{Hello: &wire.EndHello{Version: 9, MinVersion: 9}}})
		}, wire.ReasonTooNew},
		"too much before the answer": {func(r *rig) {
			r.hello()
			<-r.asked
			for range controlQueue + 1 {
				r.say(&wire.Control{Message: &wire.Control_Refresh{Refresh: &wire.RefreshRequest{}}})
			}
		}, wire.ReasonProtocol},
		"garbage as control": {func(r *rig) { control(r); r.send(wire.ChannelControl, []byte{0xff, 0xff}) }, wire.ReasonProtocol},
		"garbage as ack":     {func(r *rig) { control(r); r.send(wire.ChannelAck, []byte{1}) }, wire.ReasonProtocol},
		"garbage as input":   {func(r *rig) { control(r); r.send(wire.ChannelInput, []byte{99}) }, wire.ReasonProtocol},
		"garbage as input before the answer": {func(r *rig) {
			r.hello()
			<-r.asked
			r.send(wire.ChannelInput, []byte{1, 0})
		}, wire.ReasonProtocol},
	} {
		t.Run(name, func(t *testing.T) {
			r := start(t)
			tt.do(r)
			r.await("why it ends", func(m *wire.Control) bool { return m.GetBye().GetReason() == string(tt.want) })
			r.ended(tt.want)
			if r.link.reason != tt.want {
				t.Errorf("closed with %q", r.link.reason)
			}
		})
	}
}

// Unknown control messages, channels and acknowledgements of other updates mean nothing.
func TestNewerViewer(t *testing.T) {
	r := granted(t, wire.Level_LEVEL_VIEW)
	r.send(wire.ChannelControl, []byte{0xf2, 0x3f, 0})
	r.send(wire.Channel(99), []byte("x"))
	r.send(wire.ChannelAck, wire.Ack{ID: 4711}.Append(nil))
	r.shows(image.Rect(0, 0, 64, 48))
	r.ping()
	r.bye()
	r.ended(wire.ReasonViewerClosed)
}

func TestDisplayGone(t *testing.T) {
	for name, paused := range map[string]bool{"while it is captured": false, "in a pause": true} {
		t.Run(name, func(t *testing.T) {
			r := granted(t, wire.Level_LEVEL_CONTROL)
			r.shows(image.Rect(0, 0, 64, 48))
			if paused {
				r.desktop.pause(true)
				r.await("the pause", func(m *wire.Control) bool { return m.GetConsent().GetState() == wire.ConsentState_PAUSED })
			}
			r.screen.Fail()
			r.await("why it ends", func(m *wire.Control) bool { return m.GetBye().GetReason() == string(wire.ReasonDisplayGone) })
			r.ended(wire.ReasonDisplayGone)
		})
	}
}

func TestNoDisplay(t *testing.T) {
	r := granted(t, wire.Level_LEVEL_CONTROL, func(r *rig) { r.desktop.missing, r.desktop.input = wire.NoPictureNoDisplay, nil })
	r.await("why there is no picture", func(m *wire.Control) bool { return m.GetNoPicture().GetReason() == string(wire.NoPictureNoDisplay) })
	r.say(&wire.Control{Message: &wire.Control_SelectDisplay{SelectDisplay: &wire.SelectDisplay{Id: 7}}})
	r.say(&wire.Control{Message: &wire.Control_Stream{Stream: &wire.StreamState{Running: true}}})
	r.do(wire.PointerEvent{})
	r.ping()
	r.bye()
	r.ended(wire.ReasonViewerClosed)
}

func TestEndedFromOutside(t *testing.T) {
	for name, asked := range map[string]bool{"while it watches": false, "while the end-user is asked": true} {
		t.Run(name, func(t *testing.T) {
			r := start(t)
			r.hello()
			<-r.asked
			if !asked {
				r.answer <- Decision{State: wire.ConsentState_GRANTED, Level: wire.Level_LEVEL_VIEW}
				r.shows(image.Rect(0, 0, 64, 48))
			}
			r.end(&EndError{Reason: wire.ReasonEndedByEndUser})
			r.await("why it ends", func(m *wire.Control) bool { return m.GetBye().GetReason() == string(wire.ReasonEndedByEndUser) })
			r.ended(wire.ReasonEndedByEndUser)
		})
	}
}

func TestSilentViewer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, func(r *rig) { r.desktop.missing = wire.NoPictureNoDisplay })
		began := time.Now()
		if got := <-r.result; got != wire.ReasonTimeout || time.Since(began) != helloTimeout {
			t.Errorf("ended with %q after %v", got, time.Since(began))
		}
	})
}

// slowTypist types until it is interrupted.
type slowTypist struct {
	*inputtest.Fake
	typing    chan struct{}
	interrupt chan struct{} // capacity 1
}

func (s *slowTypist) Text(text string) error {
	select {
	case <-s.interrupt: // of nothing
	default:
	}
	s.typing <- struct{}{}
	<-s.interrupt
	_ = s.Fake.Text(text)
	return input.ErrInterrupted
}

func (s *slowTypist) ReleaseAll() error {
	select {
	case s.interrupt <- struct{}{}:
	default:
	}
	return s.Fake.ReleaseAll()
}

// What is being typed does not hold up the end, nor the viewer's own wish to stop; what stood behind it is not typed any more.
func TestTypingIsInterrupted(t *testing.T) {
	typist := &slowTypist{Fake: &inputtest.Fake{}, typing: make(chan struct{}), interrupt: make(chan struct{}, 1)}
	r := granted(t, wire.Level_LEVEL_CONTROL, func(r *rig) { r.desktop.input = typist })
	r.do(wire.TextEvent{Text: "a long text"})
	<-typist.typing
	r.do(wire.ReleaseAllEvent{})
	r.do(wire.TextEvent{Text: "another"}, wire.TextEvent{Text: "never"}, wire.TextEvent{Text: "never"})
	<-typist.typing
	r.end(&EndError{Reason: wire.ReasonEndedByEndUser})
	r.ended(wire.ReasonEndedByEndUser)
	if log := strings.Join(typist.Log(), "\n"); strings.Contains(log, "never") || !strings.Contains(log, "another") || !strings.HasSuffix(log, "release all") {
		t.Errorf("input\n%s", log)
	}
}

// Input that fails does not end the session.
func TestInputFails(t *testing.T) {
	r := granted(t, wire.Level_LEVEL_CONTROL, func(r *rig) { r.input.Err = errors.New("broken") })
	r.do(wire.PointerEvent{X: 1}, wire.PointerEvent{X: 2})
	r.logged("pointer 1 0", "pointer 2 0")
	r.ping()
	r.bye()
	r.ended(wire.ReasonViewerClosed)
}
