package damage

import (
	"image"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"deskhand/screen"
	"deskhand/screen/screentest"
)

func region(rects ...image.Rectangle) *screen.Region {
	var g screen.Region
	for _, r := range rects {
		g.Add(r)
	}
	return &g
}

// viewer is a model of what is on the other side: a surface, and tiles that are kept.
type viewer struct {
	surface *screen.Frame
	kept    map[int]*screen.Frame
}

func newViewer(f *screen.Frame) *viewer {
	return &viewer{screentest.Clone(f), map[int]*screen.Frame{}}
}

// apply makes the changes of an update, and holds them to what the protocol allows.
func (v *viewer) apply(t rapid.TB, changes []screen.Change, now *screen.Frame) {
	t.Helper()
	covered := 0
	for _, c := range changes {
		if c.Rect.Empty() || !c.Rect.In(now.Bounds()) {
			t.Fatalf("change %+v is empty or outside", c)
		}
		covered += area(c.Rect)
		slot := c.Slot
		switch c.Kind {
		case screen.Copy:
			if !(image.Rectangle{c.Src, c.Src.Add(c.Rect.Size())}).In(now.Bounds()) {
				t.Fatalf("source of %+v is outside", c)
			}
			v.surface.Apply(c, now)
		case screen.Fill, screen.Pixels:
			v.surface.Apply(c, now)
		case screen.Keep:
			for r := range screen.Tiles(c.Rect) {
				f := v.surface.Sub(r)
				v.kept[slot] = screentest.Clone(&f)
				slot++
			}
		case screen.Recall:
			for r := range screen.Tiles(c.Rect) {
				f := v.kept[slot]
				if f == nil || f.W != r.Dx() || f.H != r.Dy() {
					t.Fatalf("%+v recalls %v from slot %d, which has %v", c, r, slot, f)
				}
				to := v.surface.Sub(r)
				to.CopyRect(f, f.Bounds())
				slot++
			}
		default:
			t.Fatalf("change %+v", c)
		}
		if slot > screen.Slots {
			t.Fatalf("%+v needs slot %d", c, slot)
		}
	}
	if covered > 4*area(now.Bounds())+16<<10 {
		t.Fatalf("the changes cover %d pixels of %d", covered, area(now.Bounds()))
	}
}

// check diffs without a budget, and holds Diff to its word: shown equals now, and so does what a viewer has that had what was shown before.
func check(t rapid.TB, d *Differ, shown, now *screen.Frame, g *screen.Region) []screen.Change {
	t.Helper()
	return newViewer(shown).follow(t, d, shown, now, g, time.Time{})
}

// follow is check with a viewer that stays.
func (v *viewer) follow(t rapid.TB, d *Differ, shown, now *screen.Frame, g *screen.Region, at time.Time) []screen.Change {
	t.Helper()
	changes := d.Diff(shown, now, g, at, 0)
	v.apply(t, changes, now)
	if !v.surface.SameColors(now, now.Bounds()) {
		t.Fatalf("the changes do not lead to the new image: %+v", changes)
	}
	if !shown.SameColors(now, now.Bounds()) {
		t.Fatal("shown was not brought up to date")
	}
	if !d.Left().Empty() {
		t.Fatalf("%v was left without a budget", d.Left().Rects())
	}
	return changes
}

func drawRect(t *rapid.T, w, h int) image.Rectangle {
	x, y := rapid.IntRange(0, w-1).Draw(t, "x"), rapid.IntRange(0, h-1).Draw(t, "y")
	return image.Rect(x, y, x+rapid.IntRange(1, w-x).Draw(t, "w"), y+rapid.IntRange(1, h-y).Draw(t, "h"))
}

