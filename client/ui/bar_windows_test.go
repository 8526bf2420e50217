package ui

import (
	"image"
	"runtime"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"

	"deskhand/internal/win32"
)

func shownBar(t *testing.T) (*UI, *hand) {
	u, h := desktopFor(t, Options{})
	must(t, u.ShowBar(Bar{Viewers: []string{"Rodney", "Alice"}, Level: BarControlling, Since: time.Now()}))
	return u, h
}

// visible tells whether the bar itself is what one sees at its place.
func visible(t *testing.T, u *UI) bool {
	img := screen(t, screenRect(handleOf(t, u, slotBar)))
	return img.At(img.Rect.Dx()/2, 4) == opaque(dark.window) && img.At(30, img.Rect.Dy()-5) == opaque(dark.window)
}

func TestBarIsAtTheTop(t *testing.T) {
	u, h := shownBar(t)
	if !visible(t, u) {
		t.Error("ShowBar returned before the bar was on the screen")
	}
	r := screenRect(handleOf(t, u, slotBar))
	if m := screenAt(image.Point{}).work; r.Min.Y != m.Min.Y+barTop || abs(r.Min.X+r.Max.X-m.Min.X-m.Max.X) > 1 {
		t.Errorf("bar at %v", r)
	}
	h.click(where(t, u, slotBar, ctlPause))
	expect[PauseChosen](t, u)
	must(t, u.ShowBar(Bar{Viewers: []string{"Rodney"}, Level: BarPaused, Since: time.Now()}))
	h.click(where(t, u, slotBar, ctlResume))
	expect[ResumeChosen](t, u)
	h.click(where(t, u, slotBar, ctlStop))
	expect[StopChosen](t, u)
	press(t, u, slotBar, ctlStop)
	expect[StopChosen](t, u)
}

// Who uses the bar goes on typing where they typed.
func TestBarTakesNoKeyboard(t *testing.T) {
	u, h := desktopFor(t, Options{})
	must(t, u.ShowMain(Main{}))
	must(t, u.ShowBar(Bar{Viewers: []string{"Rodney"}, Since: time.Now()}))
	h.click(where(t, u, slotBar, ctlPause))
	expect[PauseChosen](t, u)
	if windows.GetForegroundWindow() != handleOf(t, u, slotMain) {
		t.Error("the bar was activated")
	}
	h.typeText("7")
	eventually(t, "the digit is in the field", func() bool { return typedID(t, u) == "7" })
}

func TestBarIsDraggedSideways(t *testing.T) {
	u, h := shownBar(t)
	before := screenRect(handleOf(t, u, slotBar))
	left := func() int { return screenRect(handleOf(t, u, slotBar)).Min.X }
	y, edge := before.Min.Y+26, screenAt(image.Point{}).work.Min.X
	// In small steps, since in Wine a window in the background does not capture the mouse.
	for left() > edge {
		from := left()
		eventually(t, "the bar follows", func() bool {
			h.mouse(image.Pt(left()+60, y), win32.MouseLeftDown)
			h.mouse(image.Pt(from+20, y-5), 0)
			h.settle()
			h.mouse(image.Pt(from+20, y-5), win32.MouseLeftUp)
			h.settle()
			return left() < from
		})
	}
	if r := screenRect(handleOf(t, u, slotBar)); r.Min != image.Pt(edge, before.Min.Y) {
		t.Errorf("the bar left the screen or the top: %v", r)
	}
}

// Other programs cannot get rid of the bar.
func TestBarStays(t *testing.T) {
	for _, tt := range []struct {
		name string
		do   func(t *testing.T, bar windows.HWND)
	}{
		{"covered", func(t *testing.T, _ windows.HWND) { cover(t) }},
		{"moved away", func(_ *testing.T, bar windows.HWND) {
			win32.Ask(procSetWindowPos, uintptr(bar), 0, 3000, 3000, 0, 0, swpNoSize|swpNoZOrder|swpNoActivate)
		}},
		{"hidden", func(_ *testing.T, bar windows.HWND) { win32.Ask(procShowWindow, uintptr(bar), swHide) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			u, _ := shownBar(t)
			bar := handleOf(t, u, slotBar)
			before := screenRect(bar)
			tt.do(t, bar)
			eventually(t, "the bar is back", func() bool {
				return windows.IsWindowVisible(bar) && screenRect(bar) == before && visible(t, u)
			})
		})
	}
}

// cover shows a window over everything, from another thread than the bar's.
func cover(t *testing.T) {
	t.Helper()
	shown, end, gone := make(chan error), make(chan struct{}), make(chan struct{})
	go func() {
		runtime.LockOSThread()
		defer close(gone)
		h, err := win32.Call(procCreateWindowEx, wsExTopmost|wsExToolWindow, uintptr(unsafe.Pointer(utf16("Static"))), 0, wsPopup|wsVisible, 0, 0, 1280, 400, 0, 0, 0, 0)
		shown <- err
		<-end
		win32.Ask(procDestroyWindow, h)
	}()
	must(t, <-shown)
	t.Cleanup(func() { close(end); <-gone })
}

// The stop key works wherever the keyboard is, and only while the bar is shown. The bar says so.
func TestStopKey(t *testing.T) {
	u, h := shownBar(t)
	eventually(t, "the tip is shown", func() (shown bool) {
		inside(t, u, func(d *wdesk) {
			shown = windows.IsWindowVisible(d.windows[slotTip].hwnd) && d.windows[slotTip].pane.shows == tip{d.bar.tip(d.lk)}
		})
		return shown
	})
	bar, tip := screenRect(handleOf(t, u, slotBar)), screenRect(handleOf(t, u, slotTip))
	if tip.Overlaps(bar) || tip.Min.X < bar.Min.X || tip.Max.X > bar.Max.X {
		t.Errorf("tip at %v, bar at %v", tip, bar)
	}
	h.key(vkControl, vkMenu, vkShift, 'S')
	if got := expect[StopChosen](t, u); !got.Key {
		t.Errorf("%+v", got)
	}
	must(t, u.HideBar())
	inside(t, u, func(d *wdesk) {
		if d.hotKey || windows.IsWindowVisible(d.windows[slotTip].hwnd) {
			t.Error("the key is still taken, or the tip still shown")
		}
	})
}
