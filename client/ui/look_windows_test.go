package ui

import (
	"image/color"
	"strings"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"

	"deskhand/client/locales"
	"deskhand/internal/win32"
)

func opaque(c color.NRGBA) color.RGBA { return color.RGBA{c.R, c.G, c.B, 255} }

// Windows follow the person's choice of dark programs while they are shown.
func TestDarkIsFollowed(t *testing.T) {
	k, _, err := registry.CreateKey(registry.CURRENT_USER, lightApps, registry.QUERY_VALUE|registry.SET_VALUE)
	must(t, err)
	before, _, had := k.GetIntegerValue("AppsUseLightTheme")
	t.Cleanup(func() {
		if had == nil {
			_ = k.SetDWordValue("AppsUseLightTheme", uint32(before))
		} else {
			_ = k.DeleteValue("AppsUseLightTheme")
		}
		_ = k.Close()
	})
	must(t, k.SetDWordValue("AppsUseLightTheme", 1))
	u, err := Open("", Options{Text: locales.New("en")})
	must(t, err)
	t.Cleanup(u.Close)
	must(t, u.ShowMain(Main{}))
	corner := func() color.Color { return screen(t, inner(handleOf(t, u, slotMain))).At(4, 4) }
	if c := corner(); c != opaque(light.window) {
		t.Errorf("ground %v", c)
	}
	must(t, k.SetDWordValue("AppsUseLightTheme", 0))
	send(handleOf(t, u, slotMain), wmSettingChange, 0, 0)
	eventually(t, "the window is dark", func() bool { return corner() == opaque(dark.window) })
}

// A monitor of another scale makes the window and all in it larger.
func TestScaleIsFollowed(t *testing.T) {
	u, _ := desktopFor(t, Options{})
	must(t, u.ShowMain(Main{}))
	h := handleOf(t, u, slotMain)
	before := inner(h).Size()
	to := win32.RectOf(screenRect(h))
	send(h, wmDpiChanged, 144|144<<16, uintptr(unsafe.Pointer(&to)))
	if after := inner(h).Size(); after.X != before.X*3/2 || after.Y < before.Y*14/10 {
		t.Errorf("size %v became %v", before, after)
	}
	inside(t, u, func(d *wdesk) {
		for _, c := range d.windows[slotMain].children {
			if r := c.r; r.Max.X > 600 || (c.id == ctlConnect && r.Dy() != buttonHeight*3/2) {
				t.Errorf("%s at %v", c.key, r)
			}
		}
	})
}

// A window is never taller than its monitor, where a smaller scale helps.
func TestTallWindowFits(t *testing.T) {
	u, _ := desktopFor(t, Options{})
	inside(t, u, func(d *wdesk) {
		w := d.windows[slotConsent]
		w.pane.set(asked().clean())
		area := pointed()
		area.scale, area.work.Max.Y = 2, area.work.Min.Y+900
		err := w.fit(area)
		if s := w.pane.lk.scale; err != nil || s < 1 || s >= 2 || (s > 1 && w.outer().Y > 900) {
			t.Errorf("scale %v, height %d, %v", s, w.outer().Y, err)
		}
	})
}

func TestContrastTheme(t *testing.T) {
	black, white, yellow, blue := rgb(0), rgb(0xffffff), rgb(0xffff00), rgb(0x0000ff)
	p := systemPalette(func(i int) color.NRGBA {
		return map[int]color.NRGBA{
			colorWindow: black, colorWindowText: white, colorHighlight: blue, colorHighlightText: white, colorButton: black, colorButtonText: yellow,
		}[i]
	})
	if p.window != black || p.text != white || p.muted != white || p.accent != blue || p.onAccent != white || p.onStop != yellow || p.outline.A == 0 {
		t.Errorf("%+v", p)
	}
	u, _ := desktopFor(t, Options{})
	inside(t, u, func(d *wdesk) {
		for _, w := range d.windows {
			w.pane.lk.system = p
			w.pane.wear(branded(t, "#8a1538"))
			if w.pane.lk.colors != p {
				t.Errorf("window %d wears the operator's colour", w.slot)
			}
		}
	})
}

// spoken is what the controls of a window are and say, in the order of reading.
func spoken(t *testing.T, u *UI, s slot) string {
	t.Helper()
	var b strings.Builder
	const first, next = 5, 2
	for h := win32.Ask(procGetWindow, uintptr(handleOf(t, u, s)), first); h != 0; h = win32.Ask(procGetWindow, h, next) {
		name, err := accessibleName(windows.HWND(h))
		must(t, err)
		b.WriteString(classOf(windows.HWND(h)) + " " + name + "\n")
	}
	return b.String()
}

// Screen readers find every text and control by kind and name.
func TestScreenReadersFindEverything(t *testing.T) {
	u, _ := desktopFor(t, Options{Now: func() time.Time { return noon }})
	must(t, u.ShowConsent(asked()))
	want := `Static Allow control of this computer?
Static support.example.com
Static Rodney Smith, Senior Support Technician at Contoso Ltd wants to see and control this computer.
Static Ticket 4711
Static Matching words
Static Ask Rodney Smith to read out the two words.
Static If they differ, choose Deny.
Static maple
Static harbor
Static What is done in the session is logged.
Static You can stop at any time.
Button More time
Static Denied automatically in 28 seconds
Button View only
Button Allow control
Button Deny
`
	if got := spoken(t, u, slotConsent); got != want {
		t.Errorf("the question says\n%s", got)
	}
	if c := classOf(handleOf(t, u, slotConsent)); c != "#32770" {
		t.Errorf("the question is a %s, no dialog", c)
	}
	must(t, u.ShowMain(Main{Company: "Contoso", Server: "support.example.com"}))
	want = `Static Contoso
Static support.example.com
Static Get help
Static Your support agent gives you a connection ID with 6 digits.
Static Connection ID
Edit Connection ID
Button Connect
Static If someone you don’t know called you and asked for this, hang up.
`
	if got := spoken(t, u, slotMain); got != want {
		t.Errorf("the main window says\n%s", got)
	}
	must(t, u.ShowBar(Bar{Viewers: []string{"Rodney Smith"}, Level: BarViewing, Since: noon.Add(-2 * time.Minute)}))
	if got := spoken(t, u, slotBar); got != "Static Rodney Smith\nStatic Viewing\nStatic 2 min\nButton Pause\nButton Stop sharing\n" {
		t.Errorf("the bar says\n%s", got)
	}
}
