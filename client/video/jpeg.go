package video

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"

	"deskhand/screen"
)

// The qualities that a JPEG may have; a stream begins in the middle.
const (
	worstJPEG, firstJPEG, bestJPEG = 25, 65, 85
)

// jpegStream makes one stream's frames without the helper. It keeps to the line by the quality.
type jpegStream struct {
	quality int
	image   *image.YCbCr
	out     bytes.Buffer
}

func (s *jpegStream) encode(stream uint8, src *screen.Frame, q Quality, dst []byte) (screen.VideoFrame, error) {
	if s.image == nil || s.image.Rect.Dx() != src.W || s.image.Rect.Dy() != src.H {
		*s = jpegStream{quality: firstJPEG, image: image.NewYCbCr(image.Rect(0, 0, src.W, src.H), image.YCbCrSubsampleRatio420)}
	}
	toYCbCr(s.image, src)
	s.out.Reset()
	if err := jpeg.Encode(&s.out, s.image, &jpeg.Options{Quality: s.quality}); err != nil {
		return screen.VideoFrame{}, fmt.Errorf("encode a JPEG: %w", err)
	}
	s.adapt(s.out.Len(), int(float64(q.BitsPerSecond)/8/q.FPS))
	return screen.VideoFrame{Stream: stream, Codec: screen.JPEG, Key: true, Data: append(dst[:0], s.out.Bytes()...)}, nil
}

// adapt chooses the next frame's quality by what this one cost and what it might have.
func (s *jpegStream) adapt(bytes, budget int) {
	switch {
	case bytes > budget*3/2:
		s.quality -= 8
	case bytes > budget:
		s.quality -= 2
	case bytes < budget*4/5:
		s.quality++
	}
	s.quality = min(max(s.quality, worstJPEG), bestJPEG)
}

// toYCbCr converts src to JPEG's colours (BT.601, full range), with one pair of colour differences for each four pixels.
// Weights are in 1/65536.
func toYCbCr(dst *image.YCbCr, src *screen.Frame) {
	for y := 0; y < src.H; y += 2 {
		top := src.Row(y, 0, src.W)
		below, luma := top, dst.Y[y*dst.YStride:]
		lumaBelow := luma
		if y+1 < src.H {
			below, lumaBelow = src.Row(y+1, 0, src.W), dst.Y[(y+1)*dst.YStride:]
		}
		cb, cr := dst.Cb[y/2*dst.CStride:], dst.Cr[y/2*dst.CStride:]
		for x := 0; x < src.W; x += 2 {
			right := min(x+1, src.W-1)
			b, g, r := sum(top, below, x*4, right*4)
			luma[x], luma[right] = lumaOf(top[x*4:]), lumaOf(top[right*4:])
			lumaBelow[x], lumaBelow[right] = lumaOf(below[x*4:]), lumaOf(below[right*4:])
			cb[x/2] = uint8(min((-11059*r-21709*g+32768*b+128<<18+1<<17)>>18, 255))
			cr[x/2] = uint8(min((32768*r-27439*g-5329*b+128<<18+1<<17)>>18, 255))
		}
	}
}

// sum adds up the blue, green and red of four pixels: those at the offsets l and r of two rows.
func sum(top, below []byte, l, r int) (blue, green, red int32) {
	a, b, c, d := top[l:l+3], top[r:r+3], below[l:l+3], below[r:r+3]
	return int32(a[0]) + int32(b[0]) + int32(c[0]) + int32(d[0]),
		int32(a[1]) + int32(b[1]) + int32(c[1]) + int32(d[1]),
		int32(a[2]) + int32(b[2]) + int32(c[2]) + int32(d[2])
}

func lumaOf(p []byte) uint8 {
	return uint8((7471*uint32(p[0]) + 38470*uint32(p[1]) + 19595*uint32(p[2]) + 1<<15) >> 16)
}
