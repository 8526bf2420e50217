package mac

import (
	"errors"
	"sync"
)

// Mark is what events bear that this program makes for a viewer (kCGEventSourceUserData). Its own windows refuse them.
const Mark = 0x6465736b // "desk"

var (
	createSource  func(state int32) uintptr
	createKey     func(source uintptr, key uint16, down bool) uintptr
	setUnicode    func(event uintptr, count uint64, units *uint16)
	setFlags      func(event uintptr, flags uint64)
	createMouse   func(source uintptr, kind uint32, at Point, button uint32) uintptr
	createScroll  func(source uintptr, unit, count uint32, down, right, third int32) uintptr
	setField      func(event uintptr, field uint32, value int64)
	getField      func(event uintptr, field uint32) int64
	postEvent     func(tap uint32, event uintptr)
	source        uintptr
	errNoMemory   = errors.New("macOS made no event")
	hidState      = int32(1) // kCGEventSourceStateHIDSystemState
	fieldClicks   = uint32(1)
	fieldUserData = uint32(42)
)

// Posting opens what makes input. Source: CoreGraphics, CGEvent.h and CGEventTypes.h.
var Posting = sync.OnceValue(func() error {
	err := Load(CoreGraphics, map[string]any{
		"CGEventSourceCreate":             &createSource,
		"CGEventCreateKeyboardEvent":      &createKey,
		"CGEventKeyboardSetUnicodeString": &setUnicode,
		"CGEventSetFlags":                 &setFlags,
		"CGEventCreateMouseEvent":         &createMouse,
		"CGEventCreateScrollWheelEvent2":  &createScroll,
		"CGEventSetIntegerValueField":     &setField,
		"CGEventGetIntegerValueField":     &getField,
		"CGEventPost":                     &postEvent,
	})
	if err == nil {
		if source = createSource(hidState); source == 0 {
			err = errNoMemory
		}
	}
	return errors.Join(graphics(), err)
})

// PostKey presses or releases a key, with these modifiers held and no others.
func PostKey(code uint16, down bool, flags uint64) error {
	event := createKey(source, code, down)
	if event != 0 {
		setFlags(event, flags)
	}
	return send(event)
}

// PostText types a character, at most 20 units of UTF-16.
func PostText(units []uint16) error {
	for _, down := range []bool{true, false} {
		event := createKey(source, 0, down)
		if event != 0 {
			setUnicode(event, uint64(len(units)), &units[0])
			setFlags(event, 0)
		}
		if err := send(event); err != nil {
			return err
		}
	}
	return nil
}

// PostMouse moves the pointer, or presses or releases a button; the kinds are those of CGEventType.
func PostMouse(kind, button uint32, at Point, clicks int, flags uint64) error {
	event := createMouse(source, kind, at, button)
	if event != 0 {
		setFlags(event, flags)
		if clicks > 0 {
			setField(event, fieldClicks, int64(clicks))
		}
	}
	return send(event)
}

// PostScroll turns the wheel by lines.
func PostScroll(down, right int, flags uint64) error {
	const lines = 1
	event := createScroll(source, lines, 2, int32(-down), int32(-right), 0)
	if event != 0 {
		setFlags(event, flags)
	}
	return send(event)
}

func send(event uintptr) error {
	if event == 0 {
		return errNoMemory
	}
	defer release(event)
	setField(event, fieldUserData, Mark)
	const hid = 0
	postEvent(hid, event)
	return nil
}

// Marked tells whether an event (a CGEvent) was made by this program for a viewer.
func Marked(event uintptr) bool {
	return event != 0 && Posting() == nil && getField(event, fieldUserData) == Mark
}
