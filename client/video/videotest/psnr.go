package videotest

import (
	"math"

	"deskhand/screen"
)

// PSNR compares two frames of the same size: dB over the three colours, and over the luma (BT.601) alone. Equal frames are 99 dB apart.
func PSNR(a, b *screen.Frame) (rgb, luma float64) {
	var colours, lumas float64
	for y := range a.H {
		p, q := a.Row(y, 0, a.W), b.Row(y, 0, a.W)
		for x := 0; x < len(p); x += 4 {
			var l float64
			for c, weight := range [3]float64{0.114, 0.587, 0.299} {
				d := float64(p[x+c]) - float64(q[x+c])
				colours += d * d
				l += weight * d
			}
			lumas += l * l
		}
	}
	n := float64(a.W * a.H)
	return decibel(colours / n / 3), decibel(lumas / n)
}

func decibel(meanSquare float64) float64 {
	if meanSquare == 0 {
		return 99
	}
	return min(99, 10*math.Log10(255*255/meanSquare))
}
