package input

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"
)

func (x *x11) Key(k Key, down bool) error {
	if err := k.check(); err != nil {
		return err
	}
	return x.call(func(interrupted <-chan struct{}) error { return carryOut(x, x.held, k, down, interrupted) })
}

// release releases a key that the agent holds, if it does.
func (x *x11) release(name string) error {
	if code, release := x.held.drop(name); release {
		x.fake(xproto.KeyRelease, code)
	}
	return nil
}

// hold presses a modifier, or a key by its position, until its key-up event.
func (x *x11) hold(k Key) error {
	if _, ok := x.held[k.name()]; ok {
		return nil // a repeat; the server repeats by itself
	}
	now, err := x.look()
	if err != nil {
		return err
	}
	code, ok := x.keys.places[positions[k.Code].name], k.Code != ""
	if k.Key != "" {
		syms, right := modifierSyms[k.Key], strings.HasSuffix(k.Code, "Right")
		if right {
			slices.Reverse(syms[:])
		}
		if code, ok = x.keys.key(now.group, syms[0]); !ok {
			code, ok = x.keys.key(now.group, syms[1])
		}
	}
	if !ok || code == 0 {
		return fmt.Errorf("%q: %w", k.name(), ErrNoKey)
	}
	x.press(code)
	x.held[k.name()] = hold[byte]{code, k.family()}
	return nil
}

// press presses a key to be held. A modifier of the end-user's that arrange has lent is down for the XTEST device and up for the keyboard
// by now; the server takes no second press before a release.
func (x *x11) press(code byte) {
	if x.lent[code] {
		x.fake(xproto.KeyRelease, code)
		delete(x.lent, code)
	}
	x.fake(xproto.KeyPress, code)
}

// present is what the keyboard is doing now.
type present struct {
	state
	down  []byte // keys that are down, by whomever, a bit each
	focus xproto.Window
}

// look asks the server for everything that decides what a key press does, in one round trip, and refuses when it would go to a window of
// ours.
func (x *x11) look() (present, error) {
	// A server with several keyboards uses the map of the one that was used last. The release of a key that is not down makes no event, but
	// makes ours the last. It goes by ears, so that the changes of the map that it brings about come before the answer.
	xtest.FakeInput(x.ears, xproto.KeyRelease, x.minCode, 0, x.root, 0, 0, 0)
	focus := xproto.GetInputFocus(x.ears)
	state := x.kb.getState()
	down := xproto.QueryKeymap(x.conn)

	f, err := focus.Reply()
	if err != nil {
		return present{}, fmt.Errorf("ask for the focus: %w", err)
	}
	p := present{focus: f.Focus}
	if p.state, err = state.reply(); err != nil {
		return p, err
	}
	d, err := down.Reply()
	if err != nil {
		return p, fmt.Errorf("ask which keys are down: %w", err)
	}
	p.down = d.Keys
	if err := x.checkFocus(f.Focus); err != nil {
		return p, err
	}
	x.drain()
	if x.stale {
		if x.keys, err = x.kb.getMap(); err != nil {
			return p, err
		}
		x.stale = false
		x.spares.update(x.keys, x.minCode)
	}
	return p, nil
}

// tap presses and releases a key.
func (x *x11) tap(code byte, p present) {
	if isDown(p.down, code) {
		x.fake(xproto.KeyRelease, code) // the end-user is holding it
	}
	x.fake(xproto.KeyPress, code)
	x.fake(xproto.KeyRelease, code)
	x.spares.press(code, p.focus, x.clock.now())
}

// tapKeypad taps a key of the keypad if that makes what the agent's key makes, which depends on Num Lock; else the caller uses another key.
func (x *x11) tapKeypad(k Key) (done bool, err error) {
	sym := keypadSyms[[2]string{k.Code, k.Key}]
	if k.Code == "" || sym == 0 {
		return false, nil
	}
	p, err := x.look()
	if err != nil {
		return false, err
	}
	w, ok := x.keys.find(p.state, x.keys.in(p.group).syms[sym], -1, 0)
	if !ok || w.changes != 0 {
		return false, nil
	}
	undo := x.commands(k, p)
	x.tap(w.code, p)
	undo()
	return true, nil
}

