package message

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"
)

// What is accepted is written the same again.
func TestRequestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := Request{
			Kind: rapid.SampledFrom([]uint8{Encode, Drop}).Draw(t, "kind"), Stream: rapid.Uint8Max(MaxStreams-1).Draw(t, "stream"),
			Codec: rapid.Uint8().Draw(t, "codec"), Key: rapid.Bool().Draw(t, "key"), Number: rapid.Uint32().Draw(t, "number"),
			Width: rapid.Uint32Range(1, MaxWidth).Draw(t, "width"), Height: rapid.Uint32Range(1, MaxHeight).Draw(t, "height"),
			BitsPerSecond: rapid.Uint32().Draw(t, "bits"), FrameTime: rapid.Uint32().Draw(t, "frame"), Time: rapid.Uint64().Draw(t, "time"),
		}
		b := r.Append(nil)
		got, err := ParseRequest(b)
		if len(b) != RequestSize || err != nil || got != r {
			t.Fatalf("%+v became %+v, %v in %d bytes", r, got, err, len(b))
		}
	})
}

func TestAnswerRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := rapid.SliceOfN(rapid.Byte(), AnswerSize, AnswerSize).Draw(t, "bytes")
		b[0], b[1] = b[0]&3, b[1]&3
		a, err := ParseAnswer(b)
		if err != nil {
			return
		}
		if again := a.Append(nil); !bytes.Equal(again[:3], b[:3]) || !bytes.Equal(again[4:16], b[4:16]) {
			t.Fatalf("% x became % x", b, again)
		}
	})
}

func TestRefusals(t *testing.T) {
	good := Request{Kind: Encode, Width: 1, Height: 1}
	for name, spoil := range map[string]func(*Request){
		"kind":   func(r *Request) { r.Kind = 3 },
		"stream": func(r *Request) { r.Stream = MaxStreams },
		"empty":  func(r *Request) { r.Width = 0 },
		"wide":   func(r *Request) { r.Width = MaxWidth + 1 },
		"high":   func(r *Request) { r.Height = MaxHeight + 1 },
	} {
		r := good
		spoil(&r)
		if _, err := ParseRequest(r.Append(nil)); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := ParseRequest(good.Append(nil)[1:]); err == nil {
		t.Error("a short request was accepted")
	}
	if _, err := ParseAnswer(Answer{Length: MaxData + 1}.Append(nil)); err == nil {
		t.Error("an answer with too much data was accepted")
	}
	if _, err := ParseAnswer(nil); err == nil {
		t.Error("an empty answer was accepted")
	}
}
