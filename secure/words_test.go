package secure

import (
	"encoding/binary"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

func TestWordLists(t *testing.T) {
	for language, list := range wordLists {
		seen := map[string]bool{}
		for _, w := range list() {
			if seen[w] || !norm.NFC.IsNormalString(w) {
				t.Errorf("%s: %q stands twice or is not NFC", language, w)
			}
			seen[w] = true
			for _, r := range w {
				if !unicode.IsLower(r) {
					t.Errorf("%s: %q", language, w)
				}
			}
		}
	}
}

func TestWordLanguage(t *testing.T) {
	for in, want := range map[string]string{"en": "en", "de-AT": "en", "pt-BR": "pt", "FR": "fr", "es_MX": "es", "it": "it", "": "en", "zz": "en", "../en": "en"} {
		if got := WordLanguage(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestWordsUse22Bits(t *testing.T) {
	for bits, want := range map[uint32][2]string{
		0:                 {"abandon", "abandon"},
		0xffffffff:        {"zoo", "zoo"},
		1 << 21:           {"ability", "abandon"},
		1 << 10:           {"abandon", "ability"},
		1<<10 - 1:         {"abandon", "abandon"},
		2047<<21 | 3<<10:  {"zoo", "about"},
		4<<21 | 2047<<10:  {"above", "zoo"},
		5<<21 | 6<<10 | 1: {"absent", "absorb"},
	} {
		k := &Keys{}
		binary.BigEndian.PutUint32(k.matchingWordBits[:], bits)
		if got := k.Words("en"); got != want {
			t.Errorf("%032b: %v, want %v", bits, got, want)
		}
	}
}
