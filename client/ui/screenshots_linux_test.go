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

	"deskhand/client/locales"
	"deskhand/internal/xvfb"
)

var screenshots = flag.String("screenshots", "", "directory to write pictures of the windows to")

// maxShot is the largest picture that the documentation should carry.
const maxShot = 150 << 10

// TestScreenshots shows every window on a real display. With -screenshots it keeps the pictures.
func TestScreenshots(t *testing.T) {
	display := xvfb.Start(t, "1400x1100x24")
	h := newHand(t, display)
	for _, sc := range scenes {
		t.Run(sc.name, func(t *testing.T) {
			o := sc.opts
			o.Text = locales.New(sc.lang)
			o.Now = func() time.Time { return noon }
			o.FontDirs = sc.dirs
			if o.Theme == Auto {
				o.Theme = Light
			}
			u, err := Open(display, o)
			must(t, err)
			defer u.Close()
			if sc.brand != "" {
				must(t, u.SetBrand(branded(t, sc.brand)))
			}
			h.paintRoot(rgb(0xdfe7ea))
			must(t, u.desk.show(sc.show.clean()))
			s := sc.show.slot()
			r := place(t, u, s)
			if s == slotBar {
				eventually(t, "the tip is shown", func() bool {
					shown := false
					inside(t, u, func(d *xdesk) { w := d.windows[slotTip]; shown = w != nil && w.mapped })
					return shown
				})
				r = r.Union(place(t, u, slotTip)).Inset(-8)
			}
			inside(t, u, func(*xdesk) {}) // everything painted is on the screen after this
			img := h.shot(t, r)
			if n := colors(img); n < 20 {
				t.Errorf("%d colours: text is missing", n)
			}
			if *screenshots == "" {
				return
			}
			path := filepath.Join(*screenshots, "client-"+sc.name+".png")
			f, err := os.Create(path)
			must(t, err)
			defer f.Close()
			must(t, (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(f, img))
			if info, err := f.Stat(); err != nil || info.Size() > maxShot {
				t.Errorf("%s: %d bytes, %v", path, info.Size(), err)
			}
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
