package damage

import (
	"image"
	"testing"
	"time"

	"pgregory.net/rapid"

	"deskhand/screen"
	"deskhand/screen/screentest"
)

// pages makes screens that look different.
func pages(n, w, h int) []*screen.Frame {
	out := make([]*screen.Frame, n)
	for i := range out {
		out[i] = screentest.New(w, h)
		screentest.Text(out[i], uint64(i+1))
		out[i].Fill(image.Rect(0, 0, w, min(h, 40)), screen.Color{R: uint8(i * 30), B: 90})
	}
	return out
}

func kinds(changes []screen.Change) map[screen.Kind]int {
	m := map[screen.Kind]int{}
	for _, c := range changes {
		m[c.Kind]++
	}
	return m
}

// A page that was seen before comes back in a few changes and without pixels, again and again.
func TestPageComesBack(t *testing.T) {
	p := pages(3, 1000, 700)
	shown := screentest.Clone(p[0])
	g := region(shown.Bounds())
	v, at := newViewer(shown), time.Unix(1000, 0)
	var d Differ
	for i := range 12 {
		at = at.Add(time.Second)
		changes := v.follow(t, &d, shown, p[(i+1)%3], g, at)
		if i < 2 {
			continue // still unknown
		}
		if n := pixels(changes); n > 0 || len(changes) > 4 {
			t.Fatalf("flip %d: %d pixels in %v: %+v", i, n, kinds(changes), changes)
		}
	}
}

// A menu that opens again, and what it hides, cost no pixels, wherever it lies between the tiles.
func TestMenu(t *testing.T) {
	page := pages(1, 1000, 700)[0]
	open := screentest.Clone(page)
	other := screentest.New(1000, 700)
	screentest.Text(other, 9)
	menu := image.Rect(133, 57, 391, 450)
	open.CopyRect(other, menu)
	shown := screentest.Clone(page)
	v, at := newViewer(shown), time.Unix(1000, 0)
	var d Differ
	for i := range 6 {
		at = at.Add(time.Second)
		changes := v.follow(t, &d, shown, []*screen.Frame{open, page}[i%2], region(menu), at)
		if n := pixels(changes); i > 0 && n > 2*worth*(menu.Dx()+menu.Dy())/tileSide || i > 0 && kinds(changes)[screen.Recall] > 3 {
			t.Errorf("step %d: %d pixels in %v", i, n, kinds(changes))
		}
	}
}

// What changes all the time is not kept.
func TestFilmIsNotKept(t *testing.T) {
	shown, now := screentest.New(640, 480), screentest.New(640, 480)
	var d Differ
	v, at := newViewer(shown), time.Unix(1000, 0)
	for i := range 30 {
		at = at.Add(33 * time.Millisecond)
		screentest.Noise(now, now.Bounds(), uint64(i))
		if k := kinds(v.follow(t, &d, shown, now, region(now.Bounds()), at)); k[screen.Keep] > 0 {
			t.Fatalf("frame %d: %v", i, k)
		}
	}
}

func TestRestartForgets(t *testing.T) {
	p := pages(2, 640, 480)
	shown := screentest.Clone(p[0])
	g := region(shown.Bounds())
	v, at := newViewer(shown), time.Unix(1000, 0)
	var d Differ
	for i := range 6 {
		at = at.Add(time.Second)
		if i == 4 {
			d.Restart()
			v.kept = map[int]*screen.Frame{}
		}
		changes := v.follow(t, &d, shown, p[(i+1)%2], g, at)
		if n := kinds(changes)[screen.Recall]; (n > 0) != (i != 0 && i != 4) {
			t.Errorf("flip %d recalls %d times", i, n)
		}
	}
}

// More than the slots hold is shown; what is recalled now and then stays.
func TestSlotsAreGivenOutAgain(t *testing.T) {
	const w, h = 640, 512 // 80 tiles
	often := pages(1, w, h)[0]
	shown := screentest.Clone(often)
	g := region(shown.Bounds())
	v, at := newViewer(shown), time.Unix(1000, 0)
	now := screentest.New(w, h)
	var d Differ
	for i := range 16 {
		at = at.Add(time.Second)
		if i == 6 {
			d.cache.hand = 3900 // as after many more pages
		}
		if i%5 != 0 {
			screentest.Noise(now, now.Bounds(), uint64(i))
			v.follow(t, &d, shown, now, g, at)
		} else if changes := v.follow(t, &d, shown, often, g, at); i > 0 && pixels(changes) > 0 {
			t.Fatalf("step %d: the page that is seen often is sent: %v", i, kinds(changes))
		}
	}
	if d.cache.hand >= 3900 {
		t.Errorf("slot %d is next: none was given out again", d.cache.hand)
	}
}

