package mac

import "testing"

func TestKeys(t *testing.T) {
	if len(Positions) < 100 {
		t.Errorf("%d places", len(Positions))
	}
	seen := map[uint16]string{}
	for name, k := range Positions {
		if other := seen[k.Code]; other != "" {
			t.Errorf("%s and %s are one key", name, other)
		}
		seen[k.Code] = name
	}
	for r, want := range map[rune]uint16{'a': 0x00, 'c': 0x08, 'q': 0x0C, 'v': 0x09, '0': 0x1D, '9': 0x19, '.': 0x2F, ' ': KeySpace, '-': 0x1B} {
		if got, ok := At(r); !ok || got != want {
			t.Errorf("%q is at %#x, %t", r, got, ok)
		}
	}
	if _, ok := At('é'); ok {
		t.Error("a US keyboard has no é")
	}
	if Named["F1"] != 0x7A || Named["F20"] != 0x5A || Positions["F12"].Code != 0x6F {
		t.Error("function keys are elsewhere")
	}
	for name, two := range Modifiers {
		if Flag(two[0]) == 0 || Flag(two[0]) != Flag(two[1]) {
			t.Errorf("%s has no flag", name)
		}
	}
	if Flag(KeyTab) != 0 {
		t.Error("Tab is no modifier")
	}
}
