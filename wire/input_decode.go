package wire

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// decodeEvent reads one event and returns what follows it. b is not empty.
func decodeEvent(b []byte) (InputEvent, []byte, error) {
	d := operands{rest: b[1:]}
	var e InputEvent
	switch b[0] {
	case kindPointer:
		e = PointerEvent{X: d.u16(), Y: d.u16()}
	case kindButton:
		e = ButtonEvent{Button: d.u8(), Down: d.bool()}
	case kindWheel:
		e = WheelEvent{DX: int16(d.u16()), DY: int16(d.u16())}
	case kindKey:
		e = KeyEvent{Down: d.bool(), Modifiers: Modifiers(d.u8()), Code: d.text(int(d.u8())), Key: d.text(int(d.u8()))}
	case kindText:
		e = TextEvent{Text: d.text(int(d.u16()))}
	case kindReleaseAll:
		e = ReleaseAllEvent{}
	default:
		return nil, nil, fmt.Errorf("unknown kind %d", b[0])
	}
	if d.err != nil {
		return nil, nil, d.err
	}
	return e, d.rest, e.check()
}

// operands reads what follows an event's kind. After the first error it returns zeros.
type operands struct {
	rest []byte
	err  error
}

func (d *operands) take(n int) []byte {
	if d.err == nil && n > len(d.rest) {
		d.err = io.ErrUnexpectedEOF
	}
	if d.err != nil {
		return nil
	}
	b := d.rest[:n]
	d.rest = d.rest[n:]
	return b
}

func (d *operands) u8() uint8 {
	if b := d.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (d *operands) u16() uint16 {
	if b := d.take(2); b != nil {
		return binary.BigEndian.Uint16(b)
	}
	return 0
}

func (d *operands) bool() bool {
	v := d.u8()
	if v > 1 && d.err == nil {
		d.err = errors.New("down is neither 0 nor 1")
	}
	return v == 1
}

func (d *operands) text(n int) string { return string(d.take(n)) }
