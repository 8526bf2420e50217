package input_test

import (
	"slices"
	"testing"

	"github.com/jezek/xgb/xproto"

	"deskhand/client/input"
	"deskhand/client/input/inputtest"
)

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
