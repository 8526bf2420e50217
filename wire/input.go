package wire

import (
	"encoding/binary"
	"errors"
	"fmt"
	"unicode/utf8"
)

// Limits of input. See "Input" in docs/protocol.md.
const (
	MaxInputEvents = 1024 // of one message
	MaxInputText   = 4096 // bytes of a TextEvent
	MaxKeyName     = 32   // bytes of KeyEvent.Code and KeyEvent.Key
)

const (
	kindPointer    = 1
	kindButton     = 2
	kindWheel      = 3
	kindKey        = 4
	kindText       = 5
	kindReleaseAll = 6
)

// The buttons of a ButtonEvent.
const (
	ButtonLeft    = 0
	ButtonMiddle  = 1
	ButtonRight   = 2
	ButtonBack    = 3
	ButtonForward = 4
)

// Modifiers is the set of modifier keys and locks that were on in the viewer at a key event.
type Modifiers uint8

// The modifiers.
const (
	ModShift    Modifiers = 1
	ModControl  Modifiers = 2
	ModAlt      Modifiers = 4
	ModMeta     Modifiers = 8
	ModAltGraph Modifiers = 16
	ModCapsLock Modifiers = 32
	ModNumLock  Modifiers = 64
)

// InputEvent is one of PointerEvent, ButtonEvent, WheelEvent, KeyEvent, TextEvent and ReleaseAllEvent.
type InputEvent interface {
	append(dst []byte) []byte
	check() error
}

// PointerEvent moves the pointer to a pixel of the shown display.
type PointerEvent struct{ X, Y uint16 }

// ButtonEvent presses or releases a button where the pointer is.
type ButtonEvent struct {
	Button uint8
	Down   bool
}

// WheelEvent turns the wheel, in 1/120 of a notch; positive: right, down.
type WheelEvent struct{ DX, DY int16 }

// KeyEvent presses or releases a key, named as UI Events name it: Code is the place on the keyboard ("KeyZ"), Key what
// the viewer's layout makes of it ("y").
type KeyEvent struct {
	Down      bool
	Modifiers Modifiers
	Code, Key string
}

// TextEvent types exactly this text, whatever the layouts.
type TextEvent struct{ Text string }

// ReleaseAllEvent releases every key and button that is held.
type ReleaseAllEvent struct{}

// AppendInput appends a message of ChannelInput. The error names what breaks a limit; dst is returned as it was then.
func AppendInput(dst []byte, events ...InputEvent) ([]byte, error) {
	if len(events) == 0 || len(events) > MaxInputEvents {
		return dst, fmt.Errorf("encoding input: %d events, allowed are 1 to %d", len(events), MaxInputEvents)
	}
	begin := len(dst)
	for i, e := range events {
		if err := e.check(); err != nil {
			return dst[:begin], fmt.Errorf("encoding input event %d: %w", i, err)
		}
		dst = e.append(dst)
	}
	if n := len(dst) - begin; n > ChannelInput.MaxMessage() {
		return dst[:begin], fmt.Errorf("encoding input: %d bytes, the most is %d", n, ChannelInput.MaxMessage())
	}
	return dst, nil
}

// DecodeInput reads a message of ChannelInput. The events share no memory with b. The error is a *ProtocolError.
func DecodeInput(b []byte) ([]InputEvent, error) {
	if len(b) == 0 {
		return nil, Violation("input without an event")
	}
	var events []InputEvent
	for len(b) > 0 {
		if len(events) == MaxInputEvents {
			return nil, Violation("more than %d input events", MaxInputEvents)
		}
		e, rest, err := decodeEvent(b)
		if err != nil {
			return nil, Violation("input event %d: %w", len(events), err)
		}
		events = append(events, e)
		b = rest
	}
	return events, nil
}

func (e PointerEvent) append(dst []byte) []byte {
	dst = binary.BigEndian.AppendUint16(append(dst, kindPointer), e.X)
	return binary.BigEndian.AppendUint16(dst, e.Y)
}

func (e ButtonEvent) append(dst []byte) []byte {
	return append(dst, kindButton, e.Button, bit(e.Down))
}

func (e WheelEvent) append(dst []byte) []byte {
	dst = binary.BigEndian.AppendUint16(append(dst, kindWheel), uint16(e.DX))
	return binary.BigEndian.AppendUint16(dst, uint16(e.DY))
}

func (e KeyEvent) append(dst []byte) []byte {
	dst = append(dst, kindKey, bit(e.Down), byte(e.Modifiers))
	dst = append(append(dst, byte(len(e.Code))), e.Code...)
	return append(append(dst, byte(len(e.Key))), e.Key...)
}

func (e TextEvent) append(dst []byte) []byte {
	return append(binary.BigEndian.AppendUint16(append(dst, kindText), uint16(len(e.Text))), e.Text...)
}

func (ReleaseAllEvent) append(dst []byte) []byte { return append(dst, kindReleaseAll) }

func (PointerEvent) check() error    { return nil }
func (WheelEvent) check() error      { return nil }
func (ReleaseAllEvent) check() error { return nil }

func (e ButtonEvent) check() error {
	if e.Button > ButtonForward {
		return fmt.Errorf("unknown button %d", e.Button)
	}
	return nil
}

func (e KeyEvent) check() error {
	switch {
	case len(e.Code) > MaxKeyName || len(e.Key) > MaxKeyName:
		return fmt.Errorf("key name over %d bytes", MaxKeyName)
	case !utf8.ValidString(e.Code) || !utf8.ValidString(e.Key):
		return errors.New("key name is not UTF-8")
	}
	return nil
}

func (e TextEvent) check() error {
	switch {
	case len(e.Text) > MaxInputText:
		return fmt.Errorf("text over %d bytes", MaxInputText)
	case !utf8.ValidString(e.Text):
		return errors.New("text is not UTF-8")
	}
	return nil
}

func bit(b bool) byte {
	if b {
		return 1
	}
	return 0
}