// Whatever is drawn, kept and left, the viewer ends with the picture.
func TestBudgetAndCache(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(1, 400).Draw(t, "width"), rapid.IntRange(1, 300).Draw(t, "height")
		stock := pages(3, w, h)
		screentest.Noise(stock[2], stock[2].Bounds(), 5)
		now := screentest.Clone(stock[0])
		shown := screentest.Clone(now)
		v, at := newViewer(shown), time.Unix(1000, 0)
		var d Differ
		d.Focus(image.Pt(w/2, h/2))
		var g screen.Region
		for range rapid.IntRange(1, 12).Draw(t, "updates") {
			at = at.Add(time.Duration(rapid.IntRange(0, 800).Draw(t, "ms")) * time.Millisecond)
			for range rapid.IntRange(0, 3).Draw(t, "drawings") {
				r := drawRect(t, w, h)
				switch rapid.IntRange(0, 6).Draw(t, "what") {
				case 0:
					screentest.Noise(now, r, rapid.Uint64Range(0, 3).Draw(t, "seed"))
				case 1:
					now.Fill(r, screen.Color{R: rapid.Byte().Draw(t, "red")})
				case 2, 3:
					x := rapid.IntRange(0, w-r.Dx()).Draw(t, "from x")
					y := rapid.IntRange(0, h-r.Dy()).Draw(t, "from y")
					now.Move(r, image.Pt(x, y))
				case 4:
					now.CopyRect(stock[rapid.IntRange(0, 2).Draw(t, "page")], r)
				default:
					r = now.Bounds()
					now.CopyRect(stock[rapid.IntRange(0, 2).Draw(t, "page")], r)
				}
				g.Add(r)
			}
			if rapid.IntRange(0, 20).Draw(t, "restart") == 20 {
				d.Restart()
				v.kept = map[int]*screen.Frame{}
			}
			v.apply(t, d.Diff(shown, now, &g, at, rapid.SampledFrom([]int{0, 1, 1000, 20000}).Draw(t, "budget")), now)
			if !v.surface.SameColors(shown, shown.Bounds()) {
				t.Fatal("shown is not what the viewer has")
			}
			g.Set(d.Left())
			checkLeft(t, shown, now, &g)
		}
		v.follow(t, &d, shown, now, &g, at)
	})
}

// checkLeft holds Diff to having brought everything up to date but what it says is left.
func checkLeft(t rapid.TB, shown, now *screen.Frame, left *screen.Region) {
	t.Helper()
	f := screentest.Clone(shown)
	for _, r := range left.Rects() {
		f.CopyRect(now, r)
	}
	if !f.SameColors(now, now.Bounds()) {
		t.Fatalf("not only %v is left", left.Rects())
	}
}

// What is small, and near to where the user works, comes first when the budget is short; copies and colours are free, and the rest comes from the top down.
func TestBudgetOrder(t *testing.T) {
	shown := screentest.New(1280, 960)
	screentest.Text(shown, 1)
	now := screentest.Clone(shown)
	photo, near, far := image.Rect(200, 100, 840, 580), image.Rect(900, 700, 940, 740), image.Rect(900, 10, 940, 50)
	plain := image.Rect(0, 800, 640, 960)
	screentest.Noise(now, photo, 1)
	screentest.Noise(now, near, 2)
	screentest.Noise(now, far, 3)
	now.Fill(plain, screen.Color{R: 99})
	v, at := newViewer(shown), time.Unix(1000, 0)
	var d Differ
	d.Focus(image.Pt(890, 740))
	g := region(photo, near, far, plain)
	for i, want := range []func() bool{
		func() bool {
			return v.surface.SameColors(now, near) && v.surface.SameColors(now, plain) && !v.surface.SameColors(now, far)
		},
		func() bool { return v.surface.SameColors(now, far) },
		func() bool { return !d.Left().Empty() && d.Left().Bounds().Max == photo.Max },
	} {
		changes := d.Diff(shown, now, g, at, 1000)
		v.apply(t, changes, now)
		if !want() {
			t.Fatalf("update %d: %v are left after %+v", i, d.Left().Rects(), changes)
		}
		g.Set(d.Left())
	}
	sent, updates := 0, 0
	for ; !g.Empty(); updates++ {
		before := d.Left().Bounds()
		changes := d.Diff(shown, now, g, at, 50000)
		v.apply(t, changes, now)
		if n := pixels(changes); n > 50000*5/4 {
			t.Fatalf("%d pixels in an update of 50000", n)
		}
		sent += pixels(changes)
		if g.Set(d.Left()); !g.Empty() && g.Bounds().Min.Y <= before.Min.Y {
			t.Fatalf("left %v, then %v", before, g.Bounds())
		}
	}
	if !v.surface.SameColors(now, now.Bounds()) || updates < sent/50000 || sent > area(photo)*21/20 {
		t.Errorf("%d pixels in %d updates", sent, updates)
	}
}

// An update has no more changes than the protocol can count, whatever is on the screen.
func TestManySmallThings(t *testing.T) {
	shown := screentest.New(4096, 4096)
	now := screentest.Clone(shown)
	for y := 0; y < now.H-12; y += 12 {
		for x := y % 5; x < now.W-8; x += 13 {
			now.Fill(image.Rect(x, y, x+7, y+9), screen.Color{R: uint8(x), G: uint8(y), B: uint8(x >> 4)})
			now.Fill(image.Rect(x+2, y+2, x+3, y+4), screen.Color{})
		}
	}
	var d Differ
	if n := len(check(t, &d, shown, now, region(now.Bounds()))); n < manyMade || n > 65535 {
		t.Errorf("%d changes", n)
	}
}
