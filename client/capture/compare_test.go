package capture

import (
	"image"
	"testing"

	"pgregory.net/rapid"

	"deskhand/screen"
)

// Whatever is drawn is found, is the same afterwards, and little else is named.
func TestCompare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(1, 300).Draw(t, "w"), rapid.IntRange(1, 100).Draw(t, "h")
		shown, _ := screen.NewFrame(w, h)
		now, _ := screen.NewFrame(w, h)
		var drawn []image.Rectangle
		for range rapid.IntRange(0, 3).Draw(t, "drawn") {
			x, y := rapid.IntRange(0, w-1).Draw(t, "x"), rapid.IntRange(0, h-1).Draw(t, "y")
			r := image.Rect(x, y, rapid.IntRange(x+1, w).Draw(t, "right"), rapid.IntRange(y+1, h).Draw(t, "bottom"))
			now.Fill(r, screen.Color{R: uint8(len(drawn) + 1)})
			drawn = append(drawn, r)
		}
		var changed screen.Region
		compare(shown, now, &changed)
		if !shown.SameColors(now, now.Bounds()) {
			t.Fatal("the picture is not the same afterwards")
		}
		var rest screen.Region
		for _, r := range drawn {
			rest.Add(r)
		}
		for _, r := range changed.Rects() {
			if !r.In(now.Bounds()) {
				t.Errorf("%v is outside", r)
			}
			rest.Subtract(r)
		}
		if !rest.Empty() {
			t.Errorf("%v was drawn, %v was found", drawn, changed.Rects())
		}
		changed.Clear()
		if compare(shown, now, &changed); !changed.Empty() {
			t.Errorf("found again: %v", changed.Rects())
		}
	})
}
