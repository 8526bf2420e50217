package codec

import (
	"encoding/binary"
	"image"
	"math"

	"deskhand/screen"
)

// Sizes in the payload: count u16, then op u8, x, y, w, h u16 of each change, then its operands.
const (
	countSize   = 2
	opSize      = 9
	copySize    = 4 // sx, sy u16
	fillSize    = 3 // r, g, b u8
	maxCount    = math.MaxUint16
	bytesOfAPix = 4
)

// appendOps packs the changes without their pixels.
func appendOps(dst []byte, changes []screen.Change) []byte {
	be := binary.BigEndian
	dst = be.AppendUint16(dst, uint16(len(changes)))
	for _, c := range changes {
		dst = append(dst, byte(c.Kind))
		dst = be.AppendUint16(dst, uint16(c.Rect.Min.X))
		dst = be.AppendUint16(dst, uint16(c.Rect.Min.Y))
		dst = be.AppendUint16(dst, uint16(c.Rect.Dx()))
		dst = be.AppendUint16(dst, uint16(c.Rect.Dy()))
		switch c.Kind {
		case screen.Copy:
			dst = be.AppendUint16(dst, uint16(c.Src.X))
			dst = be.AppendUint16(dst, uint16(c.Src.Y))
		case screen.Fill:
			dst = append(dst, c.Color.R, c.Color.G, c.Color.B)
		}
	}
	return dst
}

// parseOps unpacks the changes of a w×h surface into changes, which it reuses; pixels is what follows them, exactly as many bytes as they name.
func parseOps(payload []byte, w, h int, changes []screen.Change) (_ []screen.Change, pixels []byte, err error) {
	if len(payload) < countSize {
		return nil, nil, invalid("a payload of %d bytes", len(payload))
	}
	be := binary.BigEndian
	count := int(be.Uint16(payload))
	payload = payload[countSize:]
	if len(payload) < count*opSize {
		return nil, nil, invalid("%d changes in %d bytes", count, len(payload))
	}
	surface := image.Rect(0, 0, w, h)
	covered, sent := 0, 0
	changes = changes[:0]
	for range count {
		if len(payload) < opSize {
			return nil, nil, invalid("the changes end early")
		}
		c := screen.Change{Kind: screen.Kind(payload[0])}
		c.Rect.Min = image.Pt(int(be.Uint16(payload[1:])), int(be.Uint16(payload[3:])))
		c.Rect.Max = c.Rect.Min.Add(image.Pt(int(be.Uint16(payload[5:])), int(be.Uint16(payload[7:]))))
		payload = payload[opSize:]
		switch c.Kind {
		case screen.Copy:
			if len(payload) < copySize {
				return nil, nil, invalid("a copy ends early")
			}
			c.Src = image.Pt(int(be.Uint16(payload)), int(be.Uint16(payload[2:])))
			payload = payload[copySize:]
		case screen.Fill:
			if len(payload) < fillSize {
				return nil, nil, invalid("a fill ends early")
			}
			c.Color = screen.Color{R: payload[0], G: payload[1], B: payload[2]}
			payload = payload[fillSize:]
		case screen.Pixels:
			sent += c.Rect.Dx() * c.Rect.Dy()
		}
		if err := checkChange(c, surface); err != nil {
			return nil, nil, err
		}
		covered += c.Rect.Dx() * c.Rect.Dy()
		if covered > maxArea(w, h) {
			return nil, nil, invalid("changes of more than %d pixels", maxArea(w, h))
		}
		changes = append(changes, c)
	}
	if len(payload) != sent*bytesOfAPix {
		return nil, nil, invalid("%d bytes of pixels, the changes name %d", len(payload), sent*bytesOfAPix)
	}
	return changes, payload, nil
}

// checkChange holds a change to what the format can say and the surface has.
func checkChange(c screen.Change, surface image.Rectangle) error {
	switch {
	case c.Kind < screen.Copy || c.Kind > screen.Pixels:
		return invalid("change of kind %d", c.Kind)
	case c.Rect.Empty() || !c.Rect.In(surface):
		return invalid("change of %v on a surface of %v", c.Rect, surface.Max)
	case c.Kind == screen.Copy && !(image.Rectangle{c.Src, c.Src.Add(c.Rect.Size())}).In(surface):
		return invalid("copy of %v from %v on a surface of %v", c.Rect, c.Src, surface.Max)
	}
	return nil
}
