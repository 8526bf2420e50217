package input

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// holds are the keys that the agent holds, by Key.Code, else Key.Key. C is how the system knows a key.
type holds[C comparable] map[string]hold[C]

type hold[C comparable] struct {
	key    C
	family Modifiers // 0 for keys that are no modifiers
}

// past are the modifiers that the agent has let go while the viewer did not see it. Those that the agent holds and we do not are not
// pressed: they would stay. The event that they belong to gets them.
func (h holds[C]) past(k Key) (names []string) {
	for name, held := range h {
		if held.family != 0 && held.family&k.Modifiers == 0 && name != k.name() {
			names = append(names, name)
		}
	}
	return names
}

// drop forgets a key. It is to be released when it was held, and is not by another name: two keys of the agent's may be one here.
func (h holds[C]) drop(name string) (key C, release bool) {
	dropped, release := h[name]
	delete(h, name)
	for _, other := range h {
		release = release && other.key != dropped.key
	}
	return dropped.key, release
}

// keyboard is what a system does with keys; carryOut decides what of it a key event is. Each refuses what would go to a window of ours.
type keyboard interface {
	// release releases a key that the agent holds, if it does.
	release(name string) error
	// hold presses a modifier, or a key by its position, until its key-up event.
	hold(k Key) error
	// tapKeypad taps a key of the keypad, if it makes what the agent's key makes; else another key is used.
	tapKeypad(k Key) (done bool, err error)
	// tapNamed taps a key without a character, with the modifiers that the agent holds; false: there is no key of that name.
	tapNamed(k Key, interrupted <-chan struct{}) (done bool, err error)
	// tapShortcut taps the key of a letter, digit or sign for a command.
	tapShortcut(r rune, k Key, interrupted <-chan struct{}) error
	// typeText types characters one by one.
	typeText(s string, interrupted <-chan struct{}) error
}

// carryOut does on a keyboard what a key event asks for.
func carryOut[C comparable](b keyboard, held holds[C], k Key, down bool, interrupted <-chan struct{}) error {
	for _, name := range held.past(k) {
		if err := b.release(name); err != nil {
			return err
		}
	}
	switch {
	case !down:
		return b.release(k.name())
	case k.ignored():
		return nil
	case k.family() != 0 || k.Key == "":
		return b.hold(k)
	}
	if done, err := b.tapKeypad(k); done || err != nil {
		return err
	}
	if done, err := b.tapNamed(k, interrupted); done || err != nil {
		return err
	}
	text := k.text()
	switch {
	case text == "":
		return fmt.Errorf("%q: %w", k.Key, ErrNoKey)
	case k.shortcut():
		r, _ := utf8.DecodeRuneInString(text)
		return b.tapShortcut(r, k, interrupted)
	}
	if err := checkText(text); err != nil {
		return err
	}
	return b.typeText(text, interrupted)
}

// characters are those of a text, a line end being one.
func characters(s string) []rune { return []rune(strings.ReplaceAll(s, "\r\n", "\n")) }

// latin is the character that a command is meant with: a letter of another script stands for the Latin one at its position, if there is one, as programs
// take it.
func latin(r, us rune) rune {
	if r > unicode.MaxLatin1 && us != 0 {
		return us
	}
	return r
}
