package mac

import (
	"errors"
	"sync"
	"unicode/utf16"
)

// carbon has the keyboard layouts.
const carbon = "/System/Library/Frameworks/Carbon.framework/Carbon"

var (
	currentLayout  func() uintptr
	layoutProperty func(source, key uintptr) uintptr
	keyboardType   func() uint8
	keyTranslate   func(layout uintptr, code, action uint16, modifiers, keyboard, options uint32, dead *uint32, most uint64, count *uint64, made *uint16) int32
	dataBytes      func(data uintptr) uintptr
	layoutData     uintptr
)

// layouts opens what knows layouts. Source: HIToolbox, TextInputSources.h; CoreServices, UnicodeUtilities.h.
var layouts = sync.OnceValue(func() error {
	err := errors.Join(graphics(), Load(carbon, map[string]any{
		"TISCopyCurrentKeyboardLayoutInputSource": &currentLayout,
		"TISGetInputSourceProperty":               &layoutProperty,
		"LMGetKbdType":                            &keyboardType,
		"UCKeyTranslate":                          &keyTranslate,
	}), Load(CoreFoundation, map[string]any{"CFDataGetBytePtr": &dataBytes}))
	if err == nil {
		layoutData, err = Constant(carbon, "kTISPropertyUnicodeKeyLayoutData")
	}
	return err
})

// KeyFor is the key that makes a character while Command is held, in the layout of whoever uses the computer: what a menu goes by.
func KeyFor(r rune) (code uint16, ok bool) {
	if layouts() != nil || r > 0xFFFF {
		return 0, false
	}
	err := OnMain(func() { code, ok = keyFor(uint16(r)) })
	return code, ok && err == nil
}

func keyFor(unit uint16) (uint16, bool) {
	source := currentLayout()
	if source == 0 {
		return 0, false
	}
	defer release(source)
	data := layoutProperty(source, layoutData) // which the source owns
	if data == 0 || utf16.IsSurrogate(rune(unit)) {
		return 0, false
	}
	const keys, firstKeypad, lastKeypad, down, command, noDeadKeys = 0x80, 0x41, 0x5C, 0, 1, 1
	at, keyboard := dataBytes(data), uint32(keyboardType())
	for code := range uint16(keys) {
		if code >= firstKeypad && code <= lastKeypad {
			continue
		}
		var dead uint32
		var count uint64
		var made [4]uint16
		if keyTranslate(at, code, down, command, keyboard, noDeadKeys, &dead, uint64(len(made)), &count, &made[0]) == 0 && count == 1 && made[0] == unit {
			return code, true
		}
	}
	return 0, false
}
