package inputtest

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// patience is how long a test waits for something that should happen at once; the machine may be busy.
const patience = 30 * time.Second

// Event is a key or button event, as the window got it.
type Event struct {
	Button bool // else a key
	Press  bool
	Code   byte // keycode, or the number of the button
	State  uint16
	X, Y   int16 // of the pointer, on the root window
	Text   rune  // the character by the map that the window knew when it read the event; -1 for none
	Late   rune  // the same by the map that the server has some time later, for a program that is slow
}

// Window is a small X program: it owns a window, has the keyboard's focus, and notes what it gets. Like programs do, it reads the keyboard
// map again when the server says that it has changed, and finds characters in it by the rules of the core protocol. It shares no code
// with package input.
type Window struct {
	ID uint32

	conn *xgb.Conn
	late time.Duration
	slow chan arrived

	mu      sync.Mutex
	events  []Event
	changed chan struct{} // closed and replaced with each event
}

type arrived struct {
	at    time.Time
	index int
}

// OpenWindow opens a window of 200×100 pixels at x, y, without help of a window manager, and gives it the focus. It looks characters up a
// second time late after each event. The test's end closes it.
func OpenWindow(t testing.TB, display string, x, y int16, late time.Duration) *Window {
	t.Helper()
	conn, err := xgb.NewConnDisplay(display)
	if err != nil {
		t.Fatal(err)
	}
	w := &Window{conn: conn, late: late, slow: make(chan arrived, 10_000), changed: make(chan struct{})}
	screen := xproto.Setup(conn).DefaultScreen(conn)
	id, err := xproto.NewWindowId(conn)
	if err != nil {
		t.Fatal(err)
	}
	w.ID = uint32(id)
	xproto.CreateWindow(conn, screen.RootDepth, id, screen.Root, x, y, 200, 100, 0, xproto.WindowClassInputOutput, screen.RootVisual,
		xproto.CwBackPixel|xproto.CwOverrideRedirect|xproto.CwEventMask, []uint32{0xffffff, 1, xproto.EventMaskKeyPress | xproto.EventMaskKeyRelease |
			xproto.EventMaskButtonPress | xproto.EventMaskButtonRelease | xproto.EventMaskStructureNotify})
	xproto.MapWindow(conn, id)
	for {
		ev, _ := conn.WaitForEvent()
		if _, ok := ev.(xproto.MapNotifyEvent); ok {
			break
		}
		if ev == nil {
			t.Fatal("the display has gone")
		}
	}
	w.Focus(t)
	var done sync.WaitGroup
	done.Go(w.read)
	done.Go(w.readLate)
	t.Cleanup(func() { conn.Close(); done.Wait() })
	return w
}

// Focus gives the window the keyboard's focus.
func (w *Window) Focus(t testing.TB) {
	t.Helper()
	if err := xproto.SetInputFocusChecked(w.conn, xproto.InputFocusParent, xproto.Window(w.ID), xproto.TimeCurrentTime).Check(); err != nil {
		t.Fatal(err)
	}
}

// Events returns what has come so far.
func (w *Window) Events() []Event {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.events)
}

// Wait waits until ok says that what has come is enough, and returns it; else the test fails.
func (w *Window) Wait(t testing.TB, what string, ok func([]Event) bool) []Event {
	t.Helper()
	deadline := time.After(patience)
	for {
		w.mu.Lock()
		events, changed := slices.Clone(w.events), w.changed
		w.mu.Unlock()
		if ok(events) {
			return events
		}
		select {
		case <-changed:
		case <-deadline:
			t.Fatalf("waited for %s; got %+v", what, events)
		}
	}
}

// WaitText waits until as many characters have come as want has, and compares them, at once and late.
func (w *Window) WaitText(t testing.TB, want string) {
	t.Helper()
	n := len([]rune(want))
	events := w.Wait(t, "text", func(e []Event) bool {
		_, late := Text(e)
		return len(late) >= n
	})
	now, late := Text(events)
	if got := string(now); got != want {
		t.Errorf("typed %q, want %q", got, want)
	}
	if got := string(late); got != want {
		t.Errorf("a slow program reads %q, want %q", got, want)
	}
}

// Text returns the characters of the key presses. Late ones end where they are not looked up yet.
func Text(events []Event) (now, late []rune) {
	complete := true
	for _, e := range events {
		if e.Button || !e.Press || e.Text < 0 {
			continue
		}
		now = append(now, e.Text)
		if complete = complete && e.Late != pending; complete {
			late = append(late, e.Late)
		}
	}
	return now, late
}

const pending = -2

