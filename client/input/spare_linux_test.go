package input

import (
	"slices"
	"testing"
	"time"
)

// A map with the empty keys 9, 10 and 11, one that is needed, and one that is empty but a modifier.
func emptyKeys() *keymap {
	m := &keymap{min: 8, max: 13}
	m.keys[12] = keySyms{groupInfo: 1, width: 1, syms: []uint32{'a'}}
	m.modmap[13] = 1
	return m
}

func put(m *keymap, s *spares, code byte, sym uint32, now time.Time) {
	m.keys[code] = keySyms{groupInfo: 1, width: 2, syms: []uint32{sym, sym}}
	s.lend(code, sym, now)
	s.update(m, 8)
}

func TestSpares(t *testing.T) {
	start := time.Now()
	at := func(d time.Duration) time.Time { return start.Add(d) }
	s := &spares{read: idleRead, unread: idleUnread}
	m := emptyKeys()
	s.update(m, 8)
	want := func(n int, now time.Time, codes []byte, wait time.Duration) {
		t.Helper()
		got, left, ok := s.take(n, now)
		if !ok || !slices.Equal(got, codes) || len(codes) == 0 && left != wait {
			t.Errorf("take(%d) = %v, %v, %v; want %v, %v", n, got, left, ok, codes, wait)
		}
	}
	want(5, at(0), []byte{9, 10, 11}, 0)
	want(2, at(0), []byte{9, 10}, 0)
	put(m, s, 10, 0x10006f22, at(0))
	put(m, s, 9, 0x10005b57, at(time.Millisecond))
	s.press(10, 77, at(10*time.Millisecond))
	s.press(9, 77, at(20*time.Millisecond))
	s.press(12, 77, at(20*time.Millisecond)) // no spare one
	want(5, at(30*time.Millisecond), []byte{11}, 0)
	put(m, s, 11, 0x10004eee, at(30*time.Millisecond))
	s.press(11, 88, at(40*time.Millisecond))

	// Nobody says that it was read: the least recently used first, a second after its use.
	want(5, at(500*time.Millisecond), nil, 510*time.Millisecond)
	want(5, at(1009*time.Millisecond), nil, time.Millisecond)
	want(5, at(1010*time.Millisecond), []byte{10}, 0)
	want(5, at(1020*time.Millisecond), []byte{10, 9}, 0)

	// The program of window 77 has read what was pressed until 15 ms, then all; that of 88 has said nothing.
	if !s.unreadSince(time.Time{}, 77) || s.unreadSince(at(20*time.Millisecond), 77) || s.unreadSince(time.Time{}, 99) {
		t.Error("unreadSince is wrong before any answer")
	}
	s.confirm(at(15*time.Millisecond), 77)
	want(5, at(109*time.Millisecond), nil, time.Millisecond)
	want(5, at(110*time.Millisecond), []byte{10}, 0)
	want(5, at(120*time.Millisecond), []byte{10}, 0)
	s.confirm(at(50*time.Millisecond), 77)
	want(5, at(120*time.Millisecond), []byte{10, 9}, 0)
	if s.unreadSince(time.Time{}, 77) || !s.unreadSince(time.Time{}, 88) {
		t.Error("unreadSince is wrong after the answer")
	}
	s.press(10, 77, at(130*time.Millisecond)) // used again
	want(5, at(150*time.Millisecond), []byte{9}, 0)

	// Another layout needs 9, has wiped 10, and somebody else has put something on 11.
	m = emptyKeys()
	m.keys[9] = keySyms{groupInfo: 1, width: 1, syms: []uint32{'b'}}
	m.keys[11] = keySyms{groupInfo: 1, width: 1, syms: []uint32{'c'}}
	s.update(m, 8)
	if len(s.slots) != 1 || len(s.lent()) != 0 {
		t.Errorf("slots %+v, want keycode 10 with nothing", s.slots)
	}
	s.update(&keymap{min: 8, max: 8}, 8)
	if _, _, ok := s.take(1, at(time.Hour)); ok {
		t.Error("took a keycode where there is none")
	}
}
