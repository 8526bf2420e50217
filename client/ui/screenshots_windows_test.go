package ui

import (
	"flag"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/windows"

	"deskhand/client/locales"
)

var screenshots = flag.String("screenshots", "", "directory to write pictures of the windows to")

// TestScreenshots shows every window on a real desktop. With -screenshots it keeps the pictures.
func TestScreenshots(t *testing.T) {
	for _, sc := range scenes {
		t.Run(sc.name, func(t *testing.T) {
			o := sc.opts
			o.Text = locales.New(sc.lang)
			o.Now = func() time.Time { return noon }
			o.FontDirs = sc.dirs
			u, _ := desktopFor(t, o)
			if sc.brand != "" {
				must(t, u.SetBrand(branded(t, sc.brand)))
			}
			must(t, u.desk.show(sc.show.clean()))
			s := sc.show.slot()
			r := inner(handleOf(t, u, s)) // the frame is not ours
			if s == slotBar {
				eventually(t, "the tip is shown", func() bool { return windows.IsWindowVisible(handleOf(t, u, slotTip)) })
				r = r.Union(screenRect(handleOf(t, u, slotTip))).Inset(-8)
			}
			img := screen(t, r.Intersect(image.Rectangle{Max: screenSize()}))
			if n := colors(img); n < 20 {
				t.Errorf("%d colours: text is missing", n)
			}
			if *screenshots == "" {
				return
			}
			f, err := os.Create(filepath.Join(*screenshots, "client-windows-"+sc.name+".png"))
			must(t, err)
			defer f.Close()
			must(t, (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(f, img))
		})
	}
}

func colors(img *image.RGBA) int {
	seen := map[color.Color]bool{}
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			seen[img.At(x, y)] = true
		}
	}
	return len(seen)
}
