package input

import (
	"errors"
	"image"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"

	"deskhand/internal/win32"
)

const patience = 30 * time.Second

var (
	procCreateWindowEx    = user32.NewProc("CreateWindowExW")
	procDestroyWindow     = user32.NewProc("DestroyWindow")
	procSetForeground     = user32.NewProc("SetForegroundWindow")
	procSetFocus          = user32.NewProc("SetFocus")
	procGetMessage        = user32.NewProc("GetMessageW")
	procTranslateMessage  = user32.NewProc("TranslateMessage")
	procDispatchMessage   = user32.NewProc("DispatchMessageW")
	procGetExtraInfo      = user32.NewProc("GetMessageExtraInfo")
	procPostThreadMessage = user32.NewProc("PostThreadMessageW")
	procSendMessage       = user32.NewProc("SendMessageW")
	procFindWindow        = user32.NewProc("FindWindowW")
	procFindWindowEx      = user32.NewProc("FindWindowExW")
	procGetWindowRect     = user32.NewProc("GetWindowRect")
)

const (
	wmApp         = 0x8000
	wmSetText     = 0x000C
	wmGetText     = 0x000D
	wmKeyDown     = 0x0100
	wmKeyUp       = 0x0101
	wmLButtonDown = 0x0201
	wmLButtonUp   = 0x0202
	wmMouseWheel  = 0x020A
	wmMouseHWheel = 0x020E
)

// message is a MSG, and what GetMessageExtraInfo said of it.
type message struct {
	window  uintptr
	message uint32
	w, l    uintptr
	time    uint32
	x, y    int32
	_       [8]byte
	extra   uintptr
}

// editor is a window in which one types. It belongs to a thread of its own, which takes its messages.
type editor struct {
	t      *testing.T
	window uintptr
	thread uint32
	jobs   chan func()
	seen   []message // of the thread
}

func openEditor(t *testing.T, at image.Rectangle) *editor {
	t.Helper()
	e := &editor{t: t, jobs: make(chan func(), 1)}
	opened, ended := make(chan uintptr), make(chan struct{})
	go func() {
		defer close(ended)
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		const topmost, popup, visible, multiline, scrolls = 0x8, 0x80000000, 0x10000000, 0x4, 0x40 | 0x80
		class, _ := windows.UTF16PtrFromString("EDIT")
		e.thread = windows.GetCurrentThreadId()
		e.window, _, _ = procCreateWindowEx.Call(topmost, uintptr(unsafe.Pointer(class)), 0, popup|visible|multiline|scrolls,
			uintptr(at.Min.X), uintptr(at.Min.Y), uintptr(at.Dx()), uintptr(at.Dy()), 0, 0, 0, 0)
		opened <- e.window
		e.serve()
	}()
	if <-opened == 0 {
		t.Fatal("no window")
	}
	t.Cleanup(func() {
		close(e.jobs)
		e.wake()
		<-ended
	})
	e.focus()
	return e
}

// focus gives the window the keyboard.
func (e *editor) focus() {
	e.t.Helper()
	has := eventually(e.t, func() bool {
		e.do(func() {
			procSetForeground.Call(e.window)
			procSetFocus.Call(e.window)
		})
		return uintptr(windows.GetForegroundWindow()) == e.window
	})
	if !has {
		e.t.Fatal("the window does not get the keyboard")
	}
}

func (e *editor) serve() {
	var m message
	for {
		procGetMessage.Call(uintptr(unsafe.Pointer(&m)), 0, 0, 0)
		if m.window != 0 || m.message != wmApp {
			m.extra, _, _ = procGetExtraInfo.Call()
			e.seen = append(e.seen, m)
			procTranslateMessage.Call(uintptr(unsafe.Pointer(&m)))
			procDispatchMessage.Call(uintptr(unsafe.Pointer(&m)))
			continue
		}
		job, more := <-e.jobs
		if !more {
			procDestroyWindow.Call(e.window)
			return
		}
		job()
	}
}

