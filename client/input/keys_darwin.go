package input

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"

	"deskhand/internal/mac"
)

// release releases a key that the agent holds, if it does.
func (in *injector) release(name string) error {
	code, release := in.held.drop(name)
	if !release {
		return nil
	}
	return mac.PostKey(code, false, in.flags())
}

// hold presses a modifier, or a key by its position, until its key-up event. Nothing repeats what is posted: the agent's own keyboard does, and each repeat
// is pressed again.
func (in *injector) hold(k Key) error {
	if err := in.checkKeys(); err != nil {
		return err
	}
	if h, held := in.held[k.name()]; held && h.family != 0 {
		return nil
	}
	place, ok := mac.Positions[k.Code]
	code := place.Code
	if two, named := mac.Modifiers[k.Key]; named {
		code, ok = two[0], true
		if strings.HasSuffix(k.Code, "Right") {
			code = two[1]
		}
	}
	if !ok {
		return fmt.Errorf("%q: %w", k.name(), ErrNoKey)
	}
	in.held[k.name()] = hold[uint16]{code, k.family()}
	return mac.PostKey(code, true, in.flags())
}

// tapKeypad leaves it to typeText: every character is typed as itself.
func (in *injector) tapKeypad(Key) (done bool, err error) { return false, nil }

// tapNamed taps a key without a character.
func (in *injector) tapNamed(k Key, _ <-chan struct{}) (done bool, err error) {
	code, ok := mac.Named[k.Key]
	if !ok {
		return false, nil
	}
	if place, ok := mac.Positions[k.Code]; ok && strings.HasPrefix(k.Code, "Numpad") && k.Key == "Enter" {
		code = place.Code
	}
	if err := in.checkKeys(); err != nil {
		return false, err
	}
	return true, in.tap(code, commands(k))
}

// tap presses and releases a key.
func (in *injector) tap(code uint16, flags uint64) error {
	if err := mac.PostKey(code, true, flags); err != nil {
		return err
	}
	return mac.PostKey(code, false, flags)
}

// tapShortcut taps the key of a letter, digit or sign for a command: the one that makes it in the layout in use, else the one at the same position.
func (in *injector) tapShortcut(r rune, k Key, _ <-chan struct{}) error {
	if err := in.checkKeys(); err != nil {
		return err
	}
	place, placed := mac.Positions[k.Code]
	code, ok := mac.KeyFor(unicode.ToLower(latin(r, place.US)))
	if !ok {
		if !placed {
			return fmt.Errorf("%q: %w", k.Key, ErrNoKey)
		}
		code = place.Code
	}
	return in.tap(code, commands(k))
}

// commands are the modifiers that an event says are held.
func commands(k Key) (flags uint64) {
	for m, flag := range map[Modifiers]uint64{ModShift: mac.FlagShift, ModControl: mac.FlagControl, ModAlt: mac.FlagOption, ModMeta: mac.FlagCommand} {
		if k.Modifiers&m != 0 {
			flags |= flag
		}
	}
	if k.Modifiers&ModAltGraph != 0 {
		flags &^= mac.FlagControl | mac.FlagOption
	}
	return flags
}

// character types a character as itself, whatever the layout.
func (in *injector) character(r rune) error {
	if err := in.checkKeys(); err != nil {
		return err
	}
	switch r {
	case '\n', '\r':
		return in.tap(mac.KeyReturn, 0)
	case '\t':
		return in.tap(mac.KeyTab, 0)
	case ' ':
		return in.tap(mac.KeySpace, 0)
	}
	return mac.PostText(utf16.AppendRune(nil, r))
}
