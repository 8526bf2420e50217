// Package message is what the client and the video encoder, its helper process, say to each other over a socket pair.
//
// The client sends one request of 40 bytes for each frame and waits for its answer: 24 bytes, then the compressed frame. Numbers are big
// endian. The pixels do not travel: they lie in shared memory that the helper has as descriptor 3 and may only read, from its first byte on,
// B, G, R, X, row by row without gaps. The memory only grows; the client has made it large enough before it asks.
package message

import (
	"encoding/binary"
	"fmt"
)

// Limits of what is asked and answered, checked before anything is allocated.
const (
	MaxWidth   = 3840
	MaxHeight  = 2160
	MaxStreams = 4
	MaxData    = 16 << 20 // bytes of one compressed frame
)

// Memory is the helper's descriptor of the shared memory.
const Memory = 3

// What a request asks for.
const (
	Encode = 1 // the frame in the shared memory is the stream's next
	Drop   = 2 // the stream ended; answered with no data
)

// RequestSize is the number of bytes of a request.
const RequestSize = 40

// Request is what the client asks.
type Request struct {
	Kind          uint8
	Stream        uint8 // below MaxStreams
	Codec         uint8 // screen.VP8 or screen.VP9
	Key           bool  // a key frame is wanted
	Number        uint32
	Width, Height uint32 // pixels
	BitsPerSecond uint32
	FrameTime     uint32 // µs that the frame is expected to be shown
	Time          uint64 // µs since the encoder began, growing
}

// Append appends r as it travels.
func (r Request) Append(b []byte) []byte {
	be := binary.BigEndian
	b = append(b, r.Kind, r.Stream, r.Codec, bit(r.Key))
	b = be.AppendUint32(b, r.Number)
	b = be.AppendUint32(b, r.Width)
	b = be.AppendUint32(b, r.Height)
	b = be.AppendUint32(b, r.BitsPerSecond)
	b = be.AppendUint32(b, r.FrameTime)
	b = be.AppendUint64(b, r.Time)
	return append(b, make([]byte, 8)...)
}

// ParseRequest reads and checks a request.
func ParseRequest(b []byte) (Request, error) {
	if len(b) != RequestSize {
		return Request{}, fmt.Errorf("a request of %d bytes, want %d", len(b), RequestSize)
	}
	be := binary.BigEndian
	r := Request{
		Kind: b[0], Stream: b[1], Codec: b[2], Key: b[3]&1 != 0, Number: be.Uint32(b[4:]),
		Width: be.Uint32(b[8:]), Height: be.Uint32(b[12:]), BitsPerSecond: be.Uint32(b[16:]), FrameTime: be.Uint32(b[20:]), Time: be.Uint64(b[24:]),
	}
	switch {
	case r.Kind != Encode && r.Kind != Drop:
		return Request{}, fmt.Errorf("a request of kind %d", r.Kind)
	case r.Stream >= MaxStreams:
		return Request{}, fmt.Errorf("stream %d, the most is %d", r.Stream, MaxStreams-1)
	case r.Kind == Encode && (r.Width < 1 || r.Height < 1 || r.Width > MaxWidth || r.Height > MaxHeight):
		return Request{}, fmt.Errorf("a frame of %d×%d, the most is %d×%d", r.Width, r.Height, MaxWidth, MaxHeight)
	}
	return r, nil
}

// AnswerSize is the number of bytes of an answer, without its data.
const AnswerSize = 24

// Answer is how the helper answers a request.
type Answer struct {
	Failed    bool // Length bytes say why, in words
	Key       bool
	Quantizer uint8  // 0 (best) to 63
	Number    uint32 // of the request
	Length    uint32 // bytes of data that follow
	CPU       uint32 // µs of processor time that it took
}

// Append appends a as it travels.
func (a Answer) Append(b []byte) []byte {
	be := binary.BigEndian
	b = append(b, bit(a.Failed), bit(a.Key), a.Quantizer, 0)
	b = be.AppendUint32(b, a.Number)
	b = be.AppendUint32(b, a.Length)
	b = be.AppendUint32(b, a.CPU)
	return append(b, make([]byte, 8)...)
}

// ParseAnswer reads and checks an answer.
func ParseAnswer(b []byte) (Answer, error) {
	if len(b) != AnswerSize {
		return Answer{}, fmt.Errorf("an answer of %d bytes, want %d", len(b), AnswerSize)
	}
	be := binary.BigEndian
	a := Answer{Failed: b[0] != 0, Key: b[1] != 0, Quantizer: b[2], Number: be.Uint32(b[4:]), Length: be.Uint32(b[8:]), CPU: be.Uint32(b[12:])}
	if b[0] > 1 || b[1] > 1 || a.Length > MaxData {
		return Answer{}, fmt.Errorf("an answer that starts with % x", b[:12])
	}
	return a, nil
}

func bit(v bool) byte {
	if v {
		return 1
	}
	return 0
}