func (e *editor) wake() { procPostThreadMessage.Call(uintptr(e.thread), wmApp, 0, 0) }

// do carries out f on the window's thread.
func (e *editor) do(f func()) {
	done := make(chan struct{})
	e.jobs <- func() {
		f()
		close(done)
	}
	e.wake()
	<-done
}

func textOf(window uintptr) string {
	var text [8192]uint16
	procSendMessage.Call(window, wmGetText, uintptr(len(text)), uintptr(unsafe.Pointer(&text[0])))
	return strings.ReplaceAll(windows.UTF16ToString(text[:]), "\r\n", "\n")
}

func (e *editor) clear() {
	empty := [1]uint16{}
	procSendMessage.Call(e.window, wmSetText, 0, uintptr(unsafe.Pointer(&empty[0])))
	e.do(func() { e.seen = nil })
}

// eventually waits until f is true.
func eventually(t *testing.T, f func() bool) bool {
	t.Helper()
	for begun := time.Now(); time.Since(begun) < patience; time.Sleep(2 * time.Millisecond) {
		if f() {
			return true
		}
	}
	return false
}

func reads(t *testing.T, window uintptr, want string) {
	t.Helper()
	if !eventually(t, func() bool { return textOf(window) == want }) {
		t.Fatalf("the window reads %q, want %q", textOf(window), want)
	}
}

