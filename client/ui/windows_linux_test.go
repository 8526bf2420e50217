package ui

import (
	"errors"
	"image"
	"slices"
	"testing"
	"time"

	"github.com/jezek/xgb/xproto"

	"deskhand/internal/xvfb"
)

func TestNoDisplay(t *testing.T) {
	setenv(t, "DISPLAY")
	for _, display := range []string{"", ":59999", "nonsense"} {
		if u, err := Open(display, Options{}); !errors.Is(err, ErrNoDisplay) {
			t.Errorf("Open(%q) = %v, %v", display, u, err)
		}
	}
}

func TestIDByKeyboardAndMouse(t *testing.T) {
	u, h := desktopFor(t, Options{})
	must(t, u.ShowMain(Main{Company: "Contoso", Server: "support.example.com"}))
	h.typeText("12-3 45")
	h.key(symReturn)
	if got := expect[IDRefused](t, u); got.Digits != 5 {
		t.Errorf("refused with %d digits", got.Digits)
	}
	h.typeText("6")
	eventually(t, "the sixth digit stands there, and the note on the ID is gone", func() bool { return typedID(t, u) == "123456" })
	h.click(where(t, u, slotMain, ctlConnect))
	if got := expect[IDEntered](t, u); got.ID != "123456" {
		t.Errorf("entered %q", got.ID)
	}
	must(t, u.ShowMain(Main{Stage: Waiting, Agent: rodney, Place: 1}))
	h.click(where(t, u, slotMain, ctlLeave))
	expect[Leave](t, u)
}

func TestKeypad(t *testing.T) {
	u, h := desktopFor(t, Options{})
	must(t, u.ShowMain(Main{}))
	h.key(symNumLock)
	for _, s := range []xproto.Keysym{symKP0 + 1, symKP0 + 2, symKP0 + 3, symKP0 + 4, symKP0 + 5, symKP0 + 6} {
		h.key(s)
	}
	h.key(symKPEnter)
	if got := expect[IDEntered](t, u); got.ID != "123456" {
		t.Errorf("entered %q", got.ID)
	}
}

// offer answers requests for a selection with a text, as a program does in which something was copied.
func (h *hand) offer(t *testing.T, selection, text string) {
	t.Helper()
	w, err := xproto.NewWindowId(h.x.Conn)
	must(t, err)
	must(t, xproto.CreateWindowChecked(h.x.Conn, 0, w, h.x.root, 0, 0, 1, 1, 0, xproto.WindowClassInputOnly, 0, 0, nil).Check())
	must(t, xproto.SetSelectionOwnerChecked(h.x.Conn, w, h.x.atom(selection), xproto.TimeCurrentTime).Check())
	h.requests = func(ev xproto.SelectionRequestEvent) {
		xproto.ChangeProperty(h.x.Conn, xproto.PropModeReplace, ev.Requestor, ev.Property, ev.Target, 8, uint32(len(text)), []byte(text))
		done := xproto.SelectionNotifyEvent{Time: ev.Time, Requestor: ev.Requestor, Selection: ev.Selection, Target: ev.Target, Property: ev.Property}
		xproto.SendEvent(h.x.Conn, false, ev.Requestor, 0, string(done.Bytes()))
	}
}

func TestPaste(t *testing.T) {
	u, h := desktopFor(t, Options{})
	must(t, u.ShowMain(Main{}))
	h.offer(t, "CLIPBOARD", "Your connection ID is 654-321.")
	h.key(symControl, 'v')
	eventually(t, "the ID is pasted", func() bool { return typedID(t, u) == "654321" })
	h.offer(t, "PRIMARY", "111 222")
	h.moveTo(where(t, u, slotMain, ctlID))
	h.fake(xproto.ButtonPress, 2, 0, 0)
	h.fake(xproto.ButtonRelease, 2, 0, 0)
	h.x.Sync()
	eventually(t, "the selection is pasted", func() bool { return typedID(t, u) == "111222" })
}

