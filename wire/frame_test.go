package wire

import (
	"bytes"
	"errors"
	"io"
	"runtime"
	"testing"
	"testing/iotest"
)

type frameVector struct {
	Name    string
	Type    FrameType
	Payload hexBytes
	Hex     hexBytes
}

func TestFrameVectors(t *testing.T) {
	valid, invalid := vectors[frameVector](t, "frames.json")
	for _, v := range valid {
		t.Run(v.Name, func(t *testing.T) {
			if got := NewFrame(v.Type, v.Payload); !bytes.Equal(got, v.Hex) {
				t.Errorf("encoded %x, want %x", got, v.Hex)
			}
			f, err := ReadFrame(iotest.OneByteReader(bytes.NewReader(v.Hex)), nil, MaxRelay)
			if err != nil {
				t.Fatal(err)
			}
			if f.Type() != v.Type || !bytes.Equal(f.Payload(), v.Payload) {
				t.Errorf("decoded type %x payload %x", f.Type(), f.Payload())
			}
		})
	}
	for _, v := range invalid {
		t.Run(v.Name, func(t *testing.T) {
			if f, err := ReadFrame(bytes.NewReader(v.Hex), nil, MaxRelay); err == nil {
				t.Errorf("accepted as type %x with %d bytes", f.Type(), len(f.Payload()))
			}
		})
	}
}

func TestReadFrameErrors(t *testing.T) {
	tests := []struct {
		name  string
		in    []byte
		limit int
		want  error
	}{
		{"end before a frame", nil, 10, io.EOF},
		{"end in the header", []byte{1, 0}, 10, io.ErrUnexpectedEOF},
		{"end after the header", []byte{1, 0, 0, 1}, 10, io.ErrUnexpectedEOF},
		{"end in the payload", []byte{1, 0, 0, 2, 7}, 10, io.ErrUnexpectedEOF},
		{"over the limit", []byte{1, 0, 0, 11}, 10, ErrFrameTooLarge},
		{"at the limit", append([]byte{1, 0, 0, 10}, make([]byte, 10)...), 10, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := ReadFrame(bytes.NewReader(tt.in), nil, tt.limit); !errors.Is(err, tt.want) {
				t.Errorf("error %v, want %v", err, tt.want)
			}
		})
	}
}

// A frame that claims a megabyte and sends little costs little.
func TestReadFrameAllocatesAsBytesArrive(t *testing.T) {
	lie := append([]byte{1, 0x0f, 0xff, 0xff}, make([]byte, 100)...)
	var before, after runtime.MemStats
	const runs = 100
	runtime.ReadMemStats(&before)
	for range runs {
		if _, err := ReadFrame(bytes.NewReader(lie), nil, MaxSignal); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Fatal(err)
		}
	}
	runtime.ReadMemStats(&after)
	if got := (after.TotalAlloc - before.TotalAlloc) / runs; got > 16<<10 {
		t.Errorf("104 bytes that claim 1 MiB made the reader allocate %d bytes", got)
	}
}

func TestReadFrameReusesItsBuffer(t *testing.T) {
	in := NewFrame(FrameSealed, bytes.Repeat([]byte{7}, 9000))
	r := bytes.NewReader(in)
	buf, err := ReadFrame(r, nil, MaxRelay)
	if err != nil {
		t.Fatal(err)
	}
	allocs := testing.AllocsPerRun(100, func() {
		r.Reset(in)
		f, err := ReadFrame(r, buf, MaxRelay)
		if err != nil || len(f) != len(in) || &f[0] != &buf[0] {
			t.Fatal("the second frame did not use the first one's memory", err)
		}
	})
	if allocs != 0 {
		t.Errorf("%v allocations a frame", allocs)
	}
}

func FuzzReadFrame(f *testing.F) {
	valid, invalid := vectors[frameVector](f, "frames.json")
	for _, v := range valid {
		f.Add([]byte(v.Hex))
	}
	for _, v := range invalid {
		f.Add([]byte(v.Hex))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		frame, err := ReadFrame(bytes.NewReader(in), nil, MaxRelay)
		if err != nil {
			return
		}
		if again := NewFrame(frame.Type(), frame.Payload()); !bytes.HasPrefix(in, again) {
			t.Errorf("%x was read as %x", in, again)
		}
	})
}
