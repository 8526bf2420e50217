package mac

import "strconv"

// Virtual keys that the code speaks of by name; source: HIToolbox, Events.h. They are places on the keyboard, whatever the layout.
const (
	KeyReturn       = 0x24
	KeyTab          = 0x30
	KeySpace        = 0x31
	KeyCommand      = 0x37
	KeyShift        = 0x38
	KeyOption       = 0x3A
	KeyControl      = 0x3B
	KeyRightCommand = 0x36
	KeyRightShift   = 0x3C
	KeyRightOption  = 0x3D
	KeyRightControl = 0x3E
)

// Flags of an event; source: CoreGraphics, CGEventTypes.h.
const (
	FlagCapsLock = 1 << 16
	FlagShift    = 1 << 17
	FlagControl  = 1 << 18
	FlagOption   = 1 << 19
	FlagCommand  = 1 << 20
	FlagKeypad   = 1 << 21
)

// Key is a place on the keyboard: its virtual key, and the character that stands there on a US keyboard, for commands.
type Key struct {
	Code uint16
	US   rune
}

// Positions are the keys by KeyboardEvent.code.
var Positions = map[string]Key{
	"Minus": {0x1B, '-'}, "Equal": {0x18, '='}, "BracketLeft": {0x21, '['}, "BracketRight": {0x1E, ']'}, "Backslash": {0x2A, '\\'},
	"Semicolon": {0x29, ';'}, "Quote": {0x27, '\''}, "Backquote": {0x32, '`'}, "Comma": {0x2B, ','}, "Period": {0x2F, '.'}, "Slash": {0x2C, '/'},
	"Space": {KeySpace, ' '}, "Enter": {KeyReturn, 0}, "Tab": {KeyTab, 0}, "Backspace": {0x33, 0}, "Escape": {0x35, 0}, "Delete": {0x75, 0},
	"MetaLeft": {KeyCommand, 0}, "MetaRight": {KeyRightCommand, 0}, "ShiftLeft": {KeyShift, 0}, "ShiftRight": {KeyRightShift, 0},
	"AltLeft": {KeyOption, 0}, "AltRight": {KeyRightOption, 0}, "ControlLeft": {KeyControl, 0}, "ControlRight": {KeyRightControl, 0}, "CapsLock": {0x39, 0},
	"IntlBackslash": {0x0A, 0}, "IntlYen": {0x5D, 0}, "IntlRo": {0x5E, 0}, "Lang1": {0x68, 0}, "Lang2": {0x66, 0}, "ContextMenu": {0x6E, 0},
	"Home": {0x73, 0}, "End": {0x77, 0}, "PageUp": {0x74, 0}, "PageDown": {0x79, 0}, "Insert": {0x72, 0}, // Insert is Help there
	"ArrowLeft": {0x7B, 0}, "ArrowRight": {0x7C, 0}, "ArrowDown": {0x7D, 0}, "ArrowUp": {0x7E, 0},
	"NumLock": {0x47, 0}, "NumpadDecimal": {0x41, '.'}, "NumpadMultiply": {0x43, '*'}, "NumpadAdd": {0x45, '+'}, "NumpadDivide": {0x4B, '/'},
	"NumpadEnter": {0x4C, 0}, "NumpadSubtract": {0x4E, '-'}, "NumpadEqual": {0x51, '='}, "NumpadComma": {0x5F, ','},
	"AudioVolumeUp": {0x48, 0}, "AudioVolumeDown": {0x49, 0}, "AudioVolumeMute": {0x4A, 0},
}

// Named are the keys that make no character, by KeyboardEvent.key.
var Named = map[string]uint16{
	"Backspace": 0x33, "Tab": KeyTab, "Enter": KeyReturn, "Escape": 0x35, "Delete": 0x75, "Insert": 0x72, "Help": 0x72, "Clear": 0x47,
	"Home": 0x73, "End": 0x77, "PageUp": 0x74, "PageDown": 0x79, "ArrowLeft": 0x7B, "ArrowRight": 0x7C, "ArrowDown": 0x7D, "ArrowUp": 0x7E,
	"CapsLock": 0x39, "NumLock": 0x47, "ContextMenu": 0x6E, "PrintScreen": 0x69, "ScrollLock": 0x6B, "Pause": 0x71, // these three are F13 to F15
	"AudioVolumeUp": 0x48, "AudioVolumeDown": 0x49, "AudioVolumeMute": 0x4A, "Eisu": 0x66, "KanaMode": 0x68,
}

// Modifiers are the keys of each modifier by name, left and right.
var Modifiers = map[string][2]uint16{
	"Shift": {KeyShift, KeyRightShift}, "Control": {KeyControl, KeyRightControl}, "Alt": {KeyOption, KeyRightOption},
	"Meta": {KeyCommand, KeyRightCommand}, "OS": {KeyCommand, KeyRightCommand}, "Super": {KeyCommand, KeyRightCommand}, "Hyper": {KeyCommand, KeyRightCommand},
}

// Flag is what an event says while a modifier is held; 0 for other keys.
func Flag(code uint16) uint64 {
	switch code {
	case KeyShift, KeyRightShift:
		return FlagShift
	case KeyControl, KeyRightControl:
		return FlagControl
	case KeyOption, KeyRightOption:
		return FlagOption
	case KeyCommand, KeyRightCommand:
		return FlagCommand
	}
	return 0
}

// At is the key where a US keyboard has a character. What commands go by is the layout in use; see KeyFor.
func At(r rune) (uint16, bool) {
	code, ok := characters[r]
	return code, ok
}

var characters = map[rune]uint16{}

func init() {
	for letters, codes := range map[string][]uint16{
		"qwertyuiop": {0x0C, 0x0D, 0x0E, 0x0F, 0x11, 0x10, 0x20, 0x22, 0x1F, 0x23},
		"asdfghjkl":  {0x00, 0x01, 0x02, 0x03, 0x05, 0x04, 0x26, 0x28, 0x25},
		"zxcvbnm":    {0x06, 0x07, 0x08, 0x09, 0x0B, 0x2D, 0x2E},
	} {
		for i, r := range letters {
			Positions["Key"+string(r-'a'+'A')] = Key{codes[i], r}
		}
	}
	for i, code := range []uint16{0x1D, 0x12, 0x13, 0x14, 0x15, 0x17, 0x16, 0x1A, 0x1C, 0x19} {
		Positions["Digit"+strconv.Itoa(i)] = Key{code, '0' + rune(i)}
	}
	for i, code := range []uint16{0x52, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5B, 0x5C} {
		Positions["Numpad"+strconv.Itoa(i)] = Key{code, '0' + rune(i)}
	}
	for i, code := range []uint16{
		0x7A, 0x78, 0x63, 0x76, 0x60, 0x61, 0x62, 0x64, 0x65, 0x6D, 0x67, 0x6F, 0x69, 0x6B, 0x71, 0x6A, 0x40, 0x4F, 0x50, 0x5A,
	} {
		name := "F" + strconv.Itoa(i+1)
		Positions[name], Named[name] = Key{code, 0}, code
	}
	for name, k := range Positions {
		if k.US != 0 && (len(name) < 6 || name[:6] != "Numpad") {
			characters[k.US] = k.Code
		}
	}
}
