//go:build !race

package bench

import (
	"image"
	"testing"
	"testing/synctest"
	"time"

	"deskhand/bench/corpus"
)

// Scenes on the largest displays: a few frames each, since drawing them is what takes time.
func TestReplayOn4K(t *testing.T) {
	for _, name := range []string{"scroll", "video", "text-over-video", "scroll-two", "slideshow", "many-small", "resize"} {
		t.Run(name, func(t *testing.T) {
			scene, _ := corpus.Named(name, image.Pt(3840, 2160))
			scene.Len = min(scene.Len, 6)
			rec := record(scene)
			synctest.Test(t, func(t *testing.T) {
				v := newViewer(t, 0)
				defer v.close()
				for n, f := range rec.frames {
					v.feed.show(f, rec.damage[n])
					v.next()
					if err := v.exact(); err != nil {
						t.Fatalf("after frame %d: %v", n, err)
					}
					time.Sleep(time.Second / time.Duration(rec.Rate))
				}
				v.rested()
			})
		})
	}
}

// What is a video is shown as one soon after it began, and text is not.
func TestReplayFindsVideos(t *testing.T) {
	scenes := map[string]bool{"video": true, "text-over-video": true, "scroll": false, "typing": false, "spreadsheet": false, "terminal": false, "drag": false, "spinner": false}
	for name, want := range scenes {
		t.Run(name, func(t *testing.T) {
			scene, _ := corpus.Named(name, image.Pt(800, 500))
			rec := record(scene)
			synctest.Test(t, func(t *testing.T) {
				v := newViewer(t, 0)
				defer v.close()
				for n, f := range rec.frames {
					v.feed.show(f, rec.damage[n])
					v.next()
					time.Sleep(time.Second / time.Duration(rec.Rate))
				}
				if got := v.video.frames >= rec.Len-10; got != want {
					t.Errorf("%d of %d frames went as a video's", v.video.frames, rec.Len)
				}
				v.rested()
			})
		})
	}
}
