package deskhand

import (
	"testing"

	"pgregory.net/rapid"
)

// Whatever colour the operator picks, text can be read.
func TestPaletteCanBeRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := rgb{rapid.Uint8().Draw(t, "r"), rapid.Uint8().Draw(t, "g"), rapid.Uint8().Draw(t, "b")}
		p, err := PaletteOf(c.String())
		if err != nil {
			t.Fatal(err)
		}
		for name, s := range map[string]struct {
			Shades
			ground rgb
		}{"light": {p.Light, lightGround}, "dark": {p.Dark, darkGround}} {
			for what, pair := range map[string][2]rgb{
				"accent": {parse(t, s.Accent), s.ground}, "on fill": {parse(t, s.OnFill), parse(t, s.Fill)}, "on hover": {parse(t, s.OnFill), parse(t, s.FillHover)},
				"on soft": {parse(t, s.OnSoft), parse(t, s.Soft)}, "on soft hover": {parse(t, s.OnSoft), parse(t, s.SoftHover)},
			} {
				if got := contrast(pair[0], pair[1]); got < 4.5 {
					t.Errorf("%s of %s, %s: %v on %v is %.2f", name, c, what, pair[0], pair[1], got)
				}
			}
		}
	})
}

func parse(t *rapid.T, s string) rgb {
	p, err := PaletteOf(s)
	if err != nil {
		t.Fatalf("%q: %v", s, err)
	}
	_ = p
	var c rgb
	for i := range c {
		for _, d := range []byte(s[1+2*i : 3+2*i]) {
			v := d - '0'
			if d >= 'a' {
				v = d - 'a' + 10
			}
			c[i] = c[i]<<4 | v
		}
	}
	return c
}

func TestPaletteSaysWhatItAdjusts(t *testing.T) {
	yellow, err := PaletteOf("#ffcc00")
	if err != nil || !yellow.AdjustedLight || yellow.AdjustedDark || yellow.Light.OnFill != "#000000" || yellow.Light.Fill != "#ffcc00" {
		t.Errorf("%+v %v", yellow, err)
	}
	navy, err := PaletteOf("#102a6b")
	if err != nil || navy.AdjustedLight || !navy.AdjustedDark || navy.Light.OnFill != "#ffffff" {
		t.Errorf("%+v %v", navy, err)
	}
	for _, bad := range []string{"", "red", "#fff", "#FFCC00", "#ffcc000", "#ffcc0g", "#ffcc00\n", "ffcc00"} {
		if _, err := PaletteOf(bad); CodeOf(err) != CodeInvalid {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
