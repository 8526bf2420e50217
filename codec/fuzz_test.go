package codec

import (
	"bytes"
	"errors"
	"image"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"deskhand/screen"
)

// fuzzPixels bounds the surfaces of fuzzing, so that it spends its time on parsing.
const fuzzPixels = 1 << 18

// FuzzDecode holds the decoder to its word for any message: it takes it or refuses it with one of its errors, and what it takes re-encodes to the
// same picture.
func FuzzDecode(f *testing.F) {
	files, err := filepath.Glob(filepath.Join(vectorDir, "*.bin"))
	if err != nil || len(files) == 0 {
		f.Fatalf("seeds %v, %v", files, err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b[:min(len(b), 4096)])
	}
	for _, r := range refusals(f) {
		f.Add(r.msg)
	}
	f.Add(forge(f, 4, 4, []byte{0, 1, 3, 0, 1, 0, 1, 0, 1, 0, 1, 5, 6, 7, 8}))
	f.Fuzz(func(t *testing.T, msg []byte) {
		if h, _, _, err := parseHeader(msg, place{}); err == nil && h.W*h.H > fuzzPixels {
			return
		}
		decodeAny(t, msg)
		if _, err := ParseCursor(msg); err != nil && !errors.Is(err, ErrInvalid) {
			t.Errorf("cursor: %v", err)
		}
	})
}

// FuzzPayload does the same with any payload, well compressed: most bytes that FuzzDecode tries are no zstd.
func FuzzPayload(f *testing.F) {
	f.Add(uint16(4), uint16(4), []byte{0, 1, 3, 0, 1, 0, 1, 0, 1, 0, 1, 5, 6, 7, 8})
	f.Add(uint16(9), uint16(7), []byte{0, 2, 2, 0, 1, 0, 1, 0, 3, 0, 1, 5, 6, 7, 1, 0, 4, 0, 4, 0, 2, 0, 2, 0, 0, 0, 0})
	f.Add(uint16(70), uint16(70), []byte{0, 2, 4, 0, 0, 0, 0, 0, 70, 0, 70, 0, 9, 5, 0, 0, 0, 0, 0, 70, 0, 6, 0, 11})
	f.Add(uint16(2), uint16(3), []byte{0, 1, 8, 0, 0, 0, 1, 0, 2, 0, 1, 77, 78})
	f.Add(uint16(7), uint16(7), []byte{0, 1, 7, 0, 0, 0, 0, 0, 7, 0, 7})
	f.Fuzz(func(t *testing.T, w, h uint16, payload []byte) {
		if int(w)*int(h) > fuzzPixels {
			return
		}
		msg := forge(t, int(w), int(h), payload)
		changes, gray, ok := decodeAny(t, msg)
		if !ok {
			return
		}
		if ops := appendOps(nil, changes, gray); !bytes.Equal(ops, payload[:len(ops)]) {
			t.Errorf("the changes %+v pack to other bytes", changes)
		}
	})
}

// fuzzEncoder is made once: a fuzzing process runs one input at a time.
var fuzzEncoder = sync.OnceValue(NewEncoder)

func decodeAny(t *testing.T, msg []byte) (changes []screen.Change, gray []bool, ok bool) {
	d := NewDecoder()
	defer d.Close()
	_, changes, err := d.Decode(msg)
	if err != nil {
		if !errors.Is(err, ErrInvalid) && !errors.Is(err, ErrNeedRefresh) {
			t.Errorf("unexpected error %v", err)
		}
		if pix, _, _ := d.Surface(); pix != nil {
			t.Error("a refused message left a picture")
		}
		return nil, nil, false
	}
	pix, w, h := d.Surface()
	surface := &screen.Frame{Pix: make([]byte, len(pix)), Stride: w * 4, W: w, H: h}
	for i := 0; i < len(pix); i += 4 {
		surface.Pix[i], surface.Pix[i+1], surface.Pix[i+2] = pix[i+2], pix[i+1], pix[i]
		if pix[i+3] != 255 {
			t.Fatal("a pixel is not opaque")
		}
	}
	again, err := fuzzEncoder().Encode(nil, Header{Refresh: true}, []screen.Change{{Kind: screen.Pixels, Rect: image.Rect(0, 0, w, h)}}, surface)
	if err != nil {
		t.Fatal(err)
	}
	second := NewDecoder()
	defer second.Close()
	if _, _, err := second.Decode(again); err != nil {
		t.Fatal(err)
	}
	if got, _, _ := second.Surface(); !bytes.Equal(got, pix) {
		t.Error("the picture re-encodes to another one")
	}
	return changes, d.payload.gray, true
}
