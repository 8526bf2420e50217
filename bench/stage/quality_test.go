package main

import (
	"image"
	"testing"

	"deskhand/screen"
	"deskhand/screen/screentest"
)

func TestQuality(t *testing.T) {
	gray, colorful := screentest.New(64, 48), screentest.New(64, 48)
	screentest.Noise(colorful, colorful.Bounds(), 1)
	for y := range 48 {
		for x := range 64 {
			v := uint8(x*3 + y)
			gray.Fill(image.Rect(x, y, x+1, y+1), screen.Color{R: v, G: v, B: v})
		}
	}
	w := &watch{frames: []*screen.Frame{gray, colorful}}
	off := gray.AppendRGBA(nil, gray.Bounds()) // a picture that is 4 too bright everywhere: 10·log10(255²/4²) = 36.09 dB
	for i := range off {
		off[i] += 4
	}
	q := w.compare([][]byte{gray.AppendRGBA(nil, gray.Bounds()), off, colorful.AppendRGBA(nil, colorful.Bounds())}, image.Rectangle{})
	for i, want := range []float64{99, 36.09, 99} {
		if q.RGB[i] != want || q.Luma[i] != want {
			t.Errorf("picture %d: %v dB, %v dB of luma; want %v", i, q.RGB[i], q.Luma[i], want)
		}
	}
	if q.HalfColor[0] != 99 || q.HalfColor[2] > 20 {
		t.Errorf("half the colours: gray %v dB, colours %v dB", q.HalfColor[0], q.HalfColor[2])
	}
}
