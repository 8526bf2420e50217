package logo

import (
	"bytes"
	"fmt"
	"image"
	"image/png"

	"golang.org/x/image/draw"

	"deskhand"
)

// smallSide is what the client's windows need at four pixels to a unit, with some room.
const smallSide = 256

// Small is a kept logo as the client's windows get it: a PNG within deskhand.MaxClientLogo and deskhand.MaxClientLogoSide.
func Small(picture []byte) ([]byte, error) {
	whole, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		return nil, fmt.Errorf("decoding the logo: %w", err)
	}
	for side := smallSide; side > 0; side /= 2 {
		var b bytes.Buffer
		if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, within(whole, side)); err != nil {
			return nil, fmt.Errorf("encoding the logo: %w", err)
		}
		if b.Len() <= deskhand.MaxClientLogo {
			return b.Bytes(), nil
		}
	}
	return nil, fmt.Errorf("a logo of %d bytes does not become small", len(picture))
}

// within makes a picture smaller, never larger, so that neither side exceeds side.
func within(m image.Image, side int) image.Image {
	w, h := m.Bounds().Dx(), m.Bounds().Dy()
	longer := max(w, h)
	if longer <= side {
		return m
	}
	out := image.NewNRGBA(image.Rect(0, 0, max(1, w*side/longer), max(1, h*side/longer)))
	draw.CatmullRom.Scale(out, out.Rect, m, m.Bounds(), draw.Src, nil)
	return out
}
