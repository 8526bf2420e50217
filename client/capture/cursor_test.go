package capture

import (
	"bytes"
	"image"
	"testing"

	"deskhand/screen"
)

var (
	blank  = []byte{0, 0, 0, 0}
	ones   = []byte{255, 255, 255, 0}
	orange = []byte{0, 128, 255, 0} // B, G, R and no alpha
)

// The four kinds of pixel that two masks make, side by side: black, white, as it was, inverted.
func TestCursorOfTwoMasks(t *testing.T) {
	mask := slicesOf(blank, blank, ones, ones, blank, ones, blank, ones)
	rgba, err := cursorPixels(4, 1, mask, nil)
	if err != nil {
		t.Fatal(err)
	}
	// The third is white since the inverted one, black, is beside it.
	want := []byte{0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 255}
	if !bytes.Equal(rgba, want) {
		t.Errorf("got %v, want %v", rgba, want)
	}
}

func TestCursorOfColours(t *testing.T) {
	half := []byte{1, 2, 3, 128}
	for name, c := range map[string]struct{ mask, colors, want []byte }{
		"with alpha the mask does not count": {slicesOf(ones, ones), slicesOf(half, blank), []byte{3, 2, 1, 128, 0, 0, 0, 0}},
		"without alpha it does":              {slicesOf(blank, ones), slicesOf(orange, blank), []byte{255, 128, 0, 255, 0, 0, 0, 0}},
	} {
		if rgba, err := cursorPixels(2, 1, c.mask, c.colors); err != nil || !bytes.Equal(rgba, c.want) {
			t.Errorf("%s: %v, %v; want %v", name, rgba, err, c.want)
		}
	}
	if _, err := cursorPixels(2, 2, ones, nil); err == nil {
		t.Error("a mask that is too short was taken")
	}
}

func TestHugeCursorIsCut(t *testing.T) {
	const side = screen.MaxCursorSide + 44
	c := cutCursor(make([]byte, side*side*4), side, side, image.Pt(side-1, -3), 7)
	if c.W != screen.MaxCursorSide || c.H != screen.MaxCursorSide || len(c.Pix) != c.W*c.H*4 || c.HotX != c.W-1 || c.HotY != 0 || c.Serial != 7 {
		t.Errorf("%d×%d, %d bytes, hot spot %d, %d", c.W, c.H, len(c.Pix), c.HotX, c.HotY)
	}
}

func slicesOf(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

func TestStraighten(t *testing.T) {
	pix := []byte{10, 20, 30, 255, 0, 0, 0, 0, 64, 128, 32, 128, 200, 1, 1, 100}
	straighten(pix)
	if want := []byte{10, 20, 30, 255, 0, 0, 0, 0, 128, 255, 64, 128, 255, 3, 3, 100}; !bytes.Equal(pix, want) {
		t.Errorf("straightened %v, want %v", pix, want)
	}
}
