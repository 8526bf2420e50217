package input_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"github.com/jezek/xgb/xproto"

	"deskhand/client/input"
	"deskhand/client/input/inputtest"
	"deskhand/internal/xvfb"
)

// Keycodes of the evdev driver, which Xvfb has.
const (
	codeC      = 54
	codeQ      = 24
	codeA      = 38
	codeShift  = 50
	codeShiftR = 62
	codeCtrl   = 37
	codeAlt    = 64
	codeSuper  = 133
)

func press(t testing.TB, in input.Injector, k input.Key) {
	t.Helper()
	must(t, in.Key(k, true))
}

func tap(t testing.TB, in input.Injector, k input.Key) {
	t.Helper()
	must(t, in.Key(k, true))
	must(t, in.Key(k, false))
}

// presses waits for n key presses and returns them.
func presses(t testing.TB, w *inputtest.Window, n int) []inputtest.Event {
	t.Helper()
	only := func(e []inputtest.Event) []inputtest.Event {
		return slices.DeleteFunc(slices.Clone(e), func(e inputtest.Event) bool { return e.Button || !e.Press })
	}
	e := only(w.Wait(t, "key presses", func(e []inputtest.Event) bool { return len(only(e)) >= n }))
	if len(e) > n {
		t.Fatalf("%d key presses, want %d: %+v", len(e), n, e)
	}
	return e
}

func TestRepeatsArriveAsOften(t *testing.T) {
	display := start(t, "us")
	w := inputtest.OpenWindow(t, display, 0, 0, 0)
	in := open(t, display)
	for range 5 {
		press(t, in, input.Key{Code: "KeyA", Key: "a"})
		press(t, in, input.Key{Code: "Digit2", Key: "é"})
	}
	must(t, in.Key(input.Key{Code: "KeyA", Key: "a"}, false))
	must(t, in.Key(input.Key{Code: "Digit2", Key: "é"}, false))
	w.WaitText(t, strings.Repeat("aé", 5))
	if !nothingDown(t, connect(t, display)) {
		t.Error("a key is still down")
	}
}

func TestIgnoredKeys(t *testing.T) {
	display := start(t, "us")
	w := inputtest.OpenWindow(t, display, 0, 0, 0)
	in := open(t, display)
	for _, key := range []string{"Dead", "Process", "Unidentified", "Compose", "AltGraph", "Fn"} {
		tap(t, in, input.Key{Code: "BracketLeft", Key: key})
	}
	tap(t, in, input.Key{Code: "KeyE", Key: "ê"})
	w.WaitText(t, "ê")
	presses(t, w, 1)
}

func TestUnknownKeys(t *testing.T) {
	in := open(t, start(t, "us"))
	for _, k := range []input.Key{
		{}, {Code: "KeyA", Key: "Soft9"}, {Code: "Nowhere"}, {Code: strings.Repeat("x", 65), Key: "a"}, {Key: strings.Repeat("x", 65)}, {Key: "\xff"},
	} {
		if err := in.Key(k, true); !errors.Is(err, input.ErrNoKey) {
			t.Errorf("%+v: %v, want ErrNoKey", k, err)
		}
	}
	for _, s := range []string{"a\x1bb", "\x00", "\u0085", "\xff", strings.Repeat("a", input.MaxText+1)} {
		if err := in.Text(s); !errors.Is(err, input.ErrBadText) {
			t.Errorf("%.10q: %v, want ErrBadText", s, err)
		}
	}
	if err := in.Button(9, true); !errors.Is(err, input.ErrNoKey) {
		t.Errorf("button 9: %v, want ErrNoKey", err)
	}
}

func TestKeypad(t *testing.T) {
	display := start(t, "us")
	outside := connect(t, display)
	w := inputtest.OpenWindow(t, display, 0, 0, 0)
	in := open(t, display)
	symOf := func(e inputtest.Event) xproto.Keysym {
		r, err := xproto.GetKeyboardMapping(outside, xproto.Keycode(e.Code), 1).Reply()
		must(t, err)
		if e.State&xproto.ModMask2 != 0 && r.Keysyms[0] >= 0xff80 && r.Keysyms[1] != 0 {
			return r.Keysyms[1]
		}
		return r.Keysyms[0]
	}
	for _, c := range []struct {
		code, key string
		want      xproto.Keysym
	}{
		{"Numpad4", "ArrowLeft", 0xff96}, // the keypad's own
		{"Numpad4", "4", '4'},            // Num Lock is off there
		{"NumpadEnter", "Enter", 0xff8d},
		{"NumpadAdd", "+", 0xffab},
		{"NumLock", "NumLock", 0xff7f},
		{"Numpad4", "4", 0xffb4},
		{"Numpad4", "ArrowLeft", 0xff51}, // and now on
		{"NumpadDecimal", ",", ','},
	} {
		w.Clear(t)
		tap(t, in, input.Key{Code: c.code, Key: c.key})
		if got := symOf(presses(t, w, 1)[0]); got != c.want {
			t.Errorf("%s %s: keysym %#x, want %#x", c.code, c.key, got, c.want)
		}
	}
}

