//go:build videohelper && linux && cgo

package main

/*
#cgo LDFLAGS: -lvpx -lyuv -lm
#include "stream.h"
*/
import "C"

import (
	"errors"
	"fmt"
	"unsafe"

	"deskhand/client/video/message"
)

// stream is one video: its codec, for frames of one size.
type stream struct {
	c             *C.stream
	codec         uint8
	width, height uint32
}

func newStream(r message.Request) (*stream, error) {
	var why *C.char
	c := C.stream_new(C.int(r.Codec), C.int(r.Width), C.int(r.Height), C.uint(r.BitsPerSecond), &why)
	if c == nil {
		return nil, fmt.Errorf("starting codec %d for %d×%d: %s", r.Codec, r.Width, r.Height, C.GoString(why))
	}
	return &stream{c: c, codec: r.Codec, width: r.Width, height: r.Height}, nil
}

// fits tells whether the stream can take this frame.
func (s *stream) fits(r message.Request) bool {
	return s.codec == r.Codec && s.width == r.Width && s.height == r.Height
}

// encode compresses the next frame; what it returns is valid until the one after it.
func (s *stream) encode(r message.Request, pixels []byte) (data []byte, key bool, quantizer uint8, err error) {
	var forced C.int
	if r.Key {
		forced = 1
	}
	var p C.packet
	why := C.stream_encode(s.c, (*C.uint8_t)(unsafe.Pointer(&pixels[0])), C.int64_t(r.Time), C.ulong(r.FrameTime), C.uint(r.BitsPerSecond), forced, &p)
	if why != nil {
		return nil, false, 0, errors.New(C.GoString(why))
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(p.data)), int(p.size)), p.key != 0, uint8(p.quantizer), nil
}

func (s *stream) free() { C.stream_free(s.c) }
