package input

import "strconv"

// Keysyms that the code speaks of by name; source: keysymdef.h and XF86keysym.h of xorgproto.
const (
	symTab      = 0xff09
	symReturn   = 0xff0d
	symShiftL   = 0xffe1
	symShiftR   = 0xffe2
	symControlL = 0xffe3
	symControlR = 0xffe4
	symMetaL    = 0xffe7
	symMetaR    = 0xffe8
	symAltL     = 0xffe9
	symAltR     = 0xffea
	symSuperL   = 0xffeb
	symSuperR   = 0xffec
	symHyperL   = 0xffed
	symHyperR   = 0xffee
	symLevel3   = 0xfe03
	symLevel5   = 0xfe11
	symF1       = 0xffbe
	symKeypad0  = 0xffb0
)

// modifierSyms are the keysyms of the modifier keys by name, left and right.
var modifierSyms = map[string][2]uint32{
	"Shift":   {symShiftL, symShiftR},
	"Control": {symControlL, symControlR},
	"Alt":     {symAltL, symAltR},
	"Meta":    {symSuperL, symSuperR}, // what browsers call Meta is X's Super; X's own Meta is a level of Alt
	"OS":      {symSuperL, symSuperR},
	"Super":   {symSuperL, symSuperR},
	"Hyper":   {symHyperL, symHyperR},
}

// namedSyms are the keysyms of the keys that make no character, by KeyboardEvent.key. The function keys are added below.
var namedSyms = map[string]uint32{
	"Backspace": 0xff08, "Tab": symTab, "Enter": symReturn, "Escape": 0xff1b, "Delete": 0xffff, "Insert": 0xff63, "Clear": 0xff0b,
	"Copy": 0x1008ff57, "Cut": 0x1008ff58, "Paste": 0x1008ff6d, "Undo": 0xff65, "Redo": 0xff66,

	"Home": 0xff50, "ArrowLeft": 0xff51, "ArrowUp": 0xff52, "ArrowRight": 0xff53, "ArrowDown": 0xff54,
	"PageUp": 0xff55, "PageDown": 0xff56, "End": 0xff57,

	"CapsLock": 0xffe5, "NumLock": 0xff7f, "ScrollLock": 0xff14,
	"ContextMenu": 0xff67, "PrintScreen": 0xff61, "Pause": 0xff13, "Cancel": 0xff69, "Help": 0xff6a, "Find": 0xff68, "Again": 0xff66,
	"Select": 0xff60, "Execute": 0xff62, "Open": 0x1008ff6b, "New": 0x1008ff68, "Close": 0x1008ff56, "Save": 0x1008ff77, "Print": 0xff61,
	"ZoomIn": 0x1008ff8b, "ZoomOut": 0x1008ff8c, "SpellCheck": 0x1008ff7c,
	"MailForward": 0x1008ff90, "MailReply": 0x1008ff72, "MailSend": 0x1008ff7b,

	"AudioVolumeDown": 0x1008ff11, "AudioVolumeMute": 0x1008ff12, "AudioVolumeUp": 0x1008ff13, "MicrophoneVolumeMute": 0x1008ffb2,
	"MediaPlayPause": 0x1008ff14, "MediaPlay": 0x1008ff14, "MediaStop": 0x1008ff15, "MediaTrackPrevious": 0x1008ff16,
	"MediaTrackNext": 0x1008ff17, "MediaPause": 0x1008ff31, "MediaRecord": 0x1008ff1c, "MediaRewind": 0x1008ff3e,
	"MediaFastForward": 0x1008ff97, "Eject": 0x1008ff2c,
	"BrightnessUp": 0x1008ff02, "BrightnessDown": 0x1008ff03,
	"Power": 0x1008ff2a, "PowerOff": 0x1008ff2a, "Standby": 0x1008ff10, "Sleep": 0x1008ff2f, "WakeUp": 0x1008ff2b, "Hibernate": 0x1008ffa8,
	"LogOff": 0x1008ff61,

	"BrowserBack": 0x1008ff26, "BrowserForward": 0x1008ff27, "BrowserStop": 0x1008ff28, "BrowserRefresh": 0x1008ff29,
	"BrowserHome": 0x1008ff18, "BrowserSearch": 0x1008ff1b, "BrowserFavorites": 0x1008ff30,
	"LaunchMail": 0x1008ff19, "LaunchWebBrowser": 0x1008ff2e, "LaunchMediaPlayer": 0x1008ff32, "LaunchMusicPlayer": 0x1008ff92,
	"LaunchApplication1": 0x1008ff33, "LaunchMyComputer": 0x1008ff33, "LaunchApplication2": 0x1008ff1d, "LaunchCalculator": 0x1008ff1d,
	"LaunchCalendar": 0x1008ff20, "LaunchPhone": 0x1008ff6e, "LaunchScreenSaver": 0x1008ff2d, "LaunchWebCam": 0x1008ff8f,

	// The keys that switch an input method. Which of them act is up to the end-user's input method.
	"Convert": 0xff23, "NonConvert": 0xff22, "Hiragana": 0xff25, "Katakana": 0xff26, "HiraganaKatakana": 0xff27, "Romaji": 0xff24,
	"Zenkaku": 0xff28, "Hankaku": 0xff29, "ZenkakuHankaku": 0xff2a, "KanaMode": 0xff2d, "Eisu": 0xff2f, "Alphanumeric": 0xff30,
	"HangulMode": 0xff31, "HanjaMode": 0xff34, "JunjaMode": 0xff38, "ModeChange": 0xff7e,
}