func TestNamedKeys(t *testing.T) {
	display := start(t, "us")
	outside := connect(t, display)
	before := mapOf(t, outside)
	w := inputtest.OpenWindow(t, display, 0, 0, 0)
	in, err := input.Open(display)
	must(t, err)
	for key, want := range map[string]xproto.Keysym{
		"Enter": 0xff0d, "Tab": 0xff09, "Backspace": 0xff08, "Delete": 0xffff, "Escape": 0xff1b, "Home": 0xff50, "PageDown": 0xff56,
		"ArrowUp": 0xff52, "F1": 0xffbe, "F12": 0xffc9, "F13": 0xffca, "F24": 0xffd5, "ContextMenu": 0xff67, "PrintScreen": 0xff61,
		"Pause": 0xff13, "Insert": 0xff63, "MediaPlayPause": 0x1008ff14, "AudioVolumeMute": 0x1008ff12, "BrowserBack": 0x1008ff26,
	} {
		w.Clear(t)
		tap(t, in, input.Key{Key: key})
		e := presses(t, w, 1)[0]
		r, err := xproto.GetKeyboardMapping(outside, xproto.Keycode(e.Code), 1).Reply()
		must(t, err)
		if r.Keysyms[0] != want {
			t.Errorf("%s: keysym %#x, want %#x", key, r.Keysyms[0], want)
		}
	}
	must(t, in.Close())
	sameMap(t, outside, before)
}

// The viewer lost the key-up of Control and Alt; the next event says so.
func TestLostReleases(t *testing.T) {
	display := start(t, "us")
	w := inputtest.OpenWindow(t, display, 0, 0, 0)
	in := open(t, display)
	press(t, in, input.Key{Code: "ControlLeft", Key: "Control", Modifiers: input.ModControl})
	press(t, in, input.Key{Code: "AltLeft", Key: "Alt", Modifiers: input.ModControl | input.ModAlt})
	tap(t, in, input.Key{Code: "KeyA", Key: "a"})
	if e := presses(t, w, 3); e[2].State != 0 || e[2].Text != 'a' {
		t.Errorf("got %+v, want a without modifiers", e[2])
	}
	if !nothingDown(t, connect(t, display)) {
		t.Error("a modifier is still down")
	}
}

func TestPositionsAreHeld(t *testing.T) {
	display := start(t, "fr")
	outside := connect(t, display)
	w := inputtest.OpenWindow(t, display, 0, 0, 0)
	in := open(t, display)
	press(t, in, input.Key{Code: "KeyW"})
	e := w.Wait(t, "the press", func(e []inputtest.Event) bool { return len(e) > 0 })
	if e[0].Text != 'z' {
		t.Errorf("the key above S makes %q on a French keyboard, want z", e[0].Text)
	}
	press(t, in, input.Key{Code: "KeyW"}) // the browser's repeat does nothing, the server has its own
	w.Wait(t, "the server's repeats", func(e []inputtest.Event) bool { now, _ := inputtest.Text(e); return len(now) > 2 })
	if nothingDown(t, outside) {
		t.Error("the key is up while the agent holds it")
	}
	must(t, in.Key(input.Key{Code: "KeyW"}, false))
	w.Wait(t, "the release", func(e []inputtest.Event) bool { return !e[len(e)-1].Press })
	if !nothingDown(t, outside) {
		t.Error("the key is still down")
	}
}

func TestReleaseAll(t *testing.T) {
	display := start(t, "us")
	outside := connect(t, display)
	inputtest.OpenWindow(t, display, 0, 0, 0)
	in := open(t, display)
	for _, k := range []input.Key{
		{Code: "ControlLeft", Key: "Control", Modifiers: input.ModControl},
		{Code: "ShiftRight", Key: "Shift", Modifiers: input.ModControl | input.ModShift},
		{Code: "KeyW", Modifiers: input.ModControl | input.ModShift},
	} {
		press(t, in, k)
	}
	must(t, in.Button(input.ButtonLeft, true))
	must(t, in.Button(input.ButtonRight, true))
	if nothingDown(t, outside) {
		t.Error("nothing is down")
	}
	must(t, in.ReleaseAll())
	if !nothingDown(t, outside) {
		t.Error("something is still down")
	}
	must(t, in.ReleaseAll())
}

