package input

import (
	"slices"
	"unicode/utf16"

	"deskhand/internal/win32"
)

// character types a character: with its key where the layout has one, else as what Windows calls a packet, which programs get as the character itself. One
// beyond the basic plane is a packet of two parts.
func (in *injector) character(r rune) error {
	l, err := in.look()
	if err != nil {
		return err
	}
	return in.put(in.strokes(r, l)...)
}

// strokes are what types a character.
func (in *injector) strokes(r rune, l layout) []event {
	switch r {
	case '\n', '\r':
		return in.arranged(0, l, l.key(vkReturn).tap())
	case '\t':
		return in.arranged(0, l, l.key(vkTab).tap())
	}
	if k, with, ok := l.find(r); ok && (with&(withControl|withAlt) == 0 || with&(withControl|withAlt) == withControl|withAlt) {
		capsLock := isOn(vkCapital)
		for _, with := range []uint8{with, with ^ withShift} { // Caps Lock exchanges them
			if l.types(k, with, capsLock, r) {
				return in.arranged(with, l, k.tap())
			}
		}
	}
	var events []event
	for _, unit := range utf16.AppendRune(nil, r) {
		events = append(events, keyEvent(0, unit, win32.KeyUnicode), keyEvent(0, unit, win32.KeyUnicode|win32.KeyUp))
	}
	return in.arranged(0, l, events)
}

// modifiers are the keys of each modifier.
var modifiers = []struct {
	family Modifiers
	with   uint8
	keys   [2]uint16
}{
	{ModShift, withShift, [2]uint16{vkLShift, vkRShift}},
	{ModControl, withControl, [2]uint16{vkLControl, vkRControl}},
	{ModAlt, withAlt, [2]uint16{vkLMenu, vkRMenu}},
	{ModMeta, 0, [2]uint16{vkLWin, vkRWin}},
}

// arranged puts around events what brings about the modifiers for a character, the end-user's as well, and what puts everything back. Since all goes
// to Windows at once, the end-user cannot let go of a key in between.
//
// Alt or the Windows key that goes down and up with nothing in between opens a menu; a key that means nothing, in between, prevents that.
func (in *injector) arranged(with uint8, l layout, events []event) []event {
	var before, after []event
	nothing := key{vk: vkNothing}.tap()
	for _, m := range modifiers {
		wanted := with&m.with != 0
		for _, vk := range m.keys {
			if !isDown(vk) {
				continue
			}
			if wanted {
				wanted = false // it is held already
				continue
			}
			if with&m.with != 0 {
				continue // the other one of the two; it does no harm
			}
			k := l.key(vk)
			if m.family&(ModAlt|ModMeta) != 0 {
				before = append(before, nothing...)
				after = slices.Concat([]event{k.press()}, nothing, after)
			} else {
				after = slices.Concat([]event{k.press()}, after)
			}
			before = append(before, k.up())
		}
		if wanted {
			k := l.key(m.keys[0])
			if m.with == withAlt {
				k = l.key(vkRMenu) // AltGr
			}
			before = append(before, k.press())
			after = append([]event{k.up()}, after...)
		}
	}
	return slices.Concat(before, events, after)
}
