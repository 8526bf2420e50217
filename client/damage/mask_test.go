package damage

import (
	"image"
	"testing"
	"time"

	"pgregory.net/rapid"

	"deskhand/screen"
	"deskhand/screen/screentest"
)

// The fast comparison of rows says the same as the plain one, whatever the place in memory, and the fourth byte of a pixel does not count.
func TestMaskRow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tiles := rapid.IntRange(1, 9).Draw(t, "tiles")
		shift := [2]int{rapid.IntRange(0, 63).Draw(t, "a begins at"), rapid.IntRange(0, 63).Draw(t, "b begins at")}
		var rows [2][]byte
		for i := range rows {
			f := screentest.New(tiles*tileSide+16, 1)
			screentest.Noise(f, f.Bounds(), 1)
			rows[i] = append(make([]byte, shift[i]), f.Pix...)[shift[i]:][:tiles*tileBytes]
		}
		for range rapid.IntRange(0, 20).Draw(t, "differences") {
			rows[1][rapid.IntRange(0, len(rows[1])-1).Draw(t, "at")] ^= byte(1 << rapid.IntRange(0, 7).Draw(t, "bit"))
		}
		plain, fast := make([]uint64, tiles*tileSide), make([]uint64, tiles*tileSide)
		maskRowPlain(plain, rows[0], rows[1])
		maskRow(fast, rows[0], rows[1])
		for i := range plain {
			if plain[i] != fast[i] {
				t.Fatalf("word %d: %x, plain %x", i, fast[i], plain[i])
			}
		}
		for x := range tiles * tileSide {
			want := [3]byte(rows[0][x*4:]) != [3]byte(rows[1][x*4:])
			if got := plain[x/tileSide*tileSide]>>(x%tileSide)&1 != 0; got != want {
				t.Fatalf("pixel %d differs: %v, want %v", x, got, want)
			}
		}
	})
}

// A rectangle compared with another place has the bits that comparing pixel by pixel gives, and no others are touched.
func TestCompare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(1, 300).Draw(t, "w"), rapid.IntRange(1, 100).Draw(t, "h")
		a, b := screentest.New(w, h), screentest.New(w, h)
		screentest.Noise(a, a.Bounds(), 1)
		screentest.Noise(b, b.Bounds(), 1)
		r := drawRect(t, w, h)
		x, y := rapid.IntRange(0, w-r.Dx()).Draw(t, "x"), rapid.IntRange(0, h-r.Dy()).Draw(t, "y")
		by := image.Pt(x, y).Sub(r.Min)
		b.Move(r.Add(by), r.Min)
		other := drawRect(t, w, h)
		screentest.Noise(b, other, 2)

		all := over(a.Bounds())
		g := grid{a.Bounds(), all.Dx(), all.Dy()}
		m := make(masks, g.cols*g.rows*tileSide)
		const before = 0xaaaa_5555_aaaa_5555
		for i := range m {
			m[i] = before
		}
		g.compare(m, a, b, r, by)
		for i := range g.cols * g.rows {
			origin := image.Pt(i%g.cols, i/g.cols).Mul(tileSide)
			for y, word := range m.of(i) {
				for x := range tileSide {
					p := origin.Add(image.Pt(x, y))
					want := uint64(before)>>x&1 != 0
					if p.In(r) {
						want = a.At(p.X, p.Y) != b.At(p.X+by.X, p.Y+by.Y)
					}
					if got := word>>x&1 != 0; got != want {
						t.Fatalf("%v differs: %v, want %v (in %v: %v)", p, got, want, r, p.In(r))
					}
				}
			}
		}
	})
}

func TestMaskBox(t *testing.T) {
	for _, c := range []struct {
		set  []image.Point
		want image.Rectangle
	}{
		{nil, image.Rectangle{}},
		{[]image.Point{{0, 0}}, image.Rect(0, 0, 1, 1)},
		{[]image.Point{{63, 63}}, image.Rect(63, 63, 64, 64)},
		{[]image.Point{{5, 60}, {40, 2}}, image.Rect(5, 2, 41, 61)},
	} {
		var m mask
		for _, p := range c.set {
			m[p.Y] |= 1 << p.X
		}
		if got := m.box(); got != c.want || m.count() != len(c.set) {
			t.Errorf("%v: box %v, %d pixels", c.set, got, m.count())
		}
	}
}

// What X11 leaves in the fourth byte makes no difference.
func TestFourthByte(t *testing.T) {
	shown := screentest.New(300, 200)
	screentest.Text(shown, 1)
	now := screentest.Clone(shown)
	for i := 3; i < len(now.Pix); i += 4 {
		now.Pix[i] = 255
	}
	var d Differ
	if c := d.Diff(shown, now, region(now.Bounds()), time.Time{}, 0); len(c) != 0 {
		t.Errorf("changes %+v", c)
	}
	now.Fill(image.Rect(0, 0, 100, 100), screen.Color{R: 1})
	if c := check(t, &d, shown, now, region(now.Bounds())); len(c) != 1 || c[0].Kind != screen.Fill {
		t.Errorf("changes %+v", c)
	}
}