func TestInterruptedText(t *testing.T) {
	display := start(t, "us")
	outside := connect(t, display)
	before := mapOf(t, outside)
	w := inputtest.OpenWindow(t, display, 0, 0, 0)
	in, err := input.OpenIdle(display, 0, time.Hour) // no spare keycode is ever idle again
	must(t, err)
	var text []rune
	for r := rune('一'); len(text) < 100; r++ {
		text = append(text, r)
	}
	typed := make(chan error)
	go func() { typed <- in.Text(string(text)) }()
	w.Wait(t, "a character", func(e []inputtest.Event) bool { return len(e) > 0 })
	must(t, in.ReleaseAll())
	if err := <-typed; !errors.Is(err, input.ErrInterrupted) {
		t.Errorf("Text: %v, want ErrInterrupted", err)
	}
	tap(t, in, input.Key{Key: "a"})
	must(t, in.Close())
	must(t, in.Close())
	if err := in.Text("a"); !errors.Is(err, input.ErrClosed) {
		t.Errorf("Text after Close: %v, want ErrClosed", err)
	}
	if !nothingDown(t, outside) {
		t.Error("a key is still down")
	}
	sameMap(t, outside, before)
}

// More characters than there are spare keycodes, as fast as can be, read by a program that is slow.
func TestBurstOfForeignCharacters(t *testing.T) {
	display := start(t, "us")
	outside := connect(t, display)
	before := mapOf(t, outside)
	w := inputtest.OpenWindow(t, display, 0, 0, 300*time.Millisecond)
	in, err := input.OpenIdle(display, 0, time.Second)
	must(t, err)
	text := "Жщьые漢字仮名交文一丁七万丈三上下😀😁😂🤣😃ḀḁḂḃḄ∀ℝ⊆ñßÞð€﷼龍"
	for _, r := range text { // as keys
		tap(t, in, input.Key{Key: string(r)})
	}
	must(t, in.Text(text)) // and as text
	w.WaitText(t, text+text)
	must(t, in.Close())
	sameMap(t, outside, before)
}

const xvfbKeyboard = 7

// A program that keeps the server for itself, such as a menu, does not hold up input.
func TestServerGrab(t *testing.T) {
	display := start(t, "us")
	w := inputtest.OpenWindow(t, display, 0, 0, 0)
	in := open(t, display)
	outside := connect(t, display)
	must(t, xproto.GrabServerChecked(outside).Check())
	typed := make(chan error, 1)
	go func() { typed <- in.Text("aB") }()
	select {
	case err := <-typed:
		must(t, err)
	case <-time.After(patience):
		t.Error("input waits for the program that has grabbed the server")
	}
	must(t, xproto.UngrabServerChecked(outside).Check())
	w.WaitText(t, "aB")
}

func TestServerWithoutXTEST(t *testing.T) {
	server := xvfb.Run(t, "320x200x24", "-extension", "XTEST")
	if _, err := input.Open(server.Display); err == nil || !strings.Contains(err.Error(), "XTEST") {
		t.Errorf("Open: %v, want an error that names XTEST", err)
	}
}

func TestConcurrentCallers(t *testing.T) {
	display := start(t, "us")
	w := inputtest.OpenWindow(t, display, 0, 0, 0)
	in := open(t, display)
	var group sync.WaitGroup
	for _, word := range []string{"alpha", "BETA", "gamma"} {
		group.Go(func() {
			if err := in.Text(word); err != nil {
				t.Error(err)
			}
		})
	}
	group.Go(func() { _ = in.Pointer(10, 10) })
	group.Wait()
	e := w.Wait(t, "14 characters", func(e []inputtest.Event) bool { now, _ := inputtest.Text(e); return len(now) == 14 })
	now, _ := inputtest.Text(e)
	for _, word := range []string{"alpha", "BETA", "gamma"} {
		if !strings.Contains(string(now), word) || strings.ContainsFunc(string(now), unicode.IsSpace) {
			t.Errorf("%q does not have %q in one piece", string(now), word)
		}
	}
}