func init() {
	for n := range 35 {
		namedSyms["F"+strconv.Itoa(n+1)] = symF1 + uint32(n)
	}
}

// keypadSyms are the keysyms of the keypad's keys by position and KeyboardEvent.key: with Num Lock their character, without it their name.
var keypadSyms = map[[2]string]uint32{
	{"NumpadEnter", "Enter"}: 0xff8d, {"NumpadAdd", "+"}: 0xffab, {"NumpadSubtract", "-"}: 0xffad, {"NumpadMultiply", "*"}: 0xffaa,
	{"NumpadDivide", "/"}: 0xffaf, {"NumpadEqual", "="}: 0xffbd, {"NumpadDecimal", "."}: 0xffae, {"NumpadDecimal", ","}: 0xffac,
	{"NumpadComma", ","}: 0xffac, {"NumpadComma", "."}: 0xffae,
	{"Numpad7", "Home"}: 0xff95, {"Numpad4", "ArrowLeft"}: 0xff96, {"Numpad8", "ArrowUp"}: 0xff97, {"Numpad6", "ArrowRight"}: 0xff98,
	{"Numpad2", "ArrowDown"}: 0xff99, {"Numpad9", "PageUp"}: 0xff9a, {"Numpad3", "PageDown"}: 0xff9b, {"Numpad1", "End"}: 0xff9c,
	{"Numpad5", "Clear"}: 0xff9d, {"Numpad0", "Insert"}: 0xff9e, {"NumpadDecimal", "Delete"}: 0xff9f,
	{"Numpad0", "0"}: symKeypad0, {"Numpad1", "1"}: symKeypad0 + 1, {"Numpad2", "2"}: symKeypad0 + 2, {"Numpad3", "3"}: symKeypad0 + 3,
	{"Numpad4", "4"}: symKeypad0 + 4, {"Numpad5", "5"}: symKeypad0 + 5, {"Numpad6", "6"}: symKeypad0 + 6, {"Numpad7", "7"}: symKeypad0 + 7,
	{"Numpad8", "8"}: symKeypad0 + 8, {"Numpad9", "9"}: symKeypad0 + 9,
}

