package input

import (
	"errors"
	"image"
	"strings"
	"testing"

	"golang.org/x/sys/windows"

	"deskhand/internal/win32"
	"deskhand/internal/win32/win32test"
)

var (
	procSetForeground = win32.User32.NewProc("SetForegroundWindow")
	procSetFocus      = win32.User32.NewProc("SetFocus")
)

const (
	wmKeyDown     = 0x0100
	wmKeyUp       = 0x0101
	wmLButtonDown = 0x0201
	wmLButtonUp   = 0x0202
	wmMouseWheel  = 0x020A
	wmMouseHWheel = 0x020E
)

type message = win32test.Seen

// editor is a window in which one types.
type editor struct {
	*win32test.Window
	t *testing.T
}

func openEditor(t *testing.T, at image.Rectangle) *editor {
	t.Helper()
	const multiline, scrolls = 0x4, 0x40 | 0x80
	e := &editor{win32test.Open(t, "EDIT", multiline|scrolls, at), t}
	e.focus()
	return e
}

// focus gives the window the keyboard.
func (e *editor) focus() {
	e.t.Helper()
	has := win32test.Soon(func() bool {
		e.Do(func() {
			procSetForeground.Call(uintptr(e.Handle))
			procSetFocus.Call(uintptr(e.Handle))
		})
		return windows.GetForegroundWindow() == e.Handle
	})
	if !has {
		e.t.Fatal("the window does not get the keyboard")
	}
}

func (e *editor) clear() {
	win32test.Clear(e.Handle)
	e.Forget()
}

func reads(t *testing.T, window windows.HWND, want string) {
	t.Helper()
	if !win32test.Soon(func() bool { return win32test.TextOf(window) == want }) {
		t.Fatalf("the window reads %q, want %q", win32test.TextOf(window), want)
	}
}

// gets waits for a message and returns it.
func (e *editor) gets(kind uint32, which func(message) bool) (found message) {
	e.t.Helper()
	ok := win32test.Soon(func() (ok bool) {
		for _, m := range e.Seen() {
			if m.Message.Message == kind && which(m) {
				found, ok = m, true
			}
		}
		return ok
	})
	if !ok {
		e.t.Fatalf("message %#x has not come", kind)
	}
	return found
}

func anyMessage(message) bool { return true }

