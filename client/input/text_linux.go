package input

import (
	"fmt"
	"slices"
	"time"

	"github.com/jezek/xgb/xproto"
)

// lookAhead is how many characters of a text are looked at to put several on spare keycodes at once.
const lookAhead = 64

func (x *x11) Text(s string) error {
	if err := checkText(s); err != nil {
		return err
	}
	interrupted, err := x.enter()
	if err != nil {
		return err
	}
	defer x.mu.Unlock()
	// The agent's own modifiers do not belong to the text: a paste comes while Ctrl+V is held.
	held := x.held
	x.held = holds[byte]{}
	for _, h := range held {
		x.fake(xproto.KeyRelease, h.key)
	}
	err = x.typeText(s, interrupted)
	if err == nil {
		for _, h := range held {
			x.press(h.key)
		}
		x.held = held
	}
	return err
}

// typeText types characters one by one.
func (x *x11) typeText(s string, interrupted <-chan struct{}) error {
	rest := characters(s)
	for len(rest) > 0 {
		if err := stopped(interrupted); err != nil {
			return err
		}
		p, err := x.look()
		if err != nil {
			return err
		}
		w, never, ok := x.way(rest[0], p)
		if !ok {
			if err := x.lend(x.missing(rest, p), interrupted); err != nil {
				return err
			}
			continue
		}
		restore := x.arrange(p, w, never)
		x.tap(w.code, p)
		restore()
		rest = rest[1:]
	}
	return nil
}

// way finds how to type a character with the map as it is, and which modifiers must be off for it.
func (x *x11) way(r rune, p present) (w way, never uint8, ok bool) {
	in := x.keys.in(p.group)
	never = in.commands
	at := in.runes[r]
	if sym := layoutSym(r); sym != 0 {
		at, r, never = in.syms[sym], -1, never|maskShift // Shift+Enter is another command
	}
	w, ok = x.keys.find(p.state, at, r, never)
	return w, never, ok
}

// layoutSym is the keysym of a character that is a key with a name, 0 of others.
func layoutSym(r rune) uint32 {
	switch r {
	case '\n', '\r':
		return symReturn
	case '\t':
		return symTab
	}
	return 0
}

// missing lists the keysyms of the next characters that no key makes.
func (x *x11) missing(text []rune, p present) (syms []uint32) {
	for _, r := range text[:min(len(text), lookAhead)] {
		sym := layoutSym(r)
		if sym == 0 {
			sym = lendable(r)
		}
		if _, _, ok := x.way(r, p); !ok && !slices.Contains(syms, sym) {
			syms = append(syms, sym)
		}
	}
	return syms
}

// lend puts keysyms on spare keycodes, as many as there are idle ones, at least one; it waits for that. The caller looks again: the server tells
// of the change by then, and tells every other program before that gets a key press with it.
func (x *x11) lend(syms []uint32, interrupted <-chan struct{}) error {
	defer x.stopAsking()
	for {
		now := x.clock.now()
		codes, wait, ok := x.spares.take(len(syms), now)
		if !ok {
			return fmt.Errorf("no spare keycode on this keyboard: %w", ErrNoKey)
		}
		if len(codes) == 0 {
			if !x.pause(wait, interrupted) {
				return ErrInterrupted
			}
			continue
		}
		return x.put(codes, syms, now)
	}
}

func (x *x11) put(codes []byte, syms []uint32, now time.Time) error {
	more := make([]slot, len(codes))
	for i, code := range codes {
		more[i] = slot{code: code, sym: syms[i]}
	}
	x.note(more...)
	var cookies []xproto.ChangeKeyboardMappingCookie
	for _, s := range more {
		cookies = append(cookies, x.putKeysym(s.code, s.sym))
		x.spares.lend(s.code, s.sym, now)
	}
	for _, c := range cookies {
		if err := c.Check(); err != nil {
			return fmt.Errorf("put a character on a spare keycode: %w", err)
		}
	}
	return nil
}

// arrange brings about the modifiers for a character: presses and releases modifier keys and switches off locks, the end-user's as well. Never
// are modifiers that must be off even though the key does not care. The returned function puts everything back.
//
// A modifier that the end-user holds is released here though it is physically down. If the end-user lets it go before it is put back, a
// matter of microseconds, it stays down until the end-user presses it again.
func (x *x11) arrange(p present, w way, never uint8) (restore func()) {
	var released, pressed []byte
	if w.unlock |= never & (p.locked | p.latched); w.unlock != 0 {
		x.kb.lock(w.unlock, 0)
	}
	off := p.base & (w.mask&^w.mods | never)
	for code := x.keys.min; off != 0; code++ {
		if isDown(p.down, code) && x.keys.modifiers(p.group, code)&off != 0 {
			x.fake(xproto.KeyRelease, code)
			released = append(released, code)
		}
		if code == x.keys.max {
			break
		}
	}
	for bit := uint8(1); bit != 0; bit <<= 1 {
		if w.mods&w.mask&^p.on()&bit == 0 {
			continue
		}
		if code, ok := x.keys.holder(p.group, bit); ok {
			x.press(code)
			pressed = append(pressed, code)
		}
	}
	return func() {
		for _, code := range slices.Backward(pressed) {
			x.fake(xproto.KeyRelease, code)
		}
		for _, code := range slices.Backward(released) {
			x.press(code)
			if !x.holds(code) {
				x.lent[code] = true
			}
		}
		if on := w.unlock & p.locked; on != 0 {
			x.kb.lock(on, on)
		}
	}
}

// holds tells whether the agent holds a key.
func (x *x11) holds(code byte) bool {
	for _, h := range x.held {
		if h.key == code {
			return true
		}
	}
	return false
}
