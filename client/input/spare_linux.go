package input

import (
	"slices"
	"time"
)

// spareIdle is how long a spare keycode keeps its character after its last use. A program looks the character up when it reads the event,
// not when the key was pressed; a busy one reads late, and would then see what the keycode means next.
const spareIdle = 200 * time.Millisecond

// spares are the keycodes that mean nothing in the end-user's layout, which we lend to characters that the layout does not have. The least
// recently used one goes to the next character, so a character keeps its keycode for as long as possible. No locks: it belongs to x11.
type spares struct {
	idle  time.Duration
	slots []slot
}

type slot struct {
	code byte
	sym  uint32    // what we put there, 0: nothing
	used time.Time // when it was last pressed, or given out
}

// update learns from the map which keycodes are spare now: a layout that was switched to may need some, and may have wiped others.
// reserved is left alone.
func (s *spares) update(m *keymap, reserved byte) {
	old := s.slots
	s.slots = nil
	for code := int(m.min); code <= int(m.max); code++ {
		k := m.keys[code]
		i := slices.IndexFunc(old, func(o slot) bool { return int(o.code) == code })
		n := slot{code: byte(code)}
		if i >= 0 {
			n = old[i]
		}
		switch {
		case byte(code) == reserved || m.modmap[code] != 0:
			continue
		case k.empty():
			n.sym = 0
		case n.sym == 0 || !k.only(n.sym):
			continue
		}
		s.slots = append(s.slots, n)
	}
}

// only tells whether a key makes nothing but what lending it to sym puts there.
func (k keySyms) only(sym uint32) bool {
	return !k.empty() && !slices.ContainsFunc(k.syms, func(s uint32) bool { return s != 0 && s != sym && s != shifted(sym) })
}

// shifted is what a spare keycode makes with Shift: the same, so that Shift does not matter, but the capital of a small ASCII letter.
func shifted(sym uint32) uint32 {
	if sym >= 'a' && sym <= 'z' {
		return sym - 'a' + 'A'
	}
	return sym
}

// lendable is the keysym to lend a keycode to, so that it makes r.
func lendable(r rune) uint32 {
	if r >= 'A' && r <= 'Z' {
		r += 'a' - 'A'
	}
	return keysymOf(r)
}

// take gives out up to n keycodes that have been idle for long enough, the least recently used first. When there is none it returns how long
// to wait for the first; ok is false when there are no spare keycodes at all.
func (s *spares) take(n int, now time.Time) (codes []byte, wait time.Duration, ok bool) {
	slices.SortStableFunc(s.slots, func(a, b slot) int { return a.used.Compare(b.used) })
	for i := range s.slots {
		if left := s.idle - now.Sub(s.slots[i].used); left > 0 || len(codes) == n {
			wait = left
			break
		}
		codes = append(codes, s.slots[i].code)
	}
	return codes, wait, len(s.slots) > 0
}

// lend notes that a keycode now has a keysym.
func (s *spares) lend(code byte, sym uint32, now time.Time) {
	for i := range s.slots {
		if s.slots[i].code == code {
			s.slots[i].sym, s.slots[i].used = sym, now
		}
	}
}

// press notes that a keycode, spare or not, was pressed.
func (s *spares) press(code byte, now time.Time) {
	for i := range s.slots {
		if s.slots[i].code == code {
			s.slots[i].used = now
		}
	}
}

// lent returns the slots that have a keysym of ours.
func (s *spares) lent() []slot {
	return slices.DeleteFunc(slices.Clone(s.slots), func(o slot) bool { return o.sym == 0 })
}
