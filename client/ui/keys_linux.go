package ui

import (
	"github.com/jezek/xgb/xproto"
)

// Key symbols (X11 keysymdef.h) that windows understand.
const (
	symBackTab   = 0xfe20
	symBackspace = 0xff08
	symTab       = 0xff09
	symReturn    = 0xff0d
	symEscape    = 0xff1b
	symHome      = 0xff50
	symLeft      = 0xff51
	symRight     = 0xff53
	symEnd       = 0xff57
	symInsert    = 0xff63
	symNumLock   = 0xff7f
	symKPSpace   = 0xff80
	symKPEnter   = 0xff8d
	symKPHome    = 0xff95
	symKPLeft    = 0xff96
	symKPRight   = 0xff98
	symKPEnd     = 0xff9c
	symKPInsert  = 0xff9e
	symKPDelete  = 0xff9f
	symKP0       = 0xffb0
	symKP9       = 0xffb9
	symDelete    = 0xffff
	symPause     = 0xff13
	symF12       = 0xffc9
	symUnicode   = 0x01000000
)

// keyboard is the server's mapping of keys to symbols.
type keyboard struct {
	first   xproto.Keycode
	per     int
	syms    []xproto.Keysym
	numLock uint16 // modifier mask
}

// readKeyboard asks for the mapping; it changes with the layout.
func (x *xserver) readKeyboard() keyboard {
	first := x.setup.MinKeycode
	k := keyboard{first: first}
	r, err := xproto.GetKeyboardMapping(x.Conn, first, byte(x.setup.MaxKeycode-first+1)).Reply()
	if err != nil {
		return k
	}
	k.per, k.syms = int(r.KeysymsPerKeycode), r.Keysyms
	mods, err := xproto.GetModifierMapping(x.Conn).Reply()
	if err != nil || mods.KeycodesPerModifier == 0 {
		return k
	}
	for i, code := range mods.Keycodes {
		if has(k.row(code), symNumLock) {
			k.numLock = 1 << (i / int(mods.KeycodesPerModifier))
		}
	}
	return k
}

// row is all symbols of a key: pairs of plain and shifted, one pair for each group.
func (k keyboard) row(code xproto.Keycode) []xproto.Keysym {
	at := int(code-k.first) * k.per
	if code < k.first || at+k.per > len(k.syms) {
		return nil
	}
	return k.syms[at : at+k.per]
}

// code finds a key that has one of the symbols; 0 when there is none.
func (k keyboard) code(syms ...xproto.Keysym) xproto.Keycode {
	for i := range k.syms {
		for _, s := range syms {
			if k.syms[i] == s {
				return k.first + xproto.Keycode(i/k.per)
			}
		}
	}
	return 0
}

func has(row []xproto.Keysym, syms ...xproto.Keysym) bool {
	for _, r := range row {
		for _, s := range syms {
			if r == s {
				return true
			}
		}
	}
	return false
}

// press translates a key press.
func (k keyboard) press(code xproto.Keycode, state uint16) (key, string) {
	row := k.row(code)
	if len(row) == 0 {
		return keyNone, ""
	}
	shift := state&xproto.ModMaskShift != 0
	if state&xproto.ModMaskControl != 0 {
		switch {
		case has(row, 'v', 'V'):
			return keyPaste, ""
		case has(row, 'a', 'A'):
			return keyAll, ""
		}
	}
	if state&(xproto.ModMaskControl|xproto.ModMask1|xproto.ModMask4) != 0 {
		return keyNone, "" // shortcuts of the desktop
	}
	if pad := keypad(row); pad != "" {
		if (state&k.numLock != 0) != shift {
			return keyNone, pad
		}
		return namedKey(row[0], false), ""
	}
	sym := symbol(row, state, shift)
	if named := namedKey(sym, shift); named != keyNone {
		return named, ""
	}
	if d := typed(sym); d != "" || shift {
		return keyNone, d
	}
	return keyNone, typed(symbol(row, state, true)) // French keyboards have the digits on the shifted level
}

// keypad returns the digit that a key of the number pad has with Num Lock.
func keypad(row []xproto.Keysym) string {
	for _, s := range row {
		if s >= symKP0 && s <= symKP9 {
			return string(rune('0' + s - symKP0))
		}
	}
	return ""
}

// symbol picks the plain or shifted symbol of the current group (bits 13 and 14 of the state).
func symbol(row []xproto.Keysym, state uint16, shift bool) xproto.Keysym {
	at := int(state>>13&3) * 2
	if at+1 >= len(row) || row[at] == 0 {
		at = 0
	}
	if shift && at+1 < len(row) && row[at+1] != 0 {
		return row[at+1]
	}
	return row[at]
}

// typed is the digit of a symbol, of any script.
func typed(s xproto.Keysym) string {
	r := rune(s)
	if s >= symUnicode {
		r = rune(s - symUnicode)
	} else if s > 0xff {
		return ""
	}
	if d, ok := digit(r); ok {
		return string(rune(d))
	}
	return ""
}

func namedKey(s xproto.Keysym, shift bool) key {
	switch s {
	case symBackTab:
		return keyBackTab
	case symTab:
		if shift {
			return keyBackTab
		}
		return keyTab
	case symReturn, symKPEnter:
		return keyEnter
	case ' ', symKPSpace:
		return keySpace
	case symEscape:
		return keyEscape
	case symLeft, symKPLeft:
		return keyLeft
	case symRight, symKPRight:
		return keyRight
	case symHome, symKPHome:
		return keyHome
	case symEnd, symKPEnd:
		return keyEnd
	case symBackspace:
		return keyBackspace
	case symDelete, symKPDelete:
		return keyDelete
	case symInsert, symKPInsert:
		if shift {
			return keyPaste
		}
	}
	return keyNone
}
