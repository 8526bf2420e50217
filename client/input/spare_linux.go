package input

import (
	"slices"
	"time"

	"github.com/jezek/xgb/xproto"
)

// A program looks a character up when it reads the event of the key press, not when the key was pressed; a busy one reads late, and sees what
// the keycode means by then. So a keycode keeps its character after its last press for
const (
	// idleRead, when the program that has the focus has said that it read everything (see ping). Others may be listening as well.
	idleRead = 100 * time.Millisecond
	// idleUnread, when the program does not answer such questions.
	idleUnread = time.Second
)

// spares are the keycodes that mean nothing in the end-user's layout, which we lend to characters that the layout does not have. The least
// recently used one goes to the next character, so a character keeps its keycode for as long as possible. No locks: it belongs to x11.
type spares struct {
	read, unread time.Duration // idleRead and idleUnread but in tests
	slots        []slot
}

type slot struct {
	code byte
	sym  uint32        // what we put there, 0: nothing
	used time.Time     // when it was last pressed, or given out
	to   xproto.Window // that had the focus then
	read bool          // the program of that window has read it
}

// wait is how long a slot has to be left alone yet.
func (s *spares) wait(o slot, now time.Time) time.Duration {
	idle := s.unread
	if o.read {
		idle = s.read
	}
	return idle - now.Sub(o.used)
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
// to wait for the first, as far as is known; ok is false when there are no spare keycodes at all.
func (s *spares) take(n int, now time.Time) (codes []byte, wait time.Duration, ok bool) {
	slices.SortStableFunc(s.slots, func(a, b slot) int { return a.used.Compare(b.used) })
	wait = s.unread
	for _, o := range s.slots {
		if left := s.wait(o, now); left > 0 {
			wait = min(wait, left)
		} else if len(codes) < n {
			codes = append(codes, o.code)
		}
	}
	return codes, wait, len(s.slots) > 0
}

// at returns the slot of a keycode, nil when it is none.
func (s *spares) at(code byte) *slot {
	for i := range s.slots {
		if s.slots[i].code == code {
			return &s.slots[i]
		}
	}
	return nil
}

// lend notes that a keycode now has a keysym.
func (s *spares) lend(code byte, sym uint32, now time.Time) {
	if o := s.at(code); o != nil {
		*o = slot{code: code, sym: sym, used: now}
	}
}

// press notes that a keycode, spare or not, was pressed while a window had the focus.
func (s *spares) press(code byte, to xproto.Window, now time.Time) {
	if o := s.at(code); o != nil {
		o.used, o.to, o.read = now, to, false
	}
}

// unreadSince tells whether something was pressed after a time of which it is not known that the program of a window has read it.
func (s *spares) unreadSince(at time.Time, to xproto.Window) bool {
	return slices.ContainsFunc(s.slots, func(o slot) bool { return o.to == to && !o.read && o.used.After(at) })
}

// confirm notes that the program of a window has read all that was pressed until a time.
func (s *spares) confirm(at time.Time, to xproto.Window) {
	for i := range s.slots {
		if o := &s.slots[i]; o.to == to && !o.used.After(at) {
			o.read = true
		}
	}
}

// lent returns the slots that have a keysym of ours.
func (s *spares) lent() []slot {
	return slices.DeleteFunc(slices.Clone(s.slots), func(o slot) bool { return o.sym == 0 })
}