// Clear forgets what has come.
func (w *Window) Clear(t testing.TB) {
	t.Helper()
	// Nothing that came before may still be on its way to the second look.
	w.Wait(t, "the second look", func(e []Event) bool {
		return !slices.ContainsFunc(e, func(e Event) bool { return e.Late == pending })
	})
	w.mu.Lock()
	defer w.mu.Unlock()
	w.events = nil
}

func (w *Window) read() {
	defer close(w.slow)
	keys, err := readMap(w.conn)
	for err == nil {
		ev, xerr := w.conn.WaitForEvent()
		if ev == nil && xerr == nil {
			return
		}
		switch e := ev.(type) {
		case xproto.MappingNotifyEvent:
			keys, err = readMap(w.conn)
		case xproto.KeyPressEvent:
			w.add(Event{Press: true, Code: byte(e.Detail), State: e.State, X: e.RootX, Y: e.RootY, Text: keys.char(byte(e.Detail), e.State), Late: pending})
		case xproto.KeyReleaseEvent:
			w.add(Event{Code: byte(e.Detail), State: e.State, X: e.RootX, Y: e.RootY, Text: -1, Late: -1})
		case xproto.ButtonPressEvent:
			w.add(Event{Button: true, Press: true, Code: byte(e.Detail), State: e.State, X: e.RootX, Y: e.RootY, Text: -1, Late: -1})
		case xproto.ButtonReleaseEvent:
			w.add(Event{Button: true, Code: byte(e.Detail), State: e.State, X: e.RootX, Y: e.RootY, Text: -1, Late: -1})
		}
	}
}

func (w *Window) add(e Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if e.Late == pending {
		w.slow <- arrived{time.Now(), len(w.events)}
	}
	w.events = append(w.events, e)
	close(w.changed)
	w.changed = make(chan struct{})
}

// readLate is the slow program: it looks at each event when w.late has passed since it came.
func (w *Window) readLate() {
	for a := range w.slow {
		if left := time.Until(a.at.Add(w.late)); left > 0 {
			<-time.After(left)
		}
		keys, err := readMap(w.conn)
		if err != nil {
			continue
		}
		w.mu.Lock()
		if a.index < len(w.events) {
			e := &w.events[a.index]
			e.Late = keys.char(e.Code, e.State)
		}
		close(w.changed)
		w.changed = make(chan struct{})
		w.mu.Unlock()
	}
}

// coreMap is the keyboard map of the core protocol: for each key group 1 and 2 without and with Shift, then their third and fourth levels.
type coreMap struct {
	min  byte
	per  int
	syms []xproto.Keysym
}

func readMap(c *xgb.Conn) (coreMap, error) {
	s := xproto.Setup(c)
	r, err := xproto.GetKeyboardMapping(c, s.MinKeycode, byte(s.MaxKeycode-s.MinKeycode+1)).Reply()
	if err != nil {
		return coreMap{}, err
	}
	return coreMap{byte(s.MinKeycode), int(r.KeysymsPerKeycode), r.Keysyms}, nil
}

// char resolves a key by section 5 of the X protocol, with the third level on Mod5 as XKB puts it there. -1: no character.
func (m coreMap) char(code byte, state uint16) rune {
	syms := m.syms[int(code-m.min)*m.per:][:m.per]
	at := func(i int) xproto.Keysym {
		if i < len(syms) {
			return syms[i]
		}
		return 0
	}
	shift, lock, third, second := state&xproto.ModMaskShift != 0, state&xproto.ModMaskLock != 0, state&xproto.ModMask5 != 0, state>>13&3 == 1
	i := 0
	if second {
		i = 2
	}
	if third {
		i += 4
	}
	plain, shifted := runeOf(at(i)), runeOf(at(i+1))
	if at(i+1) == 0 {
		shifted = plain
	}
	letter := plain != shifted && unicode.ToUpper(plain) == shifted
	if shift != (letter && lock) {
		plain = shifted
	}
	if lock && !letter && plain > 0 {
		plain = unicode.ToUpper(plain)
	}
	return plain
}

const cyrillic = "юабцдефгхийклмнопярстужвьызшэщчъ"

func runeOf(s xproto.Keysym) rune {
	switch {
	case s >= 0x20 && s < 0x7f, s >= 0xa0 && s < 0x100:
		return rune(s)
	case s >= 0x06c0 && s < 0x0700:
		return []rune(cyrillic + strings.ToUpper(cyrillic))[s-0x06c0]
	case s == 0x20ac:
		return '€'
	case s == 0xff0d:
		return '\n'
	case s == 0xff09:
		return '\t'
	case s > 0x01000000 && s <= 0x0110ffff:
		return rune(s - 0x01000000)
	case s > 0 && s < 0xfe00:
		return unicode.ReplacementChar // an old character set that this table does not have
	}
	return -1
}