// position is a key by its place: the name that XKB gives the place, which is the same with every layout and every driver, and the
// character that stands there on a US keyboard, for shortcuts typed with a keyboard that has no Latin letters.
type position struct {
	name string
	us   rune
}

// positions by KeyboardEvent.code. Sources: UI Events KeyboardEvent code Values, and keycodes/evdev of xkeyboard-config.
var positions = map[string]position{
	"Backquote": {"TLDE", '`'}, "Minus": {"AE11", '-'}, "Equal": {"AE12", '='}, "IntlYen": {"AE13", 0}, "Backspace": {"BKSP", 0},
	"Tab": {"TAB", 0}, "BracketLeft": {"AD11", '['}, "BracketRight": {"AD12", ']'}, "Enter": {"RTRN", 0}, "Backslash": {"BKSL", '\\'},
	"CapsLock": {"CAPS", 0}, "Semicolon": {"AC10", ';'}, "Quote": {"AC11", '\''}, "IntlBackslash": {"LSGT", 0}, "IntlRo": {"AB11", 0},
	"Comma": {"AB08", ','}, "Period": {"AB09", '.'}, "Slash": {"AB10", '/'}, "Space": {"SPCE", ' '},
	"ShiftLeft": {"LFSH", 0}, "ShiftRight": {"RTSH", 0}, "ControlLeft": {"LCTL", 0}, "ControlRight": {"RCTL", 0},
	"AltLeft": {"LALT", 0}, "AltRight": {"RALT", 0}, "MetaLeft": {"LWIN", 0}, "MetaRight": {"RWIN", 0}, "ContextMenu": {"COMP", 0},

	"Escape": {"ESC", 0}, "PrintScreen": {"PRSC", 0}, "ScrollLock": {"SCLK", 0}, "Pause": {"PAUS", 0},
	"Insert": {"INS", 0}, "Home": {"HOME", 0}, "PageUp": {"PGUP", 0}, "Delete": {"DELE", 0}, "End": {"END", 0}, "PageDown": {"PGDN", 0},
	"ArrowUp": {"UP", 0}, "ArrowLeft": {"LEFT", 0}, "ArrowDown": {"DOWN", 0}, "ArrowRight": {"RGHT", 0},

	"NumLock": {"NMLK", 0}, "NumpadDivide": {"KPDV", '/'}, "NumpadMultiply": {"KPMU", '*'}, "NumpadSubtract": {"KPSU", '-'},
	"NumpadAdd": {"KPAD", '+'}, "NumpadEnter": {"KPEN", 0}, "NumpadDecimal": {"KPDL", '.'}, "NumpadEqual": {"KPEQ", '='},

	"Convert": {"HENK", 0}, "NonConvert": {"MUHE", 0}, "KanaMode": {"HKTG", 0}, "Lang1": {"HNGL", 0}, "Lang2": {"HJCV", 0},
}

func init() {
	for row, letters := range map[string]string{"AD": "QWERTYUIOP", "AC": "ASDFGHJKL", "AB": "ZXCVBNM"} {
		for i, r := range letters {
			positions["Key"+string(r)] = position{row + twoDigits(i+1), r + 'a' - 'A'}
		}
	}
	for i, r := range "1234567890" {
		positions["Digit"+string(r)] = position{"AE" + twoDigits(i+1), r}
		positions["Numpad"+string(r)] = position{"KP" + string(r), r}
	}
	for n := 1; n <= 24; n++ {
		positions["F"+strconv.Itoa(n)] = position{"FK" + twoDigits(n), 0}
	}
}

func twoDigits(n int) string { return string([]byte{'0' + byte(n/10), '0' + byte(n%10)}) }

// fallbackKeys are keycodes that no real keyboard sends; layouts keep modifiers there. A real key is preferred where there is one, since
// some programs know keys by their place.
var fallbackKeys = map[string]bool{"LVL3": true, "LVL5": true, "MDSW": true, "ALT": true, "META": true, "SUPR": true, "HYPR": true}
