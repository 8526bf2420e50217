package input

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
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
	l, err := in.look()
	if err != nil {
		return err
	}
	if k.family() != 0 || k.Key == "" {
		return in.hold(k, l)
	}
	if vk := namedKeys[k.Key]; vk != 0 {
		return in.tapNamed(vk, k, l)
	}
	text := k.text()
	switch {
	case text == "":
		return fmt.Errorf("%q: %w", k.Key, ErrNoKey)
	case k.shortcut():
		r, _ := utf8.DecodeRuneInString(text)
		return in.tapShortcut(r, k, l)
	}
	if vk := keypadKeys[[2]string{k.Code, k.Key}]; vk != 0 {
		if r, _ := utf8.DecodeRuneInString(text); l.types(l.key(vk), 0, false, r) {
			return in.put(in.arranged(0, l, l.key(vk).tap())...)
		}
	}
	if err := checkText(text); err != nil {
		return err
	}
	return in.typeText(text, interrupted)
}

// letGo releases the modifiers that the agent has let go while the viewer did not see it. Those that the agent holds and we do not are not
// pressed: they would stay. The event that they belong to gets them, see commands.
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
	for _, other := range in.held {
		if other.key == h.key {
			return nil // both Alt keys of the agent's are one here
		}
	}
	return in.put(h.key.up())
}

// hold presses a modifier, or a key by its position, until its key-up event. Windows does not repeat what SendInput holds: the agent's own keyboard
// does, and each repeat is pressed again.
func (in *injector) hold(k Key, l layout) error {
	if h, ok := in.held[k.name()]; ok {
		if h.family != 0 {
			return nil
		}
		return in.put(h.key.press())
	}
	pressed, ok := l.at(positions[k.Code].scan)
	if vks := modifierKeys[k.Key]; k.Key != "" {
		vk := vks[0]
		if strings.HasSuffix(k.Code, "Right") {
			vk = vks[1]
		}
		pressed, ok = l.key(vk), vk != 0
	}
	if !ok {
		return fmt.Errorf("%q: %w", k.name(), ErrNoKey)
	}
	if err := in.put(pressed.press()); err != nil {
		return err
	}
	in.held[k.name()] = hold{pressed, k.family()}
	return nil
}

// tapNamed taps a key without a character, with the modifiers that the agent holds. Those of the keypad are other keys to Windows.
func (in *injector) tapNamed(vk uint16, k Key, l layout) error {
	if vk == vkDelete && k.Modifiers&(ModControl|ModAlt|ModShift|ModMeta) == ModControl|ModAlt {
		return in.secureAttention()
	}
	pressed := l.key(vk)
	if strings.HasPrefix(k.Code, "Numpad") {
		pressed.extended = vk == vkReturn
	}
	return in.put(in.commands(k, l, pressed.tap())...)
}

// commands puts the modifiers that the event says are held and nobody holds, since the viewer got the keyboard's focus with them down, around events.
func (in *injector) commands(k Key, l layout, events []event) []event {
	if k.Modifiers&ModAltGraph != 0 {
		return events
	}
	var before, after []event
	for _, m := range modifiers {
		if k.Modifiers&m.family != 0 && !slices.ContainsFunc(m.keys[:], isDown) {
			before = append(before, l.key(m.keys[0]).press())
			after = append([]event{l.key(m.keys[0]).up()}, after...)
		}
	}
	return slices.Concat(before, events, after)
}

// tapShortcut taps the key of a letter, digit or sign for a command: the key that makes it in the present layout, else the key at the same
// position. A letter of another script stands for the Latin one at its position, as programs take it.
func (in *injector) tapShortcut(r rune, k Key, l layout) error {
	if us := positions[k.Code].us; r > unicode.MaxLatin1 && us != 0 {
		r = us
	}
	pressed, with, ok := l.find(unicode.ToLower(r))
	if !ok {
		if pressed, ok = l.at(positions[k.Code].scan); !ok {
			return fmt.Errorf("%q: %w", k.Key, ErrNoKey)
		}
		with = 0
	}
	events := pressed.tap()
	if with&withShift != 0 && k.Modifiers&ModShift == 0 {
		shift := l.key(vkLShift)
		events = slices.Concat([]event{shift.press()}, events, []event{shift.up()})
	}
	return in.put(in.commands(k, l, events)...)
}
