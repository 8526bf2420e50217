package ui

import (
	"errors"
	"image"
	"io"
	"log"
	"slices"
	"testing"
	"time"
	"unsafe"

	"go.uber.org/goleak"
	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"

	"deskhand/client/locales"
	"deskhand/internal/win32"
)

func TestMain(m *testing.M) {
	log.SetOutput(io.Discard)
	unmanaged()
	goleak.VerifyTestMain(m)
}

// unmanaged tells Wine, where the tests run on it, that there is no window manager, for whose answers it would wait.
func unmanaged() {
	if !win32.IsWine() {
		return
	}
	k, _, err := registry.CreateKey(registry.CURRENT_USER, `Software\Wine\X11 Driver`, registry.SET_VALUE)
	if err == nil {
		err = errors.Join(k.SetStringValue("Managed", "N"), k.Close())
	}
	if err != nil {
		panic(err)
	}
}

// patience is how long a test waits for something that must happen.
const patience = 10 * time.Second

// hand moves the pointer and presses keys as a person does, through SendInput.
type hand struct {
	t     *testing.T
	u     *UI
	extra uintptr // win32.Injected makes it a viewer's
}

var (
	procGetQueueStatus   = win32.User32.NewProc("GetQueueStatus")
	procGetClassName     = win32.User32.NewProc("GetClassNameW")
	procMapWindowPoints  = win32.User32.NewProc("MapWindowPoints")
	procEmptyClipboard   = win32.User32.NewProc("EmptyClipboard")
	procSetClipboardData = win32.User32.NewProc("SetClipboardData")
	procGlobalAlloc      = win32.Kernel32.NewProc("GlobalAlloc")
)

func (h *hand) send(in win32.Input) {
	h.t.Helper()
	must(h.t, win32.SendInput([]win32.Input{in}))
}

// key presses keys together and lets them go.
func (h *hand) key(vks ...uint16) {
	h.t.Helper()
	for _, vk := range vks {
		h.send(win32.KeyInput(vk, 0, 0, h.extra))
	}
	for _, vk := range slices.Backward(vks) {
		h.send(win32.KeyInput(vk, 0, win32.KeyUp, h.extra))
	}
}

func (h *hand) typeText(s string) {
	h.t.Helper()
	for _, r := range s {
		vk := uint16(r)
		if r == '-' {
			vk = 0xbd
		}
		h.key(vk)
	}
}

// mouse moves the pointer, and presses or lets go its button there in the same moment: in Wine the X server may tell between two moments where
// the pointer was before.
func (h *hand) mouse(p image.Point, flags uint32) {
	h.t.Helper()
	screen := screenSize()
	h.send(win32.MouseInput(flags|win32.MouseMove|win32.MouseAbsolute, win32.Absolute(p.X, screen.X), win32.Absolute(p.Y, screen.Y), 0, h.extra))
}

func screenSize() image.Point {
	return image.Pt(win32.SystemMetric(win32.ScreenWidth), win32.SystemMetric(win32.ScreenHeight))
}

func (h *hand) click(p image.Point) {
	h.t.Helper()
	h.mouse(p, win32.MouseLeftDown)
	h.mouse(p, win32.MouseLeftUp)
}

// settle waits until the windows have taken all input.
func (h *hand) settle() {
	h.t.Helper()
	const keysAndMouse = 7
	eventually(h.t, "all input is taken", func() (empty bool) {
		inside(h.t, h.u, func(*wdesk) { empty = win32.Ask(procGetQueueStatus, keysAndMouse)>>16 == 0 })
		return empty
	})
}

// desktopFor starts a UI and a hand.
func desktopFor(t *testing.T, o Options) (*UI, *hand) {
	t.Helper()
	if o.Text == nil {
		o.Text = locales.New("en")
	}
	if o.Theme == Auto {
		o.Theme = Light
	}
	u, err := Open("", o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(u.Close)
	return u, &hand{t: t, u: u}
}

// viewer is a hand whose input is marked as a viewer's.
func viewer(t *testing.T, u *UI) *hand { return &hand{t: t, u: u, extra: win32.Injected} }

// inside runs f on the thread of the windows. It must not end the test there.
func inside(t *testing.T, u *UI, f func(d *wdesk)) {
	t.Helper()
	d := u.desk.(*wdesk)
	if err := d.do(func() error { f(d); d.flush(); return nil }); err != nil {
		t.Fatal(err)
	}
}

// where is the middle of a control on the screen.
func where(t *testing.T, u *UI, s slot, id control) image.Point {
	t.Helper()
	var c *child
	inside(t, u, func(d *wdesk) { c = d.windows[s].controlOf(id) })
	if c == nil {
		t.Fatalf("no control %q", id)
	}
	r := screenRect(c.hwnd)
	return r.Min.Add(r.Max).Div(2)
}

func screenRect(h windows.HWND) image.Rectangle {
	r, _ := win32.WindowRect(h)
	return r
}

// inner is the place of a window's inside on the screen.
func inner(h windows.HWND) image.Rectangle {
	var r win32.Rect
	win32.Ask(procGetClientRect, uintptr(h), uintptr(unsafe.Pointer(&r)))
	win32.Ask(procMapWindowPoints, uintptr(h), 0, uintptr(unsafe.Pointer(&r)), 2)
	return r.Image()
}

func handleOf(t *testing.T, u *UI, s slot) (h windows.HWND) {
	t.Helper()
	inside(t, u, func(d *wdesk) { h = d.windows[s].hwnd })
	return h
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// expect waits for an event of a kind; others before it are passed over, but not an answer.
func expect[E Event](t *testing.T, u *UI) E {
	t.Helper()
	late := time.After(patience)
	for {
		select {
		case ev, ok := <-u.Events():
			if want, is := ev.(E); is {
				return want
			}
			if _, touched := ev.(Touched); !ok || !touched {
				t.Fatalf("event %T %+v", ev, ev)
			}
		case <-late:
			var none E
			t.Fatalf("no %T", none)
		}
	}
}

func eventually(t *testing.T, what string, f func() bool) {
	t.Helper()
	for late := time.Now().Add(patience); !f(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(late) {
			t.Fatalf("never: %s", what)
		}
	}
}

// screen reads a part of the screen.
func screen(t *testing.T, r image.Rectangle) *image.RGBA {
	t.Helper()
	p, err := win32.NewPicture(r.Dx(), r.Dy())
	must(t, err)
	defer p.Close()
	from, err := win32.OpenDC(0)
	must(t, err)
	defer win32.CloseDC(0, from)
	must(t, win32.CopyPixels(p.DC, image.Rectangle{Max: r.Size()}, from, r.Min))
	img := image.NewRGBA(image.Rectangle{Max: r.Size()})
	for i := 0; i < len(img.Pix); i += 4 {
		img.Pix[i], img.Pix[i+1], img.Pix[i+2], img.Pix[i+3] = p.Pixels[i+2], p.Pixels[i+1], p.Pixels[i], 255
	}
	return img
}

func textOf(h windows.HWND) string {
	var b [512]uint16
	n := win32.Ask(procGetWindowText, uintptr(h), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)))
	return windows.UTF16ToString(b[:n])
}

func classOf(h windows.HWND) string {
	var b [64]uint16
	n := win32.Ask(procGetClassName, uintptr(h), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)))
	return windows.UTF16ToString(b[:n])
}
