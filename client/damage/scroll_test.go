package damage

import (
	"image"
	"testing"
	"time"

	"pgregory.net/rapid"

	"deskhand/screen"
	"deskhand/screen/screentest"
)

// A text that scrolls, by this or that, with things over it that stay, change or go: the viewer follows, and most of the text is never sent again.
func TestScrollsGoOn(t *testing.T) {
	long := screentest.New(300, 2600)
	screentest.Text(long, 4)
	page := screentest.New(320, 260)
	screentest.Text(page, 2)
	rapid.Check(t, func(t *rapid.T) {
		view := image.Rect(20, 30, 20+rapid.IntRange(100, 290).Draw(t, "width"), 30+rapid.IntRange(100, 220).Draw(t, "height"))
		now := screentest.Clone(page)
		shown := screentest.Clone(now)
		v, at := newViewer(shown), time.Unix(1000, 0)
		var d Differ
		top := 1200
		by := rapid.IntRange(-70, 70).Draw(t, "by")
		for i := range rapid.IntRange(1, 6).Draw(t, "updates") {
			at = at.Add(time.Duration(rapid.SampledFrom([]int{16, 50, 400}).Draw(t, "ms")) * time.Millisecond)
			if rapid.IntRange(0, 3).Draw(t, "otherwise") == 0 {
				by = rapid.IntRange(-70, 70).Draw(t, "by")
			}
			top += by
			for y := view.Min.Y; y < view.Max.Y; y++ {
				copy(now.Row(y, view.Min.X, view.Max.X), long.Row(top+y, 0, view.Dx()))
			}
			g := region(view)
			for range rapid.IntRange(0, 2).Draw(t, "over") {
				r := drawRect(t, now.W, now.H)
				if rapid.Bool().Draw(t, "plain") {
					now.Fill(r, screen.Color{G: uint8(i)})
				} else {
					screentest.Noise(now, r, uint64(i))
				}
				g.Add(r)
			}
			v.follow(t, &d, shown, now, g, at)
		}
	})
}

// The area that scrolls is read once: what it sends is what comes in, whatever the distance.
func TestScrollAtAnySpeed(t *testing.T) {
	view := image.Rect(100, 50, 900, 650)
	long := screentest.New(1024, 9000)
	screentest.Text(long, 4)
	now := screentest.New(1024, 768)
	screentest.Text(now, 1)
	shown := screentest.Clone(now)
	v, at := newViewer(shown), time.Unix(1000, 0)
	var d Differ
	top := 4000
	for i, by := range []int{0, 54, 54, 54, 20, 3, 90, 90, -30, -30, -54, 18, 18, 1, 1, 250} {
		at = at.Add(50 * time.Millisecond)
		top += by
		for y := view.Min.Y; y < view.Max.Y; y++ {
			copy(now.Row(y, view.Min.X, view.Max.X), long.Row(top+y, 100, 100+view.Dx()))
		}
		changes := v.follow(t, &d, shown, now, region(view), at)
		if n, most := pixels(changes), view.Dx()*max(by, -by)*2/3; i > 0 && n > most+2000 {
			t.Errorf("step %d by %d sends %d pixels, more than %d: %v", i, by, n, most, kinds(changes))
		}
	}
}