// Whatever happens on a screen, the changes lead from one image to the next.
func TestChangesLeadToTheNewImage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(1, 500).Draw(t, "width"), rapid.IntRange(1, 400).Draw(t, "height")
		now := screentest.New(w, h)
		screentest.Noise(now, now.Bounds(), rapid.Uint64().Draw(t, "seed"))
		shown := screentest.Clone(now)
		var d Differ
		for range rapid.IntRange(1, 3).Draw(t, "updates") {
			var g screen.Region
			for range rapid.IntRange(0, 4).Draw(t, "drawings") {
				r := drawRect(t, w, h)
				g.Add(r)
				switch rapid.IntRange(0, 4).Draw(t, "what") {
				case 0:
					screentest.Noise(now, r, rapid.Uint64().Draw(t, "seed"))
				case 1:
					now.Fill(r, screen.Color{R: rapid.Byte().Draw(t, "red")})
				default: // scrolled or dragged
					x := rapid.IntRange(0, w-r.Dx()).Draw(t, "from x")
					y := rapid.IntRange(0, h-r.Dy()).Draw(t, "from y")
					if rapid.Bool().Draw(t, "straight") {
						x = r.Min.X
					}
					now.Move(r, image.Pt(x, y))
				}
			}
			check(t, &d, shown, now, &g)
		}
	})
}

func TestNothingChanged(t *testing.T) {
	now := screentest.New(200, 100)
	screentest.Noise(now, now.Bounds(), 1)
	var d Differ
	if c := check(t, &d, screentest.Clone(now), now, region(now.Bounds())); len(c) != 0 {
		t.Errorf("changes %+v", c)
	}
	if c := d.Diff(screentest.New(200, 100), now, &screen.Region{}, time.Time{}, 0); len(c) != 0 {
		t.Errorf("an empty region brought %+v", c)
	}
}

// What changed is told by few and tight rectangles.
func TestRectangles(t *testing.T) {
	blue := screen.Color{B: 200}
	for _, c := range []struct {
		name string
		draw func(f *screen.Frame)
		want []screen.Change
	}{
		{
			"a character", func(f *screen.Frame) { screentest.Noise(f, image.Rect(70, 70, 78, 86), 5) },
			[]screen.Change{{Kind: screen.Pixels, Rect: image.Rect(70, 70, 78, 86)}},
		},
		{
			"a character across tiles", func(f *screen.Frame) { screentest.Noise(f, image.Rect(60, 60, 68, 76), 5) },
			[]screen.Change{{Kind: screen.Pixels, Rect: image.Rect(60, 60, 68, 76)}},
		},
		{"two far apart", func(f *screen.Frame) {
			screentest.Noise(f, image.Rect(0, 0, 8, 8), 5)
			screentest.Noise(f, image.Rect(600, 400, 608, 408), 6)
		}, []screen.Change{{Kind: screen.Pixels, Rect: image.Rect(0, 0, 8, 8)}, {Kind: screen.Pixels, Rect: image.Rect(600, 400, 608, 408)}}},
		{"a line of text", func(f *screen.Frame) {
			for x := 10; x < 500; x += 9 {
				screentest.Noise(f, image.Rect(x, 100, x+7, 113), uint64(x))
			}
		}, []screen.Change{{Kind: screen.Pixels, Rect: image.Rect(10, 100, 503, 113)}}},
		{
			"a window of one colour", func(f *screen.Frame) { f.Fill(image.Rect(33, 21, 481, 333), blue) },
			[]screen.Change{{Kind: screen.Fill, Rect: image.Rect(33, 21, 481, 333), Color: blue}},
		},
		{
			"a text cursor", func(f *screen.Frame) { f.Fill(image.Rect(33, 21, 35, 37), blue) },
			[]screen.Change{{Kind: screen.Fill, Rect: image.Rect(33, 21, 35, 37), Color: blue}},
		},
		{
			"a picture", func(f *screen.Frame) { screentest.Noise(f, image.Rect(5, 5, 635, 475), 8) },
			[]screen.Change{{Kind: screen.Pixels, Rect: image.Rect(5, 5, 635, 475)}},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			shown := screentest.New(640, 480)
			shown.Fill(shown.Bounds(), screen.Color{R: 250, G: 250, B: 250})
			now := screentest.Clone(shown)
			c.draw(now)
			var d Differ
			got := check(t, &d, shown, now, region(now.Bounds()))
			if len(got) != len(c.want) {
				t.Fatalf("changes %+v, want %+v", got, c.want)
			}
			for i := range got {
				if got[i] != c.want[i] {
					t.Errorf("change %d is %+v, want %+v", i, got[i], c.want[i])
				}
			}
		})
	}
}

