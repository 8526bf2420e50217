package input_test

import (
	"errors"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"

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

// A named key comes with the modifiers that are held, and a character without those that do not make it.
func TestHeldModifiers(t *testing.T) {
	for _, layout := range []string{"us", "de", "fr"} {
		t.Run(layout, func(t *testing.T) {
			t.Parallel()
			display := start(t, layout)
			outside := connect(t, display)
			w := inputtest.OpenWindow(t, display, 0, 0, 0)
			in := open(t, display)
			shift := input.Key{Code: "ShiftLeft", Key: "Shift", Modifiers: input.ModShift}
			press(t, in, shift)
			tap(t, in, input.Key{Code: "ArrowRight", Key: "ArrowRight", Modifiers: input.ModShift})
			// A German agent types / with Shift+7, which is no Shift on a US keyboard; and so on.
			text := "/A?!1a;ß€"
			for _, r := range text {
				tap(t, in, input.Key{Code: "Digit7", Key: string(r), Modifiers: input.ModShift})
			}
			w.WaitText(t, text)
			e := slices.DeleteFunc(w.Events(), func(e inputtest.Event) bool { return !e.Press })
			if e[1].State != xproto.ModMaskShift {
				t.Errorf("the arrow key came with state %#x, want Shift", e[1].State)
			}
			keys, err := xproto.QueryKeymap(outside).Reply()
			must(t, err)
			if keys.Keys[codeShift/8]&(1<<(codeShift%8)) == 0 {
				t.Error("Shift is up while the agent holds it")
			}
			shift.Modifiers = 0
			must(t, in.Key(shift, false))
			must(t, in.ReleaseAll())
			if !nothingDown(t, outside) {
				t.Error("a key is still down")
			}
		})
	}
}

func TestCapsLockAndNumLock(t *testing.T) {
	for _, layout := range layouts {
		t.Run(layout, func(t *testing.T) {
			t.Parallel()
			display := start(t, layout)
			outside := connect(t, display)
			root := xproto.Setup(outside).DefaultScreen(outside).Root
			w := inputtest.OpenWindow(t, display, 0, 0, 0)
			in := open(t, display)
			tap(t, in, input.Key{Code: "CapsLock", Key: "CapsLock"})
			tap(t, in, input.Key{Code: "NumLock", Key: "NumLock"})
			text := "aAbB1!éÉжЖñµ漢"
			must(t, in.Text(text))
			w.WaitText(t, text)
			at, err := xproto.QueryPointer(outside, root).Reply()
			must(t, err)
			if at.Mask&0xff != xproto.ModMaskLock|xproto.ModMask2 {
				t.Errorf("modifiers %#x afterwards, want Lock and Num Lock", at.Mask)
			}
		})
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

func TestModifiersLeftAndRight(t *testing.T) {
	display := start(t, "us")
	outside := connect(t, display)
	w := inputtest.OpenWindow(t, display, 0, 0, 0)
	in := open(t, display)
	for _, c := range []struct {
		k    input.Key
		want byte
	}{
		{input.Key{Code: "ShiftLeft", Key: "Shift", Modifiers: input.ModShift}, codeShift},
		{input.Key{Code: "ShiftRight", Key: "Shift", Modifiers: input.ModShift}, codeShiftR},
		{input.Key{Code: "ControlLeft", Key: "Control", Modifiers: input.ModControl}, codeCtrl},
		{input.Key{Code: "ControlRight", Key: "Control", Modifiers: input.ModControl}, 105},
		{input.Key{Code: "AltLeft", Key: "Alt", Modifiers: input.ModAlt}, codeAlt},
		{input.Key{Code: "AltRight", Key: "Alt", Modifiers: input.ModAlt}, 108},
		{input.Key{Code: "MetaLeft", Key: "Meta", Modifiers: input.ModMeta}, codeSuper},
		{input.Key{Code: "MetaRight", Key: "Meta", Modifiers: input.ModMeta}, 134},
		{input.Key{Key: "Control", Modifiers: input.ModControl}, codeCtrl},
	} {
		w.Clear(t)
		press(t, in, c.k)
		press(t, in, c.k) // a repeat
		if e := presses(t, w, 1); e[0].Code != c.want {
			t.Errorf("%+v: keycode %d, want %d", c.k, e[0].Code, c.want)
		}
		c.k.Modifiers = 0
		must(t, in.Key(c.k, false))
		w.Wait(t, "the release", func(e []inputtest.Event) bool { return len(e) == 2 })
		if !nothingDown(t, outside) {
			t.Fatalf("%+v is still down", c.k)
		}
	}
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

// The viewer got the focus while Control was held: the event has it, we do not hold it, and it does not stay.
func TestUnseenModifierIsNotHeld(t *testing.T) {
	display := start(t, "us")
	w := inputtest.OpenWindow(t, display, 0, 0, 0)
	in := open(t, display)
	tap(t, in, input.Key{Code: "KeyC", Key: "c", Modifiers: input.ModControl})
	tap(t, in, input.Key{Code: "ArrowLeft", Key: "ArrowLeft", Modifiers: input.ModShift})
	tap(t, in, input.Key{Code: "KeyA", Key: "a"})
	e := presses(t, w, 5)
	if e[1].Code != codeC || e[1].State != xproto.ModMaskControl || e[3].State != xproto.ModMaskShift || e[4].State != 0 {
		t.Errorf("got %+v, want Ctrl+C, Shift+Left, a", e)
	}
}

// AltGr is Ctrl+Alt on Windows: what it composes is a character, and the browser reports the modifiers with it.
func TestAltGraphIsNoShortcut(t *testing.T) {
	for _, layout := range []string{"us", "de"} {
		display := start(t, layout)
		w := inputtest.OpenWindow(t, display, 0, 0, 0)
		in := open(t, display)
		mods := input.ModControl | input.ModAlt | input.ModAltGraph
		press(t, in, input.Key{Code: "ControlLeft", Key: "Control", Modifiers: input.ModControl})
		press(t, in, input.Key{Code: "AltRight", Key: "AltGraph", Modifiers: mods})
		tap(t, in, input.Key{Code: "KeyQ", Key: "@", Modifiers: mods})
		w.WaitText(t, "@")
		e := slices.DeleteFunc(w.Events(), func(e inputtest.Event) bool { return !e.Press || e.Text < 0 })
		if e[0].State&(xproto.ModMaskControl|xproto.ModMask1) != 0 {
			t.Errorf("%s: @ came with state %#x", layout, e[0].State)
		}
	}
}

func TestShortcuts(t *testing.T) {
	for _, c := range []struct {
		layout   string
		group    byte
		code     string
		key      string
		wantCode byte
		want     rune
		shift    bool
	}{
		{layout: "us", code: "KeyC", key: "c", wantCode: codeC, want: 'c'},
		{layout: "us", code: "KeyC", key: "с", wantCode: codeC, want: 'c'}, // the agent's layout is Russian
		{layout: "fr", code: "KeyQ", key: "a", wantCode: codeQ, want: 'a'},
		{layout: "fr", code: "KeyA", key: "a", wantCode: codeQ, want: 'a'},
		{layout: "us", code: "KeyQ", key: "a", wantCode: codeA, want: 'a'}, // the agent's layout is French
		{layout: "fr", code: "Digit1", key: "1", wantCode: 10, want: '1', shift: true},
		{layout: "us", code: "Digit2", key: "é", wantCode: 11, want: '2'},
		{layout: "fr", code: "Digit2", key: "é", wantCode: 11, want: 'é'},
		{layout: "us,ru", group: 1, code: "KeyC", key: "c", wantCode: codeC, want: 'c'},
		{layout: "us,ru", group: 1, code: "KeyC", key: "с", wantCode: codeC, want: 'c'},
		{layout: "ru", code: "KeyC", key: "c", want: 'c'},
		{layout: "ru", code: "KeyC", key: "с", want: 'c'},
		{layout: "us", code: "Equal", key: "+", wantCode: 21, want: '+', shift: true}, // a German agent's Ctrl and plus
	} {
		t.Run(c.layout+" "+c.key, func(t *testing.T) {
			t.Parallel()
			display := start(t, c.layout)
			outside := connect(t, display)
			lockGroup(t, display, c.group)
			w := inputtest.OpenWindow(t, display, 0, 0, 0)
			in := open(t, display)
			press(t, in, input.Key{Code: "ControlLeft", Key: "Control", Modifiers: input.ModControl})
			tap(t, in, input.Key{Code: c.code, Key: c.key, Modifiers: input.ModControl})
			w.WaitText(t, string(c.want))
			e := slices.DeleteFunc(w.Events(), func(e inputtest.Event) bool { return !e.Press || e.Text < 0 })[0]
			state := uint16(xproto.ModMaskControl)
			if c.shift {
				state |= xproto.ModMaskShift
			}
			if e.State&0xff != state || c.wantCode != 0 && e.Code != c.wantCode {
				t.Errorf("keycode %d, state %#x; want keycode %d, state %#x", e.Code, e.State, c.wantCode, state)
			}
			must(t, in.ReleaseAll())
			at, err := xproto.QueryPointer(outside, xproto.Setup(outside).DefaultScreen(outside).Root).Reply()
			must(t, err)
			if at.Mask != uint16(c.group)<<13 {
				t.Errorf("state %#x afterwards, want layout %d and nothing else", at.Mask, c.group)
			}
		})
	}
}

// Shift and Caps Lock change no command: Ctrl+Shift+T stays that.
func TestShortcutKeepsShift(t *testing.T) {
	for _, layout := range []string{"us", "ru"} {
		for _, key := range []string{"t", "T"} {
			display := start(t, layout)
			w := inputtest.OpenWindow(t, display, 0, 0, 0)
			in := open(t, display)
			mods := input.ModShift | input.ModControl
			press(t, in, input.Key{Code: "ControlLeft", Key: "Control", Modifiers: input.ModControl})
			press(t, in, input.Key{Code: "ShiftLeft", Key: "Shift", Modifiers: mods})
			tap(t, in, input.Key{Code: "KeyT", Key: key, Modifiers: mods})
			w.WaitText(t, "T")
			if e := presses(t, w, 3); e[2].State != xproto.ModMaskShift|xproto.ModMaskControl {
				t.Errorf("%s: state %#x", layout, e[2].State)
			}
		}
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

// Both Shift keys of the agent's may be the same key here; it is released with the second.
func TestModifierWithoutARightKey(t *testing.T) {
	display := start(t, "us")
	outside := connect(t, display)
	inputtest.OpenWindow(t, display, 0, 0, 0)
	out, err := exec.Command("xmodmap", "-display", display, "-e", "keycode 62 =").CombinedOutput()
	if err != nil {
		t.Fatalf("xmodmap: %v %s", err, out)
	}
	in := open(t, display)
	left := input.Key{Code: "ShiftLeft", Key: "Shift", Modifiers: input.ModShift}
	right := input.Key{Code: "ShiftRight", Key: "Shift", Modifiers: input.ModShift}
	press(t, in, left)
	press(t, in, right)
	must(t, in.Key(left, false))
	if nothingDown(t, outside) {
		t.Error("Shift is up while the agent holds the right one")
	}
	right.Modifiers = 0
	must(t, in.Key(right, false))
	must(t, in.ReleaseAll())
	if !nothingDown(t, outside) {
		t.Error("Shift is still down")
	}
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

func TestLayoutChangesMeanwhile(t *testing.T) {
	display := start(t, "us")
	outside := connect(t, display)
	w := inputtest.OpenWindow(t, display, 0, 0, 0)
	in, err := input.Open(display)
	must(t, err)
	var want strings.Builder
	for _, layout := range []string{"fr", "ru", "us,ru", "de", "us"} {
		text := "aqйЖé漢1!{" + layout
		must(t, in.Text(text))
		want.WriteString(text)
		w.WaitText(t, want.String())
		setLayout(t, display, layout)
	}
	must(t, in.Text("aqйЖé漢1!"))
	w.WaitText(t, want.String()+"aqйЖé漢1!")
	must(t, in.Close())
	fresh := start(t, "us")
	sameMap(t, outside, mapOf(t, connect(t, fresh)))
}

// The end-user holds a modifier of their own keyboard while the agent types.
func TestEndUserHoldsModifiers(t *testing.T) {
	display := start(t, "us")
	outside := connect(t, display)
	user := newEndUser(t, outside)
	w := inputtest.OpenWindow(t, display, 0, 0, 0)
	in := open(t, display)
	for _, code := range []byte{codeShift, codeCtrl, codeAlt, codeSuper} {
		w.Clear(t)
		user.key(code, true)
		must(t, in.Text("aB1é"))
		w.WaitText(t, "aB1é")
		for _, e := range w.Events() {
			if e.Press && e.Text >= 0 && e.State&(xproto.ModMaskControl|xproto.ModMask1|xproto.ModMask4) != 0 {
				t.Errorf("%q came with state %#x", e.Text, e.State)
			}
		}
		if nothingDown(t, outside) {
			t.Error("the end-user's modifier was not put back")
		}
		user.key(code, false)
		if !nothingDown(t, outside) {
			t.Errorf("keycode %d is still down", code)
		}
		// The same key again, which the XTEST device has not seen released.
		w.Clear(t)
		must(t, in.Text("Xy"))
		w.WaitText(t, "Xy")
	}
}

// The end-user's keyboard has a layout of its own; the server uses the map of the keyboard that was used last.
func TestEndUsersKeyboardHasAnotherLayout(t *testing.T) {
	display := start(t, "us")
	user := newEndUser(t, connect(t, display))
	if out, err := exec.Command("setxkbmap", "-display", display, "-device", strconv.Itoa(xvfbKeyboard), "de").CombinedOutput(); err != nil {
		t.Fatalf("setxkbmap: %v %s", err, out)
	}
	w := inputtest.OpenWindow(t, display, 0, 0, 0)
	in := open(t, display)
	for range 3 {
		w.Clear(t)
		user.key(29, true)
		user.key(29, false)
		w.WaitText(t, "z") // the key right of T in German
		must(t, in.Text("yZ漢{ß"))
		w.WaitText(t, "zyZ漢{ß")
	}
}

// endUser is the end-user's own keyboard, a device beside the one that XTEST has.
type endUser struct {
	t     testing.TB
	c     *xgb.Conn
	event byte // the number of the input extension's key press
}

const xvfbKeyboard = 7

func newEndUser(t testing.TB, c *xgb.Conn) endUser {
	t.Helper()
	must(t, xtest.Init(c))
	ext, err := xproto.QueryExtension(c, 15, "XInputExtension").Reply()
	must(t, err)
	return endUser{t, c, ext.FirstEvent + 1}
}

func (u endUser) key(code byte, down bool) {
	u.t.Helper()
	kind := u.event
	if !down {
		kind++
	}
	must(u.t, xtest.FakeInputChecked(u.c, kind, code, 0, 0, 0, 0, xvfbKeyboard).Check())
}

// The agent pastes with Ctrl+V: Control does not belong to the text, and is held on afterwards.
func TestTextWhileModifiersAreHeld(t *testing.T) {
	display := start(t, "us")
	outside := connect(t, display)
	w := inputtest.OpenWindow(t, display, 0, 0, 0)
	in := open(t, display)
	press(t, in, input.Key{Code: "ControlLeft", Key: "Control", Modifiers: input.ModControl})
	press(t, in, input.Key{Code: "ShiftLeft", Key: "Shift", Modifiers: input.ModControl | input.ModShift})
	must(t, in.Text("a b\nC"))
	w.WaitText(t, "a b\nC")
	for _, e := range w.Events() {
		if e.Press && e.Text >= 0 && e.State&^xproto.ModMaskShift != 0 || e.Text == ' ' && e.State != 0 {
			t.Errorf("%q came with state %#x", e.Text, e.State)
		}
	}
	if nothingDown(t, outside) {
		t.Error("nothing is held any more")
	}
	must(t, in.ReleaseAll())
	if !nothingDown(t, outside) {
		t.Error("a modifier is still down")
	}
}

// Sticky keys of the end-user's: Control is locked without being held.
func TestLockedControl(t *testing.T) {
	display := start(t, "us")
	outside := connect(t, display)
	xkbRequest(t, display, 5, 0, 1, 4, 4, 0, 0, 0, 0, 0, 0, 0, 0)
	w := inputtest.OpenWindow(t, display, 0, 0, 0)
	in := open(t, display)
	must(t, in.Text("c漢"))
	w.WaitText(t, "c漢")
	for _, e := range w.Events() {
		if e.Press && e.State != 0 {
			t.Errorf("%q came with state %#x", e.Text, e.State)
		}
	}
	if _, _, mask := pointerAt(t, outside); mask != xproto.ModMaskControl {
		t.Errorf("modifiers %#x afterwards, want Control", mask)
	}
}

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

// lockGroup switches to a layout as the end-user's own shortcut would.
func lockGroup(t testing.TB, display string, group byte) {
	t.Helper()
	xkbRequest(t, display, 5, 0, 1, 0, 0, 1, group, 0, 0, 0, 0, 0, 0)
}

// xkbRequest sends a request of the keyboard extension.
func xkbRequest(t testing.TB, display string, minor byte, body ...byte) {
	t.Helper()
	c := connect(t, display)
	ext, err := xproto.QueryExtension(c, 9, "XKEYBOARD").Reply()
	must(t, err)
	use := c.NewCookie(true, true)
	c.NewRequest([]byte{ext.MajorOpcode, 0, 2, 0, 1, 0, 0, 0}, use)
	if _, err := use.Reply(); err != nil {
		t.Fatal(err)
	}
	request := c.NewCookie(true, false)
	c.NewRequest(append([]byte{ext.MajorOpcode, minor, byte(1 + len(body)/4), 0}, body...), request)
	must(t, request.Check())
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
