package input

import (
	"math/bits"
	"slices"
	"unicode"
)

// Modifier bits of the core protocol.
const (
	maskShift   = 1 << 0
	maskLock    = 1 << 1
	maskControl = 1 << 2
)

// keymap is what the keys of the display mean: the X server's own description of layouts, levels and modifiers.
//
// A key has up to four groups (layouts), a group has a type and a keysym for each level, and a type says which modifiers lead to which level.
type keymap struct {
	min, max byte // keycodes
	types    []keyType
	keys     [256]keySyms
	modmap   [256]uint8 // modifier bits by keycode
	names    [256]string
	places   map[string]byte // keycodes by name
	index    [4]*groupIndex  // made when first asked for
}

type keyType struct {
	mods   uint8 // the modifiers that count
	levels []levelEntry
}

// levelEntry says: with exactly these of the type's modifiers, this level. Modifiers without an entry lead to level 0.
type levelEntry struct {
	active      bool // false when it names a virtual modifier that no key has
	mods, level uint8
	preserve    uint8 // modifiers that programs shall still act upon
}

type keySyms struct {
	types     [4]uint8
	groupInfo uint8 // number of groups in the low four bits; above, what becomes of a group that the key does not have
	width     int
	syms      []uint32
}

// level returns the level that exactly these modifiers lead to, and which of them programs do not act upon any more.
func (t keyType) level(mods uint8) (level, consumed uint8) {
	for _, e := range t.levels {
		if e.active && e.mods == mods&t.mods {
			return e.level, t.mods &^ e.preserve
		}
	}
	return 0, t.mods
}

// groupOf returns the group that a key uses when the keyboard is in group g.
func (k keySyms) groupOf(g uint8) (group uint8, ok bool) {
	n := k.groupInfo & 0x0f
	switch {
	case n == 0 || n > 4:
		return 0, false
	case g < n:
		return g, true
	}
	switch k.groupInfo & 0xc0 {
	case 0x40: // clamp
		return n - 1, true
	case 0x80: // redirect
		if to := k.groupInfo >> 4 & 3; to < n {
			return to, true
		}
		return 0, true
	}
	return g % n, true
}

func (k keySyms) sym(group, level uint8) uint32 {
	if i := int(group)*k.width + int(level); int(level) < k.width && i < len(k.syms) {
		return k.syms[i]
	}
	return 0
}

// empty tells whether a key makes nothing.
func (k keySyms) empty() bool {
	return !slices.ContainsFunc(k.syms, func(s uint32) bool { return s != 0 })
}

// spot is one level of a key.
type spot struct{ code, level byte }

// groupIndex answers, for one group, where a keysym or a character is; real keys before those that no keyboard has.
type groupIndex struct {
	syms     map[uint32][]spot
	runes    map[rune][]spot
	settable uint8 // modifier bits that some key sets while it is held
	commands uint8 // those of them that make a command of a character: Ctrl, Alt, Super and their like
}

// in returns the index of a group.
func (m *keymap) in(group uint8) *groupIndex {
	group &= 3
	x := m.index[group]
	if x != nil {
		return x
	}
	x = m.makeIndex(group)
	m.index[group] = x
	for bit := uint8(1); bit != 0; bit <<= 1 {
		if _, ok := m.holder(group, bit); ok {
			x.settable |= bit
		}
	}
	for _, sym := range []uint32{symControlL, symAltL, symMetaL, symSuperL, symHyperL} {
		x.commands |= m.bitsOf(group, sym)
	}
	x.commands &^= m.bitsOf(group, symLevel3) | m.bitsOf(group, symLevel5)
	return x
}

func (m *keymap) makeIndex(group uint8) *groupIndex {
	x := &groupIndex{syms: map[uint32][]spot{}, runes: map[rune][]spot{}}
	for _, fallback := range []bool{false, true} {
		for code := int(m.min); code <= int(m.max); code++ {
			k := m.keys[code]
			g, ok := k.groupOf(group)
			if !ok || fallbackKeys[m.names[code]] != fallback {
				continue
			}
			for level := range k.width {
				sym := k.sym(g, byte(level))
				if sym == 0 {
					continue
				}
				at := spot{byte(code), byte(level)}
				x.syms[sym] = append(x.syms[sym], at)
				if r := runeOf(sym); r >= 0 {
					x.runes[r] = append(x.runes[r], at)
				}
			}
		}
	}
	return x
}

