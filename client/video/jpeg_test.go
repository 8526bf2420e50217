package video

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"testing"

	"deskhand/client/video/videotest"
	"deskhand/screen"
)

// Whatever its size, the picture comes back the same size and nearly the same.
func TestJPEG(t *testing.T) {
	for _, size := range []image.Point{{1, 1}, {2, 1}, {1, 2}, {161, 91}, {160, 90}} {
		src, err := screen.NewFrame(size.X, size.Y)
		if err != nil {
			t.Fatal(err)
		}
		videotest.NewFilm(size.X, size.Y, 4).Frame(src, 1)
		var s jpegStream
		f, err := s.encode(2, src, Quality{BitsPerSecond: 10_000_000, FPS: 30}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if f.Stream != 2 || f.Codec != screen.JPEG || !f.Key {
			t.Errorf("%v: %+v", size, f)
		}
		got, err := jpeg.Decode(bytes.NewReader(f.Data))
		if err != nil {
			t.Fatalf("%v: %v", size, err)
		}
		if got.Bounds().Size() != size {
			t.Errorf("%v became %v", size, got.Bounds().Size())
			continue
		}
		if rgb, luma := videotest.PSNR(src, fromImage(t, got)); rgb < 33 || luma < 34 {
			t.Errorf("%v: %.1f dB, luma %.1f dB", size, rgb, luma)
		}
	}
}

// Plain colours come back, so the weights and their rounding are right up to the ends.
func TestJPEGColours(t *testing.T) {
	src, err := screen.NewFrame(16, 16)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []screen.Color{{}, {R: 255, G: 255, B: 255}, {R: 255}, {G: 255}, {B: 255}, {R: 255, G: 255}, {R: 12, G: 200, B: 99}} {
		src.Fill(src.Bounds(), c)
		m := image.NewYCbCr(src.Bounds(), image.YCbCrSubsampleRatio420)
		toYCbCr(m, src)
		y, cb, cr := color.RGBToYCbCr(c.R, c.G, c.B)
		if got := m.YCbCrAt(3, 5); !near(got.Y, y) || !near(got.Cb, cb) || !near(got.Cr, cr) {
			t.Errorf("%v is %v, want %d %d %d", c, got, y, cb, cr)
		}
	}
}

// A line that carries less makes the pictures smaller within a few frames.
func TestJPEGKeepsToTheLine(t *testing.T) {
	src, err := screen.NewFrame(320, 180)
	if err != nil {
		t.Fatal(err)
	}
	videotest.NewFilm(320, 180, 8).Frame(src, 0)
	var s jpegStream
	size := func(bits int) (n int) {
		for range 20 {
			f, err := s.encode(0, src, Quality{BitsPerSecond: bits, FPS: 10}, nil)
			if err != nil {
				t.Fatal(err)
			}
			n = len(f.Data)
		}
		return n
	}
	good, poor := size(4_000_000), size(200_000)
	if poor >= good/2 || poor > 200_000/8/10*3/2 {
		t.Errorf("%d bytes on a good line, %d on a poor one", good, poor)
	}
}

func near(a, b uint8) bool { return max(a, b)-min(a, b) <= 1 }

func fromImage(t *testing.T, m image.Image) *screen.Frame {
	t.Helper()
	f, err := screen.NewFrame(m.Bounds().Dx(), m.Bounds().Dy())
	if err != nil {
		t.Fatal(err)
	}
	for y := range f.H {
		row := f.Row(y, 0, f.W)
		for x := range f.W {
			r, g, b, _ := m.At(x, y).RGBA()
			row[4*x], row[4*x+1], row[4*x+2] = uint8(b>>8), uint8(g>>8), uint8(r>>8)
		}
	}
	return f
}
