package codec

import (
	"encoding/binary"
	"image"
	"math"
	"math/bits"

	"deskhand/screen"
)

// Sizes in the payload: count u16, then op u8, x, y, w, h u16 of each change, then its operands.
const (
	countSize   = 2
	opSize      = 9
	maxCount    = math.MaxUint16
	bytesOfAPix = 4
)

// opGray is Pixels whose R, G and B are equal: one byte each. Only the wire knows it.
const opGray screen.Kind = 8

// operandsSize is how many bytes follow a change of this kind.
func operandsSize(k screen.Kind) int {
	switch k {
	case screen.Copy:
		return 4 // sx, sy u16
	case screen.Fill:
		return 3 // r, g, b u8
	case screen.Keep, screen.Recall:
		return 2 // slot u16
	case screen.Video:
		return 7 // stream, codec, flags u8, bytes u32
	}
	return 0
}

// Flags of a video frame.
const (
	flagKey    = 1 << 0
	scaleShift = 1 // of two bits, the power of two
	scaleMask  = 3
)

// appendOps packs the changes without their pixels and frames; gray says of each whether it is Pixels of opGray.
func appendOps(dst []byte, changes []screen.Change, gray []bool) []byte {
	be := binary.BigEndian
	dst = be.AppendUint16(dst, uint16(len(changes)))
	for i, c := range changes {
		op := c.Kind
		if gray[i] {
			op = opGray
		}
		dst = append(dst, byte(op))
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
		case screen.Keep, screen.Recall:
			dst = be.AppendUint16(dst, uint16(c.Slot))
		case screen.Video:
			flags := byte(bits.TrailingZeros(uint(c.Video.Scale))) << scaleShift
			if c.Video.Key {
				flags |= flagKey
			}
			dst = append(dst, c.Video.Stream, byte(c.Video.Codec), flags)
			dst = be.AppendUint32(dst, uint32(len(c.Video.Data)))
		}
	}
	return dst
}

// payload is what an update inflates to, taken apart.
type payload struct {
	changes []screen.Change
	gray    []bool // of each change: it is Pixels of one byte
	pixels  []byte // of all Pixels changes, one after the other
	sum     sums
}

// sums adds up what the changes of an update cover and carry.
type sums struct{ covered, sent, attached int }

func (s *sums) add(c *screen.Change, gray bool) {
	n := c.Rect.Dx() * c.Rect.Dy()
	s.covered += n
	switch {
	case gray:
		s.sent += n
	case c.Kind == screen.Pixels:
		s.sent += n * bytesOfAPix
	case c.Kind == screen.Video:
		s.attached += len(c.Video.Data)
	}
}

// parse unpacks the payload of a w×h surface and its attachments, exactly as many bytes as it names; it reuses p's memory.
func (p *payload) parse(b, attached []byte, w, h int) error {
	if len(b) < countSize {
		return invalid("a payload of %d bytes", len(b))
	}
	count := int(binary.BigEndian.Uint16(b))
	b = b[countSize:]
	if len(b) < count*opSize {
		return invalid("%d changes in %d bytes", count, len(b))
	}
	p.changes, p.gray, p.sum = p.changes[:0], p.gray[:0], sums{}
	surface := image.Rect(0, 0, w, h)
	for range count {
		c, rest, err := parseOp(b, &attached)
		if err != nil {
			return err
		}
		b = rest
		gray := c.Kind == opGray
		if gray {
			c.Kind = screen.Pixels
		}
		if err := checkChange(&c, surface); err != nil {
			return err
		}
		p.sum.add(&c, gray)
		if p.sum.covered > maxArea(w, h) {
			return invalid("changes of more than %d pixels", maxArea(w, h))
		}
		p.changes, p.gray = append(p.changes, c), append(p.gray, gray)
	}
	if len(b) != p.sum.sent {
		return invalid("%d bytes of pixels, the changes name %d", len(b), p.sum.sent)
	}
	if len(attached) != 0 {
		return invalid("%d attached bytes too many", len(attached))
	}
	p.pixels = b
	return nil
}

// parseOp unpacks the change at the front of b and takes its frame from the front of attached.
func parseOp(b []byte, attached *[]byte) (c screen.Change, rest []byte, err error) {
	if len(b) < opSize {
		return c, nil, invalid("the changes end early")
	}
	be := binary.BigEndian
	c.Kind = screen.Kind(b[0])
	c.Rect.Min = image.Pt(int(be.Uint16(b[1:])), int(be.Uint16(b[3:])))
	c.Rect.Max = c.Rect.Min.Add(image.Pt(int(be.Uint16(b[5:])), int(be.Uint16(b[7:]))))
	b = b[opSize:]
	n := operandsSize(c.Kind)
	if len(b) < n {
		return c, nil, invalid("the operands of a change end early")
	}
	switch c.Kind {
	case screen.Copy:
		c.Src = image.Pt(int(be.Uint16(b)), int(be.Uint16(b[2:])))
	case screen.Fill:
		c.Color = screen.Color{R: b[0], G: b[1], B: b[2]}
	case screen.Keep, screen.Recall:
		c.Slot = int(be.Uint16(b))
	case screen.Video:
		size := be.Uint32(b[3:])
		if uint64(size) > uint64(len(*attached)) {
			return c, nil, invalid("a video frame of %d bytes, %d are left", size, len(*attached))
		}
		c.Video = &screen.VideoFrame{
			Stream: b[0], Codec: screen.VideoCodec(b[1]), Key: b[2]&flagKey != 0, Scale: 1 << (b[2] >> scaleShift & scaleMask), Data: (*attached)[:size:size],
		}
		*attached = (*attached)[size:]
	}
	return c, b[n:], nil
}

// checkChange holds a change to what the format can say and the surface has.
func checkChange(c *screen.Change, surface image.Rectangle) error {
	if c.Kind < screen.Copy || c.Kind > screen.Reveal {
		return invalid("change of kind %d", c.Kind)
	}
	if c.Rect.Empty() || !c.Rect.In(surface) {
		return invalid("change of %v on a surface of %v", c.Rect, surface.Max)
	}
	switch c.Kind {
	case screen.Copy:
		if !(image.Rectangle{c.Src, c.Src.Add(c.Rect.Size())}).In(surface) {
			return invalid("copy of %v from %v on a surface of %v", c.Rect, c.Src, surface.Max)
		}
	case screen.Keep, screen.Recall:
		if c.Slot < 0 || c.Slot+screen.TileCount(c.Rect) > screen.Slots {
			return invalid("%d tiles from slot %d on", screen.TileCount(c.Rect), c.Slot)
		}
	case screen.Video:
		v := c.Video
		if v.Stream >= screen.MaxStreams || v.Codec < screen.VP8 || v.Codec > screen.JPEG || len(v.Data) == 0 || len(v.Data) > math.MaxInt32 {
			return invalid("video frame of stream %d, codec %d, %d bytes", v.Stream, v.Codec, len(v.Data))
		}
		if v.Scale != 1 && v.Scale != 2 && v.Scale != 4 {
			return invalid("video frame enlarged %d times", v.Scale)
		}
	}
	return nil
}
