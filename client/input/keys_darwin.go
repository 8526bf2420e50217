package input

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"deskhand/internal/mac"
)

// Key implements Injector.
func (in *injector) Key(k Key, down bool) error {
	if err := k.check(); err != nil {
		return err
	}
	return in.call(func(interrupted <-chan struct{}) error { return in.key(k, down, interrupted) })
}

func (in *injector) key(k Key, down bool, interrupted <-chan struct{}) error {
	if err := in.letGo(k); err != nil {
		return err
	}
	if !down {
		return in.release(k.name())
	}
	if k.ignored() {
		return nil
	}
	if err := in.checkKeys(); err != nil {
		return err
	}
	if k.family() != 0 || k.Key == "" {
		return in.hold(k)
	}
	if code, ok := mac.Named[k.Key]; ok {
		if place, ok := mac.Positions[k.Code]; ok && strings.HasPrefix(k.Code, "Numpad") && k.Key == "Enter" {
			code = place.Code
		}
		return in.tap(code, commands(k))
	}
	text := k.text()
	switch {
	case text == "":
		return fmt.Errorf("%q: %w", k.Key, ErrNoKey)
	case k.shortcut():
		r, _ := utf8.DecodeRuneInString(text)
		return in.tapShortcut(r, k)
	}
	if err := checkText(text); err != nil {
		return err
	}
	return in.typeText(text, interrupted)
}

// letGo releases the modifiers that the agent has let go while the viewer did not see it.
func (in *injector) letGo(k Key) error {
	for name, h := range in.held {
		if h.family != 0 && h.family&k.Modifiers == 0 && name != k.name() {
			if err := in.release(name); err != nil {
				return err
			}
		}
	}
	return nil
}

// release releases a key that the agent holds, if it does.
func (in *injector) release(name string) error {
	h, ok := in.held[name]
	if !ok {
		return nil
	}
	delete(in.held, name)
	return mac.PostKey(h.code, false, in.flags())
}

// hold presses a modifier, or a key by its position, until its key-up event. Nothing repeats what is posted: the agent's own keyboard does, and each repeat
// is pressed again.
func (in *injector) hold(k Key) error {
	h, held := in.held[k.name()]
	if held && h.family != 0 {
		return nil
	}
	place, ok := mac.Positions[k.Code]
	h = hold{place.Code, k.family()}
	if two, named := mac.Modifiers[k.Key]; named {
		h.code, ok = two[0], true
		if strings.HasSuffix(k.Code, "Right") {
			h.code = two[1]
		}
	}
	if !ok {
		return fmt.Errorf("%q: %w", k.name(), ErrNoKey)
	}
	in.held[k.name()] = h
	return mac.PostKey(h.code, true, in.flags())
}

// tap presses and releases a key.
func (in *injector) tap(code uint16, flags uint64) error {
	if err := mac.PostKey(code, true, flags); err != nil {
		return err
	}
	return mac.PostKey(code, false, flags)
}

// tapShortcut taps the key of a letter, digit or sign for a command: the one that makes it in the layout in use, else the one at the same position. A letter of
// another script stands for the Latin one at its position.
func (in *injector) tapShortcut(r rune, k Key) error {
	place, placed := mac.Positions[k.Code]
	if r > unicode.MaxLatin1 && place.US != 0 {
		r = place.US
	}
	code, ok := mac.KeyFor(unicode.ToLower(r))
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

// Text implements Injector.
func (in *injector) Text(s string) error {
	if err := checkText(s); err != nil {
		return err
	}
	return in.call(func(interrupted <-chan struct{}) error { return in.typeText(s, interrupted) })
}

// typeText types characters one by one, each as itself, whatever the layout.
func (in *injector) typeText(s string, interrupted <-chan struct{}) error {
	for _, r := range strings.ReplaceAll(s, "\r\n", "\n") {
		select {
		case <-interrupted:
			return ErrInterrupted
		default:
		}
		if err := in.checkKeys(); err != nil {
			return err
		}
		if err := in.character(r); err != nil {
			return err
		}
	}
	return nil
}

func (in *injector) character(r rune) error {
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
