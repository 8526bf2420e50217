package codec

import (
	"image"
	"testing"

	"deskhand/screen"
	"deskhand/screen/screentest"
)

// encodeLoop measures one update after the other in one stream; next draws and says what changed.
func encodeLoop(b *testing.B, f *screen.Frame, next func(i int) []screen.Change) {
	b.Helper()
	e := NewEncoder()
	buf, err := e.Encode(nil, Header{Refresh: true}, []screen.Change{{Kind: screen.Pixels, Rect: f.Bounds()}}, f)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	packed, i := 0, 0
	for b.Loop() {
		i++
		changes := next(i)
		if buf, err = e.Encode(buf[:0], Header{ID: uint32(i), Captured: uint64(i) * 50_000}, changes, f); err != nil {
			b.Fatal(err)
		}
		packed += len(buf)
	}
	b.ReportMetric(float64(packed)/float64(b.N), "wire-B/update")
}

func BenchmarkEncode(b *testing.B) {
	page := screentest.New(1920, 1080)
	screentest.Text(page, 1)
	pixels := func(r image.Rectangle) screen.Change { return screen.Change{Kind: screen.Pixels, Rect: r} }

	b.Run("character", func(b *testing.B) {
		f := screentest.Clone(page)
		encodeLoop(b, f, func(i int) []screen.Change {
			return []screen.Change{pixels(screentest.Type(f, image.Pt(100+i%100*7, 100+i/100%40*18), 'a'+byte(i*7%26)))}
		})
	})
	// The drawing of the next three is a part of the time: 0.1 to 0.7 ms.
	b.Run("page", func(b *testing.B) {
		pages := [4]*screen.Frame{page}
		for i := 1; i < len(pages); i++ {
			pages[i] = screentest.New(1920, 1080)
			screentest.Text(pages[i], uint64(i+1))
		}
		f := screentest.Clone(page)
		encodeLoop(b, f, func(i int) []screen.Change {
			f.CopyRect(pages[i%len(pages)], f.Bounds())
			return []screen.Change{pixels(f.Bounds())}
		})
	})
	b.Run("scroll", func(b *testing.B) {
		long := screentest.New(1200, 16000)
		screentest.Text(long, 9)
		f := screentest.Clone(page)
		moved := screen.Change{Kind: screen.Copy, Rect: image.Rect(300, 100, 1500, 946), Src: image.Pt(300, 154)}
		encodeLoop(b, f, func(i int) []screen.Change {
			f.Apply(moved, nil)
			in := image.Rect(300, 946, 1500, 1000)
			for y := in.Min.Y; y < in.Max.Y; y++ {
				copy(f.Row(y, in.Min.X, in.Max.X), long.Row(i*54%15900+y-in.Min.Y, 0, 1200))
			}
			return []screen.Change{moved, pixels(in)}
		})
	})
	b.Run("video", func(b *testing.B) {
		view := image.Rect(100, 100, 1380, 820)
		var frames [8]*screen.Frame
		for i := range frames {
			frames[i] = screentest.New(1920, 1080)
			screentest.Photo(frames[i], view, uint64(i))
		}
		f := screentest.Clone(page)
		encodeLoop(b, f, func(i int) []screen.Change {
			f.CopyRect(frames[i%len(frames)], view)
			return []screen.Change{pixels(view)}
		})
	})
}

func BenchmarkDecodePage(b *testing.B) {
	e := NewEncoder()
	f := screentest.New(1920, 1080)
	screentest.Text(f, 1)
	msg, err := e.Encode(nil, Header{Refresh: true}, []screen.Change{{Kind: screen.Pixels, Rect: f.Bounds()}}, f)
	if err != nil {
		b.Fatal(err)
	}
	d := NewDecoder()
	defer d.Close()
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := d.Decode(msg); err != nil {
			b.Fatal(err)
		}
	}
}
