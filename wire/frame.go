package wire

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"google.golang.org/protobuf/proto"
)

// FrameType is the first byte of a frame. See "Frame" in docs/protocol.md.
type FrameType uint8

// The frame types of version 1.
const (
	// FrameSignal holds a ClientSignal or a ServerSignal. See "Signalling".
	FrameSignal FrameType = 0x01
	// FrameRelayHello holds a RelayHello, the first frame of both ends of a relay connection. See "Relay".
	FrameRelayHello FrameType = 0x10
	// FrameRelayReady holds a RelayReady: both ends are there. See "Relay".
	FrameRelayReady FrameType = 0x11
	// FrameRelayClose holds a RelayClose, the relay's last frame. See "Relay".
	FrameRelayClose FrameType = 0x12
	// FrameClientKey holds a ClientKey. See "Key exchange".
	FrameClientKey FrameType = 0x20
	// FrameReveal holds a Reveal. See "Key exchange".
	FrameReveal FrameType = 0x21
	// FrameSealed holds one sealed part. See "Sealed frame".
	FrameSealed FrameType = 0x30
)

// Limits of a frame's payload in bytes, see "Frame" in docs/protocol.md.
const (
	HeaderSize = 4 // type and length

	MaxHello  = 4 << 10  // before the connection is authenticated
	MaxSignal = 1 << 20  // afterwards, on the signalling connection
	MaxRelay  = 16 << 10 // afterwards, on the relay connections
)

const maxLength = 1<<24 - 1

// ErrFrameTooLarge is returned for a frame that claims more than the limit in force.
var ErrFrameTooLarge = errors.New("frame is larger than allowed")

// Frame is one whole frame as it travels: header and payload. Every Frame that this package returns has a header whose
// length matches.
type Frame []byte

// NewFrame encodes a frame. The payload is at most 16 MiB less a byte.
func NewFrame(t FrameType, payload []byte) Frame {
	return append(AppendHeader(make(Frame, 0, HeaderSize+len(payload)), t, len(payload)), payload...)
}

// AppendHeader appends the header of a frame whose payload has n bytes; the caller appends the payload.
func AppendHeader(dst []byte, t FrameType, n int) Frame {
	if n < 0 || n > maxLength {
		panic(fmt.Sprintf("wire: frame of %d bytes", n))
	}
	return append(dst, byte(t), byte(n>>16), byte(n>>8), byte(n))
}

// Type returns the frame's type, known or not.
func (f Frame) Type() FrameType { return FrameType(f[0]) }

// Payload returns the frame's payload, a view.
func (f Frame) Payload() []byte { return f[HeaderSize:] }

// ReadFrame reads one frame into buf, which it grows as bytes arrive and never by what the header claims; the frame
// returned is a view of it (or of its larger successor). limit is the most that the payload may have. The error is io.EOF
// when r ends before the frame, io.ErrUnexpectedEOF when it ends inside, ErrFrameTooLarge when limit is broken.
func ReadFrame(r io.Reader, buf []byte, limit int) (Frame, error) {
	buf = slices.Grow(buf[:0], HeaderSize)[:HeaderSize]
	if _, err := io.ReadFull(r, buf); err != nil {
		return nil, err
	}
	n := int(buf[1])<<16 | int(buf[2])<<8 | int(buf[3])
	if n > limit {
		return nil, fmt.Errorf("%w: type 0x%02x, %d bytes, limit %d", ErrFrameTooLarge, buf[0], n, limit)
	}
	const step = 4 << 10
	for len(buf) < HeaderSize+n {
		have := len(buf)
		room := max(cap(buf)-have, step)
		buf = slices.Grow(buf, min(room, HeaderSize+n-have))
		buf = buf[:min(cap(buf), HeaderSize+n)]
		if _, err := io.ReadFull(r, buf[have:]); err != nil {
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return nil, err
		}
	}
	return Frame(buf), nil
}

// EncodeFrame encodes a frame that holds a message.
func EncodeFrame(t FrameType, m proto.Message) (Frame, error) {
	f, err := proto.MarshalOptions{}.MarshalAppend(make(Frame, HeaderSize, HeaderSize+256), m)
	if err != nil {
		return nil, fmt.Errorf("encoding frame 0x%02x: %w", byte(t), err)
	}
	n := len(f) - HeaderSize
	if n > MaxSignal {
		return nil, fmt.Errorf("encoding frame 0x%02x: %w: %d bytes", byte(t), ErrFrameTooLarge, n)
	}
	AppendHeader(f[:0], t, n)
	return f, nil
}

// Decode reads the payload into m. The error is a *ProtocolError.
func (f Frame) Decode(m proto.Message) error {
	if err := proto.Unmarshal(f.Payload(), m); err != nil {
		return Violation("decoding frame 0x%02x: %w", byte(f.Type()), err)
	}
	return nil
}
