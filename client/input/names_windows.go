package input

import "strconv"

// Virtual keys that the code speaks of by name; source: Microsoft, "Virtual-Key Codes".
const (
	vkBack     = 0x08
	vkTab      = 0x09
	vkReturn   = 0x0D
	vkShift    = 0x10
	vkControl  = 0x11
	vkMenu     = 0x12 // Alt
	vkCapital  = 0x14 // Caps Lock
	vkNumLock  = 0x90
	vkDelete   = 0x2E
	vkLWin     = 0x5B
	vkRWin     = 0x5C
	vkNumpad0  = 0x60
	vkF1       = 0x70
	vkLShift   = 0xA0
	vkRShift   = 0xA1
	vkLControl = 0xA2
	vkRControl = 0xA3
	vkLMenu    = 0xA4
	vkRMenu    = 0xA5
	vkNothing  = 0xE8 // unassigned: no program acts upon it
)

// modifierKeys are the keys of each modifier by name, left and right. The right Alt is AltGr with many layouts, so Alt is always the left.
var modifierKeys = map[string][2]uint16{
	"Shift":   {vkLShift, vkRShift},
	"Control": {vkLControl, vkRControl},
	"Alt":     {vkLMenu, vkLMenu},
	"Meta":    {vkLWin, vkRWin},
	"OS":      {vkLWin, vkRWin},
	"Super":   {vkLWin, vkRWin},
	"Hyper":   {vkLWin, vkRWin},
}

// namedKeys are the keys that make no character, by KeyboardEvent.key. The function keys are added below.
var namedKeys = map[string]uint16{
	"Backspace": vkBack, "Tab": vkTab, "Enter": vkReturn, "Escape": 0x1B, "Delete": vkDelete, "Insert": 0x2D, "Clear": 0x0C,
	"Home": 0x24, "ArrowLeft": 0x25, "ArrowUp": 0x26, "ArrowRight": 0x27, "ArrowDown": 0x28, "PageUp": 0x21, "PageDown": 0x22, "End": 0x23,

	"CapsLock": vkCapital, "NumLock": vkNumLock, "ScrollLock": 0x91,
	"ContextMenu": 0x5D, "PrintScreen": 0x2C, "Pause": 0x13, "Cancel": 0x03, "Help": 0x2F, "Select": 0x29, "Execute": 0x2B, "Print": 0x2A,
	"Sleep": 0x5F, "Play": 0xFA, "ZoomToggle": 0xFB, "CrSel": 0xF7, "ExSel": 0xF8, "EraseEof": 0xF9, "Attn": 0xF6,

	"AudioVolumeMute": 0xAD, "AudioVolumeDown": 0xAE, "AudioVolumeUp": 0xAF,
	"MediaTrackNext": 0xB0, "MediaTrackPrevious": 0xB1, "MediaStop": 0xB2, "MediaPlayPause": 0xB3, "MediaPlay": 0xB3,
	"BrowserBack": 0xA6, "BrowserForward": 0xA7, "BrowserRefresh": 0xA8, "BrowserStop": 0xA9, "BrowserSearch": 0xAA, "BrowserFavorites": 0xAB,
	"BrowserHome": 0xAC, "LaunchMail": 0xB4, "LaunchMediaPlayer": 0xB5, "LaunchApplication1": 0xB6, "LaunchMyComputer": 0xB6,
	"LaunchApplication2": 0xB7, "LaunchCalculator": 0xB7,

	// The keys that switch an input method.
	"KanaMode": 0x15, "HangulMode": 0x15, "JunjaMode": 0x17, "FinalMode": 0x18, "HanjaMode": 0x19, "KanjiMode": 0x19,
	"Convert": 0x1C, "NonConvert": 0x1D, "Accept": 0x1E, "ModeChange": 0x1F,
	"Alphanumeric": 0xF0, "Katakana": 0xF1, "Hiragana": 0xF2, "Hankaku": 0xF3, "Zenkaku": 0xF4, "Romaji": 0xF5,
}

// extendedKeys are those whose scan code a keyboard sends with the prefix E0: without it they are keys of the keypad.
var extendedKeys = map[uint16]bool{
	vkRControl: true, vkRMenu: true, vkLWin: true, vkRWin: true, vkNumLock: true, vkDelete: true,
	0x21: true, 0x22: true, 0x23: true, 0x24: true, 0x25: true, 0x26: true, 0x27: true, 0x28: true, 0x2C: true, 0x2D: true,
	0x5D: true, 0x5F: true, 0x6F: true,
}

