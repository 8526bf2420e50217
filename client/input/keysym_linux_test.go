package input

import (
	"testing"
	"unicode"
	"unicode/utf8"
)

// Pairs from keysymdef.h, one of each old set, and the rules for the rest.
func TestKeysyms(t *testing.T) {
	for r, sym := range map[rune]uint32{
		' ': 0x20, '~': 0x7e, '\u00a0': 0xa0, 'é': 0xe9, 'ÿ': 0xff, 'Ą': 0x01a1, 'Ħ': 0x02a1, 'ĸ': 0x03a2, 'ア': 0x04b1, 'ش': 0x05d4,
		'Ё': 0x06b3, 'ю': 0x06c0, 'Ж': 0x06f6, 'Ω': 0x07d9, 'ώ': 0x07bb, '≤': 0x08bc, '┘': 0x09ea, '™': 0x0ac9, 'א': 0x0ce0, 'ก': 0x0da1,
		'Œ': 0x13bc, '€': 0x20ac, '漢': 0x01006f22, '😀': 0x0101f600, '\u200d': 0x0100200d, utf8.MaxRune: 0x0110ffff,
	} {
		if got := keysymOf(r); got != sym {
			t.Errorf("keysymOf(%q) = %#x, want %#x", r, got, sym)
		}
		if got := runeOf(sym); got != r {
			t.Errorf("runeOf(%#x) = %q, want %q", sym, got, r)
		}
	}
	for _, sym := range []uint32{0, 0x1f, 0x7f, 0x9f, 0xfe51, symReturn, symKeypad0, 0x1008ff14, 0x01110000, 0xffffffff} {
		if r := runeOf(sym); r != -1 {
			t.Errorf("runeOf(%#x) = %q, want none", sym, r)
		}
	}
	for r := rune(' '); r <= unicode.MaxRune; r++ {
		if !unicode.IsControl(r) && runeOf(keysymOf(r)) != r {
			t.Fatalf("%U does not come back from its keysym", r)
		}
	}
}

func TestNames(t *testing.T) {
	for name, sym := range namedSyms {
		if sym == 0 || runeOf(sym) >= 0 || (Key{Key: name}).text() != "" || (Key{Key: name}).ignored() || (Key{Key: name}).family() != 0 {
			t.Errorf("%s (%#x) is no named key", name, sym)
		}
	}
	for name := range modifierSyms {
		if (Key{Key: name}).family() == 0 {
			t.Errorf("%s is no modifier", name)
		}
	}
	places := map[string]string{}
	for code, p := range positions {
		if before := places[p.name]; before != "" {
			t.Errorf("%s and %s are both at %s", before, code, p.name)
		}
		places[p.name] = code
	}
	for at := range keypadSyms {
		if _, ok := positions[at[0]]; !ok && at[0] != "NumpadComma" {
			t.Errorf("%s has no position", at[0])
		}
	}
}
