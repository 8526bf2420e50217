package main

import (
	"fmt"
	"image"
	"math"
	"time"

	"github.com/jezek/xgb/xproto"

	"deskhand/screen"
)

// shot reads a part of the screen while no other client is served, so that it is one moment's.
func (s *stage) shot(r image.Rectangle) (*screen.Frame, error) {
	s.drawing.Lock()
	defer s.drawing.Unlock()
	f, err := screen.NewFrame(r.Dx(), r.Dy())
	if err != nil {
		return nil, err
	}
	xproto.GrabServer(s.conn.Conn)
	defer xproto.UngrabServer(s.conn.Conn)
	const rows = 256 // a request
	for y := 0; y < r.Dy(); y += rows {
		h := min(rows, r.Dy()-y)
		img, err := xproto.GetImage(s.conn.Conn, xproto.ImageFormatZPixmap, xproto.Drawable(s.conn.Screen.Root),
			int16(r.Min.X), int16(r.Min.Y+y), uint16(r.Dx()), uint16(h), ^uint32(0)).Reply()
		if err != nil {
			return nil, fmt.Errorf("read the screen: %w", err)
		}
		copy(f.Pix[y*f.Stride:], img.Data)
	}
	return f, nil
}

// compare finds for each sample of box the nearest frame that the screen shows there during a time, and its PSNR.
func (s *stage) compare(samples [][]byte, box, hole image.Rectangle, during time.Duration) (db []float64, frames int, err error) {
	best := make([]float64, len(samples)) // squared error per value
	for i := range best {
		best[i] = math.Inf(1)
	}
	var seen []*screen.Frame
	for begin := time.Now(); time.Since(begin) < during; {
		f, err := s.shot(box)
		if err != nil {
			return nil, 0, err
		}
		if n := len(seen); n == 0 || !f.SameColors(seen[n-1], f.Bounds()) {
			seen = append(seen, f)
		}
		time.Sleep(10 * time.Millisecond)
	}
	hole = hole.Sub(box.Min)
	for i, b := range samples {
		for _, f := range seen {
			// A few rows tell which frames are near enough to be looked at whole.
			if e := squared(b, f, hole, 37); e < best[i]*1.1+0.5 {
				best[i] = min(best[i], squared(b, f, hole, 1))
			}
		}
		db = append(db, math.Round(100*min(99, 10*math.Log10(255*255/best[i])))/100)
	}
	return db, len(seen), nil
}

// squared is the mean squared error of R, G and B between R, G, B, X pixels and a frame, in every step-th row outside the hole.
func squared(rgba []byte, f *screen.Frame, hole image.Rectangle, step int) float64 {
	sum, n := 0, 0
	for y := 0; y < f.H; y += step {
		row := f.Row(y, 0, f.W)
		b := rgba[y*f.W*4 : (y+1)*f.W*4]
		inHole := y >= hole.Min.Y && y < hole.Max.Y
		for i := 0; i < len(row); i += 4 {
			if x := i / 4; inHole && x >= hole.Min.X && x < hole.Max.X {
				continue
			}
			r, g, bl := int(b[i])-int(row[i+2]), int(b[i+1])-int(row[i+1]), int(b[i+2])-int(row[i])
			sum += r*r + g*g + bl*bl
			n += 3
		}
	}
	return float64(sum) / float64(max(n, 1))
}