// keypadKeys are the keys of the keypad that make a character, by position and KeyboardEvent.key.
var keypadKeys = map[[2]string]uint16{
	{"NumpadAdd", "+"}: 0x6B, {"NumpadSubtract", "-"}: 0x6D, {"NumpadMultiply", "*"}: 0x6A, {"NumpadDivide", "/"}: 0x6F,
	{"NumpadDecimal", "."}: 0x6E, {"NumpadDecimal", ","}: 0x6E, {"NumpadComma", ","}: 0x6E, {"NumpadComma", "."}: 0x6E,
}

// position is a key by its place: its scan code, with E0 in the high byte where a keyboard sends that first, and the character that stands there on
// a US keyboard, for shortcuts typed with a keyboard that has no Latin letters.
type position struct {
	scan uint16
	us   rune
}

// positions by KeyboardEvent.code. Sources: UI Events KeyboardEvent code Values; Microsoft, "Keyboard Scan Code Specification".
var positions = map[string]position{
	"Escape": {0x01, 0}, "Minus": {0x0C, '-'}, "Equal": {0x0D, '='}, "Backspace": {0x0E, 0}, "Tab": {0x0F, 0},
	"BracketLeft": {0x1A, '['}, "BracketRight": {0x1B, ']'}, "Enter": {0x1C, 0}, "ControlLeft": {0x1D, 0},
	"Semicolon": {0x27, ';'}, "Quote": {0x28, '\''}, "Backquote": {0x29, '`'}, "ShiftLeft": {0x2A, 0}, "Backslash": {0x2B, '\\'},
	"Comma": {0x33, ','}, "Period": {0x34, '.'}, "Slash": {0x35, '/'}, "ShiftRight": {0x36, 0}, "NumpadMultiply": {0x37, '*'},
	"AltLeft": {0x38, 0}, "Space": {0x39, ' '}, "CapsLock": {0x3A, 0}, "Pause": {0x45, 0}, "ScrollLock": {0x46, 0},
	"Numpad7": {0x47, '7'}, "Numpad8": {0x48, '8'}, "Numpad9": {0x49, '9'}, "NumpadSubtract": {0x4A, '-'},
	"Numpad4": {0x4B, '4'}, "Numpad5": {0x4C, '5'}, "Numpad6": {0x4D, '6'}, "NumpadAdd": {0x4E, '+'},
	"Numpad1": {0x4F, '1'}, "Numpad2": {0x50, '2'}, "Numpad3": {0x51, '3'}, "Numpad0": {0x52, '0'}, "NumpadDecimal": {0x53, '.'},
	"IntlBackslash": {0x56, 0}, "F11": {0x57, 0}, "F12": {0x58, 0}, "NumpadEqual": {0x59, '='},
	"KanaMode": {0x70, 0}, "Lang2": {0x71, 0}, "Lang1": {0x72, 0}, "IntlRo": {0x73, 0}, "Convert": {0x79, 0}, "NonConvert": {0x7B, 0},
	"IntlYen": {0x7D, 0}, "NumpadComma": {0x7E, ','},

	"NumpadEnter": {0xE01C, 0}, "ControlRight": {0xE01D, 0}, "NumpadDivide": {0xE035, '/'}, "PrintScreen": {0xE037, 0}, "AltRight": {0xE038, 0},
	"NumLock": {0xE045, 0}, "Home": {0xE047, 0}, "ArrowUp": {0xE048, 0}, "PageUp": {0xE049, 0}, "ArrowLeft": {0xE04B, 0}, "ArrowRight": {0xE04D, 0},
	"End": {0xE04F, 0}, "ArrowDown": {0xE050, 0}, "PageDown": {0xE051, 0}, "Insert": {0xE052, 0}, "Delete": {0xE053, 0},
	"MetaLeft": {0xE05B, 0}, "MetaRight": {0xE05C, 0}, "ContextMenu": {0xE05D, 0},
}

func init() {
	for row, letters := range map[uint16]string{0x10: "qwertyuiop", 0x1E: "asdfghjkl", 0x2C: "zxcvbnm"} {
		for i, r := range letters {
			positions["Key"+string(r-'a'+'A')] = position{row + uint16(i), r}
		}
	}
	for i, r := range "1234567890" {
		positions["Digit"+string(r)] = position{0x02 + uint16(i), r}
	}
	for n := range uint16(10) {
		positions["F"+strconv.Itoa(int(n)+1)] = position{0x3B + n, 0}
		keypadKeys[[2]string{"Numpad" + strconv.Itoa(int(n)), strconv.Itoa(int(n))}] = vkNumpad0 + n
	}
	for n := range uint16(24) {
		namedKeys["F"+strconv.Itoa(int(n)+1)] = vkF1 + n
	}
}
