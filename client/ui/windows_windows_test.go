package ui

import (
	"errors"
	"slices"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"

	"deskhand/internal/win32"
)

func TestNoDesktop(t *testing.T) {
	if u, err := Open("nonsense", Options{}); !errors.Is(err, ErrNoDisplay) {
		t.Errorf("Open = %v, %v", u, err)
	}
}

func typedID(t *testing.T, u *UI) (id string) {
	inside(t, u, func(d *wdesk) { id = d.windows[slotMain].pane.field.digits })
	return id
}

func fieldText(t *testing.T, u *UI) (text string) {
	inside(t, u, func(d *wdesk) { text = textOf(d.windows[slotMain].field.edit.hwnd) })
	return text
}

func TestIDByKeyboardAndMouse(t *testing.T) {
	u, h := desktopFor(t, Options{})
	must(t, u.ShowMain(Main{Company: "Contoso", Server: "support.example.com"}))
	h.typeText("12-3 45")
	h.key(vkReturn)
	if got := expect[IDRefused](t, u); got.Digits != 5 {
		t.Errorf("refused with %d digits", got.Digits)
	}
	if got := fieldText(t, u); got != "123 45" {
		t.Errorf("the field shows %q", got)
	}
	h.key(vkEnd)
	h.typeText("67")
	eventually(t, "the sixth digit stands there", func() bool { return typedID(t, u) == "123456" })
	h.click(where(t, u, slotMain, ctlConnect))
	if got := expect[IDEntered](t, u); got.ID != "123456" {
		t.Errorf("entered %q", got.ID)
	}
	must(t, u.ShowMain(Main{Stage: Waiting, Agent: rodney, Place: 1}))
	h.click(where(t, u, slotMain, ctlLeave))
	expect[Leave](t, u)
}

// The space between the groups is no digit: whoever deletes crosses it.
func TestIDIsEdited(t *testing.T) {
	u, h := desktopFor(t, Options{})
	must(t, u.ShowMain(Main{}))
	h.typeText("123456")
	for range 2 {
		h.key(vkLeft)
	}
	h.key(vkBack)
	eventually(t, "4 is gone", func() bool { return typedID(t, u) == "12356" })
	h.key(vkBack)
	eventually(t, "3 is gone, which is before the space", func() bool { return typedID(t, u) == "1256" })
	h.key(vkDelete)
	eventually(t, "5 is gone", func() bool { return typedID(t, u) == "126" })
	h.key(vkControl, 'A')
	h.typeText("9")
	eventually(t, "what was selected is replaced", func() bool { return typedID(t, u) == "9" && fieldText(t, u) == "9" })
}

// copyText puts a text on the clipboard.
func copyText(t *testing.T, u *UI, s string) {
	t.Helper()
	text := windows.StringToUTF16(s)
	const moveable, unicodeText = 2, 13
	m, err := win32.Call(procGlobalAlloc, moveable, uintptr(2*len(text)))
	must(t, err)
	p, err := win32.Call(procGlobalLock, m)
	must(t, err)
	copy(unsafe.Slice(at[uint16](p), len(text)), text)
	win32.Ask(procGlobalUnlock, m)
	inside(t, u, func(d *wdesk) {
		if _, err = win32.Call(procOpenClipboard, uintptr(d.control)); err != nil {
			return
		}
		defer win32.Ask(procCloseClipboard)
		win32.Ask(procEmptyClipboard)
		_, err = win32.Call(procSetClipboardData, unicodeText, m)
	})
	must(t, err)
}

func TestPaste(t *testing.T) {
	u, h := desktopFor(t, Options{})
	must(t, u.ShowMain(Main{}))
	copyText(t, u, "Your connection ID is 654-321.")
	h.key(vkControl, 'V')
	eventually(t, "the ID is pasted", func() bool { return typedID(t, u) == "654321" })
	copyText(t, u, "111 222")
	h.key(vkShift, vkInsert)
	eventually(t, "the other ID is pasted", func() bool { return fieldText(t, u) == "111 222" })
}