// groups is the most groups that a key has.
func (m *keymap) groups() uint8 {
	n := uint8(0)
	for _, k := range m.keys {
		n = max(n, k.groupInfo&0x0f)
	}
	return min(n, 4)
}

// key returns the key that makes a keysym without any modifier.
func (m *keymap) key(group uint8, sym uint32) (code byte, ok bool) {
	for _, s := range m.in(group).syms[sym] {
		if s.level == 0 {
			return s.code, true
		}
	}
	return 0, false
}

// modifiers returns the bits that a key sets while it is held, 0 for other keys and for locks. Layouts move modifiers to other keys without
// telling the modifier map, so the keysym counts: any key with it does what the key in the map does.
func (m *keymap) modifiers(group uint8, code byte) uint8 {
	g, ok := m.keys[code].groupOf(group)
	if !ok {
		return 0
	}
	switch sym := m.keys[code].sym(g, 0); sym {
	case symShiftL, symShiftR, symControlL, symControlR, symAltL, symAltR, symMetaL, symMetaR,
		symSuperL, symSuperR, symHyperL, symHyperR, symLevel3, symLevel5:
		return m.bitsOf(group, sym) | m.modmap[code]
	}
	return 0
}

func (m *keymap) bitsOf(group uint8, sym uint32) (mods uint8) {
	for _, s := range m.in(group).syms[sym] {
		if s.level == 0 {
			mods |= m.modmap[s.code]
		}
	}
	return mods
}

// holder returns the key to hold for a single modifier bit.
func (m *keymap) holder(group, bit uint8) (code byte, ok bool) {
	for _, sym := range []uint32{symShiftL, symControlL, symAltL, symSuperL, symLevel3, symLevel5, symMetaL, symHyperL, symShiftR, symControlR, symAltR, symSuperR} {
		if m.bitsOf(group, sym) == bit {
			return m.key(group, sym)
		}
	}
	return 0, false
}

// way is how to make a character: a key, and what has to be arranged before.
type way struct {
	code    byte
	mods    uint8 // that are on when the key is pressed, of those in mask
	mask    uint8 // modifiers that matter to the key
	unlock  uint8 // locks to switch off meanwhile
	changes int   // how much has to be arranged; 0: nothing
}

// find returns the way to a character, or to a keysym that is none (r = -1), that changes the least. Never are modifiers that must be off.
func (m *keymap) find(s state, at []spot, r rune, never uint8) (best way, ok bool) {
	settable := m.in(s.group).settable
	for _, sp := range at {
		k := m.keys[sp.code]
		g, _ := k.groupOf(s.group)
		if int(k.types[g]) >= len(m.types) {
			continue
		}
		t := m.types[k.types[g]]
		for mods := t.mods; ; mods = (mods - 1) & t.mods { // every subset of t.mods
			if level, consumed := t.level(mods); level == sp.level && mods&never == 0 {
				flip := (mods ^ s.on()) & t.mods
				w := way{code: sp.code, mods: mods, mask: t.mods, unlock: flip &^ mods & (s.latched | s.locked)}
				// A Caps Lock that the key makes no use of itself makes programs turn the letter into a capital.
				if s.on()&maskLock != 0 && (unicode.IsUpper(r) || unicode.IsLower(r) || unicode.IsTitle(r)) {
					other, _ := t.level(mods ^ maskLock)
					if consumed&maskLock == 0 || k.sym(g, level) == k.sym(g, other) {
						w.unlock |= maskLock
					}
				}
				w.changes = bits.OnesCount8(flip) + 8*bits.OnesCount8(w.unlock)
				if flip&mods&^settable == 0 && (!ok || w.changes < best.changes) {
					best, ok = w, true
				}
			}
			if mods == 0 {
				break
			}
		}
	}
	return best, ok
}
