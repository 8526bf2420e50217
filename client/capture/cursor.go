package capture

import (
	"encoding/binary"
	"fmt"
	"image"

	"deskhand/screen"
)

// cursorPixels makes R, G, B, A of a cursor of Windows. All pixels given have four bytes, B, G, R and alpha. colors is nil for a cursor of
// two masks, which stand one above the other in mask: AND and XOR. Otherwise mask is the AND mask, which counts when no colour has an alpha.
//
// Where a cursor inverts what is below it, it becomes black here with a white rim, since viewers do not invert: the text pointer is
// such a one.
//
// Source: Microsoft, "ICONINFO" and "Drawing a cursor by masks".
func cursorPixels(w, h int, mask, colors []byte) ([]byte, error) {
	n := w * h
	if len(mask) < n*4 || colors == nil && len(mask) < 2*n*4 || colors != nil && len(colors) < n*4 {
		return nil, fmt.Errorf("pointer shape of %d×%d with %d and %d bytes", w, h, len(mask), len(colors))
	}
	xor, alpha := colors, false
	if colors == nil {
		xor = mask[n*4:]
	}
	for i := range n {
		alpha = alpha || colors != nil && colors[i*4+3] != 0
	}
	rgba := make([]byte, n*4)
	var inverted []int
	for i := range n {
		b, g, r, a := xor[i*4], xor[i*4+1], xor[i*4+2], xor[i*4+3]
		transparent := mask[i*4] != 0
		switch {
		case alpha:
			copy(rgba[i*4:], []byte{r, g, b, a})
		case !transparent:
			copy(rgba[i*4:], []byte{r, g, b, 255})
		case r|g|b != 0:
			rgba[i*4+3] = 255
			inverted = append(inverted, i)
		}
	}
	for _, i := range inverted {
		rim(rgba, w, h, i%w, i/w)
	}
	return rgba, nil
}

// rim makes the transparent neighbours of a pixel white.
func rim(rgba []byte, w, h, x, y int) {
	for _, p := range []image.Point{{x - 1, y}, {x + 1, y}, {x, y - 1}, {x, y + 1}} {
		if o := (p.Y*w + p.X) * 4; p.In(image.Rect(0, 0, w, h)) && rgba[o+3] == 0 {
			binary.LittleEndian.PutUint32(rgba[o:], 0xffffffff)
		}
	}
}

// cutCursor makes a cursor of R, G, B, A. One larger than the limit, which nobody uses, is cut at the right and the bottom.
func cutCursor(rgba []byte, w, h int, hot image.Point, serial uint32) screen.Cursor {
	cw, ch := min(w, screen.MaxCursorSide), min(h, screen.MaxCursorSide)
	c := screen.Cursor{Serial: serial, W: cw, H: ch, HotX: max(0, min(hot.X, cw-1)), HotY: max(0, min(hot.Y, ch-1))}
	for y := range ch {
		c.Pix = append(c.Pix, rgba[y*w*4:(y*w+cw)*4]...)
	}
	return c
}

// straighten makes pixels R, G, B, A whose colours are multiplied with their alpha ones that are not.
func straighten(rgba []byte) {
	for i := 0; i+3 < len(rgba); i += 4 {
		if a := int(rgba[i+3]); a != 0 && a != 255 {
			for j := i; j < i+3; j++ {
				rgba[j] = byte(min(255, (int(rgba[j])*255+a/2)/a))
			}
		}
	}
}