func TestConsentIsAnswered(t *testing.T) {
	u, h := desktopFor(t, Options{})
	ask := asked()
	ask.Deadline = time.Now().Add(time.Hour)
	for _, tt := range []struct {
		name string
		do   func()
		want Choice
	}{
		{"Esc", func() { h.key(vkEscape) }, Deny},
		{"Enter on the first focus", func() { h.key(vkReturn) }, Deny},
		{"Tab and Space", func() { h.key(vkTab); h.key(vkTab); h.key(vkSpace) }, ViewOnly},
		{"Shift-Tab and Enter", func() { h.key(vkShift, vkTab); h.key(vkReturn) }, AllowControl},
		{"click on Allow control", func() { h.click(where(t, u, slotConsent, ctlControl)) }, AllowControl},
		{"click on View only", func() { h.click(where(t, u, slotConsent, ctlView)) }, ViewOnly},
		{"click on More time", func() { h.click(where(t, u, slotConsent, ctlMore)) }, MoreTime},
		{"click on Deny", func() { h.click(where(t, u, slotConsent, ctlDeny)) }, Deny},
		{"a screen reader presses View only", func() { press(t, u, slotConsent, ctlView) }, ViewOnly},
		{"close button", func() { send(handleOf(t, u, slotConsent), wmClose, 0, 0) }, Deny},
	} {
		ask.ID++
		must(t, u.ShowConsent(ask))
		tt.do()
		if got := expect[Answered](t, u); got != (Answered{ask.ID, tt.want}) {
			t.Errorf("%s: %+v, want %v", tt.name, got, tt.want)
		}
		must(t, u.HideConsent())
	}
}

// press does what a screen reader does to push a button.
func press(t *testing.T, u *UI, s slot, id control) {
	t.Helper()
	var h windows.HWND
	inside(t, u, func(d *wdesk) { h = d.windows[s].controlOf(id).hwnd })
	send(h, bmClick, 0, 0)
}

// What a viewer types and clicks is no answer, as long as it may be; the person's own is.
func TestViewerCannotAnswer(t *testing.T) {
	u, h := desktopFor(t, Options{})
	c := asked()
	c.Deadline = time.Now().Add(time.Hour)
	must(t, u.ShowConsent(c))
	v := viewer(t, u)
	v.click(where(t, u, slotConsent, ctlControl))
	v.key(vkReturn)
	v.key(vkEscape)
	h.click(where(t, u, slotConsent, ctlView))
	if got := expect[Answered](t, u); got.Choice != ViewOnly {
		t.Errorf("answered %v, which the viewer did", got.Choice)
	}
}

// The question is above other windows, and has the keyboard on Deny.
func TestConsentIsInFront(t *testing.T) {
	u, _ := desktopFor(t, Options{})
	must(t, u.ShowMain(Main{}))
	must(t, u.ShowConsent(asked()))
	inside(t, u, func(d *wdesk) {
		w := d.windows[slotConsent]
		if windows.GetForegroundWindow() != w.hwnd {
			t.Error("the question is not in front")
		}
		if c := w.controlOf(ctlDeny); win32.Ask(procGetFocus) != uintptr(c.hwnd) {
			t.Error("Deny has not got the keyboard")
		}
		m := screenAt(w.rect().Min).work
		if c, want := w.rect().Min.Add(w.rect().Max).Div(2), m.Min.Add(m.Max).Div(2); abs(c.X-want.X) > 4 || abs(c.Y-want.Y) > 4 {
			t.Errorf("centre at %v, want %v", c, want)
		}
	})
}

func TestNotice(t *testing.T) {
	u, h := desktopFor(t, Options{})
	must(t, u.ShowNotice(Notice{Reason: EndedByAgent, Agent: "Rodney"}))
	h.key(vkReturn)
	expect[NoticeClosed](t, u)
	inside(t, u, func(d *wdesk) {
		if windows.IsWindowVisible(d.windows[slotNotice].hwnd) {
			t.Error("the notice is still there")
		}
	})
	must(t, u.ShowMain(Main{}))
	send(handleOf(t, u, slotMain), wmClose, 0, 0)
	expect[MainClosed](t, u)
}

func TestOwnWindows(t *testing.T) {
	u, _ := desktopFor(t, Options{})
	before := u.OwnWindows()
	must(t, u.ShowBar(Bar{Viewers: []string{"Rodney"}, Since: time.Now()}))
	must(t, u.ShowConsent(asked()))
	if after := u.OwnWindows(); !slices.Equal(before, after) {
		t.Errorf("windows %v became %v", before, after)
	}
	for _, s := range []slot{slotMain, slotBar, slotConsent, slotNotice} {
		if !slices.Contains(before, uint32(handleOf(t, u, s))) {
			t.Errorf("window %d is not listed", s)
		}
	}
}

func TestClose(t *testing.T) {
	u, _ := desktopFor(t, Options{})
	must(t, u.ShowMain(Main{}))
	u.Close()
	u.Close()
	if _, ok := <-u.Events(); ok {
		t.Error("an event after Close")
	}
	if err := u.ShowMain(Main{}); !errors.Is(err, ErrClosed) {
		t.Errorf("ShowMain after Close: %v", err)
	}
}

