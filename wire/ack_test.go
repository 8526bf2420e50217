package wire

import (
	"bytes"
	"testing"
)

type ackVector struct {
	Name         string
	ID           uint32
	DecodeMicros uint32
	Queue        uint8
	Hex          hexBytes
}

func TestAckVectors(t *testing.T) {
	valid, invalid := vectors[ackVector](t, "ack.json")
	for _, v := range valid {
		want := Ack{ID: v.ID, DecodeMicros: v.DecodeMicros, Queue: v.Queue}
		if got := want.Append(nil); !bytes.Equal(got, v.Hex) {
			t.Errorf("%s: encoded %x, want %x", v.Name, got, v.Hex)
		}
		if got, err := DecodeAck(v.Hex); err != nil || got != want {
			t.Errorf("%s: decoded %+v, %v", v.Name, got, err)
		}
		if got, err := DecodeAck(append(v.Hex, 1, 2)); err != nil || got != want {
			t.Errorf("%s: with fields of a newer version: %+v, %v", v.Name, got, err)
		}
	}
	for _, v := range invalid {
		if got, err := DecodeAck(v.Hex); err == nil {
			t.Errorf("%s: accepted as %+v", v.Name, got)
		}
	}
}

func FuzzAck(f *testing.F) {
	f.Add(Ack{ID: 1, DecodeMicros: 2, Queue: 3}.Append(nil))
	f.Fuzz(func(t *testing.T, in []byte) {
		a, err := DecodeAck(in)
		if err != nil {
			return
		}
		if again := a.Append(nil); !bytes.HasPrefix(in, again) {
			t.Errorf("%x was read as %x", in, again)
		}
	})
}
