package logo_test

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"testing"

	"deskhand"
	"deskhand/server/logo"
)

func picture(w, h int) image.Image {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		m.Set(i%w, i/w, color.NRGBA{uint8(i), uint8(i / w), 80, 200})
	}
	return m
}

func encoded(t *testing.T, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// What comes out is a picture of our own: nothing that stood beside the pixels is in it.
func TestEncodesAnew(t *testing.T) {
	file := encoded(t, picture(64, 32))
	smuggled := append(bytes.Clone(file), "<script>alert(1)</script>"...)
	var j bytes.Buffer
	if err := jpeg.Encode(&j, picture(64, 32), nil); err != nil {
		t.Fatal(err)
	}
	webp, err := base64.StdEncoding.DecodeString("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA")
	if err != nil {
		t.Fatal(err)
	}
	for name, in := range map[string][]byte{"png": file, "with more": smuggled, "jpeg": j.Bytes(), "webp": webp} {
		out, err := logo.PNG(in)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if bytes.Contains(out, []byte("script")) {
			t.Errorf("%s: the rest of the file is passed on", name)
		}
		if _, err := png.Decode(bytes.NewReader(out)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRefuses(t *testing.T) {
	good := encoded(t, picture(64, 64))
	bomb := bytes.Clone(good)
	copy(bomb[16:24], []byte{0, 0, 0x7f, 0xff, 0, 0, 0x7f, 0xff}) // 32767 × 32767
	for name, in := range map[string][]byte{
		"nothing": nil, "svg": []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), "cut off": good[:len(good)/2], "bomb": bomb,
		"too wide": encoded(t, image.NewGray(image.Rect(0, 0, deskhand.MaxLogoSide+1, 1))), "too many bytes": make([]byte, deskhand.MaxLogo+1),
	} {
		if _, err := logo.PNG(in); deskhand.CodeOf(err) != deskhand.CodeInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzPNG(f *testing.F) {
	f.Add([]byte("\x89PNG\r\n\x1a\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		if out, err := logo.PNG(in); err == nil {
			if _, err := png.Decode(bytes.NewReader(out)); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// Clients get every logo that is kept, small enough for their windows.
func TestSmall(t *testing.T) {
	for _, size := range []image.Point{{1, 1}, {64, 32}, {256, 256}, {1024, 1}, {900, 300}, {1024, 1024}} {
		out, err := logo.Small(encoded(t, picture(size.X, size.Y)))
		if err != nil {
			t.Errorf("%v: %v", size, err)
			continue
		}
		m, err := png.Decode(bytes.NewReader(out))
		if err != nil {
			t.Errorf("%v: %v", size, err)
			continue
		}
		got := m.Bounds().Size()
		if len(out) > deskhand.MaxClientLogo || got.X > deskhand.MaxClientLogoSide || got.Y > deskhand.MaxClientLogoSide || got.X > size.X || got.Y > size.Y {
			t.Errorf("%v becomes %v, %d bytes", size, got, len(out))
		}
	}
	noise := image.NewNRGBA(image.Rect(0, 0, 600, 600))
	random := rand.New(rand.NewPCG(1, 2))
	for i := range noise.Pix {
		noise.Pix[i] = uint8(random.Uint32())
	}
	if out, err := logo.Small(encoded(t, noise)); err != nil || len(out) > deskhand.MaxClientLogo {
		t.Errorf("noise: %d bytes, %v", len(out), err)
	}
	if _, err := logo.Small([]byte("no picture")); err == nil {
		t.Error("what is no picture becomes small")
	}
}
