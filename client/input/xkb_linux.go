package input

import (
	"errors"
	"fmt"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// xkb speaks the few requests of the X Keyboard Extension that are needed, by hand: xgb has no package for it. The core protocol alone
// tells neither which modifiers reach which level of a key, nor what is locked and what is held. Source: The X Keyboard Extension,
// Protocol Specification (X Consortium Standard), and XKBproto.h.
//
// All requests name the core keyboard, so the extension has no error of its own to answer with.
type xkb struct {
	conn   *xgb.Conn
	opcode byte
}

const (
	xkbUseExtension   = 0
	xkbGetState       = 4
	xkbLatchLockState = 5
	xkbGetMap         = 8
	xkbGetNames       = 17

	xkbCoreKeyboard = 0x100

	xkbKeyTypes    = 1 << 0
	xkbKeySyms     = 1 << 1
	xkbModifierMap = 1 << 2
	xkbKeyNames    = 1 << 9
)

var errShortReply = errors.New("the X server's description of the keyboard is cut off")

func newXKB(c *xgb.Conn) (*xkb, error) {
	const name = "XKEYBOARD"
	ext, err := xproto.QueryExtension(c, uint16(len(name)), name).Reply()
	if err != nil {
		return nil, fmt.Errorf("ask for %s: %w", name, err)
	}
	if !ext.Present {
		return nil, errors.New("the X server has no XKEYBOARD extension")
	}
	k := &xkb{conn: c, opcode: ext.MajorOpcode}
	reply, err := k.send(xkbUseExtension, []byte{1, 0, 0, 0}, true).Reply() // version 1.0
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	if reply[1] == 0 {
		return nil, errors.New("the X server's XKEYBOARD extension has another version than 1.0")
	}
	return k, nil
}

// send sends a request whose body has a length divisible by four.
func (k *xkb) send(minor byte, body []byte, reply bool) *xgb.Cookie {
	buf := make([]byte, 4+len(body))
	buf[0], buf[1] = k.opcode, minor
	xgb.Put16(buf[2:], uint16(len(buf)/4))
	copy(buf[4:], body)
	cookie := k.conn.NewCookie(reply, reply)
	k.conn.NewRequest(buf, cookie)
	return cookie
}

// state is which modifiers (bits as in the core protocol: Shift, Lock, Control, Mod1 to Mod5) and which layout are on, and why.
type state struct {
	base, latched, locked uint8 // held; for the next key only; until switched off
	group, lockedGroup    uint8 // the layout, from 0: in effect, and as switched to
}

// on is what counts for the next key.
func (s state) on() uint8 { return s.base | s.latched | s.locked }

type stateCookie struct{ *xgb.Cookie }

func (k *xkb) getState() stateCookie {
	return stateCookie{k.send(xkbGetState, keyboardAnd(0), true)}
}

func (c stateCookie) reply() (state, error) {
	b, err := c.Reply()
	if err != nil {
		return state{}, fmt.Errorf("ask for the keyboard's state: %w", err)
	}
	return state{base: b[9], latched: b[10], locked: b[11], group: b[12], lockedGroup: b[13]}, nil
}

// lock switches the modifiers of mask on or off as in on, and ends their latches.
func (k *xkb) lock(mask, on uint8) {
	body := keyboardAnd(8)
	body[2], body[3], body[6] = mask, on, mask
	k.send(xkbLatchLockState, body, false)
}

// lockGroup switches to a layout.
func (k *xkb) lockGroup(group uint8) {
	body := keyboardAnd(8)
	body[4], body[5] = 1, group
	k.send(xkbLatchLockState, body, false)
}

// getMap asks for the whole map of the core keyboard, and the names of its keys.
func (k *xkb) getMap() (*keymap, error) {
	body := keyboardAnd(20)
	xgb.Put16(body[2:], xkbKeyTypes|xkbKeySyms|xkbModifierMap)
	mapped := k.send(xkbGetMap, body, true)
	body = keyboardAnd(4)
	xgb.Put32(body[4:], xkbKeyNames)
	named := k.send(xkbGetNames, body, true)

	b, err := mapped.Reply()
	if err != nil {
		return nil, fmt.Errorf("ask for the keyboard map: %w", err)
	}
	m, err := parseMap(b)
	if err != nil {
		return nil, err
	}
	if b, err = named.Reply(); err != nil {
		return nil, fmt.Errorf("ask for the names of the keys: %w", err)
	}
	return m, m.parseNames(b)
}

// keyboardAnd is a body that starts with the core keyboard's device and two bytes more, and then has n bytes.
func keyboardAnd(n int) []byte {
	b := make([]byte, 4+n)
	xgb.Put16(b, xkbCoreKeyboard)
	return b
}

// reader takes bytes off a reply; past its end it gives zeros and remembers.
type reader struct {
	b     []byte
	short bool
}

func (r *reader) take(n int) []byte {
	if n > len(r.b) {
		r.short = true
		return make([]byte, n)
	}
	b := r.b[:n]
	r.b = r.b[n:]
	return b
}

// parseMap reads a GetMap reply that has types, keysyms and the modifier map, in this order after 40 bytes.
func parseMap(b []byte) (*keymap, error) {
	r := &reader{b: b}
	h := r.take(40)
	m := &keymap{min: h[10], max: h[11], types: make([]keyType, h[15])}
	for i := range m.types {
		t := r.take(8)
		kt := keyType{mods: t[0], levels: make([]levelEntry, t[5])}
		for j := range kt.levels {
			e := r.take(8)
			kt.levels[j] = levelEntry{active: e[0] != 0, mods: e[1], level: e[2]}
		}
		if t[6] != 0 {
			for j := range kt.levels {
				kt.levels[j].preserve = r.take(4)[0]
			}
		}
		m.types[i] = kt
	}
	first, n := int(h[17]), int(h[20])
	if first+n > len(m.keys) || r.short {
		return nil, errShortReply
	}
	for i := range n {
		s := r.take(8)
		syms := r.take(4 * int(xgb.Get16(s[6:])))
		if r.short {
			return nil, errShortReply
		}
		k := keySyms{types: [4]uint8(s[:4]), groupInfo: s[4], width: int(s[5]), syms: make([]uint32, len(syms)/4)}
		for j := range k.syms {
			k.syms[j] = xgb.Get32(syms[4*j:])
		}
		m.keys[first+i] = k
	}
	for range int(h[33]) {
		e := r.take(2)
		m.modmap[e[0]] = e[1]
	}
	if r.short {
		return nil, errShortReply
	}
	return m, nil
}

// parseNames reads a GetNames reply that has the names of keys only, four bytes each after 32 bytes.
func (m *keymap) parseNames(b []byte) error {
	r := &reader{b: b}
	h := r.take(32)
	m.places = map[string]byte{}
	for i := range int(h[19]) {
		name := r.take(4)
		n := 0
		for n < 4 && name[n] != 0 {
			n++
		}
		if code := int(h[18]) + i; n > 0 && code < len(m.names) {
			m.names[code] = string(name[:n])
			m.places[m.names[code]] = byte(code)
		}
	}
	if r.short {
		return errShortReply
	}
	return nil
}
