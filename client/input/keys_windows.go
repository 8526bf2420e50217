package input

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// release releases a key that the agent holds, if it does.
func (in *injector) release(name string) error {
	held, release := in.held.drop(name)
	if !release {
		return nil
	}
	return in.put(held.up())
}

// hold presses a modifier, or a key by its position, until its key-up event. Windows does not repeat what SendInput holds: the agent's own keyboard
// does, and each repeat is pressed again.
func (in *injector) hold(k Key) error {
	l, err := in.look()
	if err != nil {
		return err
	}
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
	in.held[k.name()] = hold[key]{pressed, k.family()}
	return nil
}

// tapKeypad taps a key of the keypad where the layout has the character there; a command uses the letter's or sign's own key.
func (in *injector) tapKeypad(k Key) (done bool, err error) {
	vk := keypadKeys[[2]string{k.Code, k.Key}]
	if vk == 0 || k.shortcut() {
		return false, nil
	}
	l, err := in.look()
	if err != nil {
		return false, err
	}
	r, _ := utf8.DecodeRuneInString(k.Key)
	if !l.types(l.key(vk), 0, false, r) {
		return false, nil
	}
	return true, in.put(in.arranged(0, l, l.key(vk).tap())...)
}

// tapNamed taps a key without a character, with the modifiers that the agent holds. Those of the keypad are other keys to Windows.
func (in *injector) tapNamed(k Key, _ <-chan struct{}) (done bool, err error) {
	vk := namedKeys[k.Key]
	if vk == 0 {
		return false, nil
	}
	l, err := in.look()
	if err != nil {
		return false, err
	}
	if vk == vkDelete && k.Modifiers&(ModControl|ModAlt|ModShift|ModMeta) == ModControl|ModAlt {
		return true, in.secureAttention()
	}
	pressed := l.key(vk)
	if strings.HasPrefix(k.Code, "Numpad") {
		pressed.extended = vk == vkReturn
	}
	return true, in.put(in.commands(k, l, pressed.tap())...)
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
// position.
func (in *injector) tapShortcut(r rune, k Key, _ <-chan struct{}) error {
	l, err := in.look()
	if err != nil {
		return err
	}
	pressed, with, ok := l.find(unicode.ToLower(latin(r, positions[k.Code].us)))
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
