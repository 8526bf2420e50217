// Package input makes pointer movements, clicks, key presses and text on the end-user's computer, as an agent's viewer asks for them.
//
// Keys follow the character that the agent typed, not the position of the key: a French agent's é arrives as é on a computer with a US
// layout. On X11 a character that the present layout can make is typed with its key, and Shift, AltGr and the locks are arranged around it;
// any other character is put on a spare keycode first. On Windows that is the layout of the program in the foreground, and any other character goes
// there as what it is; on macOS every character does. Ctrl, Alt and Super with a letter use the key that makes this letter there.
//
// # Taps and holds
//
// Modifiers are held for as long as the agent holds them. Every other key that comes with a Key.Key is tapped, pressed and released at
// once, once for each key-down event; its key-up event does nothing. A browser repeats key-down by itself while a key is held, and so does
// the X server with a key that stays down: were both to repeat, or were a release delayed by the network, one Backspace could delete a
// whole line. So exactly as many characters arrive as the browser sent. Only key positions (Key.Key empty, for programs that want a key
// held) are really held, and then the remote computer repeats them as it repeats its own keyboard; Windows and macOS do not, there each repeat of
// the browser is one.
//
// # Limits
//
// Input methods (IBus, Fcitx) that are switched on at the end-user's desktop see what is typed and may change it, as they do with a real
// keyboard. Slow Keys, an accessibility setting that ignores short presses, ignores taps as well. A program that neither says what it has
// read nor reads for longer than a second may see a wrong character, when more characters that the layout does not have were typed
// meanwhile than there are spare keycodes, some twenty.
package input

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Injector makes input. Its calls may come from any goroutine; they are carried out one at a time, in the order in which they come, so one
// goroutine should make them. Each returns when the system has been told, not when a program has reacted. Errors: ErrOwnWindow, ErrClosed,
// ErrInterrupted, ErrNoKey, ErrBadText, or a wrapped error of the display when that is gone.
type Injector interface {
	// Pointer moves the pointer, in pixels of the whole desktop from its top left corner. Positions outside are moved to its edge.
	Pointer(x, y int) error
	// Button presses or releases a button. A press over one of the client's own windows is refused with ErrOwnWindow.
	Button(b Button, down bool) error
	// Wheel turns the wheel, in 1/120 of a notch, positive to the right and down. Parts of a notch add up until a whole one is turned.
	Wheel(dx, dy int) error
	// Key carries out one key event of the agent's browser. Unknown keys are refused with ErrNoKey.
	Key(k Key, down bool) error
	// Text types s, at most MaxText bytes, exactly, whatever the layouts and whatever is held; a line end is the Enter key. It waits when
	// characters come faster than programs can learn of them, and ReleaseAll interrupts it.
	Text(s string) error
	// ReleaseAll interrupts what is being typed and releases every key and button that is held. To be called when the viewer's
	// connection is cut, it loses the keyboard's focus or control is taken from it.
	ReleaseAll() error
	// SetOwnWindows names the client's own windows; no click, wheel or key goes to them or into what is inside them.
	SetOwnWindows(ids []uint32)
	// Close releases everything, gives back what was borrowed from the keyboard map, and ends the connection to the display.
	Close() error
}

var (
	// ErrOwnWindow refuses input that would go to one of the client's own windows.
	ErrOwnWindow = errors.New("input for the client's own window refused")
	// ErrClosed is what every call after Close returns.
	ErrClosed = errors.New("input is closed")
	// ErrInterrupted is what Text and Key return when ReleaseAll or Close came while they were typing; a part may have been typed.
	ErrInterrupted = errors.New("typing was interrupted")
	// ErrNoKey says that this computer has no such key and none can be made.
	ErrNoKey = errors.New("no such key")
	// ErrBadText refuses text that is too long, no UTF-8, or has control characters other than tab and line ends. Nothing was typed.
	ErrBadText = errors.New("text cannot be typed")
	// ErrPermission says that whoever uses the computer has not allowed yet that it is controlled.
	ErrPermission = errors.New("the keyboard and the pointer may not be controlled yet")
	// ErrUnsupported says that this system takes no input from us yet.
	ErrUnsupported = errors.New("control of the keyboard and the pointer is not supported on this system yet")
)

