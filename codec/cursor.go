package codec

import (
	"encoding/binary"

	"deskhand/screen"
)

const cursorHeader = 12 // serial u32, hot x, hot y, w, h u16

// AppendCursor appends a pointer's shape as a message.
func AppendCursor(dst []byte, c screen.Cursor) ([]byte, error) {
	if err := checkCursor(c.W, c.H, c.HotX, c.HotY, len(c.Pix)); err != nil {
		return dst, err
	}
	be := binary.BigEndian
	dst = be.AppendUint32(dst, c.Serial)
	for _, v := range [4]int{c.HotX, c.HotY, c.W, c.H} {
		dst = be.AppendUint16(dst, uint16(v))
	}
	return append(dst, c.Pix...), nil
}

// ParseCursor reads a pointer's shape; its pixels are a part of msg.
func ParseCursor(msg []byte) (screen.Cursor, error) {
	if len(msg) < cursorHeader {
		return screen.Cursor{}, invalid("a pointer of %d bytes", len(msg))
	}
	be := binary.BigEndian
	c := screen.Cursor{
		Serial: be.Uint32(msg),
		HotX:   int(be.Uint16(msg[4:])), HotY: int(be.Uint16(msg[6:])),
		W: int(be.Uint16(msg[8:])), H: int(be.Uint16(msg[10:])),
		Pix: msg[cursorHeader:],
	}
	return c, checkCursor(c.W, c.H, c.HotX, c.HotY, len(c.Pix))
}

// checkCursor: 0×0 is no pointer; else the hot spot is one of its pixels.
func checkCursor(w, h, hotX, hotY, bytes int) error {
	hidden := w == 0 && h == 0 && hotX == 0 && hotY == 0
	inside := w > 0 && h > 0 && w <= screen.MaxCursorSide && h <= screen.MaxCursorSide && hotX >= 0 && hotX < w && hotY >= 0 && hotY < h
	if !hidden && !inside || bytes != w*h*bytesOfAPix {
		return invalid("a pointer of %d×%d, hot spot (%d, %d), with %d bytes", w, h, hotX, hotY, bytes)
	}
	return nil
}
