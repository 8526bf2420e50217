package client

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"log/slog"
	"net/http"
	"runtime"
	"testing"

	"deskhand"
	"deskhand/client/ui"
	"deskhand/server/servertest"
	"deskhand/wire"
)

// picture is a PNG of one colour.
func picture(t testing.TB, w, h int, c color.Color) []byte {
	t.Helper()
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// resized is a PNG whose header claims another size.
func resized(file []byte, w, h uint32) []byte {
	file = bytes.Clone(file)
	const header = 16 // behind the signature, the chunk's length and its type
	binary.BigEndian.PutUint32(file[header:], w)
	binary.BigEndian.PutUint32(file[header+4:], h)
	binary.BigEndian.PutUint32(file[header+13:], crc32.ChecksumIEEE(file[header-4:header+13]))
	return file
}

func TestHostileLogos(t *testing.T) {
	good := picture(t, 512, 300, color.NRGBA{200, 30, 30, 255})
	if m, err := decodeLogo(good); err != nil || m.Bounds().Dx() != 512 {
		t.Fatalf("a good one: %v", err)
	}
	flipped := bytes.Clone(good)
	flipped[len(flipped)/2] ^= 1
	for name, file := range map[string][]byte{
		"empty": nil, "no picture": []byte("GIF89a"), "truncated": good[:len(good)/2], "header only": good[:33], "damaged": flipped,
		"wide": picture(t, 513, 1, color.Black), "high": picture(t, 1, 513, color.Black), "no pixels": resized(good, 0, 300),
		"long": append(bytes.Clone(good), make([]byte, deskhand.MaxClientLogo)...), "claims more rows": resized(good, 512, 512),
		"bomb": resized(good, 1<<30, 1<<30), "a wide bomb": resized(good, 1<<31-1, 1),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := decodeLogo(file)
		runtime.ReadMemStats(&after)
		if err == nil {
			t.Errorf("%s: it is taken", name)
		}
		if used := after.TotalAlloc - before.TotalAlloc; used > 8<<20 {
			t.Errorf("%s: %d bytes are reserved for it", name, used)
		}
	}
}

// The windows look as the operator wants; a logo that the client has is not sent again, and one that is no picture keeps nobody from being helped.
func TestBrand(t *testing.T) {
	s := servertest.New(t)
	admin := s.Login(s.Admin)
	admin.Must(http.MethodPatch, "/api/branding", map[string]string{"company": "Contoso Ltd", "color": "#ffcc00"}, nil)
	if status, problem := admin.Send(http.MethodPut, "/api/branding/logo", "application/octet-stream", picture(t, 900, 300, color.NRGBA{200, 30, 30, 255}), nil); status != http.StatusOK {
		t.Fatal(status, problem)
	}
	p := startAttended(t, s, linkCode(t, s))
	p.stage(ui.Waiting)
	want, err := deskhand.PaletteOf("#ffcc00")
	if err != nil {
		t.Fatal(err)
	}
	p.until("the windows wear the brand", func() bool {
		return p.main.Company == "Contoso Ltd" && p.brand.Light != nil && *p.brand.Light == ui.Shades(want.Light) && *p.brand.Dark == ui.Shades(want.Dark) &&
			p.brand.Logo != nil && p.brand.Logo.Bounds().Size() == image.Pt(256, 85)
	})
}

func TestKeptLogo(t *testing.T) {
	d := newDesktop(t)
	c := &core{ui: d, log: slog.New(slog.DiscardHandler)}
	hashOf := func(file []byte) []byte { h := sha256.Sum256(file); return h[:] }
	first := picture(t, 30, 20, color.Black)
	c.brand(&wire.ServerHello{Color: "#112233", Logo: first, LogoHash: hashOf(first)})
	if d.brand.Logo == nil || !bytes.Equal(c.knownLogo(), hashOf(first)) {
		t.Fatal("the first one is not shown")
	}
	c.brand(&wire.ServerHello{Color: "red", LogoHash: hashOf(first)})
	if d.brand.Logo == nil || d.brand.Light != nil {
		t.Errorf("with the known one and no colour: %+v", d.brand)
	}
	bad := []byte("no picture")
	c.brand(&wire.ServerHello{Logo: bad, LogoHash: hashOf(bad)})
	if d.brand.Logo != nil || !bytes.Equal(c.knownLogo(), hashOf(bad)) {
		t.Error("what is no picture is shown, or asked for again")
	}
	c.brand(&wire.ServerHello{LogoHash: hashOf(first)})
	if d.brand.Logo != nil || c.knownLogo() != nil {
		t.Error("one that is not here is said to be")
	}
	d.Close()
	c.brand(&wire.ServerHello{Logo: first})
	if err := d.SetBrand(ui.Brand{}); !errors.Is(err, ui.ErrClosed) {
		t.Error(err)
	}
}