// gets waits for a message and returns it.
func (e *editor) gets(kind uint32, which func(message) bool) (found message) {
	e.t.Helper()
	ok := eventually(e.t, func() (ok bool) {
		e.do(func() {
			for _, m := range e.seen {
				if m.message == kind && which(m) {
					found, ok = m, true
				}
			}
		})
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
	in := open(sendInput)
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
	reads(t, e.window, text)
	e.clear()
	for _, r := range "aB1é€漢ß😀" {
		tap(t, in, Key{Code: "KeyQ", Key: string(r)})
	}
	reads(t, e.window, "aB1é€漢ß😀")
	e.clear()
	long := strings.Repeat("0123456789abcdefÄ\n", 200)
	must(t, in.Text(long))
	reads(t, e.window, long)
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
		reads(t, e.window, "aB1é\n")
		if held := in.held[name+"Left"].key.vk; !isDown(held) {
			t.Errorf("%s was not put back", name)
		}
		must(t, in.Key(Key{Code: name + "Left", Key: name}, false))
		e.clear()
	}
	// Caps Lock is the end-user's.
	tap(t, in, Key{Code: "CapsLock", Key: "CapsLock"})
	must(t, in.Text("aB1é"))
	reads(t, e.window, "aB1é")
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
	reads(t, e.window, "one three")

	tap(t, in, Key{Code: "Home", Key: "Home"})
	tap(t, in, Key{Code: "Delete", Key: "Delete"})
	tap(t, in, Key{Code: "End", Key: "End"})
	tap(t, in, Key{Code: "Backspace", Key: "Backspace"})
	reads(t, e.window, "ne thre")

	// The viewer got the focus while Ctrl and Shift were down: nobody has pressed them.
	tap(t, in, Key{Code: "Home", Key: "Home", Modifiers: ModControl | ModShift})
	tap(t, in, Key{Code: "KeyX", Key: "x", Modifiers: ModControl})
	reads(t, e.window, "")
	tap(t, in, Key{Code: "KeyV", Key: "v", Modifiers: ModControl})
	tap(t, in, Key{Code: "KeyV", Key: "v", Modifiers: ModControl})
	reads(t, e.window, "ne threne thre")

	m := e.gets(wmKeyDown, func(m message) bool { return m.w == 'X' })
	if m.extra != win32.Injected {
		t.Errorf("a key bears the mark %#x", m.extra)
	}
	if scan := m.l >> 16 & 0xFF; scan != 0x2D {
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
	if !eventually(t, func() bool { return isDown('W') && isDown(0x26) && isDown(vkRControl) }) {
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
	e.gets(wmKeyUp, func(m message) bool { return m.w == 0x26 })
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
	var now struct{ x, y int32 }
	if !eventually(t, func() bool {
		procGetCursorPos.Call(uintptr(unsafe.Pointer(&now)))
		return image.Pt(int(now.x), int(now.y)) == want
	}) {
		t.Fatalf("the pointer is at %v, not at %v", now, want)
	}
}

func TestPointer(t *testing.T) {
	e := openEditor(t, image.Rect(50, 50, 450, 350))
	in := start(t)
	w, h := systemMetric(smVirtualWidth), systemMetric(smVirtualHeight)
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
	if m.l != 50|30<<16 || m.extra != win32.Injected {
		t.Errorf("clicked at %d, %d, with the mark %#x", m.l&0xFFFF, m.l>>16, m.extra)
	}
	e.gets(wmLButtonUp, anyMessage)

	must(t, in.Wheel(0, 80))
	must(t, in.Wheel(0, 80))
	if m := e.gets(wmMouseWheel, anyMessage); int16(m.w>>16) != -120 {
		t.Errorf("the wheel turned by %d", int16(m.w>>16))
	}
	must(t, in.Wheel(120, 0))
	if m := e.gets(wmMouseHWheel, anyMessage); int16(m.w>>16) != 120 {
		t.Errorf("the wheel turned sideways by %d", int16(m.w>>16))
	}
}

// Nothing goes to the client's own windows.
func TestOwnWindows(t *testing.T) {
	e := openEditor(t, image.Rect(50, 50, 450, 350))
	in := start(t)
	in.SetOwnWindows([]uint32{uint32(e.window)})
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
	reads(t, e.window, "b")
}

// However Windows rounds, the pixel is the one that was meant.
func TestAbsolute(t *testing.T) {
	for _, size := range []int{1, 2, 640, 1280, 1366, 1920, 3840, 7680, 16384} {
		for at := range size {
			if n := int(absolute(at, size)); n*size/65536 != at || n < 0 || n > 65535 {
				t.Fatalf("pixel %d of %d is %d", at, size, n)
			}
		}
	}
}

func TestClosed(t *testing.T) {
	in := open(sendInput)
	must(t, in.Close())
	must(t, in.Close())
	if err := in.Pointer(1, 1); !errors.Is(err, ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
}

// What an agent types arrives in a program that is not ours.
func TestNotepad(t *testing.T) {
	program := exec.Command("notepad.exe")
	must(t, program.Start())
	defer func() {
		_ = program.Process.Kill()
		_ = program.Wait()
	}()
	class, _ := windows.UTF16PtrFromString("Notepad")
	edit, _ := windows.UTF16PtrFromString("Edit")
	var window, editor uintptr
	if !eventually(t, func() bool {
		window, _, _ = procFindWindow.Call(uintptr(unsafe.Pointer(class)), 0)
		editor, _, _ = procFindWindowEx.Call(window, 0, uintptr(unsafe.Pointer(edit)), 0)
		return window != 0 && editor != 0 && uintptr(windows.GetForegroundWindow()) == window
	}) {
		t.Fatal("notepad has not come")
	}
	in := start(t)
	var at struct{ left, top, right, bottom int32 }
	procGetWindowRect.Call(editor, uintptr(unsafe.Pointer(&at)))
	must(t, in.Pointer(int(at.left+at.right)/2, int(at.top+at.bottom)/2))
	must(t, in.Button(ButtonLeft, true))
	must(t, in.Button(ButtonLeft, false))
	must(t, in.Text("not this"))
	reads(t, editor, "not this")
	tap(t, in, Key{Code: "KeyA", Key: "a", Modifiers: ModControl})
	must(t, in.Text("Grüße, 漢字 € 😀\n\tzwei"))
	reads(t, editor, "Grüße, 漢字 € 😀\n\tzwei")
}
