package client

import (
	"context"
	"log/slog"
	"os/exec"
	"testing"
	"unsafe"

	win "golang.org/x/sys/windows"

	"deskhand/client/capture"
	"deskhand/client/input"
	"deskhand/client/ui"
	"deskhand/server/servertest"
	"deskhand/wire"
)

var (
	user32           = win.NewLazySystemDLL("user32.dll")
	procFindWindow   = user32.NewProc("FindWindowW")
	procFindWindowEx = user32.NewProc("FindWindowExW")
	procSendMessage  = user32.NewProc("SendMessageW")
)

// notepad starts one and returns the window in which one types.
func notepad(t *testing.T) (editor uintptr) {
	t.Helper()
	program := exec.Command("notepad.exe")
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = program.Process.Kill()
		_ = program.Wait()
	})
	class, _ := win.UTF16PtrFromString("Notepad")
	edit, _ := win.UTF16PtrFromString("Edit")
	servertest.Eventually(t, "notepad is in the foreground", func() bool {
		window, _, _ := procFindWindow.Call(uintptr(unsafe.Pointer(class)), 0)
		editor, _, _ = procFindWindowEx.Call(window, 0, uintptr(unsafe.Pointer(edit)), 0)
		return editor != 0 && uintptr(win.GetForegroundWindow()) == window
	})
	return editor
}

func textOf(editor uintptr) string {
	const wmGetText = 0x000D
	var text [1024]uint16
	procSendMessage.Call(editor, wmGetText, uintptr(len(text)), uintptr(unsafe.Pointer(&text[0])))
	return win.UTF16ToString(text[:])
}

// An agent sees the real screen of a Windows computer and types into a program there, until the end-user pauses.
func TestControlsWindows(t *testing.T) {
	s := servertest.New(t)
	rodney := s.Login(s.Admin)
	editor := notepad(t)
	d := newDesktop(t)
	sys := d.system()
	sys.screen, sys.input = capture.Open, input.Open
	code := linkCode(t, s)
	p := run(t, d, func(ctx context.Context) error {
		return Attended(ctx, AttendedConfig{Server: s.URL, LinkCode: code, Version: "test", Log: slog.New(slog.DiscardHandler), system: sys})
	})
	v := connect(t, s, rodney, ready(t, rodney))
	p.answer(ui.AllowControl)
	v.allowed(wire.Level_LEVEL_CONTROL)
	<-v.screens
	for len(v.screens) > 0 {
		<-v.screens
	}

	const text = "Grüße € 漢字 😀"
	v.writes(text)
	servertest.Eventually(t, "the text is in notepad", func() bool { return textOf(editor) == text })
	v.say(&wire.Control{Message: &wire.Control_Refresh{Refresh: &wire.RefreshRequest{}}})
	servertest.Eventually(t, "the picture shows that", func() bool { return len(v.screens) > 0 })
	v.input(wire.KeyEvent{Down: true, Code: "KeyA", Key: "a", Modifiers: wire.ModControl}, wire.KeyEvent{Code: "KeyA", Key: "a", Modifiers: wire.ModControl})
	v.presses("KeyX", "x")
	servertest.Eventually(t, "all was replaced by one letter", func() bool { return textOf(editor) == "x" })

	p.events <- ui.PauseChosen{}
	v.await("the pause", func(m *wire.Control) bool { return m.GetConsent().GetState() == wire.ConsentState_PAUSED })
	v.writes("not this")
	p.events <- ui.StopChosen{}
	v.bye(wire.ReasonEndedByEndUser)
	p.over(ui.EndedByYou)
	if err := p.ended(); err != nil {
		t.Errorf("ended with %v", err)
	}
	if got := textOf(editor); got != "x" {
		t.Errorf("after the pause notepad reads %q", got)
	}
}
