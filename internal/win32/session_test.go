package win32

import (
	"encoding/binary"
	"testing"
	"unicode/utf16"
)

// answer is a WTSINFOEXW as Windows makes one, up to the user's name and the domain's.
func answer(level, flags uint32, user string) []byte {
	b := binary.LittleEndian.AppendUint32(nil, level)
	b = binary.LittleEndian.AppendUint32(b, 0) // to align
	for _, v := range []uint32{2, 0, flags} {  // session, state, flags
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	text := func(s string, room int) {
		u := utf16.Encode([]rune(s))
		for _, c := range append(u, make([]uint16, room-len(u))...) {
			b = binary.LittleEndian.AppendUint16(b, c)
		}
	}
	text("Console", 33)
	text(user, 21)
	text("OFFICE", 18)
	return b
}

func TestParseSession(t *testing.T) {
	const unknown = 0xFFFFFFFF // WTS_SESSIONSTATE_UNKNOWN
	for _, c := range []struct {
		said string
		b    []byte
		want Session
		ok   bool
	}{
		{"somebody works", answer(1, 1, "Åsa"), Session{"Åsa", Unlocked}, true},
		{"locked", answer(1, 0, "rodney"), Session{"rodney", Locked}, true},
		{"login screen", answer(1, unknown, ""), Session{"", LockUnknown}, true},
		{"a name that fills its place", answer(1, 1, "abcdefghijklmnopqrstu"), Session{"abcdefghijklmnopqrstu", Unlocked}, true},
		{"another level", answer(2, 1, "rodney"), Session{}, false},
		{"cut", answer(1, 1, "rodney")[:100], Session{}, false},
		{"nothing", nil, Session{}, false},
	} {
		if got, ok := parseSession(c.b); got != c.want || ok != c.ok {
			t.Errorf("%s: %+v, %v", c.said, got, ok)
		}
	}
}