func start(t *testing.T) *injector {
	t.Helper()
	in := open(win32.SendInput)
	t.Cleanup(func() {
		must(t, in.Close())
		for vk := range uint16(255) {
			if vk > 0 && isDown(vk) {
				t.Errorf("key %#x is still down", vk)
			}
		}
	})
	return in
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func tap(t *testing.T, in *injector, k Key) {
	t.Helper()
	must(t, in.Key(k, true))
	must(t, in.Key(k, false))
}

func TestText(t *testing.T) {
	e := openEditor(t, image.Rect(50, 50, 450, 350))
	in := start(t)
	const text = "The quick brown fox: 0123456789 {[(<|>)]} ~!@#$%^&*_+`'\"\\\nÄé ß € 漢字 жЖ 😀 👩‍👩‍👧 e\u0301 ﬁ"
	must(t, in.Text(text))
	reads(t, e.Handle, text)
	e.clear()
	for _, r := range "aB1é€漢ß😀" {
		tap(t, in, Key{Code: "KeyQ", Key: string(r)})
	}
	reads(t, e.Handle, "aB1é€漢ß😀")
	e.clear()
	long := strings.Repeat("0123456789abcdefÄ\n", 200)
	must(t, in.Text(long))
	reads(t, e.Handle, long)
	if err := in.Text("bell \a"); !errors.Is(err, ErrBadText) {
		t.Errorf("a control character: %v", err)
	}
}

func TestTextWhileModifiersAreHeld(t *testing.T) {
	e := openEditor(t, image.Rect(50, 50, 450, 350))
	in := start(t)
	for _, name := range []string{"Shift", "Control", "Alt"} {
		must(t, in.Key(Key{Code: name + "Left", Key: name}, true))
		must(t, in.Text("aB1é\n"))
		reads(t, e.Handle, "aB1é\n")
		if held := in.held[name+"Left"].key.vk; !isDown(held) {
			t.Errorf("%s was not put back", name)
		}
		must(t, in.Key(Key{Code: name + "Left", Key: name}, false))
		e.clear()
	}
	// Caps Lock is the end-user's.
	tap(t, in, Key{Code: "CapsLock", Key: "CapsLock"})
	must(t, in.Text("aB1é"))
	reads(t, e.Handle, "aB1é")
	tap(t, in, Key{Code: "CapsLock", Key: "CapsLock"})
}

func TestCommands(t *testing.T) {
	e := openEditor(t, image.Rect(50, 50, 450, 350))
	in := start(t)
	must(t, in.Text("one two"))
	shift := Key{Code: "ShiftLeft", Key: "Shift", Modifiers: ModShift}
	must(t, in.Key(shift, true))
	for range 3 {
		tap(t, in, Key{Code: "ArrowLeft", Key: "ArrowLeft", Modifiers: ModShift})
	}
	must(t, in.Key(Key{Code: "ShiftLeft", Key: "Shift"}, false))
	must(t, in.Text("three"))
	reads(t, e.Handle, "one three")

	tap(t, in, Key{Code: "Home", Key: "Home"})
	tap(t, in, Key{Code: "Delete", Key: "Delete"})
	tap(t, in, Key{Code: "End", Key: "End"})
	tap(t, in, Key{Code: "Backspace", Key: "Backspace"})
	reads(t, e.Handle, "ne thre")

	// The viewer got the focus while Ctrl and Shift were down: nobody has pressed them.
	tap(t, in, Key{Code: "Home", Key: "Home", Modifiers: ModControl | ModShift})
	tap(t, in, Key{Code: "KeyX", Key: "x", Modifiers: ModControl})
	reads(t, e.Handle, "")
	tap(t, in, Key{Code: "KeyV", Key: "v", Modifiers: ModControl})
	tap(t, in, Key{Code: "KeyV", Key: "v", Modifiers: ModControl})
	reads(t, e.Handle, "ne threne thre")

	m := e.gets(wmKeyDown, func(m message) bool { return m.W == 'X' })
	if m.Extra != win32.Injected {
		t.Errorf("a key bears the mark %#x", m.Extra)
	}
	if scan := m.L >> 16 & 0xFF; scan != 0x2D {
		t.Errorf("the scan code of X is %#x", scan)
	}
}

// Keys by their place, and what is left of them when the connection is cut.
func TestHeldKeys(t *testing.T) {
	e := openEditor(t, image.Rect(50, 50, 450, 350))
	in := start(t)
	must(t, in.Key(Key{Code: "KeyW"}, true))
	must(t, in.Key(Key{Code: "ArrowUp"}, true))
	must(t, in.Key(Key{Code: "ControlRight", Key: "Control", Modifiers: ModControl}, true))
	if !win32test.Soon(func() bool { return isDown('W') && isDown(0x26) && isDown(vkRControl) }) {
		t.Errorf("down: W %v, up arrow %v, right Ctrl %v", isDown('W'), isDown(0x26), isDown(vkRControl))
	}
	must(t, in.Pointer(100, 80))
	must(t, in.Button(ButtonLeft, true))
	must(t, in.ReleaseAll())
	for _, vk := range []uint16{'W', 0x26, vkRControl, 1} {
		if isDown(vk) {
			t.Errorf("key %#x is still down", vk)
		}
	}
	e.gets(wmKeyUp, func(m message) bool { return m.W == 0x26 })
	if err := in.Key(Key{Code: "NoSuchKey"}, true); !errors.Is(err, ErrNoKey) {
		t.Errorf("a key that does not exist: %v", err)
	}
	if err := in.Key(Key{Code: "Delete", Key: "Delete", Modifiers: ModControl | ModAlt}, true); !errors.Is(err, ErrNoKey) {
		t.Errorf("Ctrl+Alt+Del from a program that is no service: %v", err)
	}
}

// isAt waits until the pointer is there: Wine's follows the X server's, which is told later.
func isAt(t *testing.T, want image.Point) {
	t.Helper()
	var now image.Point
	if !win32test.Soon(func() bool {
		now, _ = win32.CursorPos()
		return now == want
	}) {
		t.Fatalf("the pointer is at %v, not at %v", now, want)
	}
}

func TestPointer(t *testing.T) {
	e := openEditor(t, image.Rect(50, 50, 450, 350))
	in := start(t)
	w, h := win32.SystemMetric(win32.VirtualWidth), win32.SystemMetric(win32.VirtualHeight)
	for _, at := range []image.Point{{0, 0}, {1, 1}, {w - 1, h - 1}, {w / 2, h / 3}, {333, 257}, {w + 50, -5}} {
		must(t, in.Pointer(at.X, at.Y))
		isAt(t, image.Pt(min(at.X, w-1), max(at.Y, 0)))
	}
	must(t, in.Pointer(100, 80))
	isAt(t, image.Pt(100, 80))
	must(t, in.Button(ButtonLeft, true))
	must(t, in.Button(ButtonLeft, true))
	must(t, in.Button(ButtonLeft, false))
	m := e.gets(wmLButtonDown, anyMessage)
	if m.L != 50|30<<16 || m.Extra != win32.Injected {
		t.Errorf("clicked at %d, %d, with the mark %#x", m.L&0xFFFF, m.L>>16, m.Extra)
	}
	e.gets(wmLButtonUp, anyMessage)

	must(t, in.Wheel(0, 80))
	must(t, in.Wheel(0, 80))
	if m := e.gets(wmMouseWheel, anyMessage); int16(m.W>>16) != -120 {
		t.Errorf("the wheel turned by %d", int16(m.W>>16))
	}
	must(t, in.Wheel(120, 0))
	if m := e.gets(wmMouseHWheel, anyMessage); int16(m.W>>16) != 120 {
		t.Errorf("the wheel turned sideways by %d", int16(m.W>>16))
	}
}

// Nothing goes to the client's own windows.
func TestOwnWindows(t *testing.T) {
	e := openEditor(t, image.Rect(50, 50, 450, 350))
	in := start(t)
	in.SetOwnWindows([]uint32{uint32(e.Handle)})
	must(t, in.Pointer(100, 80))
	isAt(t, image.Pt(100, 80))
	for what, err := range map[string]error{
		"a click": in.Button(ButtonLeft, true), "text": in.Text("a"), "the wheel": in.Wheel(0, 120), "a key": in.Key(Key{Code: "KeyA", Key: "a"}, true),
	} {
		if !errors.Is(err, ErrOwnWindow) {
			t.Errorf("%s: %v", what, err)
		}
	}
	other := openEditor(t, image.Rect(500, 400, 700, 600)) // not the desktop: when that takes the keyboard for a click, nobody can tell
	must(t, in.Pointer(600, 500))
	isAt(t, image.Pt(600, 500))
	must(t, in.Button(ButtonLeft, true))
	must(t, in.Button(ButtonLeft, false))
	other.gets(wmLButtonUp, anyMessage)
	in.SetOwnWindows(nil)
	e.focus()
	must(t, in.Text("b"))
	reads(t, e.Handle, "b")
}

func TestClosed(t *testing.T) {
	in := open(win32.SendInput)
	must(t, in.Close())
	must(t, in.Close())
	if err := in.Pointer(1, 1); !errors.Is(err, ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
}

// What an agent types arrives in a program that is not ours.
func TestNotepad(t *testing.T) {
	editor := win32test.Notepad(t)
	in := start(t)
	at, err := win32.WindowRect(editor)
	must(t, err)
	middle := at.Min.Add(at.Max).Div(2)
	must(t, in.Pointer(middle.X, middle.Y))
	isAt(t, middle)
	must(t, in.Button(ButtonLeft, true))
	must(t, in.Button(ButtonLeft, false))
	must(t, in.Text("not this"))
	reads(t, editor, "not this")
	win32test.Clear(editor)
	must(t, in.Text("Grüße, 漢字 € 😀\n\tzwei"))
	reads(t, editor, "Grüße, 漢字 € 😀\n\tzwei")
}