// pixels is how many the changes send as pixels.
func pixels(changes []screen.Change) int {
	n := 0
	for _, c := range changes {
		if c.Kind == screen.Pixels {
			n += area(c.Rect)
		}
	}
	return n
}

// Scrolled areas become copies, wherever they lie and whatever else happens beside them.
func TestScroll(t *testing.T) {
	type scene struct {
		name string
		view image.Rectangle // what scrolls
		by   image.Point     // how its content moves
		also func(f *screen.Frame)
		most int // pixels beside what the scroll uncovers
	}
	nothing := func(*screen.Frame) {}
	for _, c := range []scene{
		{"down a page", image.Rect(100, 50, 900, 650), image.Pt(0, -54), nothing, 0},
		{"up by a line", image.Rect(100, 50, 900, 650), image.Pt(0, 18), nothing, 0},
		{"far", image.Rect(100, 50, 900, 650), image.Pt(0, -400), nothing, 0},
		{"sideways", image.Rect(100, 50, 900, 650), image.Pt(-37, 0), nothing, 0},
		{"sideways back", image.Rect(100, 50, 900, 650), image.Pt(120, 0), nothing, 0},
		{"the whole screen", image.Rect(0, 0, 1024, 768), image.Pt(0, -3), nothing, 0},
		{"narrow", image.Rect(100, 50, 190, 650), image.Pt(0, -54), nothing, 0},
		{
			"with a clock elsewhere", image.Rect(100, 50, 900, 650), image.Pt(0, -54),
			func(f *screen.Frame) { screentest.Noise(f, image.Rect(950, 700, 1000, 716), 77) }, 50 * 16,
		},
		{
			"with a scroll bar in it", image.Rect(100, 50, 900, 650), image.Pt(0, -54),
			func(f *screen.Frame) { screentest.Noise(f, image.Rect(880, 100, 895, 200), 78) }, 64 * 700,
		},
		{
			"under something that stays", image.Rect(100, 50, 900, 650), image.Pt(0, -54),
			func(f *screen.Frame) { f.Fill(image.Rect(300, 300, 500, 400), screen.Color{G: 9}) }, 200*154 + 64*160,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			shown := screentest.New(1024, 768)
			screentest.Text(shown, 1)
			c.also(shown)
			now := screentest.Clone(shown)
			target := c.view.Add(c.by).Intersect(c.view)
			now.Move(target, target.Min.Sub(c.by))
			uncovered := area(c.view) - area(target)
			for _, r := range region(c.view).Rects() {
				rest := region(r)
				rest.Subtract(target)
				for _, q := range rest.Rects() {
					screentest.Noise(now, q, 99)
				}
			}
			c.also(now)
			var d Differ
			got := check(t, &d, shown, now, region(now.Bounds()))
			if len(got) == 0 || got[0].Kind != screen.Copy || got[0].Rect.Min.Sub(got[0].Src) != c.by {
				t.Fatalf("first change %+v, want a copy by %v", got[:min(1, len(got))], c.by)
			}
			if n, most := pixels(got), uncovered*5/4+c.most+4096; n > most {
				t.Errorf("%d pixels sent, the scroll uncovers %d: %+v", n, uncovered, got)
			}
		})
	}
}

// Two panes that scroll by different distances become two copies.
func TestTwoPanes(t *testing.T) {
	shown := screentest.New(1024, 768)
	screentest.Text(shown, 1)
	now := screentest.Clone(shown)
	now.Move(image.Rect(0, 0, 500, 700), image.Pt(0, 60))
	now.Move(image.Rect(520, 20, 1020, 768), image.Pt(520, 0))
	var d Differ
	got := check(t, &d, shown, now, region(now.Bounds()))
	if len(got) < 2 || got[0].Kind != screen.Copy || got[1].Kind != screen.Copy {
		t.Fatalf("changes %+v", got)
	}
	if n := pixels(got); n > 1024*768/8 {
		t.Errorf("%d pixels sent", n)
	}
}

