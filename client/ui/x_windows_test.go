package ui

import (
	"errors"
	"image"
	"io"
	"log"
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
	if windows.NewLazySystemDLL("ntdll.dll").NewProc("wine_get_version").Find() != nil {
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
	procSendInput        = user32.NewProc("SendInput")
	procGetQueueStatus   = user32.NewProc("GetQueueStatus")
	procGetSystemMetrics = user32.NewProc("GetSystemMetrics")
	procGetClassName     = user32.NewProc("GetClassNameW")
	procMapWindowPoints  = user32.NewProc("MapWindowPoints")
	procEmptyClipboard   = user32.NewProc("EmptyClipboard")
	procSetClipboardData = user32.NewProc("SetClipboardData")
	procGlobalAlloc      = kernel.NewProc("GlobalAlloc")
)

// input is an INPUT. Its union begins at 8 on machines of 64 bits, and the mouse's part is the largest.
type input struct {
	kind   uint32
	_      uint32
	dx, dy int32
	data   uint32
	flags  uint32
	time   uint32
	_      uint32
	extra  uintptr
}

type keyInput struct {
	kind    uint32
	_       uint32
	vk      uint16
	scan    uint16
	flags   uint32
	time    uint32
	_       uint32
	extra   uintptr
	padding [8]byte
}

func (h *hand) send(in unsafe.Pointer) {
	h.t.Helper()
	if _, err := call(procSendInput, 1, uintptr(in), unsafe.Sizeof(input{})); err != nil {
		h.t.Fatal(err)
	}
}

// key presses keys together and lets them go.
func (h *hand) key(vks ...uint16) {
	h.t.Helper()
	const keyboard, up = 1, 2
	for _, vk := range vks {
		h.send(unsafe.Pointer(&keyInput{kind: keyboard, vk: vk, extra: h.extra}))
	}
	for i := range vks {
		h.send(unsafe.Pointer(&keyInput{kind: keyboard, vk: vks[len(vks)-1-i], flags: up, extra: h.extra}))
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

// Flags of mouse input.
const (
	mouseMove, mouseDown, mouseUp = 1, 2, 4
	mouseAbsolute                 = 0x8000
)

// mouse moves the pointer, and presses or lets go its button there in the same moment: in Wine the X server may tell between two moments where
// the pointer was before.
func (h *hand) mouse(p image.Point, flags uint32) {
	h.t.Helper()
	w, ht := int(ask(procGetSystemMetrics, 0)), int(ask(procGetSystemMetrics, 1))
	h.send(unsafe.Pointer(&input{dx: int32((p.X*65536 + w/2) / w), dy: int32((p.Y*65536 + ht/2) / ht), flags: flags | mouseMove | mouseAbsolute, extra: h.extra}))
}

func (h *hand) click(p image.Point) {
	h.t.Helper()
	h.mouse(p, mouseDown)
	h.mouse(p, mouseUp)
}

// settle waits until the windows have taken all input.
func (h *hand) settle() {
	h.t.Helper()
	const keysAndMouse = 7
	eventually(h.t, "all input is taken", func() (empty bool) {
		inside(h.t, h.u, func(*wdesk) { empty = ask(procGetQueueStatus, keysAndMouse)>>16 == 0 })
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
	var r winRect
	ask(procGetWindowRect, uintptr(h), uintptr(unsafe.Pointer(&r)))
	return r.image()
}

// inner is the place of a window's inside on the screen.
func inner(h windows.HWND) image.Rectangle {
	var r winRect
	ask(procGetClientRect, uintptr(h), uintptr(unsafe.Pointer(&r)))
	ask(procMapWindowPoints, uintptr(h), 0, uintptr(unsafe.Pointer(&r)), 2)
	return r.image()
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
	bitmap, pixels, err := newBitmap(r.Dx(), r.Dy())
	must(t, err)
	defer ask(procDeleteObject, bitmap)
	from := ask(procGetDC, 0)
	defer ask(procReleaseDC, 0, from)
	to, err := call(procCreateCompatibleDC, 0)
	must(t, err)
	defer ask(procDeleteDC, to)
	before := ask(procSelectObject, to, bitmap)
	defer ask(procSelectObject, to, before)
	_, err = call(procBitBlt, to, 0, 0, uintptr(r.Dx()), uintptr(r.Dy()), from, uintptr(r.Min.X), uintptr(r.Min.Y), srcCopy)
	must(t, err)
	img := image.NewRGBA(image.Rectangle{Max: r.Size()})
	for i := 0; i < len(img.Pix); i += 4 {
		img.Pix[i], img.Pix[i+1], img.Pix[i+2], img.Pix[i+3] = pixels[i+2], pixels[i+1], pixels[i], 255
	}
	return img
}

func textOf(h windows.HWND) string {
	var b [512]uint16
	n := ask(procGetWindowText, uintptr(h), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)))
	return windows.UTF16ToString(b[:n])
}

func classOf(h windows.HWND) string {
	var b [64]uint16
	n := ask(procGetClassName, uintptr(h), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)))
	return windows.UTF16ToString(b[:n])
}
