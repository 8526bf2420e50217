package damage

import (
	"image"
	"testing"
	"time"

	"deskhand/screen"
	"deskhand/screen/screentest"
)

// between measures going from one image to the other and back, twice the work of one comparison.
func between(b *testing.B, a, c *screen.Frame, g *screen.Region) {
	shown := screentest.Clone(a)
	var d Differ
	b.ReportAllocs()
	for b.Loop() {
		d.Diff(shown, c, g, time.Time{}, 0)
		d.Diff(shown, a, g, time.Time{}, 0)
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/2, "µs/diff")
}

func BenchmarkDiff(b *testing.B) {
	whole := image.Rect(0, 0, 1920, 1080)
	editor := screentest.New(1920, 1080)
	screentest.Text(editor, 1)

	b.Run("nothing/whole screen", func(b *testing.B) { between(b, editor, screentest.Clone(editor), region(whole)) })

	typed := screentest.Clone(editor)
	screentest.Noise(typed, image.Rect(700, 500, 707, 513), 1)
	b.Run("character/its box", func(b *testing.B) { between(b, editor, typed, region(image.Rect(700, 500, 707, 513))) })
	b.Run("character/whole screen", func(b *testing.B) { between(b, editor, typed, region(whole)) })

	other := screentest.New(1920, 1080)
	screentest.Text(other, 2)
	b.Run("page", func(b *testing.B) { between(b, editor, other, region(whole)) })

	scrolled := screentest.Clone(editor)
	view := image.Rect(300, 100, 1500, 1000)
	screentest.Scroll(scrolled, view, 54, other)
	b.Run("scroll", func(b *testing.B) { between(b, editor, scrolled, region(view)) })

	video, next := screentest.Clone(editor), screentest.Clone(editor)
	screentest.Photo(video, image.Rect(100, 100, 1380, 820), 1)
	screentest.Photo(next, image.Rect(100, 100, 1380, 820), 2)
	b.Run("video", func(b *testing.B) { between(b, video, next, region(image.Rect(100, 100, 1380, 820))) })
}