// MaxText is the most bytes that one call of Text takes.
const MaxText = 4096

// maxKeyName is the most bytes of Key.Code and of Key.Key. Longer than any name of the standard; an emoji of many parts needs up to 40.
const maxKeyName = 64

// maxNotches is the most notches that one call of Wheel turns; what is beyond is dropped.
const maxNotches = 100

// Button is a pointer button, numbered as in MouseEvent.button.
type Button uint8

const (
	ButtonLeft Button = iota
	ButtonMiddle
	ButtonRight
	ButtonBack
	ButtonForward
)

// Modifiers is what an event of the agent's browser says is held or switched on at the agent's keyboard.
type Modifiers uint8

const (
	ModShift Modifiers = 1 << iota
	ModControl
	ModAlt
	ModMeta     // Windows, Command or Super key
	ModAltGraph // also where the viewer knows that the system composes characters with another key, such as Option on a Mac
	ModCapsLock
	ModNumLock
)

// Key is a key event of a browser, in the words of the W3C: UI Events KeyboardEvent code Values and key Values.
type Key struct {
	Code      string    // position, such as "KeyA" or "ArrowLeft"; may be empty, as on-screen keyboards send it
	Key       string    // the character as it was composed, or a name such as "Enter"; empty: the position counts alone
	Modifiers Modifiers // after this event
}

func (k Key) check() error {
	if len(k.Code) > maxKeyName || len(k.Key) > maxKeyName || !utf8.ValidString(k.Key) || k.Code == "" && k.Key == "" {
		return ErrNoKey
	}
	return nil
}

// ignored are keys that the agent's own system acts upon: what they compose comes as a character or as text.
func (k Key) ignored() bool {
	switch k.Key {
	case "Dead", "Process", "Unidentified", "Compose", "AltGraph", "Fn", "FnLock", "Symbol", "SymbolLock":
		return true
	}
	return false
}

// name is what a held key is known by.
func (k Key) name() string {
	if k.Code != "" {
		return k.Code
	}
	return k.Key
}

// text returns the characters that the key types, or "" for a key with a name. Names are words of ASCII letters and digits; what browsers
// send for a character is one code point, and more than one only for combined ones.
func (k Key) text() string {
	if utf8.RuneCountInString(k.Key) == 1 {
		return k.Key
	}
	for i := range len(k.Key) {
		if k.Key[i] >= utf8.RuneSelf {
			return k.Key
		}
	}
	return ""
}

// shortcut tells whether the event is a command such as Ctrl+C instead of a character. AltGr is Ctrl+Alt on Windows, hence the exception.
func (k Key) shortcut() bool {
	return k.Modifiers&(ModControl|ModAlt|ModMeta) != 0 && k.Modifiers&ModAltGraph == 0
}

// family is the modifier that a key is, 0 for other keys. The name counts before the position, since people swap their modifiers.
func (k Key) family() Modifiers {
	switch k.Key {
	case "Shift":
		return ModShift
	case "Control":
		return ModControl
	case "Alt":
		return ModAlt
	case "Meta", "OS", "Super", "Hyper":
		return ModMeta
	case "":
		switch {
		case strings.HasPrefix(k.Code, "Shift"):
			return ModShift
		case strings.HasPrefix(k.Code, "Control"):
			return ModControl
		case k.Code == "AltRight":
			return ModAlt | ModAltGraph // which of the two it is depends on the agent's layout
		case k.Code == "AltLeft":
			return ModAlt
		case k.Code == "MetaLeft", k.Code == "MetaRight":
			return ModMeta
		}
	}
	return 0
}

// checkText refuses what cannot be typed.
func checkText(s string) error {
	if len(s) > MaxText {
		return fmt.Errorf("%d bytes, the most is %d: %w", len(s), MaxText, ErrBadText)
	}
	if !utf8.ValidString(s) {
		return fmt.Errorf("not UTF-8: %w", ErrBadText)
	}
	for _, r := range s {
		if unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' {
			return fmt.Errorf("control character %U: %w", r, ErrBadText)
		}
	}
	return nil
}