// When the person logs out the windows are lost, and who shares must stop.
func TestLoggedOut(t *testing.T) {
	u, _ := desktopFor(t, Options{})
	must(t, u.ShowBar(Bar{Since: time.Now()}))
	var h windows.HWND
	inside(t, u, func(d *wdesk) { h = d.control })
	send(h, wmEndSession, 1, 0)
	if got := expect[Closed](t, u); got.Err == nil {
		t.Error("no reason given")
	}
	if _, ok := <-u.Events(); ok {
		t.Error("an event after Closed")
	}
	if err := u.ShowBar(Bar{}); !errors.Is(err, ErrClosed) {
		t.Errorf("ShowBar on a lost desktop: %v", err)
	}
	if ids := u.OwnWindows(); len(ids) != 0 {
		t.Errorf("windows of a lost desktop: %v", ids)
	}
}

// All methods may be called from any goroutine.
func TestConcurrentUse(t *testing.T) {
	u, _ := desktopFor(t, Options{})
	done := make(chan struct{})
	for range 4 {
		go func() {
			defer func() { done <- struct{}{} }()
			for i := range 10 {
				_ = u.ShowMain(Main{Stage: Stage(i % 5), Agent: rodney, Place: i})
				_ = u.ShowBar(Bar{Viewers: []string{"Rodney"}, Level: Level(i % 5), Since: time.Now()})
				_ = u.OwnWindows()
				_ = u.HideBar()
			}
		}()
	}
	for range 4 {
		<-done
	}
}

// The icon beside the clock brings the window back, and its menu stops what the bar stops.
func TestTrayActs(t *testing.T) {
	u, _ := desktopFor(t, Options{})
	must(t, u.ShowMain(Main{Stage: Connected}))
	must(t, u.ShowBar(Bar{Viewers: []string{"Rodney"}, Since: time.Now()}))
	var control windows.HWND
	inside(t, u, func(d *wdesk) {
		control = d.control
		if d.tray.text != "Viewing: Rodney" {
			t.Errorf("the icon says %q", d.tray.text)
		}
	})
	const minimize = 6
	main := handleOf(t, u, slotMain)
	win32.Ask(procShowWindow, uintptr(main), minimize)
	eventually(t, "the window is minimized", func() bool { return win32.Ask(procIsIconic, uintptr(main)) != 0 })
	send(control, msgTray, 0, ninSelect)
	eventually(t, "the window is back", func() bool {
		return win32.Ask(procIsIconic, uintptr(main)) == 0 && windows.GetForegroundWindow() == main
	})
	inside(t, u, func(d *wdesk) { d.choose(ctlStop) })
	expect[StopChosen](t, u)
	must(t, u.HideBar())
	must(t, u.HideMain())
	inside(t, u, func(d *wdesk) {
		if d.tray.shown || d.tray.text != "" {
			t.Error("the icon is still there")
		}
	})
}

// Keys and clicks do not count before the question could be read.
func TestEarlyInputIsNoAnswer(t *testing.T) {
	now := noon
	u, h := desktopFor(t, Options{Now: func() time.Time { return now }})
	c := asked()
	c.InputFrom = noon.Add(time.Second)
	must(t, u.ShowConsent(c))
	h.key(vkReturn)
	h.click(where(t, u, slotConsent, ctlControl))
	press(t, u, slotConsent, ctlControl)
	h.settle()
	inside(t, u, func(*wdesk) { now = noon.Add(5 * time.Second) })
	h.key(vkEscape)
	if got := expect[Answered](t, u); got.Choice != Deny {
		t.Errorf("answered %v", got.Choice)
	}
}

// Calls are answered while the icon's menu is open, and the menu is used by keyboard.
func TestTrayMenu(t *testing.T) {
	u, h := desktopFor(t, Options{})
	must(t, u.ShowMain(Main{Stage: Waiting, Agent: rodney}))
	var control windows.HWND
	inside(t, u, func(d *wdesk) { control = d.control })
	_, err := win32.Call(procPostMessage, uintptr(control), msgTray, 100|100<<16, wmContextMenu)
	must(t, err)
	eventually(t, "the menu is open", func() bool { return menuWindow() != 0 })
	must(t, u.ShowMain(Main{Stage: Waiting, Agent: rodney, Place: 2}))
	const up = 0x26
	h.key(up)
	h.key(vkReturn)
	expect[Leave](t, u)
}

func menuWindow() uintptr {
	return win32.Ask(win32.User32.NewProc("FindWindowW"), uintptr(unsafe.Pointer(utf16("#32768"))), 0)
}