// tapNamed taps the key that makes a keysym without modifiers, with those that the agent holds.
func (x *x11) tapNamed(k Key, interrupted <-chan struct{}) (done bool, err error) {
	sym := namedSyms[k.Key]
	if sym == 0 {
		return false, nil
	}
	for range 3 {
		p, err := x.look()
		if err != nil {
			return false, err
		}
		if code, ok := x.keys.key(p.group, sym); ok {
			undo := x.commands(k, p)
			x.tap(code, p)
			undo()
			return true, nil
		}
		if err := x.lend([]uint32{sym}, interrupted); err != nil {
			return false, err
		}
	}
	return false, fmt.Errorf("%q: %w", k.Key, ErrNoKey)
}

// commands presses the modifiers that the event says are held and we do not hold, since the viewer got the keyboard's focus with them down. The
// returned function releases them.
func (x *x11) commands(k Key, p present) (undo func()) {
	var pressed []byte
	for family, sym := range map[Modifiers]uint32{ModShift: symShiftL, ModControl: symControlL, ModAlt: symAltL, ModMeta: symSuperL} {
		held := false
		for _, h := range x.held {
			held = held || h.family&family != 0
		}
		if held || k.Modifiers&family == 0 || k.Modifiers&ModAltGraph != 0 {
			continue
		}
		if code, ok := x.keys.key(p.group, sym); ok && !isDown(p.down, code) {
			x.press(code)
			pressed = append(pressed, code)
		}
	}
	return func() {
		for _, code := range slices.Backward(pressed) {
			x.fake(xproto.KeyRelease, code)
		}
	}
}

// tapShortcut taps the key of a letter, digit or sign for a command. In order: the key that makes it in the present layout; the same in another
// layout of the keyboard, which is switched to meanwhile; the key at the same position; a spare key.
func (x *x11) tapShortcut(r rune, k Key, interrupted <-chan struct{}) error {
	r = latin(r, positions[k.Code].us)
	for range 3 {
		p, err := x.look()
		if err != nil {
			return err
		}
		code, group, w, ok := x.shortcutKey(r, p.state)
		if !ok && r > unicode.MaxASCII {
			code = x.keys.places[positions[k.Code].name]
			group, ok = p.lockedGroup, code != 0
		}
		if !ok {
			if err := x.lend([]uint32{lendable(unicode.ToLower(r))}, interrupted); err != nil {
				return err
			}
			continue
		}
		undo := x.commands(k, p)
		if group != p.lockedGroup {
			x.kb.lockGroup(group)
		}
		restore := x.arrange(p, w, 0)
		x.tap(code, p)
		restore()
		if group != p.lockedGroup {
			x.kb.lockGroup(p.lockedGroup)
		}
		undo()
		return nil
	}
	return fmt.Errorf("%q: %w", k.Key, ErrNoKey)
}

// shortcutKey finds a character's key and the layout that it needs. For a letter the key is enough: Shift is the agent's business, and Caps Lock
// changes no command. Any other sign may be on a level, and needs the modifiers that lead there.
func (x *x11) shortcutKey(r rune, s state) (code byte, group uint8, w way, ok bool) {
	if lower := unicode.ToLower(r); unicode.IsLetter(r) {
		for _, sp := range x.keys.in(s.group).runes[lower] {
			if sp.level == 0 {
				return sp.code, s.lockedGroup, w, true
			}
		}
	}
	if w, ok = x.keys.find(s, x.keys.in(s.group).runes[r], r, 0); ok {
		return w.code, s.lockedGroup, w, true
	}
	for g := range x.keys.groups() {
		for _, sp := range x.keys.in(g).runes[unicode.ToLower(r)] {
			if sp.level == 0 && s.group == s.lockedGroup {
				return sp.code, g, w, true
			}
		}
	}
	return 0, 0, w, false
}
