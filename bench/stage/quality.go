package main

import (
	"image"
	"math"

	"deskhand/screen"
)

// quality says how near pictures are to what was shown, in dB of PSNR; 99 is the same.
type quality struct {
	RGB  []float64 `json:"psnr_db"`      // over R, G and B
	Luma []float64 `json:"psnr_luma_db"` // over ITU-R BT.601 luma, as video codecs are compared
	// HalfColor is RGB of the nearest frames themselves with one colour for each 2×2 pixels (4:2:0): more no codec of that kind can have.
	HalfColor []float64 `json:"psnr_half_color_db"`
	Frames    int       `json:"frames"`
}

// compare measures each picture against the nearest of the frames.
func (w *watch) compare(pictures [][]byte, hole image.Rectangle) quality {
	hole = hole.Sub(w.box.Min)
	q := quality{Frames: len(w.frames)}
	for _, b := range pictures {
		best := math.Inf(1) // squared error per value
		var nearest *screen.Frame
		for _, f := range w.frames {
			// A few rows tell which frames are near enough to be looked at whole.
			if squared(b, f, hole, 37) >= best*1.1+0.5 {
				continue
			}
			if e := squared(b, f, hole, 1); e < best {
				best, nearest = e, f
			}
		}
		if nearest == nil {
			continue
		}
		q.RGB = append(q.RGB, decibels(best))
		q.Luma = append(q.Luma, decibels(squaredLuma(b, nearest, hole)))
		q.HalfColor = append(q.HalfColor, decibels(squared(halfColor(nearest), nearest, hole, 1)))
	}
	return q
}

func decibels(squared float64) float64 {
	return math.Round(100*min(99, 10*math.Log10(255*255/squared))) / 100
}

// squared is the mean squared error of R, G and B between R, G, B, X pixels and a frame, in every step-th row outside the hole.
func squared(rgba []byte, f *screen.Frame, hole image.Rectangle, step int) float64 {
	sum, n := 0, 0
	each(rgba, f, hole, step, func(r, g, b, r2, g2, b2 int) {
		r, g, b = r-r2, g-g2, b-b2
		sum += r*r + g*g + b*b
		n += 3
	})
	return float64(sum) / float64(max(n, 1))
}

// squaredLuma is that of the luma.
func squaredLuma(rgba []byte, f *screen.Frame, hole image.Rectangle) float64 {
	sum, n := 0.0, 0
	each(rgba, f, hole, 1, func(r, g, b, r2, g2, b2 int) {
		d := luma(r-r2, g-g2, b-b2)
		sum += d * d
		n++
	})
	return sum / float64(max(n, 1))
}

// luma is Y of ITU-R BT.601, 2.5.1.
func luma(r, g, b int) float64 { return 0.299*float64(r) + 0.587*float64(g) + 0.114*float64(b) }

func each(rgba []byte, f *screen.Frame, hole image.Rectangle, step int, use func(r, g, b, r2, g2, b2 int)) {
	for y := 0; y < f.H; y += step {
		row := f.Row(y, 0, f.W)
		b := rgba[y*f.W*4 : (y+1)*f.W*4]
		inHole := y >= hole.Min.Y && y < hole.Max.Y
		for i := 0; i < len(row); i += 4 {
			if x := i / 4; inHole && x >= hole.Min.X && x < hole.Max.X {
				continue
			}
			use(int(b[i]), int(b[i+1]), int(b[i+2]), int(row[i+2]), int(row[i+1]), int(row[i]))
		}
	}
}

// halfColor is a frame as R, G, B, X whose pixels keep their luma, and have of the rest (R−Y, B−Y) the mean of their 2×2 pixels.
func halfColor(f *screen.Frame) []byte {
	out := make([]byte, f.W*f.H*4)
	for y := 0; y < f.H; y += 2 {
		for x := 0; x < f.W; x += 2 {
			var red, blue, n float64
			block := image.Rect(x, y, min(x+2, f.W), min(y+2, f.H))
			pixels(f, block, func(_ int, r, g, b int) {
				red += float64(r) - luma(r, g, b)
				blue += float64(b) - luma(r, g, b)
				n++
			})
			pixels(f, block, func(at int, r, g, b int) {
				bright := luma(r, g, b)
				r2, b2 := bright+red/n, bright+blue/n
				g2 := (bright - 0.299*r2 - 0.114*b2) / 0.587
				out[at], out[at+1], out[at+2] = byteOf(r2), byteOf(g2), byteOf(b2)
			})
		}
	}
	return out
}

// pixels visits those of a block with where they are in f.W×f.H pixels of four bytes.
func pixels(f *screen.Frame, block image.Rectangle, use func(at, r, g, b int)) {
	for y := block.Min.Y; y < block.Max.Y; y++ {
		row := f.Row(y, block.Min.X, block.Max.X)
		for i := 0; i < len(row); i += 4 {
			use((y*f.W+block.Min.X)*4+i, int(row[i+2]), int(row[i+1]), int(row[i]))
		}
	}
}

func byteOf(v float64) byte { return byte(max(0, min(255, math.Round(v)))) }
