package input_test

import (
	"os/exec"
	"slices"
	"testing"

	"github.com/jezek/xgb/xproto"

	"deskhand/client/input"
	"deskhand/client/input/inputtest"
)

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