func typedID(t *testing.T, u *UI) (id string) {
	inside(t, u, func(d *xdesk) { id = d.windows[slotMain].pane.field.digits })
	return id
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
		{"Esc", func() { h.key(symEscape) }, Deny},
		{"Enter on the first focus", func() { h.key(symReturn) }, Deny},
		{"Tab and Space", func() { h.key(symTab); h.key(symTab); h.key(' ') }, ViewOnly},
		{"Shift-Tab and Enter", func() { h.key(symShift, symTab); h.key(symReturn) }, AllowControl},
		{"click on Allow control", func() { h.click(where(t, u, slotConsent, ctlControl)) }, AllowControl},
		{"click on View only", func() { h.click(where(t, u, slotConsent, ctlView)) }, ViewOnly},
		{"click on More time", func() { h.click(where(t, u, slotConsent, ctlMore)) }, MoreTime},
		{"click on Deny", func() { h.click(where(t, u, slotConsent, ctlDeny)) }, Deny},
		{"close button", func() { closeButton(t, u, h, slotConsent) }, Deny},
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

// closeButton does what a window manager does when a window's close button is clicked.
func closeButton(t *testing.T, u *UI, h *hand, s slot) {
	t.Helper()
	var id xproto.Window
	inside(t, u, func(d *xdesk) { id = d.windows[s].id })
	ev := xproto.ClientMessageEvent{
		Format: 32, Window: id, Type: h.x.atom("WM_PROTOCOLS"),
		Data: xproto.ClientMessageDataUnionData32New([]uint32{uint32(h.x.atom("WM_DELETE_WINDOW")), 0, 0, 0, 0}),
	}
	must(t, xproto.SendEventChecked(h.x.Conn, false, id, 0, string(ev.Bytes())).Check())
}

// The question stands in the middle of the screen, above other windows, and has the keyboard.
func TestConsentIsInFront(t *testing.T) {
	u, h := desktopFor(t, Options{})
	other := h.window(t, image.Rect(100, 100, 1200, 700), false)
	must(t, u.ShowConsent(asked()))
	r := place(t, u, slotConsent)
	if c := r.Min.Add(r.Max).Div(2); !c.In(image.Rect(636, 396, 645, 405)) {
		t.Errorf("centre at %v", c)
	}
	if top := h.top(t); top != own(t, u, slotConsent) {
		t.Errorf("window %x is on top, not the question", top)
	}
	f, err := xproto.GetInputFocus(h.x.Conn).Reply()
	must(t, err)
	if f.Focus != own(t, u, slotConsent) {
		t.Errorf("window %x has the keyboard", f.Focus)
	}
	xproto.ConfigureWindow(h.x.Conn, other, xproto.ConfigWindowStackMode, []uint32{xproto.StackModeAbove})
	eventually(t, "the question is above again", func() bool { return h.top(t) == own(t, u, slotConsent) })
}

func TestNotice(t *testing.T) {
	u, h := desktopFor(t, Options{})
	must(t, u.ShowNotice(Notice{Reason: EndedByAgent, Agent: "Rodney"}))
	h.key(symReturn)
	expect[NoticeClosed](t, u)
	inside(t, u, func(d *xdesk) {
		if d.windows[slotNotice].mapped {
			t.Error("the notice is still there")
		}
	})
	must(t, u.ShowMain(Main{}))
	closeButton(t, u, h, slotMain)
	expect[MainClosed](t, u)
}

func TestOwnWindows(t *testing.T) {
	u, _ := desktopFor(t, Options{})
	before := u.OwnWindows()
	must(t, u.ShowBar(Bar{Viewers: []string{"Rodney"}, Since: time.Now()}))
	must(t, u.ShowConsent(asked()))
	want := map[uint32]bool{uint32(own(t, u, slotBar)): true, uint32(own(t, u, slotConsent)): true}
	for _, id := range before {
		delete(want, id)
	}
	if after := u.OwnWindows(); !slices.Equal(before, after) {
		t.Errorf("windows %v became %v", before, after)
	}
	if len(want) > 0 {
		t.Errorf("not listed: %v", want)
	}
}

// Nothing is sent to the display while nothing changes.
func TestQuiet(t *testing.T) {
	u, _ := desktopFor(t, Options{Now: func() time.Time { return noon }})
	must(t, u.ShowMain(Main{Stage: Waiting, Agent: rodney}))
	must(t, u.ShowBar(Bar{Viewers: []string{"Rodney"}, Since: noon.Add(-time.Minute)}))
	inside(t, u, func(*xdesk) {})
	inside(t, u, func(d *xdesk) {
		for _, s := range []slot{slotMain, slotBar} {
			w := d.windows[s]
			w.pane.refresh()
			w.pane.paint(w.canvas)
			if r := w.changed(); !r.Empty() {
				t.Errorf("window %d would be sent again: %v", s, r)
			}
		}
	})
}

// The timer changes its own few pixels and nothing else.
func TestTimerChangesItself(t *testing.T) {
	b := noon.Add(-61 * time.Minute)
	now := noon
	u, _ := desktopFor(t, Options{Now: func() time.Time { return now }})
	must(t, u.ShowBar(Bar{Viewers: []string{"Rodney Smith", "Alice"}, Since: b}))
	inside(t, u, func(d *xdesk) {
		now = now.Add(time.Minute)
		w := d.windows[slotBar]
		w.pane.tick(now)
		w.pane.paint(w.canvas)
		if r := w.changed(); r.Empty() || r.Dx() > 24 || r.Dy() > 18 {
			t.Errorf("a minute changed %v", r)
		}
	})
}

func TestDisplayLost(t *testing.T) {
	server := xvfb.Run(t, "800x600x24")
	u, err := Open(server.Display, Options{})
	must(t, err)
	defer u.Close()
	must(t, u.ShowBar(Bar{Since: time.Now()}))
	server.Kill()
	if got := expect[Closed](t, u); got.Err == nil {
		t.Error("no reason given")
	}
	if _, ok := <-u.Events(); ok {
		t.Error("an event after Closed")
	}
	if err := u.ShowBar(Bar{}); !errors.Is(err, ErrClosed) {
		t.Errorf("ShowBar on a lost display: %v", err)
	}
	if ids := u.OwnWindows(); len(ids) != 0 {
		t.Errorf("windows of a lost display: %v", ids)
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

// All methods may be called from any goroutine while the end-user acts.
func TestConcurrentUse(t *testing.T) {
	u, h := desktopFor(t, Options{})
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
	for i := range 20 {
		h.moveTo(image.Pt(500+i*10, 30+i*20))
	}
	for range 4 {
		<-done
	}
}

// A question is on the screen soon after it is known, fonts included.
func TestConsentAppearsSoon(t *testing.T) {
	display := xvfb.Start(t, "1280x800x24")
	start := time.Now()
	u, err := Open(display, Options{})
	must(t, err)
	defer u.Close()
	must(t, u.ShowConsent(asked()))
	inside(t, u, func(*xdesk) {})
	t.Logf("open and show: %v", time.Since(start))
	if d := time.Since(start); d > 3*time.Second {
		t.Errorf("it took %v", d)
	}
}
