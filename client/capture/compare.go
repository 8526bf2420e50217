package capture

import (
	"bytes"
	"image"

	"deskhand/screen"
)

// Where the system does not tell what has changed, the new picture is compared with the one before, in bands of compareRows rows, each in
// pieces of compareColumns pixels.
const (
	compareRows    = 16
	compareColumns = 64
)

// compare adds to changed where now is another picture than shown, both of one size, and makes shown the same there.
func compare(shown, now *screen.Frame, changed *screen.Region) {
	for y := 0; y < now.H; y += compareRows {
		compareBand(shown, now, image.Rect(0, y, now.W, min(y+compareRows, now.H)), changed)
	}
}

func compareBand(shown, now *screen.Frame, band image.Rectangle, changed *screen.Region) {
	run := image.Rectangle{} // of changed pieces side by side
	first := differs(shown, now, band)
	if first < 0 {
		return
	}
	for x := band.Min.X; x < band.Max.X; x += compareColumns {
		piece := image.Rect(x, first, min(x+compareColumns, band.Max.X), band.Max.Y)
		if differs(shown, now, piece) < 0 {
			changed.Add(run)
			run = image.Rectangle{}
			continue
		}
		run = run.Union(piece)
		shown.CopyRect(now, piece)
	}
	changed.Add(run)
}

// differs returns the first row of r in which the frames are not the same, -1 when there is none.
func differs(a, b *screen.Frame, r image.Rectangle) int {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		if !bytes.Equal(a.Row(y, r.Min.X, r.Max.X), b.Row(y, r.Min.X, r.Max.X)) {
			return y
		}
	}
	return -1
}