// A window that is dragged in any direction is one copy, whatever is below it.
func TestDraggedWindow(t *testing.T) {
	desktop, content := screentest.New(1024, 768), screentest.New(1024, 768)
	screentest.Text(desktop, 1)
	screentest.Text(content, 2)
	place := image.Rect(0, 0, 400, 300)
	draw := func(f *screen.Frame, p image.Point) {
		f.CopyRect(desktop, f.Bounds())
		for y := range place.Dy() {
			copy(f.Row(p.Y+y, p.X, p.X+place.Dx()), content.Row(y, 10, 10+place.Dx()))
		}
	}
	for _, by := range []image.Point{{9, 5}, {-9, 5}, {30, -41}, {-1, -1}, {2, -1}, {0, 17}, {-25, 0}, {150, 120}} {
		now, from := screentest.New(1024, 768), image.Pt(300, 200)
		draw(now, from)
		shown := screentest.Clone(now)
		v, at := newViewer(shown), time.Unix(1000, 0)
		var d Differ
		for range 2 {
			at = at.Add(16 * time.Millisecond)
			was := place.Add(from)
			from = from.Add(by)
			draw(now, from)
			changes := v.follow(t, &d, shown, now, region(was, place.Add(from)), at)
			move := slices.IndexFunc(changes, func(c screen.Change) bool { return c.Kind == screen.Copy && area(c.Rect) > area(place)*3/4 })
			if move < 0 || changes[move].Rect.Min.Sub(changes[move].Src) != by {
				t.Errorf("dragged by %v: %+v", by, changes[:min(len(changes), 3)])
			}
			uncovered := area(place) - area(was.Intersect(place.Add(from)))
			if n := pixels(changes); n > uncovered*5/4+4096 {
				t.Errorf("dragged by %v: %d pixels sent, it uncovers %d", by, n, uncovered)
			}
		}
	}
}

// A window that is dragged over a text that scrolls: two copies, and neither is spoilt by the other.
func TestDraggedOverScrolled(t *testing.T) {
	text, content := screentest.New(1024, 2000), screentest.New(1024, 768)
	screentest.Text(text, 1)
	screentest.Text(content, 2)
	place := image.Rect(0, 0, 300, 200)
	draw := func(f *screen.Frame, top int, p image.Point) {
		for y := range f.H {
			copy(f.Row(y, 0, f.W), text.Row(top+y, 0, f.W))
		}
		for y := range place.Dy() {
			copy(f.Row(p.Y+y, p.X, p.X+place.Dx()), content.Row(y, 10, 10+place.Dx()))
		}
	}
	now := screentest.New(1024, 768)
	from, top := image.Pt(200, 300), 0
	draw(now, top, from)
	shown := screentest.Clone(now)
	v, at := newViewer(shown), time.Unix(1000, 0)
	var d Differ
	for i := range 6 {
		at = at.Add(33 * time.Millisecond)
		from, top = from.Add(image.Pt(11, -6)), top+36
		draw(now, top, from)
		changes := v.follow(t, &d, shown, now, region(now.Bounds()), at)
		// What comes in below, what the window uncovers, and its place before, which has moved with the text.
		if n, most := pixels(changes), 1024*36+2*area(place); n > most {
			t.Errorf("step %d: %d pixels, want at most %d: %v", i, n, most, kinds(changes))
		}
	}
}

// A picture that is new everywhere is no move.
func TestVideoIsNoMove(t *testing.T) {
	shown, now := screentest.New(1280, 720), screentest.New(1280, 720)
	screentest.Noise(shown, shown.Bounds(), 1)
	screentest.Noise(now, now.Bounds(), 2)
	var d Differ
	if got := check(t, &d, shown, now, region(now.Bounds())); len(got) != 1 || got[0].Rect != now.Bounds() {
		t.Errorf("changes %+v", got)
	}
}

func TestNoAllocationInSteadyState(t *testing.T) {
	a, b := screentest.New(1024, 768), screentest.New(1024, 768)
	screentest.Text(a, 1)
	screentest.Text(b, 2)
	shown := screentest.Clone(a)
	g := region(a.Bounds())
	var d Differ
	d.Diff(shown, b, g, time.Time{}, 0)
	d.Diff(shown, a, g, time.Time{}, 0)
	if n := testing.AllocsPerRun(5, func() {
		d.Diff(shown, b, g, time.Time{}, 0)
		d.Diff(shown, a, g, time.Time{}, 0)
	}); n != 0 {
		t.Errorf("%v allocations for two comparisons", n)
	}
}
