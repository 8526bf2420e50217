//go:build videohelper && linux && cgo

package video_test

import (
	"fmt"
	"log/slog"
	"testing"
	"time"

	"deskhand/client/video"
	"deskhand/client/video/videotest"
	"deskhand/screen"
)

// A film of 30 frames a second with grain, at the bitrate that a good line carries. Beside the time of one call it tells the helper's processor
// time, the bytes of a frame and how near the decoded pictures come; the first second does not count.
func BenchmarkEncode(b *testing.B) {
	sizes := []struct{ w, h, bits int }{{640, 360, 1_200_000}, {1280, 720, 3_000_000}, {1920, 1080, 6_000_000}}
	for codec, name := range map[screen.VideoCodec]string{screen.VP8: "vp8", screen.VP9: "vp9", screen.JPEG: "jpeg"} {
		for _, s := range sizes {
			b.Run(fmt.Sprintf("codec=%s/size=%dp", name, s.h), func(b *testing.B) {
				benchmark(b, s.w, s.h, video.Quality{Codec: codec, BitsPerSecond: s.bits, FPS: 30})
			})
		}
	}
}

func benchmark(b *testing.B, w, h int, q video.Quality) {
	const frames, lead = 120, 30
	film := videotest.NewFilm(w, h, 8)
	pictures := make([]*screen.Frame, frames)
	for i := range pictures {
		pictures[i], _ = screen.NewFrame(w, h)
		film.Frame(pictures[i], float64(i)/30)
	}
	now := time.Unix(0, 0)
	e := video.New(slog.New(slog.DiscardHandler), video.Options{Now: func() time.Time { return now }, Idle: time.Hour})
	defer e.Close()
	var d videotest.Decoder
	defer d.Close()
	var rgb, luma float64
	var bytes, n int
	var buf []byte
	var before, spent time.Duration
	for i := 0; i < lead || b.Loop(); i++ {
		if i == lead {
			before = e.CPU()
		}
		now = now.Add(time.Second / 30)
		at := i % (2 * frames)
		if at >= frames {
			at = 2*frames - 1 - at // there and back, so that there is no cut
		}
		start := time.Now()
		f, err := e.Encode(0, pictures[at], q, buf)
		took := time.Since(start)
		if err != nil {
			b.Fatal(err)
		}
		if f.Codec != q.Codec {
			b.Fatalf("codec %d in place of %d", f.Codec, q.Codec)
		}
		buf = f.Data
		b.StopTimer()
		got, err := d.Decode(f)
		if err != nil {
			b.Fatal(err)
		}
		if i >= lead {
			part := got.Sub(pictures[at].Bounds())
			r, l := videotest.PSNR(pictures[at], &part)
			spent += took
			rgb, luma, bytes, n = rgb+r, luma+l, bytes+len(f.Data), n+1
		}
		b.StartTimer()
	}
	b.ReportMetric(spent.Seconds()*1000/float64(n), "ms/frame")
	b.ReportMetric((e.CPU()-before).Seconds()*1000/float64(n), "helper-cpu-ms/frame")
	b.ReportMetric(float64(bytes)/float64(n), "B/frame")
	b.ReportMetric(rgb/float64(n), "dB-rgb")
	b.ReportMetric(luma/float64(n), "dB-luma")
}
